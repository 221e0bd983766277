"""What the page of a convention shows beside what the API answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .. import access, pages
from ..partners import directory
from . import forms, rules, service
from .timeline import timeline
from .wording import document_names, next_date_sentence

_PUBLIC_DATES = (rules.NextDateKind.ANNIVERSARY, rules.NextDateKind.END)


@dataclass(frozen=True)
class Rejected:
    """A form that comes back: what was typed, and what is wrong, by field."""

    typed: Mapping[str, str]
    errors: pages.FieldErrors


@dataclass(frozen=True)
class ComingDate:
    """A day to come, and why it matters, in words."""

    date: date
    sentence: str


def events_and_others(
    convention_id: str,
) -> tuple[tuple[rules.Event, ...], list[tuple[rules.Event, ...]]]:
    """The events of a convention, and those of each other convention of its partner."""
    organization_id = service.get(convention_id).organization_id
    conventions = service.find(organization_ids=[organization_id])
    return (
        next(one.events for one in conventions if one.id == convention_id),
        [one.events for one in conventions if one.id != convention_id],
    )


def convention_page(
    convention: Mapping[str, Any],
    today: date,
    recording: Rejected | None,
    sending: Rejected | None,
) -> dict[str, object]:
    """All that the template of a convention's page needs.

    Args:
        convention: as `heraultdata_convention_show` answers it to the reader.
        today: the date in Paris.
        recording: the form of an event that comes back, if any.
        sending: the form of a document that comes back, if any.
    """
    organization_id = convention["organization_id"]
    names = directory.organization_names([organization_id])
    shown: dict[str, object] = {
        "convention": convention,
        "partner": names[organization_id],
        "in_full": "events" in convention,
        "document_names": document_names(),
        "sending": sending,
        "recording": recording,
    }
    events, others = events_and_others(convention["id"])
    if "events" not in convention:
        return shown | {"coming": _coming(events, today, public=True)}
    entries = timeline(convention["events"], convention["documents"])
    is_department = access.is_department(pages.context())
    records = is_department or access.is_partner_admin(pages.context(), organization_id)
    possible = forms.event_forms(events, today, others, is_department) if records else []
    offered = _with_the_rejected(possible, recording)
    return shown | {
        "coming": _coming(events, today, public=False),
        "timeline": entries,
        "users": pages.user_names(entry.event["recorded_by"] for entry in entries),
        "forms": offered,
        "errors_without_form": _errors_without_form(offered, recording),
        "voidable": _voidable(convention["events"], rules.voidable(events, today, others)),
        "is_department": is_department,
        "today": today.isoformat(),
    }


def _coming(events: Sequence[rules.Event], today: date, public: bool) -> list[ComingDate]:
    effective_on = rules.state_on(events, today).effective_on
    if effective_on is None:
        return []
    return [
        ComingDate(coming.date, next_date_sentence(coming, effective_on))
        for coming in rules.next_dates(events, today)
        if not public or coming.kind in _PUBLIC_DATES
    ]


def _voidable(events: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> list[Mapping[str, Any]]:
    return [event for event in events if event["id"] in ids]


def _with_the_rejected(
    possible: list[forms.EventForm], recording: Rejected | None
) -> list[forms.EventForm]:
    # What was typed is shown again even where somebody else has recorded the same meanwhile.
    if recording is None:
        return possible
    kind = next((k for k in rules.EventKind if k == recording.typed.get("kind")), None)
    if kind is None or any(form.kind is kind for form in possible):
        return possible
    parties = tuple(p for p in rules.Party if p == recording.typed.get("party"))
    return [forms.EventForm(kind, parties), *possible]


def _errors_without_form(
    offered: Sequence[forms.EventForm], recording: Rejected | None
) -> pages.FieldErrors:
    if recording is None or any(f.kind == recording.typed.get("kind") for f in offered):
        return {}
    return recording.errors
