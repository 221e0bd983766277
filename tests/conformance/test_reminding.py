"""Which line about a deadline is due on a day: examples, and a naive computation beside it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.conformance.reminding import (
    Stage,
    announced_on,
    is_news,
    stage_of_deadline,
    stage_of_lateness,
    week_of,
)

BEFORE = (180, 90, 30, 7)
DUE = date(2026, 6, 1)

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
some_days_before = st.lists(st.integers(1, 400), max_size=6)


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        ("2025-12-02", None),
        ("2025-12-03", Stage("before_180", date(2025, 12, 3))),
        ("2026-03-02", Stage("before_180", date(2025, 12, 3))),
        ("2026-03-03", Stage("before_90", date(2026, 3, 3))),
        ("2026-05-02", Stage("before_30", date(2026, 5, 2))),
        ("2026-05-25", Stage("before_7", date(2026, 5, 25))),
        ("2026-05-31", Stage("before_7", date(2026, 5, 25))),
        ("2026-06-01", Stage("due", date(2026, 6, 1))),
        ("2026-06-30", Stage("due", date(2026, 6, 1))),
        ("2026-07-01", Stage("late_1", date(2026, 7, 1))),
        ("2027-06-01", Stage("late_12", date(2027, 6, 1))),
    ],
)
def test_the_stages_of_a_deadline(today: str, stage: Stage | None) -> None:
    assert stage_of_deadline(DUE, None, date.fromisoformat(today), BEFORE) == stage


def test_months_are_counted_from_the_due_date() -> None:
    due_on = date(2025, 1, 31)
    for today, day in (("2025-02-28", date(2025, 2, 28)), ("2025-03-31", date(2025, 3, 31))):
        stage = stage_of_deadline(due_on, None, date.fromisoformat(today), BEFORE)
        assert stage is not None
        assert stage.day == day


def test_what_the_publication_told_is_not_told_again() -> None:
    published_on = date(2026, 3, 20)
    assert stage_of_deadline(DUE, published_on, date(2026, 3, 20), BEFORE) is None
    assert stage_of_deadline(DUE, published_on, date(2026, 5, 1), BEFORE) is None
    stage = stage_of_deadline(DUE, published_on, date(2026, 5, 2), BEFORE)
    assert stage == Stage("before_30", date(2026, 5, 2))


def test_a_date_set_on_the_day_of_publication_is_told_with_it() -> None:
    assert stage_of_deadline(DUE, DUE, DUE, BEFORE) is None
    assert stage_of_deadline(DUE, DUE, date(2026, 7, 1), BEFORE) == Stage(
        "late_1", date(2026, 7, 1)
    )


@given(due_on=days, today=days, told_on=st.none() | days, before=some_days_before)
def test_the_stage_is_the_newest_day_that_has_come(
    due_on: date, today: date, told_on: date | None, before: list[int]
) -> None:
    known = [due_on - timedelta(days=each) for each in before] + [
        due_on + relativedelta(months=month) for month in range(12 * 17)
    ]
    come = [day for day in known if day <= today]
    expected = max(come, default=None)
    if expected is not None and told_on is not None and expected <= told_on:
        expected = None
    stage = stage_of_deadline(due_on, told_on, today, before)
    assert (stage.day if stage else None) == expected


@given(due_on=days, before=some_days_before, gaps=st.lists(st.integers(1, 60), max_size=30))
def test_each_stage_goes_once_whatever_the_days_on_which_it_ran(
    due_on: date, before: list[int], gaps: list[int]
) -> None:
    today = due_on - timedelta(days=420)
    names: dict[str, date] = {}
    order: list[date] = []
    for gap in gaps:
        today += timedelta(days=gap)
        stage = stage_of_deadline(due_on, None, today, before)
        if stage is None:
            continue
        assert names.setdefault(stage.name, stage.day) == stage.day
        if stage.day not in order:
            order.append(stage.day)
    assert order == sorted(order)
    assert len(order) == len(names)


@given(late_on=days, after=st.integers(-40, 800))
def test_lateness_is_told_on_its_day_then_each_month(late_on: date, after: int) -> None:
    today = late_on + timedelta(days=after)
    stage = stage_of_lateness(late_on, today)
    if after < 0:
        assert stage is None
        return
    assert stage is not None
    months = [late_on + relativedelta(months=month) for month in range(40)]
    assert stage.day == max(day for day in months if day <= today)
    assert stage.name == f"late_{months.index(stage.day)}"


def test_an_adoption_is_news_of_its_own() -> None:
    assert announced_on(date(2018, 5, 1), None) == date(2018, 5, 1)
    assert announced_on(date(2018, 5, 1), date(2026, 9, 1)) == date(2026, 9, 1)


@given(announced=days, after=st.integers(-60, 60))
def test_a_version_is_news_for_thirty_days(announced: date, after: int) -> None:
    assert is_news(announced, announced + timedelta(days=after)) is (0 <= after <= 30)


@given(today=days)
def test_a_week_begins_on_its_monday(today: date) -> None:
    monday = week_of(today)
    assert monday.isocalendar()[:2] == today.isocalendar()[:2]
    assert monday.isoweekday() == 1
