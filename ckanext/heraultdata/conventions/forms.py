"""The forms by which events are recorded: which ones now, for whom, with which fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .auth import PARTNER_MAY_RECORD
from .lawful import WITH_A_PARTY
from .rules import Authorisation, Event, EventKind, Party, recordable

_WITHOUT_A_LETTER = frozenset({EventKind.VOIDED, EventKind.REMEDIED})


@dataclass(frozen=True)
class EventForm:
    """A form for one kind of event.

    Attributes:
        kind: the kind.
        parties: who the event may be from; empty where the kind has no party.
    """

    kind: EventKind
    parties: tuple[Party, ...]

    @property
    def takes_document(self) -> bool:
        """Whether the letter, the amendment or the convention can be sent with it."""
        return self.kind not in _WITHOUT_A_LETTER

    def field_id(self, field: str) -> str:
        """The id of a field on the page, which holds several forms."""
        return f"{self.kind.value}-{field}"


def event_forms(
    events: Sequence[Event],
    today: date,
    others: Sequence[Sequence[Event]],
    for_department: bool,
) -> list[EventForm]:
    """The forms for what can be recorded now, and no other.

    Args:
        events: the events of the convention, lawful, in the order of recording.
        today: the day of recording.
        others: the events of each other convention of the partner.
        for_department: whether they are for the département; else for an admin of the partner.
    """
    possible = [
        (kind, party)
        for kind, party in recordable(events, today, others)
        if for_department or (kind in PARTNER_MAY_RECORD and party is Party.PARTNER)
    ]
    return [
        EventForm(kind, tuple(party for one, party in possible if one is kind and party))
        for kind in EventKind
        if any(one is kind for one, _ in possible)
    ]


def event_data(form: Mapping[str, str]) -> dict[str, Any]:
    """What a filled-in form says, as `heraultdata_convention_event_create` takes it.

    Args:
        form: the fields that are filled in.
    """
    data: dict[str, Any] = {
        name: form[name]
        for name in ("kind", "date", "party", "deadline", "breaches", "voids", "note", "public")
        if name in form
    }
    if form.get("kind") == EventKind.AMENDED:
        data["authorisations"] = [
            {
                "party": party.value,
                "number": form.get(f"authorisations-{rank}-number", ""),
                "date": form.get(f"authorisations-{rank}-date", ""),
            }
            for rank, party in enumerate(Party)
        ]
    return data


def form_fields() -> list[str]:
    """The names of the fields of all the forms."""
    of_authorisations = [
        f"authorisations-{rank}-{key}" for rank, _ in enumerate(Party) for key in ("number", "date")
    ]
    plain = ["kind", "date", "party", "deadline", "breaches", "voids", "note", "public"]
    return plain + of_authorisations


def drafted_event(form: Mapping[str, str]) -> Event | None:
    """The event that a form being filled in describes; None while it describes none.

    Args:
        form: the fields that are filled in.
    """
    try:
        kind = EventKind(form["kind"])
        return Event(
            id="drafted",
            kind=kind,
            date=date.fromisoformat(form["date"]),
            party=Party(form["party"]) if kind in WITH_A_PARTY else None,
            deadline=_date_of(form, "deadline", kind is EventKind.FORMAL_NOTICE),
            # The text is still to be written while the dates are being tried out.
            breaches="…" if kind is EventKind.FORMAL_NOTICE else None,
            authorisations=_authorisations(kind, date.fromisoformat(form["date"])),
            voids=form["voids"] if kind is EventKind.VOIDED else None,
        )
    except (KeyError, ValueError):
        return None


def _date_of(form: Mapping[str, str], name: str, is_taken: bool) -> date | None:
    return date.fromisoformat(form[name]) if is_taken else None


def _authorisations(kind: EventKind, day: date) -> tuple[Authorisation, ...]:
    if kind is not EventKind.AMENDED:
        return ()
    return tuple(Authorisation(party, "…", day) for party in Party)
