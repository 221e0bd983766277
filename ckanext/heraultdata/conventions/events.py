"""The words of a convention: its parties, the events of its life, the states they lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..messages import N_


class Word(str, Enum):
    """A value of a controlled list, written in the API and in the database as it is."""

    def __str__(self) -> str:
        return self.value


class Party(Word):
    """Who is bound by the convention."""

    PARTNER = "partner"
    DEPARTMENT = "department"

    @property
    def in_sentence(self) -> str:
        """Its words within a sentence."""
        return _PARTIES_IN_SENTENCES[self.value]

    @property
    def other(self) -> Party:
        """The opposite party."""
        return Party.DEPARTMENT if self is Party.PARTNER else Party.PARTNER


class EventKind(Word):
    """What can happen to a convention (articles 3, 11 and 12), and the correction of a mistake."""

    SIGNED = "signed"
    AMENDED = "amended"
    ANNIVERSARY_NOTICE = "anniversary_notice"
    MUTUAL_TERMINATION = "mutual_termination"
    FORMAL_NOTICE = "formal_notice"
    OBSERVATIONS = "observations"
    REMEDIED = "remedied"
    TERMINATED_FOR_FAULT = "terminated_for_fault"
    VOIDED = "voided"

    @property
    def in_sentence(self) -> str:
        """Its words within a sentence."""
        return _EVENTS_IN_SENTENCES[self.value]


_PARTIES_IN_SENTENCES = {
    "partner": N_("the partner"),
    "department": N_("the département"),
}

_EVENTS_IN_SENTENCES = {
    "signed": N_("signature"),
    "amended": N_("amendment"),
    "anniversary_notice": N_("notice at anniversary"),
    "mutual_termination": N_("termination by mutual consent"),
    "formal_notice": N_("formal notice"),
    "observations": N_("observations"),
    "remedied": N_("breaches remedied"),
    "terminated_for_fault": N_("termination for fault"),
    "voided": N_("correction"),
}


class State(Word):
    """Where a convention stands on a day."""

    DRAFT = "draft"
    ACTIVE = "active"
    FORMAL_NOTICE = "formal_notice"
    ENDING = "ending"
    ENDED = "ended"


class NextDateKind(Word):
    """Why a day to come matters to a convention."""

    LAST_DAY_FOR_NOTICE = "last_day_for_notice"
    NOTICE_DEADLINE = "notice_deadline"
    ANNIVERSARY = "anniversary"
    END = "end"


@dataclass(frozen=True)
class Authorisation:
    """The act by which the assembly of one party authorises an amendment (article 11).

    Attributes:
        party: whose assembly.
        number: number of the act.
        date: date of the act.
    """

    party: Party
    number: str
    date: date


@dataclass(frozen=True)
class Event:
    """A dated event in the life of a convention; it is never edited.

    Attributes:
        id: unique among the events of the convention.
        kind: what happened.
        date: the day on which it happened: that of sending, for a letter.
        party: who did it; None for what both do, and for a correction.
        deadline: last day to remedy, included (formal notices only).
        breaches: what the other party is reproached with (formal notices only).
        authorisations: one of each party (amendments only).
        voids: id of the event that it takes out (`voided` only).
    """

    id: str
    kind: EventKind
    date: date
    party: Party | None = None
    deadline: date | None = None
    breaches: str | None = None
    authorisations: tuple[Authorisation, ...] = ()
    voids: str | None = None


@dataclass(frozen=True)
class ConventionState:
    """A convention on a day, as known on that day.

    Attributes:
        state: where it stands.
        effective_on: first day in force; None in draft.
        renewals: whole years elapsed; None in draft; once ended, as on the last day in force.
        term_ends_on: the next anniversary; None where it is not in force.
        ends_on: first day on which it is no longer in force; None while no end is known.
    """

    state: State
    effective_on: date | None
    renewals: int | None
    term_ends_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class NextDate:
    """A day to come that matters to a convention.

    Attributes:
        date: the day.
        kind: why it matters.
    """

    date: date
    kind: NextDateKind
