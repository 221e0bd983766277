"""The events of a convention, in the order in which they count, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ..terms import add_months, add_years, next_anniversary
from .events import Event, EventKind, Party

Period = tuple[date, date | None]
"""From (included) to (excluded); None for the second where no end is known."""

NOTICE_MONTHS = 1
"""Notice to be given before an end, in months (articles 12.2 and 12.3)."""


def times_taken_out(events: Sequence[Event]) -> Counter[str | None]:
    """How many corrections that count take each event out, by the id of the event taken out.

    Args:
        events: in the order of recording. An event is only ever voided by one recorded after it.
    """
    out: Counter[str | None] = Counter()
    for event in reversed(events):
        if event.kind is EventKind.VOIDED and event.id not in out:
            out[event.voids] += 1
    return out


def counting(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events that no correction takes out, corrections included, in the order of recording.

    Args:
        events: in the order of recording.
    """
    out = times_taken_out(events)
    return tuple(event for event in events if event.id not in out)


def in_sequence(events: Sequence[Event]) -> list[Event]:
    """The events that make the state, by date, those of one day in the order of recording.

    Args:
        events: in the order of recording.

    Returns:
        The events that count, without the corrections, which act on no day of their own.
    """
    acts = [event for event in counting(events) if event.kind is not EventKind.VOIDED]
    return sorted(acts, key=lambda event: event.date)


@dataclass(frozen=True)
class Course:
    """What a number of events, one after the other, have made of a convention.

    Attributes:
        signed_on: date of the signature of each party that has signed.
        ends_on: the earliest of the ends known, that day excluded.
        notices: the formal notices not yet closed.
    """

    signed_on: Mapping[Party, date] = field(default_factory=dict)
    ends_on: date | None = None
    notices: tuple[Event, ...] = ()

    @property
    def effective_on(self) -> date | None:
        """The later of the two signatures (article 3); None where one is missing."""
        return max(self.signed_on.values()) if len(self.signed_on) == len(Party) else None

    @property
    def period(self) -> Period | None:
        """The days in force; None where a signature is missing."""
        return None if self.effective_on is None else (self.effective_on, self.ends_on)

    def has_ended(self, day: date) -> bool:
        """Whether the end is on that day or before."""
        return self.ends_on is not None and day >= self.ends_on

    def notices_of(self, party: Party) -> tuple[Event, ...]:
        """The open notices that this party has given."""
        return tuple(notice for notice in self.notices if notice.party is party)

    def after(self, event: Event) -> Course:
        """What a lawful event makes of it."""
        end = self._end_made_by(event)
        if end is not None:
            return replace(self, ends_on=min(end, self.ends_on or end))
        if event.kind is EventKind.SIGNED and event.party is not None:
            return replace(self, signed_on={**self.signed_on, event.party: event.date})
        if event.kind is EventKind.FORMAL_NOTICE:
            return replace(self, notices=(*self.notices, event))
        if event.kind is EventKind.REMEDIED:
            kept = tuple(notice for notice in self.notices if notice.party is not event.party)
            return replace(self, notices=kept)
        return self

    def _end_made_by(self, event: Event) -> date | None:
        if event.kind is EventKind.TERMINATED_FOR_FAULT:
            return event.date
        if event.kind is EventKind.MUTUAL_TERMINATION:
            return add_months(event.date, NOTICE_MONTHS)
        if event.kind is EventKind.ANNIVERSARY_NOTICE and self.effective_on is not None:
            return anniversary_reached_by(self.effective_on, event.date)
        return None


def anniversary_reached_by(effective_on: date, sent_on: date) -> date:
    """The anniversary on which a notice ends the convention (article 12.3).

    Args:
        effective_on: first day in force.
        sent_on: the day on which the notice was sent, in force.

    Returns:
        The next anniversary where the notice of one month is kept, else that of the year after.
    """
    anniversary = next_anniversary(effective_on, sent_on)
    if add_months(sent_on, NOTICE_MONTHS) <= anniversary:
        return anniversary
    return add_years(effective_on, anniversary.year - effective_on.year + 1)


def course_of(events: Sequence[Event], day: date | None = None) -> Course:
    """Add up a lawful list of events.

    Args:
        events: in the order of recording.
        day: the events dated after it do not count; all count where it is None.
    """
    course = Course()
    for event in in_sequence(events):
        if day is None or event.date <= day:
            course = course.after(event)
    return course
