"""The life of a convention once more, day by day and event by event, to compare the rules with.

Written from the text alone and without care for speed: it shares no code with the rules but the
words of `events`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from ckanext.heraultdata.conventions.rules import ConventionState, Event, EventKind, Party, State

ONE_DAY = timedelta(days=1)


def same_day(year: int, month: int, day: int) -> date:
    """That day of the month, or the last one."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def month_after(day: date) -> date:
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return same_day(year, month, day.day)


def is_out(events: Sequence[Event], event: Event) -> bool:
    """Whether a correction that is not out itself names the event."""
    return any(
        other.kind is EventKind.VOIDED and other.voids == event.id and not is_out(events, other)
        for other in events
    )


def acts(events: Sequence[Event]) -> list[Event]:
    """What happened, by day."""
    return sorted(
        (e for e in events if e.kind is not EventKind.VOIDED and not is_out(events, e)),
        key=lambda event: event.date,
    )


class Walk:
    """A convention carried from one day to the next."""

    def __init__(self) -> None:
        self.signatures: dict[Party, date] = {}
        self.start: date | None = None
        self.ends: set[date] = set()
        self.notices: list[Event] = []

    def in_force(self, day: date) -> bool:
        return self.start is not None and all(day < end for end in self.ends)

    def allows(self, event: Event) -> bool:
        if event.kind is EventKind.SIGNED:
            return event.party not in self.signatures
        if not self.in_force(event.date):
            return False
        if event.kind is EventKind.OBSERVATIONS:
            return any(notice.party is not event.party for notice in self.notices)
        if event.kind is EventKind.REMEDIED:
            return any(notice.party is event.party for notice in self.notices)
        if event.kind is EventKind.TERMINATED_FOR_FAULT:
            return any(
                notice.party is event.party and notice.deadline and notice.deadline < event.date
                for notice in self.notices
            )
        return True

    def take(self, event: Event) -> None:
        if event.kind is EventKind.SIGNED and event.party:
            self.signatures[event.party] = event.date
            if len(self.signatures) == 2:
                self.start = event.date
        if event.kind is EventKind.FORMAL_NOTICE:
            self.notices.append(event)
        if event.kind is EventKind.REMEDIED:
            self.notices = [notice for notice in self.notices if notice.party is not event.party]
        if event.kind is EventKind.MUTUAL_TERMINATION:
            self.ends.add(month_after(event.date))
        if event.kind is EventKind.TERMINATED_FOR_FAULT:
            self.ends.add(event.date)
        if event.kind is EventKind.ANNIVERSARY_NOTICE:
            kept = (a for a in self.anniversaries() if month_after(event.date) <= a)
            self.ends.add(next(kept))

    def anniversaries(self) -> list[date]:
        assert self.start is not None
        start = self.start
        return [same_day(start.year + n, start.month, start.day) for n in range(1, 20)]


def naive_state(events: Sequence[Event], day: date) -> ConventionState:
    """Live through each day up to the one asked."""
    walk = Walk()
    pending = [event for event in acts(events) if event.date <= day]
    renewals = 0
    today = pending[0].date if pending else day
    while True:
        while pending and pending[0].date == today:
            walk.take(pending.pop(0))
        if walk.start is not None and today in walk.anniversaries() and walk.in_force(today):
            renewals += 1
        if today == day:
            break
        today += ONE_DAY
    end = min(walk.ends, default=None)
    if walk.start is None:
        return ConventionState(State.DRAFT, None, None, None, end)
    if not walk.in_force(day):
        return ConventionState(State.ENDED, walk.start, renewals, None, end)
    state = State.ACTIVE if end is None else State.ENDING
    if walk.notices:
        state = State.FORMAL_NOTICE
    term_end = next(a for a in walk.anniversaries() if a > day)
    return ConventionState(state, walk.start, renewals, term_end, end)


def naive_allows(events: Sequence[Event], new: Event) -> bool:
    """Whether an event that says all that its kind needs could be recorded after those."""
    if new.kind is EventKind.VOIDED:
        named = [event for event in events if event.id == new.voids]
        if not named or is_out(events, named[0]) or new.date < named[0].date:
            return False
    together = [*events, new]
    corrections = [e for e in together if e.kind is EventKind.VOIDED and not is_out(together, e)]
    if len({correction.voids for correction in corrections}) < len(corrections):
        return False
    walk = Walk()
    for event in acts(together):
        if not walk.allows(event):
            return False
        walk.take(event)
    return True
