"""What a request may become and by when: the design's words, and what holds of every request."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.withdrawals import rules
from ckanext.heraultdata.withdrawals.kinds import (
    Channel,
    Initiative,
    ItemState,
    ReasonClass,
    Scope,
    State,
)
from ckanext.heraultdata.withdrawals.rules import NewRequest, Standing

TODAY = date(2026, 3, 2)
NEW = NewRequest(
    organization_id="partner",
    scope=Scope.DATASETS,
    package_ids=("trees",),
    resource_ids=(),
    reason_class=ReasonClass.ERROR,
    reason=None,
    urgent=False,
    channel=Channel.PORTAL,
    received_on=TODAY,
)
RECEIVED = Standing("R-2026-0001", State.RECEIVED, Channel.MAIL, TODAY)
CALL = replace(RECEIVED, channel=Channel.PHONE)
CONFIRMED = replace(CALL, confirmed_on=TODAY)
EXECUTED = replace(RECEIVED, state=State.EXECUTED, executed_on=TODAY)
CLOSED = replace(EXECUTED, state=State.CLOSED)
CANCELLED = replace(RECEIVED, state=State.CANCELLED)
INADMISSIBLE = replace(RECEIVED, state=State.INADMISSIBLE)
OVER = (EXECUTED, CLOSED, CANCELLED, INADMISSIBLE)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def easter(year: int) -> date:
    """Easter by the method of Meeus, to reckon the movable holidays without the library."""
    a, b, c = year % 19, *divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    """The eleven legal holidays of article L. 3133-1 of the code du travail."""
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    movable = {easter(day.year) + timedelta(days=after) for after in (1, 39, 50)}
    return (day.month, day.day) in fixed or day in movable


class TestWorkingDays:
    """Monday to Friday without French public holidays, the day of receipt not counted."""

    @pytest.mark.parametrize(
        ("received_on", "target_days", "due_on"),
        [
            ("2026-03-02", 5, "2026-03-09"),  # a Monday
            ("2026-03-06", 1, "2026-03-09"),  # a Friday
            ("2026-03-07", 1, "2026-03-09"),  # a Saturday
            ("2026-04-02", 2, "2026-04-07"),  # over Easter Monday; Good Friday is worked
            ("2026-04-30", 5, "2026-05-11"),  # over 1 and 8 May
            ("2026-05-13", 1, "2026-05-15"),  # over Ascension Day
            ("2026-05-22", 1, "2026-05-26"),  # over Whit Monday
            ("2026-12-24", 1, "2026-12-28"),
            ("2026-12-31", 1, "2027-01-04"),
            ("2026-03-07", 0, "2026-03-07"),
        ],
    )
    def test_the_target_is_so_many_working_days_after_receipt(
        self, received_on: str, target_days: int, due_on: str
    ) -> None:
        assert rules.due_on(date.fromisoformat(received_on), target_days) == date.fromisoformat(
            due_on
        )

    @pytest.mark.parametrize(
        ("first", "last", "days"),
        [
            ("2026-03-02", "2026-03-09", 5),
            ("2026-03-06", "2026-03-08", 0),
            ("2026-03-09", "2026-03-09", 0),
            ("2026-03-09", "2026-03-02", 0),
            ("2026-04-30", "2026-05-11", 5),
        ],
    )
    def test_the_first_day_does_not_count_and_the_last_does(
        self, first: str, last: str, days: int
    ) -> None:
        between = rules.working_days_between(date.fromisoformat(first), date.fromisoformat(last))
        assert between == days

    @given(DAYS)
    def test_the_calendar_is_that_of_the_code_du_travail(self, day: date) -> None:
        assert rules.is_working_day(day) == (day.weekday() < 5 and not is_holiday(day))

    @given(DAYS, st.integers(1, 60))
    def test_the_target_is_a_working_day_with_that_many_before_it(
        self, received_on: date, target_days: int
    ) -> None:
        due_on = rules.due_on(received_on, target_days)

        assert rules.is_working_day(due_on)
        assert rules.working_days_between(received_on, due_on) == target_days

    @given(DAYS, DAYS, st.integers(0, 60))
    def test_what_comes_later_is_never_due_before(
        self, first: date, second: date, target_days: int
    ) -> None:
        assume(first <= second)
        assert rules.due_on(first, target_days) <= rules.due_on(second, target_days)


class TestAsking:
    """What a request may name, and when."""

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"scope": Scope.ALL}, "package_ids"),
            ({"scope": Scope.ALL, "package_ids": (), "resource_ids": ("file",)}, "resource_ids"),
            ({"resource_ids": ("file",)}, "resource_ids"),
            ({"package_ids": ()}, "package_ids"),
            ({"scope": Scope.RESOURCES}, "resource_ids"),
            ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
            ({"initiative": Initiative.DEPARTMENT}, "reason"),
            ({"initiative": Initiative.DEPARTMENT, "reason": "  "}, "reason"),
        ],
    )
    def test_refused(self, changes: dict[str, object], field: str) -> None:
        with pytest.raises(RuleError) as refusal:
            rules.refuse_asking(replace(NEW, **changes), TODAY)
        assert refusal.value.field == field

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"scope": Scope.ALL, "package_ids": ()},
            {"scope": Scope.RESOURCES, "resource_ids": ("file",)},
            {"scope": Scope.RESOURCES, "resource_ids": ("file",), "package_ids": ()},
            {"received_on": date(2026, 2, 12), "channel": Channel.LETTER},
            {"initiative": Initiative.DEPARTMENT, "reason": "It names people"},
        ],
    )
    def test_taken(self, changes: dict[str, object]) -> None:
        rules.refuse_asking(replace(NEW, **changes), TODAY)


class TestCalls:
    """A call waits for its confirmation in writing (article 7)."""

    def test_a_call_cannot_be_executed_before_it_is_confirmed(self) -> None:
        with pytest.raises(RuleError, match="by telephone"):
            rules.refuse_executing(CALL)
        rules.refuse_executing(CONFIRMED)

    @pytest.mark.parametrize("channel", [Channel.MAIL, Channel.LETTER, Channel.PORTAL])
    def test_what_came_in_writing_waits_for_nothing(self, channel: Channel) -> None:
        rules.refuse_executing(replace(RECEIVED, channel=channel))

    @pytest.mark.parametrize(
        ("standing", "confirmed_on", "field", "sentence"),
        [
            (RECEIVED, TODAY, "id", "Only a request made by telephone"),
            (CONFIRMED, TODAY, "id", "already"),
            (CALL, TODAY - timedelta(days=1), "confirmed_on", "cannot be older"),
            (CALL, TODAY + timedelta(days=1), "confirmed_on", "lies ahead"),
            (replace(CALL, state=State.CANCELLED), TODAY, "id", "was cancelled"),
        ],
    )
    def test_a_writing_that_confirms_nothing_is_refused(
        self, standing: Standing, confirmed_on: date, field: str, sentence: str
    ) -> None:
        with pytest.raises(RuleError, match=sentence) as refusal:
            rules.refuse_confirming(standing, confirmed_on, TODAY)
        assert refusal.value.field == field

    def test_a_writing_of_a_later_day_confirms_it(self) -> None:
        rules.refuse_confirming(CALL, TODAY + timedelta(days=3), TODAY + timedelta(days=4))


class TestEnds:
    """What is over is neither executed, nor cancelled, nor declared inadmissible."""

    @pytest.mark.parametrize("standing", OVER)
    def test_nothing_more_happens_to_what_is_over(self, standing: Standing) -> None:
        for refuse in (rules.refuse_executing, rules.refuse_ending):
            with pytest.raises(RuleError) as refusal:
                refuse(standing)
            assert refusal.value.field == "id"
            assert "R-2026-0001" in str(refusal.value)

    @pytest.mark.parametrize("standing", [RECEIVED, CALL, CONFIRMED])
    def test_what_waits_may_end(self, standing: Standing) -> None:
        rules.refuse_ending(standing)


class TestRestoring:
    """Any withdrawn item, until it is destroyed."""

    @pytest.mark.parametrize("state", sorted(set(ItemState) - {ItemState.WITHDRAWN}))
    def test_only_what_is_withdrawn_is_restored(self, state: ItemState) -> None:
        with pytest.raises(RuleError) as refusal:
            rules.refuse_restoring(EXECUTED, [ItemState.WITHDRAWN, state], TODAY)
        assert refusal.value.field == "item_ids"

    def test_nothing_is_no_choice(self) -> None:
        with pytest.raises(RuleError, match="at least one"):
            rules.refuse_restoring(EXECUTED, [], TODAY)

    def test_an_order_to_erase_leaves_time_until_its_day(self) -> None:
        ordered = replace(EXECUTED, erase_on=TODAY + timedelta(days=1))

        rules.refuse_restoring(ordered, [ItemState.WITHDRAWN], TODAY)
        with pytest.raises(RuleError, match="being erased"):
            rules.refuse_restoring(ordered, [ItemState.WITHDRAWN], TODAY + timedelta(days=1))

    @pytest.mark.parametrize("standing", [EXECUTED, CLOSED])
    def test_a_closed_request_can_be_restored_too(self, standing: Standing) -> None:
        rules.refuse_restoring(standing, [ItemState.WITHDRAWN], TODAY)


class TestErasing:
    """Withdrawn items only, with the reference typed again."""

    @pytest.mark.parametrize("typed", ["", "R-2026-0002", "R-2026-000", "r-2026-0001"])
    def test_another_reference_is_refused(self, typed: str) -> None:
        with pytest.raises(RuleError, match="R-2026-0001") as refusal:
            rules.refuse_erasing(EXECUTED, [ItemState.WITHDRAWN], typed)
        assert refusal.value.field == "reference"

    @pytest.mark.parametrize("standing", [RECEIVED, CALL, CANCELLED, INADMISSIBLE])
    def test_only_what_is_executed_is_erased(self, standing: Standing) -> None:
        with pytest.raises(RuleError) as refusal:
            rules.refuse_erasing(standing, [ItemState.WITHDRAWN], standing.reference)
        assert refusal.value.field == "id"

    def test_what_was_restored_is_not_erased(self) -> None:
        states = [ItemState.RESTORED, ItemState.ERASED]
        with pytest.raises(RuleError, match="nothing to erase"):
            rules.refuse_erasing(CLOSED, states, CLOSED.reference)

    def test_an_order_is_given_once(self) -> None:
        ordered = replace(EXECUTED, erase_on=TODAY)
        with pytest.raises(RuleError, match="already"):
            rules.refuse_erasing(ordered, [ItemState.WITHDRAWN], ordered.reference)

    @pytest.mark.parametrize("typed", ["R-2026-0001", " R-2026-0001 "])
    def test_the_reference_confirms(self, typed: str) -> None:
        rules.refuse_erasing(CLOSED, [ItemState.RESTORED, ItemState.WITHDRAWN], typed)


STANDINGS = st.builds(
    Standing,
    reference=st.just("R-2026-0001"),
    state=st.sampled_from(State),
    channel=st.sampled_from(Channel),
    received_on=DAYS,
    confirmed_on=st.none() | DAYS,
    executed_on=st.just(None),
    erase_on=st.none() | DAYS,
)


def is_taken(refuse: object, *arguments: object) -> bool:
    """Whether a rule lets a step pass."""
    assert callable(refuse)
    try:
        refuse(*arguments)
    except RuleError:
        return False
    return True


class TestEveryRequest:
    """What holds of every standing."""

    @given(STANDINGS)
    def test_what_may_be_executed_may_end(self, standing: Standing) -> None:
        if is_taken(rules.refuse_executing, standing):
            assert is_taken(rules.refuse_ending, standing)
            assert standing.state is State.RECEIVED

    @given(STANDINGS, DAYS, DAYS)
    def test_a_confirmation_is_what_lets_a_call_be_executed(
        self, standing: Standing, confirmed_on: date, today: date
    ) -> None:
        if is_taken(rules.refuse_confirming, standing, confirmed_on, today):
            assert not is_taken(rules.refuse_executing, standing)
            assert is_taken(rules.refuse_executing, replace(standing, confirmed_on=confirmed_on))

    @given(STANDINGS, st.lists(st.sampled_from(ItemState)), DAYS)
    def test_what_is_erased_never_comes_back(
        self, standing: Standing, states: list[ItemState], today: date
    ) -> None:
        erased = [*states, ItemState.ERASED]
        assert not is_taken(rules.refuse_restoring, standing, erased, today)
