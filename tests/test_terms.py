"""Terms in months and years: the worked examples, and what holds for every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.terms import (
    add_months,
    add_years,
    latest_start,
    next_anniversary,
    whole_months,
    whole_years,
)

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 2, 28), 1, date(2025, 3, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_a_term_in_months(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_a_term_in_years_from_a_29_february() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


def test_anniversaries_are_counted_from_the_first_date() -> None:
    anniversaries = [add_years(date(2024, 2, 29), years) for years in range(1, 5)]
    assert anniversaries == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2024, 2, 29), 0),
        (date(2025, 2, 27), 0),
        (date(2025, 2, 28), 1),
        (date(2028, 2, 28), 3),
        (date(2028, 2, 29), 4),
    ],
)
def test_whole_years_from_a_29_february(day: date, years: int) -> None:
    assert whole_years(date(2024, 2, 29), day) == years


@pytest.mark.parametrize(
    ("day", "anniversary"),
    [
        (date(2026, 11, 24), date(2027, 3, 12)),
        (date(2027, 3, 11), date(2027, 3, 12)),
        (date(2027, 3, 12), date(2028, 3, 12)),
    ],
)
def test_the_next_anniversary_is_after_the_day(day: date, anniversary: date) -> None:
    assert next_anniversary(date(2024, 3, 12), day) == anniversary


@pytest.mark.parametrize(
    ("end", "start"),
    [
        (date(2027, 3, 12), date(2027, 2, 12)),
        (date(2025, 2, 28), date(2025, 1, 31)),
        (date(2024, 2, 28), date(2024, 1, 28)),
        (date(2024, 2, 29), date(2024, 1, 31)),
        (date(2025, 3, 31), date(2025, 2, 28)),
    ],
)
def test_the_last_day_to_give_a_month_of_notice(end: date, start: date) -> None:
    assert latest_start(end, 1) == start


@given(DAYS, st.integers(0, 36))
def test_a_term_in_months_keeps_the_number_or_takes_the_last_day(start: date, months: int) -> None:
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    is_last_of_its_month = (end + timedelta(days=1)).month != end.month
    assert end.day == start.day or (end.day < start.day and is_last_of_its_month)


@given(DAYS, st.integers(0, 3000))
def test_whole_years_and_next_anniversary_agree(start: date, days: int) -> None:
    day = start + timedelta(days=days)
    years = whole_years(start, day)
    assert add_years(start, years) <= day < add_years(start, years + 1)
    assert next_anniversary(start, day) == add_years(start, years + 1)


@given(DAYS, st.integers(0, 3000))
def test_whole_months_agree_with_terms_in_months(start: date, days: int) -> None:
    day = start + timedelta(days=days)
    months = whole_months(start, day)
    assert add_months(start, months) <= day < add_months(start, months + 1)


@given(DAYS, st.integers(0, 24))
def test_the_latest_start_is_the_latest(end: date, months: int) -> None:
    start = latest_start(end, months)
    assert add_months(start, months) <= end < add_months(start + timedelta(days=1), months)
