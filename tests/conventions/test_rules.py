"""The state of a convention on a day: the worked examples, and each event's effect."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.heraultdata.conventions.rules import (
    ConventionState,
    Event,
    EventKind,
    NextDate,
    NextDateKind,
    Party,
    State,
    counting,
    is_in_force,
    next_dates,
    open_notices,
    period_in_force,
    state_on,
)

from .histories import (
    amended,
    both_signed,
    formal_notice,
    mutual_termination,
    notice,
    observations,
    remedied,
    signed,
    terminated_for_fault,
    voided,
)

PARTNER, DEPARTMENT = Party.PARTNER, Party.DEPARTMENT
SIGNED = [signed(PARTNER, date(2024, 2, 26)), signed(DEPARTMENT, date(2024, 3, 12))]
"""The worked example: effective on 2024-03-12."""


def test_worked_example_in_force() -> None:
    assert state_on(SIGNED, date(2026, 11, 24)) == ConventionState(
        state=State.ACTIVE,
        effective_on=date(2024, 3, 12),
        renewals=2,
        term_ends_on=date(2027, 3, 12),
        ends_on=None,
    )


@pytest.mark.parametrize(
    ("effective_on", "sent_on", "ends_on"),
    [
        (date(2024, 3, 12), date(2027, 2, 12), date(2027, 3, 12)),
        (date(2024, 3, 12), date(2027, 2, 13), date(2028, 3, 12)),
        (date(2024, 2, 28), date(2025, 1, 31), date(2025, 2, 28)),
        (date(2024, 2, 28), date(2025, 2, 1), date(2026, 2, 28)),
        (date(2024, 2, 29), date(2027, 1, 31), date(2027, 2, 28)),
        (date(2024, 2, 29), date(2028, 1, 31), date(2028, 2, 29)),
        (date(2024, 2, 29), date(2027, 2, 1), date(2028, 2, 29)),
        (date(2024, 3, 12), date(2024, 3, 12), date(2025, 3, 12)),
        (date(2024, 3, 12), date(2025, 3, 12), date(2026, 3, 12)),
    ],
)
def test_a_notice_ends_the_convention_on_an_anniversary(
    effective_on: date, sent_on: date, ends_on: date
) -> None:
    events = [*both_signed(effective_on), notice(PARTNER, sent_on)]
    assert state_on(events, sent_on).ends_on == ends_on


def test_worked_example_of_a_notice_on_time_until_the_end() -> None:
    events = [*SIGNED, notice(PARTNER, date(2027, 2, 12))]
    assert [state_on(events, day).state for day in (date(2027, 2, 11), date(2027, 2, 12))] == [
        State.ACTIVE,
        State.ENDING,
    ]
    assert state_on(events, date(2027, 3, 11)) == ConventionState(
        State.ENDING, date(2024, 3, 12), 2, date(2027, 3, 12), date(2027, 3, 12)
    )
    assert state_on(events, date(2027, 3, 12)) == ConventionState(
        State.ENDED, date(2024, 3, 12), 2, None, date(2027, 3, 12)
    )


def test_renewals_stay_as_on_the_last_day_in_force() -> None:
    events = [*SIGNED, notice(PARTNER, date(2027, 2, 12))]
    assert state_on(events, date(2040, 1, 1)).renewals == 2


@pytest.mark.parametrize(
    ("day", "renewals", "term_ends_on"),
    [
        (date(2024, 3, 12), 0, date(2025, 3, 12)),
        (date(2027, 3, 11), 2, date(2027, 3, 12)),
        (date(2027, 3, 12), 3, date(2028, 3, 12)),
    ],
)
def test_a_new_term_begins_on_the_anniversary(day: date, renewals: int, term_ends_on: date) -> None:
    state = state_on(SIGNED, day)
    assert (state.renewals, state.term_ends_on) == (renewals, term_ends_on)


@pytest.mark.parametrize(
    ("day", "term_ends_on"),
    [
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2025, 2, 28), date(2026, 2, 28)),
        (date(2026, 2, 28), date(2027, 2, 28)),
        (date(2027, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 28), date(2028, 2, 29)),
    ],
)
def test_anniversaries_of_a_29_february(day: date, term_ends_on: date) -> None:
    assert state_on(both_signed(date(2024, 2, 29)), day).term_ends_on == term_ends_on


@pytest.mark.parametrize("events", [[], SIGNED[:1], SIGNED[1:]])
def test_a_draft_lacks_a_signature(events: list[Event]) -> None:
    nothing = ConventionState(State.DRAFT, None, None, None, None)
    assert state_on(events, date(2026, 1, 1)) == nothing
    assert period_in_force(events, date(2026, 1, 1)) is None
    assert next_dates(events, date(2026, 1, 1)) == ()
    assert open_notices(events, date(2026, 1, 1)) == ()


def test_events_after_the_day_do_not_count() -> None:
    assert state_on(SIGNED, date(2024, 3, 11)).state is State.DRAFT
    assert period_in_force(SIGNED, date(2024, 3, 11)) is None
    assert state_on(SIGNED, date(2024, 3, 12)).state is State.ACTIVE
    assert period_in_force(SIGNED, date(2024, 3, 12)) == (date(2024, 3, 12), None)


def test_effective_on_the_later_signature_whichever_party_and_order() -> None:
    events = [signed(DEPARTMENT, date(2024, 3, 12)), signed(PARTNER, date(2024, 2, 26))]
    assert state_on(events, date(2024, 3, 12)).effective_on == date(2024, 3, 12)


def test_an_amendment_changes_no_state() -> None:
    events = [*SIGNED, amended(date(2025, 6, 1))]
    assert state_on(events, date(2025, 6, 1)) == state_on(SIGNED, date(2025, 6, 1))


def test_mutual_termination_ends_one_month_after_the_letter() -> None:
    events = [*SIGNED, mutual_termination(date(2025, 1, 31))]
    assert state_on(events, date(2025, 2, 27)).state is State.ENDING
    assert state_on(events, date(2025, 2, 28)).state is State.ENDED


def test_the_earliest_end_counts() -> None:
    late, mutual = notice(PARTNER, date(2027, 2, 13)), mutual_termination(date(2027, 2, 20))
    assert state_on([*SIGNED, late], date(2027, 2, 20)).ends_on == date(2028, 3, 12)
    assert state_on([*SIGNED, late, mutual], date(2027, 2, 20)).ends_on == date(2027, 3, 20)
    again = notice(DEPARTMENT, date(2027, 2, 25))
    assert state_on([*SIGNED, late, mutual, again], date(2027, 2, 25)).ends_on == date(2027, 3, 20)


NOTICE = formal_notice(DEPARTMENT, date(2025, 2, 10), date(2025, 3, 10))


def test_a_formal_notice_comes_first_and_shows_the_end() -> None:
    events = [*SIGNED, notice(PARTNER, date(2025, 2, 1)), NOTICE]
    state = state_on(events, date(2025, 2, 10))
    assert (state.state, state.ends_on) == (State.FORMAL_NOTICE, date(2025, 3, 12))
    events.append(remedied(DEPARTMENT, date(2025, 2, 20)))
    assert state_on(events, date(2025, 2, 20)).state is State.ENDING
    assert state_on(events, date(2025, 3, 12)).state is State.ENDED


def test_remedied_closes_all_the_notices_of_that_party_only() -> None:
    ours = formal_notice(PARTNER, date(2025, 2, 15), date(2025, 4, 1))
    events = [*SIGNED, NOTICE, ours, formal_notice(DEPARTMENT, date(2025, 2, 16), date(2025, 5, 1))]
    assert len(open_notices(events, date(2025, 2, 16))) == 3
    events.append(remedied(DEPARTMENT, date(2025, 3, 1)))
    assert open_notices(events, date(2025, 3, 1)) == (ours,)
    assert state_on(events, date(2025, 3, 1)).state is State.FORMAL_NOTICE
    events.append(remedied(PARTNER, date(2025, 3, 2)))
    assert state_on(events, date(2025, 3, 2)).state is State.ACTIVE


def test_observations_leave_the_notice_open() -> None:
    events = [*SIGNED, NOTICE, observations(PARTNER, date(2025, 2, 20))]
    assert open_notices(events, date(2025, 3, 20)) == (NOTICE,)


def test_termination_for_fault_ends_that_day() -> None:
    events = [*SIGNED, NOTICE, terminated_for_fault(DEPARTMENT, date(2025, 3, 11))]
    assert state_on(events, date(2025, 3, 10)) == ConventionState(
        State.FORMAL_NOTICE, date(2024, 3, 12), 0, date(2025, 3, 12), None
    )
    assert state_on(events, date(2025, 3, 11)) == ConventionState(
        State.ENDED, date(2024, 3, 12), 0, None, date(2025, 3, 11)
    )
    assert open_notices(events, date(2025, 3, 11)) == ()
    assert period_in_force(events, date(2025, 3, 11)) == (date(2024, 3, 12), date(2025, 3, 11))
    assert period_in_force(events, date(2025, 3, 10)) == (date(2024, 3, 12), None)


def test_events_of_one_day_count_in_the_order_of_recording() -> None:
    day = date(2025, 2, 10)
    assert open_notices([*SIGNED, NOTICE, remedied(DEPARTMENT, day)], day) == ()
    later = formal_notice(DEPARTMENT, day, date(2025, 4, 1))
    assert open_notices([*SIGNED, NOTICE, remedied(DEPARTMENT, day), later], day) == (later,)


@pytest.mark.parametrize(
    ("day", "in_force"),
    [
        (date(2024, 3, 11), False),
        (date(2024, 3, 12), True),
        (date(2025, 2, 10), True),
        (date(2025, 2, 21), True),
        (date(2025, 3, 20), True),
        (date(2025, 3, 21), False),
    ],
)
def test_in_force_from_the_first_day_to_the_eve_of_the_end(day: date, in_force: bool) -> None:
    events = [*SIGNED, NOTICE, remedied(DEPARTMENT, date(2025, 2, 20))]
    events.append(mutual_termination(date(2025, 2, 21)))
    assert is_in_force(events, day) is in_force


def test_a_voided_event_counts_on_no_day_and_can_come_back() -> None:
    end = mutual_termination(date(2025, 1, 31))
    correction = voided(end, date(2026, 1, 1))
    back = voided(correction, date(2026, 2, 1))
    assert state_on([*SIGNED, end, correction], date(2025, 6, 1)).state is State.ACTIVE
    assert counting([*SIGNED, end, correction]) == (*SIGNED, correction)
    assert state_on([*SIGNED, end, correction, back], date(2025, 6, 1)).state is State.ENDED
    assert counting([*SIGNED, end, correction, back]) == (*SIGNED, end, back)


def test_next_dates_in_force() -> None:
    assert next_dates(SIGNED, date(2026, 11, 24)) == (
        NextDate(date(2027, 2, 12), NextDateKind.LAST_DAY_FOR_NOTICE),
        NextDate(date(2027, 3, 12), NextDateKind.ANNIVERSARY),
    )


def test_the_last_day_for_notice_is_still_to_come_on_that_day_and_then_a_year_off() -> None:
    last_day = NextDate(date(2027, 2, 12), NextDateKind.LAST_DAY_FOR_NOTICE)
    assert last_day in next_dates(SIGNED, date(2027, 2, 12))
    assert next_dates(SIGNED, date(2027, 2, 13)) == (
        NextDate(date(2027, 3, 12), NextDateKind.ANNIVERSARY),
        NextDate(date(2028, 2, 12), NextDateKind.LAST_DAY_FOR_NOTICE),
    )


def test_next_dates_hold_the_deadlines_of_open_notices_until_they_pass() -> None:
    deadline = NextDate(date(2025, 3, 10), NextDateKind.NOTICE_DEADLINE)
    assert deadline in next_dates([*SIGNED, NOTICE], date(2025, 3, 10))
    assert deadline not in next_dates([*SIGNED, NOTICE], date(2025, 3, 11))


def test_next_dates_stop_at_the_end() -> None:
    beyond = formal_notice(DEPARTMENT, date(2027, 2, 13), date(2027, 6, 1))
    events = [*SIGNED, notice(PARTNER, date(2027, 2, 12)), beyond]
    assert next_dates(events, date(2027, 2, 13)) == (NextDate(date(2027, 3, 12), NextDateKind.END),)
    assert next_dates(events, date(2027, 3, 12)) == ()


def test_next_dates_hold_the_anniversary_before_a_late_end() -> None:
    assert next_dates([*SIGNED, notice(PARTNER, date(2027, 2, 13))], date(2027, 2, 13)) == (
        NextDate(date(2027, 3, 12), NextDateKind.ANNIVERSARY),
        NextDate(date(2028, 3, 12), NextDateKind.END),
    )


def test_the_words_are_those_of_the_api() -> None:
    assert [str(kind) for kind in EventKind] == [kind.value for kind in EventKind]
    assert (Party.PARTNER.other, Party.DEPARTMENT.other) == (DEPARTMENT, PARTNER)
