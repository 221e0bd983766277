"""The words for the states, events, parties and documents of a convention, each in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ckan.plugins.toolkit as tk

from ..messages import N_
from ..words import in_words
from .course import anniversary_reached_by
from .documents import Kind
from .rules import EventKind, NextDate, NextDateKind, Party, State

NO_CONVENTION = "none"

_STATES: Mapping[str, str] = {
    State.DRAFT: N_("Being signed"),
    State.ACTIVE: N_("In force"),
    State.FORMAL_NOTICE: N_("In force, formal notice open"),
    State.ENDING: N_("In force, coming to its end"),
    State.ENDED: N_("Ended"),
    NO_CONVENTION: N_("No convention"),
}

_EVENTS: Mapping[str, str] = {
    EventKind.SIGNED: N_("Signature"),
    EventKind.AMENDED: N_("Amendment"),
    EventKind.ANNIVERSARY_NOTICE: N_("Notice to end the convention at its anniversary"),
    EventKind.MUTUAL_TERMINATION: N_("Termination by mutual consent"),
    EventKind.FORMAL_NOTICE: N_("Formal notice"),
    EventKind.OBSERVATIONS: N_("Observations on a formal notice"),
    EventKind.REMEDIED: N_("Breaches remedied"),
    EventKind.TERMINATED_FOR_FAULT: N_("Termination for fault"),
    EventKind.VOIDED: N_("Correction: event taken out"),
}

_PARTIES: Mapping[str, str] = {
    Party.PARTNER: N_("The partner"),
    Party.DEPARTMENT: N_("The département"),
}

_DOCUMENTS: Mapping[str, str] = {
    Kind.CONVENTION: N_("Convention"),
    Kind.AMENDMENT: N_("Amendment"),
    Kind.LETTER: N_("Letter"),
    Kind.OTHER: N_("Other document"),
}


def state_name(state: str | None) -> str:
    """A state in the reader's language; None stands for no convention."""
    return tk._(_STATES[state or NO_CONVENTION])


def state_names() -> dict[str, str]:
    """All the states in the reader's language, in the order of a convention's life."""
    return {str(getattr(state, "value", state)): tk._(name) for state, name in _STATES.items()}


def event_name(kind: str) -> str:
    """A kind of event in the reader's language."""
    return tk._(_EVENTS[kind])


def date_label(kind: str) -> str:
    """What the date of a kind of event is the date of."""
    if kind in (EventKind.ANNIVERSARY_NOTICE, EventKind.FORMAL_NOTICE):
        return tk._("Date on which the letter was sent")
    if kind == EventKind.MUTUAL_TERMINATION:
        return tk._("Date of the letter")
    if kind in (EventKind.SIGNED, EventKind.AMENDED):
        return tk._("Date of signature")
    return tk._("Date")


def party_name(party: str) -> str:
    """A party in the reader's language."""
    return tk._(_PARTIES[party])


def document_names() -> dict[str, str]:
    """All the kinds of documents in the reader's language."""
    return {kind.value: tk._(_DOCUMENTS[kind]) for kind in Kind}


def state_sentence(
    state: str, effective_on: date | None, renewals: int | None, ends_on: date | None
) -> str:
    """Where a convention stands, in a sentence.

    Args:
        state: its state.
        effective_on: first day in force, None in draft.
        renewals: whole years elapsed, None in draft.
        ends_on: first day on which it is no longer in force, None where no end is known.
    """
    if effective_on is None:
        return tk._("Not in force yet: it takes effect once both parties have signed")
    values = {
        "effective_on": in_words(effective_on),
        "ends_on": in_words(ends_on) if ends_on else "",
        "num": renewals or 0,
    }
    return _sentence_of(state, renewals or 0, ends_on is not None).format(**values)


def _sentence_of(state: str, renewals: int, has_end: bool) -> str:
    if state == State.ENDED:
        return tk._("Ended on {ends_on}, after being in force since {effective_on}")
    if state == State.FORMAL_NOTICE and has_end:
        return tk._(
            "In force since {effective_on}, under formal notice; it ends on {ends_on} at the latest"
        )
    if state == State.FORMAL_NOTICE:
        return tk._("In force since {effective_on}, under formal notice")
    if state == State.ENDING:
        return tk._("In force since {effective_on}; it ends on {ends_on}")
    if renewals:
        return tk.ungettext(
            "In force since {effective_on}, renewed once",
            "In force since {effective_on}, renewed {num} times",
            renewals,
        )
    return tk._("In force since {effective_on}")


def next_date_sentence(coming: NextDate, effective_on: date) -> str:
    """Why a day to come matters, in words, without the day itself."""
    if coming.kind is NextDateKind.LAST_DAY_FOR_NOTICE:
        anniversary = anniversary_reached_by(effective_on, coming.date)
        return tk._(
            "Last day to send a notice that ends the convention at the anniversary of {anniversary}"
        ).format(anniversary=in_words(anniversary))
    if coming.kind is NextDateKind.NOTICE_DEADLINE:
        return tk._("Last day to remedy what a formal notice reproaches")
    if coming.kind is NextDateKind.END:
        return tk._("End of the convention: this day is no longer in force")
    return tk._("Anniversary: the convention is renewed for one year, unless it is ended by then")
