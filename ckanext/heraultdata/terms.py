"""Terms in months and years, counted as the convention and the law count them."""

from __future__ import annotations

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


def add_months(start: date, months: int) -> date:
    """The day on which a term in months ends.

    Args:
        start: first day of the term.
        months: length of the term.

    Returns:
        The day with the same number in the last month; where there is none, the last day of that
        month: 2025-01-31 and one month give 2025-02-28.
    """
    return start + relativedelta(months=months)


def add_years(start: date, years: int) -> date:
    """The day on which a term in years ends, or the anniversary of that rank.

    Args:
        start: first day of the term. Anniversaries are all counted from it, never from one another.
        years: length of the term.

    Returns:
        The same day of the last year; from a 29 February, 28 February in ordinary years.
    """
    return start + relativedelta(years=years)


def whole_years(start: date, day: date) -> int:
    """How many anniversaries of `start` have come, that of `day` included.

    Args:
        start: the first day.
        day: the day asked, not before `start`.
    """
    years = day.year - start.year
    return years if add_years(start, years) <= day else years - 1


def next_anniversary(start: date, day: date) -> date:
    """The first anniversary of `start` strictly after `day`, which is not before `start`."""
    return add_years(start, whole_years(start, day) + 1)


def latest_start(end: date, months: int) -> date:
    """The last day on which a term in months can start and still end by `end`.

    Args:
        end: the day by which the term must have ended, included.
        months: length of the term.

    Returns:
        The latest day whose term ends on or before `end`: 2025-01-31 for one month before
        2025-02-28, since the terms of 28 to 31 January all end on that day.
    """
    start = end - relativedelta(months=months)
    while add_months(start + timedelta(days=1), months) <= end:
        start += timedelta(days=1)
    return start


def whole_months(start: date, day: date) -> int:
    """How many whole months have elapsed from a date to a later one, both terms as `add_months`.

    Args:
        start: the first day.
        day: a day on or after it.
    """
    months = (day.year - start.year) * 12 + day.month - start.month
    return months if add_months(start, months) <= day else months - 1
