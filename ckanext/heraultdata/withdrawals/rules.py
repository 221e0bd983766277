"""What a request may become, and by when: pure, dates only (design, section 2, “Withdrawal”)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from ..messages import Message, RuleError
from . import refusals
from .kinds import Channel, Initiative, ItemState, ReasonClass, Scope, State

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
EXECUTED = frozenset({State.EXECUTED, State.CLOSED})
"""The states of a request whose items were withdrawn."""


@dataclass(frozen=True)
class NewRequest:
    """What is asked for.

    Attributes:
        package_ids: the datasets named, by identifier or name.
        resource_ids: the files named.
        reason: in their own words.
        urgent: whether access is suspended at once.
        received_on: the day on which the request came.
    """

    organization_id: str
    scope: Scope
    package_ids: tuple[str, ...]
    resource_ids: tuple[str, ...]
    reason_class: ReasonClass
    reason: str | None
    urgent: bool
    channel: Channel
    received_on: date
    initiative: Initiative = Initiative.PARTNER


@dataclass(frozen=True)
class Standing:
    """Where a request stands, as far as the rules read it.

    Attributes:
        confirmed_on: the day of the writing that followed a call, None where there is none.
        executed_on: the day of the execution, None before it.
        erase_on: the day from which its items are destroyed, None where nobody ordered it.
    """

    reference: str
    state: State
    channel: Channel
    received_on: date
    confirmed_on: date | None = None
    executed_on: date | None = None
    erase_on: date | None = None


def is_working_day(day: date) -> bool:
    """Whether people work on a day: Monday to Friday without French public holidays."""
    return day.weekday() < _SATURDAY and day not in _public_holidays()


@lru_cache(maxsize=1)
def _public_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("FR")


def due_on(received_on: date, target_days: int) -> date:
    """The day on which a request is to be executed at the latest.

    Args:
        received_on: the day of receipt, which does not count.
        target_days: the target delay in working days; 0 for the day of receipt itself.
    """
    day = received_on
    for _ in range(target_days):
        day = _next_working_day(day)
    return day


def _next_working_day(day: date) -> date:
    day += _ONE_DAY
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def working_days_between(first: date, last: date) -> int:
    """The working days after the first day up to the last one, which counts; 0 where none is."""
    days = (first + _ONE_DAY * after for after in range(1, (last - first).days + 1))
    return sum(map(is_working_day, days))


def refuse_asking(new: NewRequest, today: date) -> None:
    """Refuse a request that cannot be made.

    Args:
        new: the request.
        today: the date in Paris.

    Raises:
        RuleError: it names what its scope does not take, or nothing; its day lies ahead; the
            département decides without a reason (article 9.1).
    """
    refuse_selection(new.scope, new.package_ids, new.resource_ids)
    if new.received_on > today:
        raise RuleError("received_on", refusals.ahead(new.received_on))
    if new.initiative is Initiative.DEPARTMENT and not (new.reason or "").strip():
        raise RuleError("reason", refusals.NO_REASON_OF_DEPARTMENT)


def refuse_selection(
    scope: Scope, package_ids: Collection[str], resource_ids: Collection[str]
) -> None:
    """Refuse what a scope does not take, and to choose nothing.

    Args:
        scope: what the request covers.
        package_ids: the datasets named; with the scope of files, those that the files are of.
        resource_ids: the files named.

    Raises:
        RuleError: on the list at fault.
    """
    if scope is Scope.ALL and (package_ids or resource_ids):
        field = "package_ids" if package_ids else "resource_ids"
        raise RuleError(field, refusals.ALL_TAKES_NO_IDS)
    if scope is Scope.DATASETS and resource_ids:
        raise RuleError("resource_ids", refusals.NO_FILES_TAKEN)
    if scope is Scope.DATASETS and not package_ids:
        raise RuleError("package_ids", refusals.NO_DATASET_CHOSEN)
    if scope is Scope.RESOURCES and not resource_ids:
        raise RuleError("resource_ids", refusals.NO_FILE_CHOSEN)


def waits_for_writing(channel: Channel, confirmed_on: date | str | None) -> bool:
    """Whether a call still waits for its confirmation in writing (article 7).

    Args:
        channel: how the request came.
        confirmed_on: the day of the writing that followed, None where there is none.
    """
    return channel is Channel.PHONE and not confirmed_on


def refuse_confirming(standing: Standing, confirmed_on: date, today: date) -> None:
    """Refuse to record a writing that confirms nothing.

    Args:
        standing: the request.
        confirmed_on: the day of the writing.
        today: the date in Paris.

    Raises:
        RuleError: the request waits for none, or the day is before the call or lies ahead.
    """
    _refuse_unless_received(standing)
    if standing.channel is not Channel.PHONE:
        raise RuleError("id", refusals.NO_CALL)
    if standing.confirmed_on is not None:
        raise RuleError("id", refusals.confirmed_already(standing.confirmed_on))
    if confirmed_on < standing.received_on:
        raise RuleError("confirmed_on", refusals.before_the_call(standing.received_on))
    if confirmed_on > today:
        raise RuleError("confirmed_on", refusals.ahead(confirmed_on))


def refuse_executing(standing: Standing) -> None:
    """Refuse to execute what is over, or a call without its confirmation.

    Raises:
        RuleError: with the way out.
    """
    _refuse_unless_received(standing)
    if waits_for_writing(standing.channel, standing.confirmed_on):
        raise RuleError("id", refusals.NOT_CONFIRMED)


def refuse_ending(standing: Standing) -> None:
    """Refuse to cancel, or to declare inadmissible, what is not waiting any more.

    Raises:
        RuleError: with the way out.
    """
    _refuse_unless_received(standing)


def _refuse_unless_received(standing: Standing) -> None:
    if standing.state is not State.RECEIVED:
        raise RuleError("id", _why_over(standing))


def _why_over(standing: Standing) -> Message:
    if standing.executed_on is not None:
        return refusals.executed_already(standing.reference, standing.executed_on)
    if standing.state is State.CANCELLED:
        return refusals.cancelled_already(standing.reference)
    return refusals.inadmissible_already(standing.reference)


def refuse_restoring(standing: Standing, states: Collection[ItemState], today: date) -> None:
    """Refuse to put back what is not withdrawn.

    Args:
        standing: the request.
        states: the states of the items to put back.
        today: the date in Paris.

    Raises:
        RuleError: there is none, one of them is not withdrawn, or their destruction has begun.
    """
    if not states:
        raise RuleError("item_ids", refusals.NO_ITEM_CHOSEN)
    for state in states:
        if state is not ItemState.WITHDRAWN:
            raise RuleError("item_ids", refusals.not_withdrawn(state))
    if standing.erase_on is not None and standing.erase_on <= today:
        raise RuleError("item_ids", refusals.erasing(standing.erase_on))


def refuse_erasing(standing: Standing, states: Collection[ItemState], reference: str) -> None:
    """Refuse to order that nothing, or something else than what was typed, be destroyed.

    Args:
        standing: the request.
        states: the states of all its items.
        reference: what was typed.

    Raises:
        RuleError: the reference is another one, the request is not executed, nothing of it is
            withdrawn any more, or the order was given already.
    """
    if reference.strip() != standing.reference:
        raise RuleError("reference", refusals.wrong_reference(standing.reference))
    if standing.state not in EXECUTED:
        raise RuleError("id", refusals.NOT_EXECUTED)
    if ItemState.WITHDRAWN not in states:
        raise RuleError("id", refusals.NOTHING_WITHDRAWN)
    if standing.erase_on is not None:
        raise RuleError("id", refusals.erasing_ordered(standing.erase_on))
