"""Where datasets stand with standards: the worked examples of the design, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.heraultdata.conformance.rules import (
    Conformance,
    FileChecks,
    Status,
    Version,
    absence_runs,
    conformance,
    may_be_published,
    missing,
    refuse_extension,
)
from ckanext.heraultdata.messages import RuleError

FIRST = Version("1", date(2023, 1, 10), date(2024, 1, 10))
SECOND = Version("2", date(2025, 6, 1), date(2026, 6, 1))
TERRITORIAL = (FIRST, SECOND)
NOTHING = FileChecks(frozenset())
FOR_FIRST = FileChecks(frozenset("1"))
FOR_BOTH = FileChecks(frozenset("12"))
NEVER_CHECKED = FileChecks(None)


@pytest.mark.parametrize(
    ("today", "status", "days_left", "days_late"),
    [
        (date(2026, 3, 1), Status.PENDING, 92, None),
        (date(2026, 6, 1), Status.DUE_SOON, 0, None),
        (date(2026, 6, 2), Status.OVERDUE, None, 1),
    ],
)
def test_a_dataset_valid_for_the_first_version_owes_the_second(
    today: date, status: Status, days_left: int | None, days_late: int | None
) -> None:
    found = conformance(TERRITORIAL, [FOR_FIRST], today)
    assert found == Conformance(status, SECOND, FIRST, SECOND.due_on, days_left, days_late)


@pytest.mark.parametrize("today", [date(2026, 3, 1), date(2026, 6, 1), date(2026, 6, 2)])
def test_a_dataset_valid_for_neither_is_late_since_the_first(today: date) -> None:
    found = conformance(TERRITORIAL, [NOTHING], today)
    assert (found.status, found.due_on) == (Status.OVERDUE, date(2024, 1, 10))
    assert found.days_late == (today - date(2024, 1, 10)).days


def test_ninety_days_before_a_deadline_is_soon() -> None:
    assert conformance(TERRITORIAL, [FOR_FIRST], date(2026, 3, 3)).status is Status.DUE_SOON
    assert conformance(TERRITORIAL, [FOR_FIRST], date(2026, 3, 2)).status is Status.PENDING


def test_a_version_counts_from_its_day() -> None:
    assert conformance(TERRITORIAL, [FOR_FIRST], date(2025, 5, 31)).status is Status.CONFORMING
    assert conformance(TERRITORIAL, [FOR_FIRST], date(2025, 6, 1)).status is Status.PENDING


def test_conforming_has_no_dates() -> None:
    found = conformance(TERRITORIAL, [FOR_BOTH], date(2027, 1, 1))
    assert found == Conformance(Status.CONFORMING, SECOND, SECOND)


def test_a_dataset_is_valid_for_what_each_of_its_files_is() -> None:
    only_second = FileChecks(frozenset("2"))
    found = conformance(TERRITORIAL, [FOR_FIRST, only_second], date(2026, 3, 1))
    assert (found.status, found.valid) == (Status.OVERDUE, None)


def test_a_file_never_checked_makes_the_dataset_unchecked_with_its_dates() -> None:
    found = conformance(TERRITORIAL, [FOR_BOTH, NEVER_CHECKED], date(2026, 3, 1))
    assert found.status is Status.UNCHECKED
    assert (found.due_on, found.days_left) == (FIRST.due_on, None)


def test_without_any_due_date_nothing_is_late() -> None:
    undated = Version("1", date(2023, 1, 10))
    found = conformance([undated], [NOTHING], date(2026, 3, 1))
    assert found == Conformance(Status.NO_DEADLINE, undated, None)


def test_a_standard_without_a_version_obliges_to_nothing() -> None:
    found = conformance([], [NOTHING], date(2026, 3, 1))
    assert found == Conformance(Status.NO_DEADLINE, None, None)
    assert may_be_published(found, is_de_facto=False)


def test_a_dataset_without_a_file_follows_no_standard() -> None:
    with pytest.raises(ValueError, match="one file"):
        conformance(TERRITORIAL, [], date(2026, 3, 1))


@pytest.mark.parametrize(
    ("versions", "file", "is_de_facto", "allowed"),
    [
        (TERRITORIAL, FOR_BOTH, False, True),
        (TERRITORIAL, FOR_FIRST, False, True),
        (TERRITORIAL, NOTHING, False, False),
        (TERRITORIAL, NEVER_CHECKED, False, False),
        ((Version("1", date(2026, 1, 1), date(2027, 1, 1)),), NOTHING, False, True),
        ((Version("1", date(2026, 1, 1)),), NOTHING, False, False),
        ((Version("1", date(2026, 1, 1)),), NOTHING, True, True),
        ((Version("1", date(2026, 1, 1)),), NEVER_CHECKED, True, False),
    ],
)
def test_the_strict_gate(
    versions: tuple[Version, ...], file: FileChecks, is_de_facto: bool, allowed: bool
) -> None:
    standing = conformance(versions, [file], date(2026, 3, 1))
    assert may_be_published(standing, is_de_facto) is allowed


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Version], list[FileChecks], date]:
    published = draw(st.lists(days, min_size=1, max_size=4, unique=True))
    versions = [
        Version(str(index), day, draw(st.none() | days)) for index, day in enumerate(published)
    ]
    identifiers = st.frozensets(st.sampled_from([version.id for version in versions]))
    files = draw(st.lists(st.builds(FileChecks, st.none() | identifiers), min_size=1, max_size=3))
    return versions, files, draw(days)


@given(situations())
def test_what_always_holds(situation: tuple[list[Version], list[FileChecks], date]) -> None:
    versions, files, today = situation
    found = conformance(versions, files, today)
    assert (found.due_on is None) == (found.days_left is None and found.days_late is None)
    if found.status in (Status.CONFORMING, Status.NO_DEADLINE):
        assert found.due_on is None
    if found.days_late is not None:
        assert found.due_on is not None
        assert found.due_on + timedelta(days=found.days_late) == today
        assert found.days_late > 0
    if found.days_left is not None:
        assert found.days_left >= 0
    if found.valid is not None:
        assert all(found.valid.id in (file.valid_for or ()) for file in files)
    assert conformance(versions[::-1], files, today) == found


@given(situations())
def test_one_more_valid_version_never_makes_it_worse(
    situation: tuple[list[Version], list[FileChecks], date],
) -> None:
    versions, files, today = situation
    everything = frozenset(version.id for version in versions)
    best = conformance(versions, [FileChecks(everything) for _ in files], today)
    assert best.status in (Status.CONFORMING, Status.NO_DEADLINE)
    assert may_be_published(best, is_de_facto=False)


def test_missing_has_the_dates_of_what_is_valid_for_nothing() -> None:
    owed = missing(TERRITORIAL, date(2026, 3, 1))
    assert owed == replace(
        conformance(TERRITORIAL, [NOTHING], date(2026, 3, 1)), status=Status.MISSING
    )
    assert (owed.due_on, owed.days_late, owed.target) == (date(2024, 1, 10), 781, SECOND)
    assert missing([], date(2026, 3, 1)).target is None


@pytest.mark.parametrize(
    ("ended_on", "day", "runs"),
    [
        (None, "2026-02-28", False),
        (None, "2026-03-01", True),
        (None, "2027-02-28", True),
        (None, "2027-03-01", False),
        ("2026-05-01", "2026-04-30", True),
        ("2026-05-01", "2026-05-01", False),
        ("2026-03-01", "2026-03-01", False),
    ],
)
def test_an_absence_runs_for_a_year(ended_on: str | None, day: str, runs: bool) -> None:
    end = date.fromisoformat(ended_on) if ended_on else None
    assert absence_runs(date(2026, 3, 1), end, date.fromisoformat(day)) is runs


@pytest.mark.parametrize(
    ("current", "can_be_extended", "due_on", "field"),
    [
        (None, True, "2026-06-02", "version"),
        ("2026-06-01", False, "2026-06-02", "version"),
        ("2026-06-01", True, "2026-06-01", "due_on"),
        ("2026-06-01", True, "2026-05-31", "due_on"),
    ],
)
def test_an_extension_moves_a_date_of_the_departement_strictly_later(
    current: str | None, can_be_extended: bool, due_on: str, field: str
) -> None:
    now = date.fromisoformat(current) if current else None
    with pytest.raises(RuleError) as refusal:
        refuse_extension(now, can_be_extended, date.fromisoformat(due_on))
    assert refusal.value.field == field


def test_an_extension_to_the_next_day_is_allowed() -> None:
    refuse_extension(date(2026, 6, 1), True, date(2026, 6, 2))


@given(st.dates(), st.dates(), st.dates())
def test_an_absence_taken_back_never_runs_longer(declared: date, ended: date, day: date) -> None:
    assume(declared.year < 9998)
    if absence_runs(declared, ended, day):
        assert absence_runs(declared, None, day)
        assert declared <= day < ended
