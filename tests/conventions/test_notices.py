"""When notices about an anniversary are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.conventions.notices import NoticeKind, due_notice
from ckanext.heraultdata.conventions.rules import Event, EventKind, Party


def signed(on: date) -> list[Event]:
    return [
        Event(id="1", kind=EventKind.SIGNED, date=on, party=Party.PARTNER),
        Event(id="2", kind=EventKind.SIGNED, date=on, party=Party.DEPARTMENT),
    ]


IN_FORCE = signed(date(2024, 3, 12))


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (date(2027, 1, 11), None),
        (date(2027, 1, 12), NoticeKind.TWO_MONTHS),
        (date(2027, 1, 28), NoticeKind.TWO_MONTHS),
        (date(2027, 1, 29), NoticeKind.SIX_WEEKS),
        (date(2027, 2, 12), NoticeKind.SIX_WEEKS),
        (date(2027, 2, 13), None),
        (date(2027, 3, 12), None),
    ],
)
def test_days_before_an_anniversary(today: date, kind: NoticeKind | None) -> None:
    due = due_notice(IN_FORCE, today)
    assert (due.kind if due else None) is kind
    if due:
        assert due.anniversary == date(2027, 3, 12)
        assert due.last_day_for_notice == date(2027, 2, 12)


def test_not_for_a_draft() -> None:
    assert due_notice(IN_FORCE[:1], date(2027, 2, 1)) is None


def test_not_once_the_end_is_known() -> None:
    notice = Event(
        id="3",
        kind=EventKind.ANNIVERSARY_NOTICE,
        date=date(2026, 12, 1),
        party=Party.PARTNER,
    )
    assert due_notice([*IN_FORCE, notice], date(2027, 2, 1)) is None


def test_but_before_an_anniversary_that_comes_before_the_end() -> None:
    late = Event(
        id="3",
        kind=EventKind.ANNIVERSARY_NOTICE,
        date=date(2026, 2, 20),
        party=Party.PARTNER,
    )
    assert due_notice([*IN_FORCE, late], date(2026, 3, 1)) is None
    assert due_notice([*IN_FORCE, late], date(2027, 2, 1)) is None


@given(st.dates(date(2015, 1, 1), date(2030, 12, 31)))
def test_each_year_has_both_windows(on: date) -> None:
    """Whatever the day of signature, both notices come before each anniversary, in order."""
    days = [on + timedelta(days=rank) for rank in range(800)]
    seen = [
        (due.anniversary, due.kind) for due in (due_notice(signed(on), day) for day in days) if due
    ]
    kinds_by_anniversary: dict[date, list[NoticeKind]] = {}
    for anniversary, kind in dict.fromkeys(seen):
        kinds_by_anniversary.setdefault(anniversary, []).append(kind)
    assert len(kinds_by_anniversary) >= 2
    for kinds in list(kinds_by_anniversary.values())[:2]:
        assert kinds == [NoticeKind.TWO_MONTHS, NoticeKind.SIX_WEEKS]
