"""Due dates of versions, what may still be recorded, days of publication."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.standards import rules
from ckanext.heraultdata.standards.publication_days import publication_days, version_key
from ckanext.heraultdata.standards.rules import Dates, Level, due_date

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
LAWFUL = st.one_of(
    st.tuples(st.just(Level.TERRITORIAL), st.builds(Dates, DAYS)),
    st.tuples(st.just(Level.NATIONAL), st.builds(Dates, DAYS, due_on=st.none() | DAYS)),
    st.tuples(
        st.sampled_from([Level.NATIONAL, Level.DE_FACTO]),
        st.builds(Dates, DAYS, adopted_on=st.none() | DAYS),
    ),
)


def test_a_national_version_is_due_on_the_day_of_its_decree() -> None:
    dates = Dates(date(2024, 2, 7), due_on=date(2025, 4, 14))

    assert due_date(Level.NATIONAL, dates) == date(2025, 4, 14)


@pytest.mark.parametrize("level", [Level.NATIONAL, Level.DE_FACTO])
def test_without_a_text_nothing_is_due(level: Level) -> None:
    assert due_date(level, Dates(date(2024, 2, 7))) is None


@pytest.mark.parametrize(
    ("published_on", "due_on"),
    [
        (date(2023, 1, 10), date(2024, 1, 10)),
        (date(2025, 6, 1), date(2026, 6, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_a_territorial_version_is_due_one_year_after(published_on: date, due_on: date) -> None:
    assert due_date(Level.TERRITORIAL, Dates(published_on)) == due_on


@pytest.mark.parametrize("level", [Level.NATIONAL, Level.DE_FACTO])
def test_an_adopted_version_is_due_one_year_after_its_adoption(level: Level) -> None:
    dates = Dates(date(2023, 9, 28), adopted_on=date(2024, 6, 1))

    assert due_date(level, dates) == date(2025, 6, 1)


@pytest.mark.parametrize("level", list(Level))
def test_a_draft_is_due_never(level: Level) -> None:
    assert due_date(level, Dates(adopted_on=date(2024, 6, 1))) is None


def test_nothing_is_due_before_the_convention_took_effect() -> None:
    dates = Dates(date(2023, 1, 10))

    late = due_date(Level.TERRITORIAL, dates, in_force_since=date(2024, 3, 12))
    early = due_date(Level.TERRITORIAL, dates, in_force_since=date(2023, 12, 31))

    assert (late, early) == (date(2024, 3, 12), date(2024, 1, 10))


def test_an_extension_moves_the_date_of_the_departement_later() -> None:
    territorial = Dates(date(2023, 1, 10))
    adopted = Dates(date(2023, 1, 10), adopted_on=date(2023, 1, 10))
    granted = date(2024, 9, 1)

    assert due_date(Level.TERRITORIAL, territorial, extended_to=granted) == granted
    assert due_date(Level.NATIONAL, adopted, extended_to=granted) == granted
    assert due_date(Level.TERRITORIAL, territorial, extended_to=date(2024, 1, 9)) == date(
        2024, 1, 10
    )


def test_an_extension_does_not_move_a_decree() -> None:
    dates = Dates(date(2024, 2, 7), due_on=date(2025, 4, 14))

    assert due_date(Level.NATIONAL, dates, extended_to=date(2026, 1, 1)) == date(2025, 4, 14)
    assert not rules.can_be_extended(Level.NATIONAL, dates)


@given(LAWFUL, st.none() | DAYS, st.none() | DAYS)
def test_a_partner_is_never_asked_earlier(
    version: tuple[Level, Dates], in_force_since: date | None, extended_to: date | None
) -> None:
    level, dates = version
    for_all = due_date(level, dates)
    for_one = due_date(level, dates, in_force_since, extended_to)

    if for_all is None:
        assert for_one is None
        return
    assert for_one is not None
    assert for_one >= max(for_all, in_force_since or for_all)
    assert for_one in (for_all, in_force_since, extended_to)


@given(LAWFUL)
def test_a_level_asks_for_a_date_of_one_kind(version: tuple[Level, Dates]) -> None:
    level, dates = version
    due = due_date(level, dates)

    assert (due is None) == (
        level is not Level.TERRITORIAL and dates.due_on is None and dates.adopted_on is None
    )


@pytest.mark.parametrize(
    ("level", "dates", "field"),
    [
        (Level.TERRITORIAL, Dates(due_on=date(2025, 1, 1)), "due_on"),
        (Level.DE_FACTO, Dates(due_on=date(2025, 1, 1)), "due_on"),
        (Level.TERRITORIAL, Dates(adopted_on=date(2025, 1, 1)), "adopted_on"),
        (
            Level.NATIONAL,
            Dates(due_on=date(2025, 1, 1), adopted_on=date(2025, 1, 1)),
            "adopted_on",
        ),
        (Level.NATIONAL, Dates(date(2025, 1, 2), adopted_on=date(2025, 1, 1)), "adopted_on"),
        (Level.NATIONAL, Dates(date(2025, 1, 2), due_on=date(2025, 1, 1)), "due_on"),
    ],
)
def test_unlawful_dates(level: Level, dates: Dates, field: str) -> None:
    with pytest.raises(RuleError) as refusal:
        rules.refuse_unlawful_dates(level, dates)

    assert refusal.value.field == field


@given(LAWFUL)
def test_lawful_dates_are_taken(version: tuple[Level, Dates]) -> None:
    level, dates = version
    published_on = dates.published_on or date.min
    earliest = min(day for day in (dates.due_on, dates.adopted_on, date.max) if day)
    if earliest >= published_on:
        rules.refuse_unlawful_dates(level, dates)


@pytest.mark.parametrize("field", ["due_on", "adopted_on", "legal_reference"])
def test_what_may_still_be_recorded_once_published(field: str) -> None:
    rules.refuse_change_once_published(field)


@pytest.mark.parametrize("field", ["schema", "kind", "published_on", "source_url"])
def test_what_a_published_version_says_stays(field: str) -> None:
    with pytest.raises(RuleError) as refusal:
        rules.refuse_change_once_published(field)

    assert refusal.value.field == field


def test_versions_go_in_the_order_of_their_numbers() -> None:
    ordered = ["0.5beta", "0.5", "0.7.2", "0.10.0", "1.1", "v1.1.2", "2.1.0-fork", "2.1.0", "2.1.1"]

    shuffled = ordered[3:] + ordered[:3]
    assert sorted(shuffled, key=version_key) == ordered


TODAY = date(2026, 11, 24)


def test_the_day_that_a_schema_tells_is_its_day() -> None:
    assert publication_days({"1.0.0": date(2023, 9, 28)}, {}, TODAY) == {"1.0.0": date(2023, 9, 28)}


def test_versions_that_tell_one_day_keep_their_order() -> None:
    told = {"0.8.2": date(2023, 9, 28), "0.8.3": date(2023, 9, 28), "0.8.1": date(2020, 5, 18)}

    assert publication_days(told, {}, TODAY) == {
        "0.8.1": date(2020, 5, 18),
        "0.8.2": date(2023, 9, 27),
        "0.8.3": date(2023, 9, 28),
    }


def test_a_new_version_comes_after_those_that_are_held() -> None:
    stale = {"2.1.0": date(2022, 9, 30)}

    assert publication_days(stale, {"2.0.2": date(2022, 9, 30)}, TODAY) == {
        "2.1.0": date(2022, 10, 1)
    }


def test_a_version_that_tells_nothing_or_a_day_ahead_is_of_today() -> None:
    assert publication_days({"1": None}, {}, TODAY) == {"1": TODAY}
    assert publication_days({"1": TODAY + timedelta(days=1)}, {}, TODAY) == {"1": TODAY}


VERSIONS = st.sampled_from(["0.1", "0.2beta", "0.2", "1.0.0", "1.0.1", "1.10.0", "2.0"])


@given(
    st.dictionaries(VERSIONS, st.none() | DAYS),
    st.dictionaries(VERSIONS, DAYS),
)
def test_no_two_versions_share_a_day(told: dict[str, date | None], held: dict[str, date]) -> None:
    held = dict(zip(held, dict.fromkeys(held.values()), strict=False))
    told = {version: day for version, day in told.items() if version not in held}

    given_days = publication_days(told, held, TODAY)

    assert given_days.keys() == told.keys()
    assert len({*given_days.values(), *held.values()}) == len(given_days) + len(held)


@given(st.dictionaries(VERSIONS, st.none() | DAYS, min_size=1))
def test_versions_of_a_new_standard_are_published_in_their_order(
    told: dict[str, date | None],
) -> None:
    days = publication_days(told, {}, TODAY)

    ordered = sorted(days, key=version_key)
    assert [days[version] for version in ordered] == sorted(days.values())
    assert max(days.values()) <= TODAY


@pytest.mark.parametrize(
    ("level", "scdl", "priority"),
    [
        (Level.TERRITORIAL, False, True),
        (Level.NATIONAL, True, True),
        (Level.NATIONAL, False, False),
        (Level.DE_FACTO, False, False),
    ],
)
def test_the_scdl_and_territorial_standards_are_priorities(
    level: Level, scdl: bool, priority: bool
) -> None:
    assert rules.is_priority_by_default(level, scdl) is priority


@pytest.mark.parametrize("level", [Level.TERRITORIAL, Level.DE_FACTO])
def test_a_standard_of_the_scdl_is_national(level: Level) -> None:
    with pytest.raises(RuleError) as refused:
        rules.refuse_unlawful_level(level, True)
    assert refused.value.field == "scdl"


def test_any_other_level_is_lawful() -> None:
    rules.refuse_unlawful_level(Level.NATIONAL, True)
    for level in Level:
        rules.refuse_unlawful_level(level, False)
