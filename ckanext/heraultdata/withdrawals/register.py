"""The public register: what was withdrawn, when and for what class of reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .. import clock
from .kinds import ReasonClass
from .model import Withdrawal, WithdrawalItem
from .tombstones import out_of_reach, withheld


@dataclass(frozen=True)
class RegisterFilter:
    """Which lines of the register are asked for.

    Attributes:
        since: the first day of withdrawal.
    """

    organization_id: str | None = None
    reason_class: ReasonClass | None = None
    since: date | None = None


@dataclass(frozen=True)
class Entry:
    """A line of the register, with what the public may know.

    Attributes:
        title: of the dataset; None where the reason is personal data.
        resource_name: of the file; None for a dataset, and where the reason is personal data.
        withdrawn_at: the moment from which it was out of reach.
        erased_at: the moment at which it was destroyed.
    """

    id: str
    reference: str
    organization_id: str
    organization_title: str
    package_id: str
    resource_id: str | None
    title: str | None
    resource_name: str | None
    reason_class: str
    withdrawn_at: datetime
    erased_at: datetime | None

    @property
    def withdrawn_on(self) -> date:
        """The day from which it was out of reach."""
        return clock.date_in_paris(self.withdrawn_at)

    @property
    def erased_on(self) -> date | None:
        """The day on which it was destroyed."""
        return clock.date_in_paris(self.erased_at) if self.erased_at else None

    @property
    def changed_at(self) -> datetime:
        """The last moment at which this line changed."""
        return self.erased_at or self.withdrawn_at


def find(asked: RegisterFilter, limit: int, offset: int) -> tuple[int, list[Entry]]:
    """Lines of the register, the newest first, in two queries.

    Restored items are in it no more; what was never public never is (design, section 2).

    Args:
        asked: which of them.
        limit: how many at most.
        offset: how many to pass over.

    Returns:
        How many there are in all, and those of the page.
    """
    conditions = _conditions(asked)
    joined = sa.join(WithdrawalItem, Withdrawal, Withdrawal.id == WithdrawalItem.withdrawal_id)
    count = model.Session.scalar(
        sa.select(sa.func.count(WithdrawalItem.id)).select_from(joined).where(*conditions)
    )
    query = (
        sa.select(
            WithdrawalItem.id,
            Withdrawal.reference,
            Withdrawal.organization_id,
            Withdrawal.organization_title,
            WithdrawalItem.package_id,
            WithdrawalItem.resource_id,
            WithdrawalItem.title,
            WithdrawalItem.resource_name,
            Withdrawal.reason_class,
            WithdrawalItem.closed_at,
            WithdrawalItem.erased_at,
        )
        .select_from(joined)
        .where(*conditions)
        .order_by(WithdrawalItem.closed_at.desc(), WithdrawalItem.id)
        .limit(limit)
        .offset(offset)
    )
    return count or 0, [_entry(row) for row in model.Session.execute(query)]


def organizations() -> dict[str, str]:
    """The organisations that the register names, by identifier, sorted by title."""
    query = (
        sa.select(Withdrawal.organization_id, sa.func.max(Withdrawal.organization_title))
        .join(WithdrawalItem, WithdrawalItem.withdrawal_id == Withdrawal.id)
        .where(*out_of_reach())
        .group_by(Withdrawal.organization_id)
        .order_by(sa.func.max(Withdrawal.organization_title))
    )
    return {row[0]: row[1] for row in model.Session.execute(query)}


def organization_id(id_or_name: str) -> str | None:
    """The identifier of an organisation of the register, which outlives the organisation.

    Args:
        id_or_name: identifier, or name of an organisation that the site still has.
    """
    known = sa.select(Withdrawal.organization_id).where(Withdrawal.organization_id == id_or_name)
    here = sa.select(model.Group.id).where(
        sa.or_(model.Group.id == id_or_name, model.Group.name == id_or_name),
        model.Group.is_organization.is_(True),
    )
    return model.Session.scalar(known.union(here).limit(1))


def _conditions(asked: RegisterFilter) -> Sequence[sa.ColumnElement[bool]]:
    conditions = list(out_of_reach())
    if asked.organization_id:
        conditions.append(Withdrawal.organization_id == asked.organization_id)
    if asked.reason_class:
        conditions.append(Withdrawal.reason_class == asked.reason_class.value)
    if asked.since:
        midnight = datetime.combine(asked.since, time.min, tzinfo=clock.PARIS)
        conditions.append(WithdrawalItem.closed_at >= midnight)
    return conditions


def _entry(row: sa.engine.Row[Any]) -> Entry:
    is_withheld = withheld(row.reason_class)
    return Entry(
        id=row.id,
        reference=row.reference,
        organization_id=row.organization_id,
        organization_title=row.organization_title,
        package_id=row.package_id,
        resource_id=row.resource_id,
        title=None if is_withheld else row.title,
        resource_name=None if is_withheld else row.resource_name,
        reason_class=row.reason_class,
        withdrawn_at=row.closed_at,
        erased_at=row.erased_at,
    )
