"""Requests read back with their items, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .. import clock
from . import rules
from .kinds import Channel, Initiative, ItemState, ReasonClass, Scope, State
from .model import Withdrawal, WithdrawalItem


class WithdrawalNotFoundError(Exception):
    """There is no request of that identifier or reference."""


@dataclass(frozen=True)
class ItemRecord:
    """A dataset of a request, or a file of one; the attributes are those of `WithdrawalItem`."""

    id: str
    withdrawal_id: str
    package_id: str
    resource_id: str | None
    name: str
    title: str
    resource_name: str | None
    state: ItemState
    was_state: str
    was_public: bool
    closed_at: datetime | None
    restored_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True)
class RequestRecord:
    """A request with its items by title; the other attributes are those of `Withdrawal`."""

    id: str
    reference: str
    organization_id: str
    organization_title: str
    scope: Scope
    reason_class: ReasonClass
    reason: str | None
    urgent: bool
    channel: Channel
    initiative: Initiative
    received_on: date
    state: State
    suspended_at: datetime | None
    confirmed_on: date | None
    confirmation_note: str | None
    executed_at: datetime | None
    closed_at: datetime | None
    decision_reason: str | None
    erase_on: date | None
    created_at: datetime
    created_by: str | None
    items: tuple[ItemRecord, ...]

    @property
    def standing(self) -> rules.Standing:
        """What the rules read of it."""
        return rules.Standing(
            reference=self.reference,
            state=self.state,
            channel=self.channel,
            received_on=self.received_on,
            confirmed_on=self.confirmed_on,
            executed_on=clock.date_in_paris(self.executed_at) if self.executed_at else None,
            erase_on=self.erase_on,
        )


@dataclass(frozen=True)
class RequestFilter:
    """Which requests to read; a None filters nothing.

    Attributes:
        ids: only those of these identifiers.
        organization_ids: only those about these partners.
        states: only those in one of these states.
        urgent: only the urgent ones, or only the others.
        dataset: only those with an item of this dataset, by identifier or name.
    """

    ids: Collection[str] | None = None
    organization_ids: Collection[str] | None = None
    states: Collection[State] | None = None
    urgent: bool | None = None
    dataset: str | None = None


def get(id_or_reference: str) -> RequestRecord:
    """Read one request, in two queries.

    Args:
        id_or_reference: its identifier, or its reference such as `R-2026-0001`.

    Raises:
        WithdrawalNotFoundError: there is none.
    """
    row = model.Session.execute(
        sa.select(Withdrawal.__table__).where(
            sa.or_(Withdrawal.id == id_or_reference, Withdrawal.reference == id_or_reference)
        )
    ).first()
    if row is None:
        raise WithdrawalNotFoundError(id_or_reference)
    return _records([row])[0]


def find(
    wanted: RequestFilter, limit: int | None = None, offset: int = 0
) -> tuple[int, list[RequestRecord]]:
    """How many requests there are, and a page of them, in three queries.

    Those that wait come first, the urgent ones on top, then the oldest; then the others, the
    newest first.

    Args:
        wanted: which ones.
        limit: how many at most, None for all.
        offset: how many to pass over.
    """
    query = sa.select(Withdrawal.__table__).where(*_conditions(wanted))
    waits = Withdrawal.state == State.RECEIVED.value
    ordered = query.order_by(
        sa.desc(waits),
        sa.desc(sa.and_(waits, Withdrawal.urgent)),
        sa.case((waits, Withdrawal.received_on)),
        sa.desc(Withdrawal.received_on),
        Withdrawal.reference,
    )
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    rows = model.Session.execute(ordered.limit(limit).offset(offset)).all()
    return count or 0, _records(rows)


def _conditions(wanted: RequestFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.ids is not None:
        conditions.append(Withdrawal.id.in_(list(wanted.ids)))
    if wanted.organization_ids is not None:
        conditions.append(Withdrawal.organization_id.in_(list(wanted.organization_ids)))
    if wanted.states is not None:
        conditions.append(Withdrawal.state.in_([state.value for state in wanted.states]))
    if wanted.urgent is not None:
        conditions.append(Withdrawal.urgent.is_(wanted.urgent))
    if wanted.dataset is not None:
        of_dataset = sa.select(WithdrawalItem.withdrawal_id).where(
            sa.or_(
                WithdrawalItem.package_id == wanted.dataset, WithdrawalItem.name == wanted.dataset
            )
        )
        conditions.append(Withdrawal.id.in_(of_dataset))
    return conditions


def _records(rows: Sequence[sa.Row[Any]]) -> list[RequestRecord]:
    items = _items([row.id for row in rows])
    return [_record(row, tuple(items[row.id])) for row in rows]


def _record(row: sa.Row[Any], items: tuple[ItemRecord, ...]) -> RequestRecord:
    return RequestRecord(
        **{
            **row._mapping,
            "scope": Scope(row.scope),
            "reason_class": ReasonClass(row.reason_class),
            "channel": Channel(row.channel),
            "initiative": Initiative(row.initiative),
            "state": State(row.state),
            "items": items,
        }
    )


def _items(withdrawal_ids: Collection[str]) -> dict[str, list[ItemRecord]]:
    rows = model.Session.execute(
        sa.select(WithdrawalItem.__table__)
        .where(WithdrawalItem.withdrawal_id.in_(withdrawal_ids))
        .order_by(
            WithdrawalItem.title,
            WithdrawalItem.name,
            WithdrawalItem.resource_name,
            WithdrawalItem.id,
        )
    )
    found: dict[str, list[ItemRecord]] = defaultdict(list)
    for row in rows:
        item = ItemRecord(**{**row._mapping, "state": ItemState(row.state)})
        found[row.withdrawal_id].append(item)
    return found
