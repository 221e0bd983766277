"""What holds of every convention, whatever is recorded and in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ckanext.heraultdata.conventions.rules import (
    IN_FORCE,
    Event,
    EventKind,
    Party,
    State,
    check_event,
    is_in_force,
    open_notices,
    period_in_force,
    recordable,
    state_on,
    voidable,
)
from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.terms import add_years

from .histories import (
    amended,
    both_signed,
    formal_notice,
    mutual_termination,
    notice,
    observations,
    remedied,
    reordered_by_day,
    signed,
    terminated_for_fault,
    voided,
)
from .naive import naive_allows, naive_state

# A loaded machine is slow, and that is no defect of a pure function.
examples = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ONE_DAY = timedelta(days=1)
FIRST_DAY = date(2024, 1, 15)
TODAY = date(2026, 6, 15)

DAYS = st.one_of(
    st.dates(FIRST_DAY, TODAY),
    # A narrow window makes events meet, around the ends of months and the 29 February.
    st.dates(date(2024, 2, 26), date(2024, 4, 2)),
    st.dates(date(2025, 1, 28), date(2025, 3, 2)),
)
PARTIES = st.sampled_from(Party)


@st.composite
def attempts(draw: st.DrawFn, recorded: Sequence[Event], corrections: bool = True) -> Event:
    """An event that says all that its kind needs, allowed or not."""
    day, party = draw(DAYS), draw(PARTIES)
    deadline = day + timedelta(days=draw(st.integers(1, 40)))
    possible = [
        signed(party, day),
        amended(day),
        notice(party, day),
        mutual_termination(day),
        formal_notice(party, day, deadline),
        formal_notice(party, day, deadline),
        observations(party, day),
        remedied(party, day),
        terminated_for_fault(party, day),
        terminated_for_fault(party, day),
    ]
    if corrections and recorded:
        named = draw(st.sampled_from(recorded))
        possible += [voided(named, TODAY), voided(named, max(day, named.date))]
    return draw(st.sampled_from(possible))


def is_accepted(
    events: Sequence[Event], new: Event, others: Sequence[Sequence[Event]] = ()
) -> bool:
    try:
        check_event(events, new, TODAY, others)
    except RuleError:
        return False
    return True


@st.composite
def histories(draw: st.DrawFn, corrections: bool = True) -> list[Event]:
    """Events that were accepted one after the other."""
    recorded = draw(st.sampled_from([[], both_signed(date(2024, 2, 29)), both_signed(FIRST_DAY)]))
    recorded = list(recorded)
    for _ in range(draw(st.integers(0, 12))):
        new = draw(attempts(recorded, corrections))
        if is_accepted(recorded, new):
            recorded.append(new)
    return recorded


def telling_days(events: Sequence[Event]) -> list[date]:
    """The days on which something may change, and those around them."""
    turns = {FIRST_DAY, TODAY, date(2040, 2, 29)} | {event.date for event in events}
    ends = {state_on(events, day).ends_on for day in turns}
    turns |= {end for end in ends if end}
    turns |= {add_years(day, years) for day in set(turns) for years in (1, 2)}
    return sorted({turn + days for turn in turns for days in (-ONE_DAY, timedelta(), ONE_DAY)})


@examples
@given(histories(), st.dates(date(2023, 1, 1), date(2050, 1, 1)))
def test_any_day_has_a_state_that_agrees_with_itself(events: list[Event], drawn: date) -> None:
    for day in [*telling_days(events), drawn]:
        state = state_on(events, day)
        assert is_in_force(events, day) is (state.state in IN_FORCE)
        assert (state.state is State.DRAFT) is (state.effective_on is None)
        assert (state.state is State.FORMAL_NOTICE) is bool(open_notices(events, day))
        assert (state.term_ends_on is not None) is (state.state in IN_FORCE)
        if state.effective_on is None:
            assert state.renewals is None
            continue
        assert period_in_force(events, day) == (state.effective_on, state.ends_on)
        assert state.renewals is not None
        if state.term_ends_on is not None:
            assert state.term_ends_on == add_years(state.effective_on, state.renewals + 1)
            assert add_years(state.effective_on, state.renewals) <= day < state.term_ends_on
        if state.state is State.ENDED:
            assert state.ends_on is not None
            assert state.ends_on <= day
            assert state.renewals == state_on(events, state.ends_on - ONE_DAY).renewals


@examples
@given(histories(), st.dates(FIRST_DAY, date(2028, 3, 1)))
def test_the_state_is_that_of_living_through_each_day(events: list[Event], drawn: date) -> None:
    turns = [event.date for event in events]
    ends_on = state_on(events, TODAY).ends_on
    near_end = [ends_on, ends_on - ONE_DAY] if ends_on else []
    for day in {drawn, *turns, *near_end, TODAY}:
        assert state_on(events, day) == naive_state(events, day)


@examples
@given(st.data(), histories())
def test_what_is_accepted_is_what_living_through_allows(
    data: st.DataObject, events: list[Event]
) -> None:
    for _ in range(4):
        new = data.draw(attempts(events))
        assert is_accepted(events, new) is naive_allows(events, new)


@examples
@given(st.data(), histories(corrections=False))
def test_the_order_of_recording_of_different_days_does_not_matter(
    data: st.DataObject, events: list[Event]
) -> None:
    days = data.draw(st.permutations(sorted({event.date for event in events})))
    reordered = reordered_by_day(events, days)
    for day in telling_days(events):
        assert state_on(reordered, day) == state_on(events, day)


@examples
@given(histories(corrections=False))
def test_a_lawful_list_could_have_been_recorded_day_by_day(events: list[Event]) -> None:
    recorded: list[Event] = []
    for event in sorted(events, key=lambda event: event.date):
        check_event(recorded, event, event.date)
        recorded.append(event)


@examples
@given(st.data(), histories())
def test_an_event_changes_no_day_before_its_own(data: st.DataObject, events: list[Event]) -> None:
    # Most attempts are refused: several are drawn rather than one that is assumed to be accepted.
    tried = data.draw(st.lists(attempts(events, corrections=False), min_size=1, max_size=6))
    for new in (event for event in tried if is_accepted(events, event)):
        for day in telling_days([*events, new]):
            if day < new.date:
                assert state_on([*events, new], day) == state_on(events, day)


@examples
@given(st.data(), histories())
def test_voiding_and_voiding_that_changes_nothing(data: st.DataObject, events: list[Event]) -> None:
    can_be_voided = voidable(events, TODAY)
    assume(can_be_voided)
    named = data.draw(st.sampled_from([e for e in events if e.id in can_be_voided]))
    correction = voided(named, TODAY)
    check_event(events, correction, TODAY)
    without = [*events, correction]
    back = voided(correction, TODAY)
    check_event(without, back, TODAY)
    for day in telling_days(events):
        assert state_on([*without, back], day) == state_on(events, day)
        if named.kind is not EventKind.VOIDED:
            never = [event for event in events if event is not named]
            assert state_on(without, day) == state_on(never, day)


LAWFUL_STEPS = {
    State.DRAFT: {State.DRAFT, State.ACTIVE, State.FORMAL_NOTICE, State.ENDING},
    State.ACTIVE: {State.ACTIVE, State.FORMAL_NOTICE, State.ENDING},
    State.FORMAL_NOTICE: {State.FORMAL_NOTICE, State.ACTIVE, State.ENDING, State.ENDED},
    State.ENDING: {State.ENDING, State.FORMAL_NOTICE, State.ENDED},
    State.ENDED: {State.ENDED},
}


@examples
@given(histories())
def test_states_follow_one_another_along_the_arrows(events: list[Event]) -> None:
    for day in telling_days(events):
        before, after = state_on(events, day - ONE_DAY), state_on(events, day)
        assert after.state in LAWFUL_STEPS[before.state]
        if before.effective_on is not None:
            assert after.effective_on == before.effective_on
        if before.ends_on is not None:
            assert after.ends_on is not None
            assert after.ends_on <= before.ends_on


@examples
@given(st.data())
def test_two_conventions_of_a_partner_are_never_in_force_on_one_day(data: st.DataObject) -> None:
    conventions: list[list[Event]] = [list(both_signed(FIRST_DAY)), []]
    for _ in range(data.draw(st.integers(2, 14))):
        which = data.draw(st.sampled_from([0, 1]))
        new = data.draw(attempts(conventions[which]))
        if is_accepted(conventions[which], new, [conventions[1 - which]]):
            conventions[which].append(new)
    for day in {*telling_days(conventions[0]), *telling_days(conventions[1])}:
        assert not (is_in_force(conventions[0], day) and is_in_force(conventions[1], day))


@examples
@given(histories())
def test_what_is_offered_is_what_is_accepted(events: list[Event]) -> None:
    offered = set(recordable(events, TODAY))
    for party in Party:
        for new in (
            signed(party, TODAY),
            notice(party, TODAY),
            formal_notice(party, TODAY, TODAY + ONE_DAY),
            observations(party, TODAY),
            remedied(party, TODAY),
            terminated_for_fault(party, TODAY),
        ):
            assert ((new.kind, party) in offered) is is_accepted(events, new)
    for new in (amended(TODAY), mutual_termination(TODAY)):
        assert ((new.kind, None) in offered) is is_accepted(events, new)
    can_be_voided = {e.id for e in events if is_accepted(events, voided(e, TODAY))}
    assert set(voidable(events, TODAY)) == can_be_voided
    assert ((EventKind.VOIDED, None) in offered) is bool(can_be_voided)


@examples
@given(st.data(), histories())
def test_nothing_is_recorded_ahead_of_today(data: st.DataObject, events: list[Event]) -> None:
    new = replace(data.draw(attempts(events)), date=TODAY + ONE_DAY)
    assert not is_accepted(events, replace(new, deadline=new.deadline and new.date + ONE_DAY))
