"""The days of a copy that is followed: when it is asked for again, how long it is there, mails."""

from __future__ import annotations

from datetime import date, datetime, timedelta

INTERVALS = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
    timedelta(days=4),
    timedelta(days=7),
)
"""Time before the first probe, and after each one; the last interval repeats."""


def next_probe_at(probes: int, now: datetime) -> datetime:
    """When a platform is asked for a copy again.

    Args:
        probes: how often it was asked already; what could not be asked counts.
        now: the moment of the last probe or, before the first one, of the execution.
    """
    return now + INTERVALS[min(probes, len(INTERVALS) - 1)]


def days_there(withdrawn_on: date, today: date) -> int:
    """How many days a copy outlives the withdrawal; 0 on its day.

    Args:
        withdrawn_on: the day of the execution, in Paris.
        today: the date in Paris, or the day on which the copy was seen to be gone.
    """
    return max((today - withdrawn_on).days, 0)


def mail_due_on(withdrawn_on: date, interval_days: int, today: date) -> date | None:
    """The last day on which the contact of a platform was to be written to about a copy.

    Args:
        withdrawn_on: the day of the execution, in Paris.
        interval_days: days before the first mail, and between mails; at least one.
        today: the date in Paris.

    Returns:
        None where the first one lies ahead.
    """
    interval = max(interval_days, 1)
    passed = days_there(withdrawn_on, today) // interval
    return withdrawn_on + timedelta(days=passed * interval) if passed else None
