"""What the templates ask about conventions: names and sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk

from .. import access, pages
from ..words import in_words, moment_in_words
from . import wording
from .effects import explanation
from .forms import EventForm
from .rules import EventKind, Party

_FIELD_OF = {"kind": "date", "authorisations": "authorisations-0-number"}
"""Which field to go to for what is no field of the form itself."""


def heraultdata_date(day: date | str | None) -> str:
    """A date in words, such as "12 mars 2027"; nothing for None.

    Args:
        day: the date, or what the API answers for it (YYYY-MM-DD).
    """
    parsed = _parsed(day)
    return in_words(parsed) if parsed else ""


def heraultdata_moment(moment: str) -> str:
    """A moment as the API answers it, in words, at the time of Paris."""
    return moment_in_words(datetime.fromisoformat(moment))


def heraultdata_is_department() -> bool:
    """Whether the reader administers for the département."""
    return access.is_department(pages.context())


def heraultdata_state_name(state: str | None) -> str:
    """A state of the convention; None stands for no convention."""
    return wording.state_name(state)


def heraultdata_state_sentence(convention: Mapping[str, Any]) -> str:
    """Where a convention, or a partner with its convention, stands, in a sentence."""
    return wording.state_sentence(
        convention.get("state") or convention["convention_state"],
        _parsed(convention["effective_on"]),
        convention.get("renewals"),
        _parsed(convention["ends_on"]),
    )


def heraultdata_event_name(kind: str) -> str:
    """A kind of event."""
    return wording.event_name(kind)


def heraultdata_party_name(party: str) -> str:
    """A party of the convention."""
    return wording.party_name(party)


def heraultdata_event_explanation(kind: EventKind) -> str:
    """What recording such an event does."""
    return tk._(explanation(kind))


def heraultdata_event_title(event: Mapping[str, Any]) -> str:
    """An event in a few words, to choose it in a list: what, when, by whom."""
    title = f"{heraultdata_date(event['date'])} – {wording.event_name(event['kind'])}"
    return f"{title} ({wording.party_name(event['party'])})" if event["party"] else title


def heraultdata_event_date_label(kind: EventKind) -> str:
    """What the date of such an event is the date of."""
    return wording.date_label(kind)


def heraultdata_event_error_links(
    form: EventForm, errors: pages.FieldErrors
) -> list[tuple[str, str]]:
    """The sentences of a refused event, each with the id of its field, for the summary."""
    return [
        (form.field_id(_FIELD_OF.get(name, name)), sentence)
        for name, sentences in errors.items()
        for sentence in sentences
    ]


def heraultdata_parties() -> tuple[Party, ...]:
    """Both parties, in the order in which an amendment lists their authorisations."""
    return tuple(Party)


def _parsed(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
