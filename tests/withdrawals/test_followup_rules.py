"""When a copy is asked for again, how long it is there, and when its platform is written to."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.withdrawals import followup_rules as rules

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("probes", "after"),
    [
        (0, timedelta(hours=1)),
        (1, timedelta(hours=6)),
        (2, timedelta(days=1)),
        (3, timedelta(days=2)),
        (4, timedelta(days=4)),
        (5, timedelta(days=7)),
        (6, timedelta(days=7)),
        (500, timedelta(days=7)),
    ],
)
def test_intervals_grow_to_a_week(probes: int, after: timedelta) -> None:
    assert rules.next_probe_at(probes, NOW) == NOW + after


@given(st.integers(0, 1000))
def test_a_platform_is_never_asked_sooner_than_the_time_before(probes: int) -> None:
    assert rules.next_probe_at(probes + 1, NOW) >= rules.next_probe_at(probes, NOW) > NOW


@pytest.mark.parametrize(
    ("today", "days"), [("2026-03-02", 0), ("2026-03-03", 1), ("2026-04-01", 30)]
)
def test_days_are_counted_from_the_withdrawal(today: str, days: int) -> None:
    assert rules.days_there(date(2026, 3, 2), date.fromisoformat(today)) == days


@pytest.mark.parametrize(
    ("today", "due_on"),
    [
        ("2026-03-02", None),
        ("2026-03-09", None),
        ("2026-03-10", "2026-03-10"),
        ("2026-03-17", "2026-03-10"),
        ("2026-03-18", "2026-03-18"),
        ("2026-04-03", "2026-04-03"),
    ],
)
def test_a_mail_is_due_each_eight_days(today: str, due_on: str | None) -> None:
    found = rules.mail_due_on(date(2026, 3, 2), 8, date.fromisoformat(today))
    assert found == (date.fromisoformat(due_on) if due_on else None)


def test_no_interval_is_a_day() -> None:
    assert rules.mail_due_on(date(2026, 3, 2), 0, date(2026, 3, 2)) is None
    assert rules.mail_due_on(date(2026, 3, 2), 0, date(2026, 3, 3)) == date(2026, 3, 3)


@given(DAYS, st.integers(1, 60), st.integers(0, 2000))
def test_a_mail_is_due_on_a_whole_number_of_intervals(
    withdrawn_on: date, interval: int, days: int
) -> None:
    today = withdrawn_on + timedelta(days=days)
    due_on = rules.mail_due_on(withdrawn_on, interval, today)
    if due_on is None:
        assert days < interval
        return
    assert (due_on - withdrawn_on).days % interval == 0
    assert withdrawn_on < due_on <= today
    assert (today - due_on).days < interval
