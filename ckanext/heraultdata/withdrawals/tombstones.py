"""What is left to say of a dataset or a file that is out of reach, by any of its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from .. import clock
from ..validators import is_keepable
from .kinds import OUT_OF_REACH, ItemState, ReasonClass, stored
from .model import FormerName, Withdrawal, WithdrawalItem


@dataclass(frozen=True)
class LivingDataset:
    """The dataset that everybody still reads, and that a file was withdrawn from."""

    name: str
    title: str


@dataclass(frozen=True)
class Tombstone:
    """What the public may know of what is out of reach.

    Attributes:
        reference: of the request, to be quoted.
        title: the dataset's; None where the reason is personal data.
        file_name: what the file was called; None for a dataset, for a file without a name, and
            where the reason is personal data.
        name: the dataset's name, which may tell as much as its title: only for its URI.
        withdrawn_at: the moment from which it was out of reach.
        package_id: the dataset.
        resource_id: the file; None where the whole dataset is out of reach.
        living_dataset: for a file, its dataset where that is public still.
    """

    reference: str
    organization_title: str
    title: str | None
    file_name: str | None
    name: str
    reason_class: ReasonClass
    withdrawn_at: datetime
    package_id: str
    resource_id: str | None
    living_dataset: LivingDataset | None

    @property
    def withdrawn_on(self) -> date:
        """The day from which it was out of reach."""
        return clock.date_in_paris(self.withdrawn_at)

    @property
    def is_of_file(self) -> bool:
        """Whether it stands for a file of a dataset, not for a dataset."""
        return self.resource_id is not None


def of_dataset(id_or_name: str) -> Tombstone | None:
    """What stands at the addresses of a dataset.

    Args:
        id_or_name: its identifier, its name, or a name that it had.

    Returns:
        None where the dataset is there, or was never public (design, section 2).
    """
    return of_address(id_or_name, None)


def of_resource(resource_id: str) -> Tombstone | None:
    """What stands at the addresses of a file, withdrawn by itself or with its dataset.

    Args:
        resource_id: the file.
    """
    return of_address(None, resource_id)


def of_address(dataset: str | None, resource_id: str | None) -> Tombstone | None:
    """What stands at an address that names a dataset, a file or both, in one query.

    A file's own withdrawal is told before that of its dataset. A name that another dataset bears
    today tells of that one.

    Args:
        dataset: identifier, name or former name of a dataset.
        resource_id: identifier of a file.
    """
    if not is_keepable(part for part in (dataset, resource_id) if part):
        return None
    row = model.Session.execute(_query(dataset, resource_id)).first()
    return _tombstone(row) if row else None


def withheld(reason_class: str) -> bool:
    """Whether titles and names are kept from the public: personal data may stand in them.

    Args:
        reason_class: the class of reason of a request.
    """
    return reason_class == ReasonClass.PERSONAL_DATA


def out_of_reach() -> Sequence[sa.ColumnElement[bool]]:
    """What makes an item one that the public is told of: out of reach, and public before."""
    return (
        WithdrawalItem.state.in_(stored(OUT_OF_REACH)),
        WithdrawalItem.was_public.is_(True),
        WithdrawalItem.closed_at.is_not(None),
    )


def _query(dataset: str | None, resource_id: str | None) -> sa.sql.Select[Any]:
    living = aliased(model.Package)
    return (
        sa.select(
            Withdrawal.reference,
            Withdrawal.organization_title,
            Withdrawal.reason_class,
            WithdrawalItem.package_id,
            WithdrawalItem.resource_id,
            WithdrawalItem.name,
            WithdrawalItem.title,
            WithdrawalItem.resource_name,
            WithdrawalItem.closed_at,
            living.name.label("living_name"),
            living.title.label("living_title"),
        )
        .join(Withdrawal, Withdrawal.id == WithdrawalItem.withdrawal_id)
        .outerjoin(
            living,
            sa.and_(
                living.id == WithdrawalItem.package_id,
                living.state == model.State.ACTIVE,
                living.private.is_(False),
            ),
        )
        .where(*out_of_reach(), sa.or_(_is_dataset(dataset), _is_file(resource_id)))
        .order_by(
            WithdrawalItem.resource_id.is_(None),
            (WithdrawalItem.package_id == dataset).desc(),
            (WithdrawalItem.name == dataset).desc(),
            WithdrawalItem.state == ItemState.ERASED.value,
            WithdrawalItem.closed_at.desc(),
        )
        .limit(1)
    )


def _is_dataset(dataset: str | None) -> sa.ColumnElement[bool]:
    if dataset is None:
        return sa.false()
    bearers = sa.select(FormerName.package_id).where(FormerName.name == dataset)
    # An array, unlike a subquery, lets the indexes of names and of identifiers both be read.
    bore_it = WithdrawalItem.package_id == sa.any_(sa.func.array(bearers.scalar_subquery()))
    by_id = model.Package.id == dataset
    return sa.and_(
        WithdrawalItem.resource_id.is_(None),
        sa.or_(
            sa.and_(WithdrawalItem.package_id == dataset, ~_living(by_id)),
            sa.and_(
                sa.or_(WithdrawalItem.name == dataset, bore_it),
                ~_living(sa.or_(by_id, model.Package.name == dataset)),
            ),
        ),
    )


def _is_file(resource_id: str | None) -> sa.ColumnElement[bool]:
    if resource_id is None:
        return sa.false()
    package_id = sa.select(model.Resource.package_id).where(model.Resource.id == resource_id)
    return sa.or_(
        WithdrawalItem.resource_id == resource_id,
        sa.and_(
            WithdrawalItem.resource_id.is_(None),
            WithdrawalItem.package_id == package_id.scalar_subquery(),
            ~_living(model.Package.id == WithdrawalItem.package_id),
        ),
    )


def _living(which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether there is such a dataset that is neither deleted nor what the item tells of."""
    return (
        sa.select(model.Package.id)
        .where(
            which,
            model.Package.state != model.State.DELETED,
            # An identifier may be taken again once what bore it is erased.
            sa.or_(
                model.Package.id != WithdrawalItem.package_id,
                WithdrawalItem.state == ItemState.ERASED.value,
            ),
        )
        .correlate(WithdrawalItem)
        .exists()
    )


def _tombstone(row: sa.engine.Row[Any]) -> Tombstone:
    is_of_file = row.resource_id is not None
    is_withheld = withheld(row.reason_class)
    living = is_of_file and row.living_name
    return Tombstone(
        reference=row.reference,
        organization_title=row.organization_title,
        title=None if is_withheld else row.title,
        file_name=None if is_withheld else row.resource_name,
        name=row.name,
        reason_class=ReasonClass(row.reason_class),
        withdrawn_at=row.closed_at,
        package_id=row.package_id,
        resource_id=row.resource_id,
        living_dataset=(
            LivingDataset(row.living_name, row.living_title or row.living_name) if living else None
        ),
    )
