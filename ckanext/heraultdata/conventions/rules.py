"""The life of a convention: its state on any day, and what may be recorded.

Decisions, where the text of the convention leaves room:

- Before both parties have signed, only the missing signatures can be recorded, and corrections:
  there is nothing yet to amend, to give notice of or to reproach (article 3).
- A party signs once. A wrong date is mended by voiding the signature and recording it again.
- From the day of the end on, only corrections can be recorded; an event of a day in force may
  still be recorded late.
- Notices, terminations, formal notices and amendments are still possible when an end is known:
  the convention binds both parties up to its last day, and the earliest end counts.
- A formal notice is moot once the convention has ended.
- A correction is dated on the day of the event that it takes out or later, though it counts on
  no day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from ..terms import latest_start, next_anniversary, whole_years
from .course import (
    NOTICE_MONTHS,
    Course,
    Period,
    anniversary_reached_by,
    counting,
    course_of,
)
from .events import (
    Authorisation,
    ConventionState,
    Event,
    EventKind,
    NextDate,
    NextDateKind,
    Party,
    State,
)
from .recording import check_event, recordable, voidable

__all__ = [
    "IN_FORCE",
    "Authorisation",
    "ConventionState",
    "Event",
    "EventKind",
    "NextDate",
    "NextDateKind",
    "Party",
    "Period",
    "State",
    "check_event",
    "counting",
    "is_in_force",
    "next_dates",
    "open_notices",
    "period_in_force",
    "recordable",
    "state_on",
    "voidable",
]

IN_FORCE = frozenset({State.ACTIVE, State.FORMAL_NOTICE, State.ENDING})
"""The states in which the convention binds both parties."""


def state_on(events: Sequence[Event], day: date) -> ConventionState:
    """The state of a convention on a day, as known on that day (articles 3 and 12).

    Args:
        events: lawful, in the order of recording. Those dated after the day do not count; what a
            correction takes out counts on no day, whenever it was corrected.
        day: the day asked.
    """
    course = course_of(events, day)
    effective_on = course.effective_on
    if effective_on is None:
        return ConventionState(State.DRAFT, None, None, None, None)
    if course.ends_on is not None and course.has_ended(day):
        renewals = whole_years(effective_on, course.ends_on - timedelta(days=1))
        return ConventionState(State.ENDED, effective_on, renewals, None, course.ends_on)
    return ConventionState(
        _state_in_force(course),
        effective_on,
        whole_years(effective_on, day),
        next_anniversary(effective_on, day),
        course.ends_on,
    )


def _state_in_force(course: Course) -> State:
    if course.notices:
        return State.FORMAL_NOTICE
    return State.ACTIVE if course.ends_on is None else State.ENDING


def is_in_force(events: Sequence[Event], day: date) -> bool:
    """Whether the convention binds both parties on that day, an end or a notice pending or not."""
    return state_on(events, day).state in IN_FORCE


def period_in_force(events: Sequence[Event], day: date) -> Period | None:
    """The days on which the convention is or was in force, as known on a day.

    Returns:
        First day (included) and last (excluded; None while no end is known); None in draft.
    """
    return course_of(events, day).period


def open_notices(events: Sequence[Event], day: date) -> tuple[Event, ...]:
    """The formal notices open on that day, by date; none once the convention has ended."""
    course = course_of(events, day)
    return () if course.has_ended(day) else course.notices


def next_dates(events: Sequence[Event], today: date) -> tuple[NextDate, ...]:
    """The days to come that matter to a convention in force, the nearest first.

    Args:
        events: lawful, in the order of recording.
        today: a deadline or a last day that falls today is still to come.

    Returns:
        The last day to send a notice for the first anniversary that a notice can still reach, the
        next anniversary, the deadlines of the open notices, and the end. Past the end nothing is
        to come: an anniversary on which the convention ends is told as an end. None in draft.
    """
    course = course_of(events, today)
    effective_on = course.effective_on
    if effective_on is None or course.has_ended(today):
        return ()
    dates = [_last_day_for_notice(effective_on, course.ends_on, today)]
    dates += [
        NextDate(notice.deadline, NextDateKind.NOTICE_DEADLINE)
        for notice in course.notices
        if notice.deadline is not None and notice.deadline >= today
    ]
    dates.append(NextDate(next_anniversary(effective_on, today), NextDateKind.ANNIVERSARY))
    kept = [d for d in dates if d is not None and not course.has_ended(d.date)]
    if course.ends_on is not None:
        kept.append(NextDate(course.ends_on, NextDateKind.END))
    return tuple(sorted(kept, key=lambda d: d.date))


def _last_day_for_notice(effective_on: date, ends_on: date | None, today: date) -> NextDate | None:
    anniversary = anniversary_reached_by(effective_on, today)
    if ends_on is not None and ends_on <= anniversary:
        return None
    return NextDate(latest_start(anniversary, NOTICE_MONTHS), NextDateKind.LAST_DAY_FOR_NOTICE)
