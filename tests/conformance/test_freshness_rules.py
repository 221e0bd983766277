"""Whether data is as fresh as its frequency promises: worked examples and properties."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext import heraultdata
from ckanext.heraultdata.conformance.freshness import (
    PERIODS,
    Freshness,
    FreshnessStatus,
    Period,
    freshness,
)

DATASET_FIELDS = Path(heraultdata.__file__).parent / "schemas" / "dataset.yaml"
EU = "http://publications.europa.eu/resource/authority/frequency/"
PROMISE_NOTHING = {"IRREG", "NEVER", "UNKNOWN"}

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
tolerances = st.integers(0, 400)
periods = st.sampled_from(sorted(PERIODS.values(), key=repr))


@pytest.mark.parametrize(
    ("frequency", "changed_on", "due_on"),
    [
        ("ANNUAL", date(2025, 10, 1), date(2026, 10, 31)),
        ("ANNUAL", date(2024, 2, 29), date(2025, 3, 30)),
        ("MONTHLY", date(2025, 1, 31), date(2025, 3, 30)),
        ("ANNUAL_2", date(2025, 8, 31), date(2026, 3, 30)),
        ("QUINQUENNIAL", date(2024, 2, 29), date(2029, 3, 30)),
        ("WEEKLY", date(2026, 11, 2), date(2026, 12, 9)),
        ("CONT", date(2026, 11, 2), date(2026, 12, 3)),
    ],
)
def test_an_update_is_due_a_period_and_the_tolerance_after_the_last(
    frequency: str, changed_on: date, due_on: date
) -> None:
    period = PERIODS[EU + frequency]
    on_the_day = freshness(period, changed_on, due_on, 30)
    assert on_the_day == Freshness(FreshnessStatus.FRESH, due_on, days_left=0)
    the_day_after = freshness(period, changed_on, due_on + timedelta(days=1), 30)
    assert the_day_after == Freshness(FreshnessStatus.LATE, due_on, days_late=1)


def test_every_frequency_of_the_form_has_a_period_or_promises_nothing() -> None:
    fields = yaml.safe_load(DATASET_FIELDS.read_text(encoding="utf-8"))["dataset_fields"]
    [field] = [field for field in fields if field["field_name"] == "frequency"]
    offered = {choice["value"] for choice in field["choices"]}
    assert offered == set(PERIODS) | {EU + code for code in PROMISE_NOTHING}


def test_a_longer_frequency_leaves_more_time() -> None:
    start = date(2025, 1, 1)
    ends = [period.end(start) for period in PERIODS.values()]
    assert ends == sorted(ends)
    assert Period(months=1).end(date(2025, 1, 31)) == date(2025, 2, 28)


@given(periods, days, days, tolerances)
def test_late_means_past_the_due_date(
    period: Period, changed_on: date, today: date, tolerance: int
) -> None:
    found = freshness(period, changed_on, today, tolerance)
    assert found.due_on >= changed_on + timedelta(days=1 + tolerance)
    if found.status is FreshnessStatus.LATE:
        assert found.days_left is None
        assert found.due_on + timedelta(days=found.days_late or 0) == today
        assert today > found.due_on
    else:
        assert found.days_late is None
        assert today + timedelta(days=found.days_left or 0) == found.due_on


@given(periods, days, days, tolerances)
def test_time_and_tolerance_only_ever_move_one_way(
    period: Period, changed_on: date, today: date, tolerance: int
) -> None:
    found = freshness(period, changed_on, today, tolerance)
    tomorrow = freshness(period, changed_on, today + timedelta(days=1), tolerance)
    assert tomorrow.due_on == found.due_on
    assert not (found.status is FreshnessStatus.LATE and tomorrow.status is FreshnessStatus.FRESH)
    kinder = freshness(period, changed_on, today, tolerance + 1)
    assert kinder.due_on == found.due_on + timedelta(days=1)
    updated = freshness(period, changed_on + timedelta(days=1), today, tolerance)
    assert updated.due_on >= found.due_on
