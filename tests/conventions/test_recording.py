"""What may be recorded: each refusal with its field, and what is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from ckanext.heraultdata.conventions.rules import (
    Authorisation,
    Event,
    EventKind,
    Party,
    State,
    check_event,
    recordable,
    state_on,
    voidable,
)
from ckanext.heraultdata.messages import RuleError

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
TODAY = date(2026, 11, 24)
SIGNED = [signed(PARTNER, date(2024, 2, 26)), signed(DEPARTMENT, date(2024, 3, 12))]
NOTICE = formal_notice(DEPARTMENT, date(2025, 2, 10), date(2025, 3, 10))
UNDER_NOTICE = [*SIGNED, NOTICE]
ENDED = [*SIGNED, mutual_termination(date(2025, 2, 10))]


def refused(
    events: Sequence[Event],
    new: Event,
    others: Sequence[Sequence[Event]] = (),
    today: date = TODAY,
) -> tuple[str, str]:
    """The field at fault and the sentence."""
    with pytest.raises(RuleError) as caught:
        check_event(events, new, today, others)
    sentence = str(caught.value.message)
    assert "{" not in sentence
    assert sentence.endswith(".")
    return caught.value.field, sentence


def record(events: Sequence[Event], *new: Event) -> list[Event]:
    """The list once these events are recorded, each of them checked."""
    recorded = list(events)
    for event in new:
        check_event(recorded, event, TODAY)
        recorded.append(event)
    return recorded


AUTHORISED = Authorisation(PARTNER, "M2022-504", date(2025, 1, 6))
AMENDED = amended(date(2025, 6, 1), date(2025, 5, 1))


@pytest.mark.parametrize(
    ("new", "field", "words"),
    [
        (replace(SIGNED[0], party=None), "party", "Say which party"),
        (replace(NOTICE, party=None), "party", "Say which party"),
        (replace(observations(PARTNER, TODAY), party=None), "party", "Say which party"),
        (replace(mutual_termination(TODAY), party=PARTNER), "party", "leave the party empty"),
        (replace(AMENDED, party=PARTNER), "party", "leave the party empty"),
        (replace(voided(NOTICE, TODAY), party=PARTNER), "party", "leave the party empty"),
        (replace(NOTICE, breaches=None), "breaches", "Say what the other party"),
        (replace(NOTICE, breaches=" \n"), "breaches", "Say what the other party"),
        (replace(NOTICE, deadline=None), "deadline", "Give the last day"),
        (replace(NOTICE, deadline=NOTICE.date), "deadline", "2025-02-10: give a later day"),
        (replace(notice(PARTNER, TODAY), deadline=TODAY), "deadline", "Only a formal notice"),
        (replace(notice(PARTNER, TODAY), breaches="Late"), "breaches", "Only a formal notice"),
        (
            replace(notice(PARTNER, TODAY), authorisations=(AUTHORISED,)),
            "authorisations",
            "Only an amendment",
        ),
        (replace(AMENDED, authorisations=()), "authorisations", "authorisation given by partner"),
        (
            replace(AMENDED, authorisations=(AUTHORISED,)),
            "authorisations",
            "authorisation given by department",
        ),
        (
            replace(AMENDED, authorisations=(*AMENDED.authorisations, AUTHORISED)),
            "authorisations",
            "several authorisations given by partner",
        ),
        (
            replace(
                AMENDED,
                authorisations=(replace(AUTHORISED, number=" "), AMENDED.authorisations[1]),
            ),
            "authorisations",
            "number of the authorisation given by partner",
        ),
        (
            amended(date(2025, 6, 1), date(2025, 6, 2)),
            "authorisations",
            "on 2025-06-02, after its own date, 2025-06-01",
        ),
        (replace(voided(NOTICE, TODAY), voids=None), "voids", "Say which event"),
        (replace(notice(PARTNER, TODAY), voids=NOTICE.id), "voids", "Only a correction"),
        (notice(PARTNER, date(2026, 11, 25)), "date", "2026-11-25 is still to come"),
    ],
)
def test_an_event_says_what_its_kind_needs_and_no_more(new: Event, field: str, words: str) -> None:
    at_fault, sentence = refused(UNDER_NOTICE, new)
    assert at_fault == field
    assert words in sentence


def test_an_amendment_is_recorded_on_the_day_of_its_authorisations() -> None:
    check_event(SIGNED, amended(TODAY), TODAY)


ANY_EVENT_BUT_A_SIGNATURE = [
    amended(date(2025, 6, 1)),
    notice(PARTNER, date(2025, 6, 1)),
    mutual_termination(date(2025, 6, 1)),
    formal_notice(PARTNER, date(2025, 6, 1), date(2025, 7, 1)),
    observations(PARTNER, date(2025, 6, 1)),
    remedied(PARTNER, date(2025, 6, 1)),
    terminated_for_fault(PARTNER, date(2025, 6, 1)),
]


@pytest.mark.parametrize("new", ANY_EVENT_BUT_A_SIGNATURE, ids=lambda event: event.kind.value)
def test_nothing_but_the_missing_signature_before_both(new: Event) -> None:
    field, sentence = refused(SIGNED[:1], new)
    assert field == "kind"
    assert "record the missing signature first" in sentence


@pytest.mark.parametrize("new", ANY_EVENT_BUT_A_SIGNATURE, ids=lambda event: event.kind.value)
def test_nothing_is_dated_before_the_convention_took_effect(new: Event) -> None:
    events = both_signed(date(2025, 6, 2))
    field, sentence = refused(events, new)
    assert field == "date"
    assert "took effect on 2025-06-02" in sentence


@pytest.mark.parametrize("new", ANY_EVENT_BUT_A_SIGNATURE, ids=lambda event: event.kind.value)
def test_nothing_is_dated_from_the_end_on(new: Event) -> None:
    field, sentence = refused(ENDED, new)
    assert field == "date"
    assert "ends on 2025-03-10" in sentence


def test_the_day_of_the_end_is_no_longer_in_force() -> None:
    assert refused(ENDED, amended(date(2025, 3, 10)))[0] == "date"
    check_event(ENDED, amended(date(2025, 3, 9)), TODAY)


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2024, 2, 26), date(2025, 1, 1)])
def test_a_party_signs_once(day: date) -> None:
    for events in (SIGNED[:1], SIGNED, ENDED):
        field, sentence = refused(events, signed(PARTNER, day))
        assert field == "party"
        assert "signed already by partner, on 2024-02-26" in sentence


def test_a_wrong_signature_is_voided_and_recorded_again() -> None:
    correction = voided(SIGNED[1], TODAY)
    events = record(SIGNED, correction, signed(DEPARTMENT, date(2024, 3, 21)))
    assert state_on(events, TODAY).effective_on == date(2024, 3, 21)
    field, sentence = refused(events, voided(correction, TODAY))
    assert field == "voids"
    assert "signed of 2024-03-21" in sentence
    assert "signed on 2024-03-12" in sentence


def test_the_date_of_a_formal_notice_is_what_observations_wait_for() -> None:
    assert refused(UNDER_NOTICE, observations(PARTNER, date(2025, 2, 9)))[0] == "date"
    check_event(UNDER_NOTICE, observations(PARTNER, date(2025, 2, 10)), TODAY)


@pytest.mark.parametrize(
    "new",
    [
        observations(DEPARTMENT, date(2025, 3, 11)),
        remedied(PARTNER, date(2025, 3, 11)),
        terminated_for_fault(PARTNER, date(2025, 3, 11)),
    ],
    ids=lambda event: event.kind.value,
)
def test_the_party_at_fault_and_the_other_have_their_own_parts(new: Event) -> None:
    field, sentence = refused(UNDER_NOTICE, new)
    assert field == "party"
    assert "was not given by partner" in sentence
    check_event(UNDER_NOTICE, replace(new, party=new.party and new.party.other), TODAY)


@pytest.mark.parametrize(
    "new",
    [
        observations(PARTNER, TODAY),
        remedied(DEPARTMENT, TODAY),
        terminated_for_fault(DEPARTMENT, TODAY),
    ],
    ids=lambda event: event.kind.value,
)
def test_a_formal_notice_comes_first(new: Event) -> None:
    field, sentence = refused(SIGNED, new)
    assert field == "kind"
    assert "No formal notice had been given by department on 2026-11-24" in sentence
    closed = record(UNDER_NOTICE, remedied(DEPARTMENT, date(2025, 3, 1)))
    field, sentence = refused(closed, new)
    assert field == "date"
    assert "No formal notice given by department was open on 2026-11-24" in sentence


def test_termination_for_fault_waits_for_the_day_after_the_nearest_deadline() -> None:
    later = formal_notice(DEPARTMENT, date(2025, 2, 11), date(2025, 6, 1))
    events = record(SIGNED, later, NOTICE)
    field, sentence = refused(events, terminated_for_fault(DEPARTMENT, date(2025, 3, 10)))
    assert field == "date"
    assert "deadline of the formal notice, 2025-03-10" in sentence
    check_event(events, terminated_for_fault(DEPARTMENT, date(2025, 3, 11)), TODAY)


def test_a_deadline_may_lie_far_ahead() -> None:
    check_event(SIGNED, formal_notice(PARTNER, TODAY, date.max), TODAY)


def test_a_late_end_may_not_come_before_what_is_recorded() -> None:
    field, sentence = refused(UNDER_NOTICE, mutual_termination(date(2025, 1, 10)))
    assert field == "date"
    assert "formal_notice of 2025-02-10" in sentence
    assert "ended by then, on 2025-02-10" in sentence
    check_event(UNDER_NOTICE, mutual_termination(date(2025, 1, 11)), TODAY)


def test_a_late_remedy_may_not_close_a_notice_that_was_followed() -> None:
    events = record(UNDER_NOTICE, observations(PARTNER, date(2025, 3, 1)))
    field, sentence = refused(events, remedied(DEPARTMENT, date(2025, 2, 28)))
    assert field == "date"
    assert "observations of 2025-03-01" in sentence


def test_a_late_remedy_may_not_leave_a_termination_before_the_deadline() -> None:
    later = formal_notice(DEPARTMENT, date(2025, 2, 20), date(2025, 6, 1))
    events = record(UNDER_NOTICE, later, terminated_for_fault(DEPARTMENT, date(2025, 3, 11)))
    field, sentence = refused(events, remedied(DEPARTMENT, date(2025, 2, 15)))
    assert field == "date"
    assert "terminated_for_fault of 2025-03-11" in sentence
    assert "2025-06-01 for the nearest" in sentence
    field, sentence = refused(events, voided(NOTICE, TODAY))
    assert field == "voids"
    assert "terminated_for_fault of 2025-03-11" in sentence


def test_voiding_a_signature_waits_for_what_followed_it() -> None:
    field, sentence = refused(UNDER_NOTICE, voided(SIGNED[0], TODAY))
    assert field == "voids"
    assert "formal_notice of 2025-02-10" in sentence


def test_voiding_names_an_event_of_the_convention() -> None:
    field, _ = refused(SIGNED, voided(NOTICE, TODAY))
    assert field == "voids"
    itself = voided(NOTICE, TODAY)
    assert refused(UNDER_NOTICE, replace(itself, voids=itself.id))[0] == "voids"


def test_voiding_is_dated_on_the_day_of_the_event_or_later() -> None:
    field, sentence = refused(UNDER_NOTICE, voided(NOTICE, date(2025, 2, 9)))
    assert field == "date"
    assert "before its own day, 2025-02-10" in sentence
    check_event(UNDER_NOTICE, voided(NOTICE, NOTICE.date), TODAY)


def test_what_is_out_cannot_be_taken_out_again() -> None:
    correction = voided(NOTICE, TODAY)
    events = record(UNDER_NOTICE, correction)
    field, sentence = refused(events, voided(NOTICE, TODAY))
    assert field == "voids"
    assert "out already, formal_notice of 2025-02-10" in sentence
    back = voided(correction, TODAY)
    again = voided(NOTICE, TODAY)
    events = record(events, back, again)
    assert refused(events, voided(correction, TODAY))[0] == "voids"
    field, sentence = refused(events, voided(back, TODAY))
    assert field == "voids"
    assert "Void the later correction instead" in sentence
    assert state_on(record(events, voided(again, TODAY)), TODAY).state is State.FORMAL_NOTICE


def test_what_comes_back_must_still_fit() -> None:
    answer = observations(PARTNER, date(2025, 3, 1))
    correction = voided(answer, TODAY)
    events = record(UNDER_NOTICE, answer, correction, voided(NOTICE, TODAY))
    field, sentence = refused(events, voided(correction, TODAY))
    assert field == "voids"
    assert "observations of 2025-03-01: leave it out" in sentence


def test_an_end_recorded_by_mistake_is_voided_after_the_end() -> None:
    events = record(ENDED, voided(ENDED[-1], TODAY))
    assert state_on(events, TODAY).state is State.ACTIVE


def test_one_convention_in_force_at_a_time() -> None:
    half = both_signed(date(2025, 3, 9))[:1]
    field, sentence = refused(half, signed(DEPARTMENT, date(2025, 3, 9)), [[], SIGNED])
    assert field == "date"
    assert "in force since 2024-03-12, with no end known" in sentence
    field, sentence = refused(half, signed(DEPARTMENT, date(2025, 3, 9)), [ENDED])
    assert field == "date"
    assert "from 2024-03-12 until 2025-03-10, that day not included" in sentence
    check_event(half, signed(DEPARTMENT, date(2025, 3, 10)), TODAY, [ENDED])


def test_one_party_may_sign_while_another_convention_is_in_force() -> None:
    check_event([], signed(PARTNER, TODAY), TODAY, [SIGNED])


def test_a_convention_signed_late_may_not_run_into_the_next() -> None:
    half = both_signed(date(2020, 1, 1))[:1]
    assert refused(half, signed(DEPARTMENT, date(2020, 1, 1)), [SIGNED])[0] == "date"


def test_voiding_an_end_may_not_bring_two_in_force() -> None:
    field, sentence = refused(ENDED, voided(ENDED[-1], TODAY), [both_signed(date(2025, 3, 10))])
    assert field == "voids"
    assert "in force since 2025-03-10" in sentence
    other = [*both_signed(date(2025, 3, 10)), mutual_termination(date(2025, 4, 1))]
    field, sentence = refused(ENDED, voided(ENDED[-1], TODAY), [other])
    assert field == "voids"
    assert "from 2025-03-10 until 2025-05-01" in sentence


def kinds(events: Sequence[Event], today: date = TODAY) -> list[str]:
    return [f"{kind} {party or ''}".strip() for kind, party in recordable(events, today)]


def test_what_can_be_recorded_from_draft_to_end() -> None:
    in_force = [
        "amended",
        "anniversary_notice partner",
        "anniversary_notice department",
        "mutual_termination",
        "formal_notice partner",
        "formal_notice department",
    ]
    assert kinds([]) == ["signed partner", "signed department"]
    assert kinds(SIGNED[:1]) == ["signed department", "voided"]
    assert kinds(SIGNED) == [*in_force, "voided"]
    answers = ["observations partner", "remedied department"]
    assert kinds(UNDER_NOTICE, date(2025, 3, 10)) == [*in_force, *answers, "voided"]
    assert kinds(UNDER_NOTICE, date(2025, 3, 11)) == [
        *in_force,
        *answers,
        "terminated_for_fault department",
        "voided",
    ]
    assert kinds(ENDED) == ["voided"]


def test_what_can_be_recorded_beside_another_convention() -> None:
    assert recordable(SIGNED[:1], TODAY, [both_signed(TODAY)]) == ((EventKind.VOIDED, None),)
    assert recordable(ENDED, TODAY, [both_signed(TODAY)]) == ()


def test_what_can_be_voided() -> None:
    assert voidable([], TODAY) == ()
    assert voidable(SIGNED, TODAY) == tuple(event.id for event in SIGNED)
    assert voidable(ENDED, TODAY) == (ENDED[-1].id,)
    assert voidable(ENDED, TODAY, [both_signed(TODAY)]) == ()
