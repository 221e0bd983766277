"""Which line about a deadline is due on a day; pure functions, dates only.

Article 5 of the convention; a line stays due until the next one is, so that a day on which nothing
ran loses none, and only the newest of those that were missed goes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from ..terms import add_months, whole_months

ANNOUNCED_DAYS = 30
"""Days after its publication in which a version is still news: older ones flood nobody."""


@dataclass(frozen=True)
class Stage:
    """A line about a deadline.

    Attributes:
        name: which: `before_90`, `due`, `late_2`; never the same of two lines of one deadline.
        day: the day on which it falls due.
    """

    name: str
    day: date


def stage_of_deadline(
    due_on: date, told_on: date | None, today: date, days_before: Collection[int]
) -> Stage | None:
    """The line about a deadline that is due on a day, sent already or not.

    Args:
        due_on: the last day on which it is met.
        told_on: the day on which it was announced, with its date; nothing is told again that fell
            due by then. None where it was never.
        today: the day.
        days_before: the days before it on which it is called to mind.

    Returns:
        The newest line that has fallen due: some days before, on the day, then each month after,
        counted from the day; None where none has.
    """
    stage = _newest_stage(due_on, today, days_before)
    if stage is None or (told_on is not None and stage.day <= told_on):
        return None
    return stage


def _newest_stage(due_on: date, today: date, days_before: Collection[int]) -> Stage | None:
    if today >= due_on:
        months = whole_months(due_on, today)
        return stage_of_month("late", due_on, months) if months else Stage("due", due_on)
    days_left = (due_on - today).days
    reached = min((days for days in days_before if days >= days_left), default=None)
    if reached is None:
        return None
    return Stage(f"before_{reached}", due_on - timedelta(days=reached))


def stage_of_lateness(late_on: date, today: date) -> Stage | None:
    """The line about what is late since a day: on that day, then each month.

    Args:
        late_on: the first day on which it is late.
        today: the day.
    """
    if today < late_on:
        return None
    return stage_of_month("late", late_on, whole_months(late_on, today))


def stage_of_month(name: str, since: date, months: int) -> Stage:
    """The line of a whole number of months since a day."""
    return Stage(f"{name}_{months}", add_months(since, months))


def announced_on(published_on: date, adopted_on: date | None) -> date:
    """The day on which a version, with its due date, became known: published, or adopted later."""
    return published_on if adopted_on is None else max(published_on, adopted_on)


def is_news(announced: date, today: date) -> bool:
    """Whether a version that became known on a day is still announced."""
    return announced <= today <= announced + timedelta(days=ANNOUNCED_DAYS)


def week_of(today: date) -> date:
    """The Monday of the week of a day (ISO 8601): what was not told on it is told until Sunday."""
    return today - timedelta(days=today.weekday())
