"""What the database says is out of reach, for what is read from elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa
from ckan.types import Context

from .. import access
from .kinds import OUT_OF_REACH, WorkKind, stored
from .model import WithdrawalItem, WithdrawalWork

_STATES = stored(OUT_OF_REACH)


@dataclass(frozen=True)
class Hidden:
    """What is out of reach among some datasets.

    Attributes:
        package_ids: the datasets that are.
        resource_ids: the files that are by themselves.
        without_files: the datasets of those files.
    """

    package_ids: frozenset[str] = frozenset()
    resource_ids: frozenset[str] = frozenset()
    without_files: frozenset[str] = frozenset()


def of_packages(package_ids: Collection[str]) -> Hidden:
    """What of these datasets is out of reach, found in one query.

    Args:
        package_ids: identifiers of datasets.
    """
    if not package_ids:
        return Hidden()
    rows = model.Session.execute(
        sa.select(WithdrawalItem.package_id, WithdrawalItem.resource_id).where(
            WithdrawalItem.package_id.in_(package_ids), WithdrawalItem.state.in_(_STATES)
        )
    ).all()
    files = [row for row in rows if row.resource_id is not None]
    return Hidden(
        package_ids=frozenset(row.package_id for row in rows if row.resource_id is None),
        resource_ids=frozenset(row.resource_id for row in files),
        without_files=frozenset(row.package_id for row in files),
    )


def keywords() -> frozenset[str]:
    """The keywords that only what is out of reach bears."""
    tags, borne = model.tag_table.c, model.package_tag_table.c
    bearing = (
        sa.select(tags.name)
        .join(model.package_tag_table, borne.tag_id == tags.id)
        .where(borne.state == model.State.ACTIVE)
    )
    hidden = bearing.join(WithdrawalItem, WithdrawalItem.package_id == borne.package_id).where(
        WithdrawalItem.resource_id.is_(None), WithdrawalItem.state.in_(_STATES)
    )
    packages = model.package_table.c
    in_reach = bearing.join(model.package_table, packages.id == borne.package_id).where(
        packages.state == model.State.ACTIVE
    )
    return frozenset(model.Session.scalars(hidden.except_(in_reach)))


def still_indexed() -> list[str]:
    """The datasets that are out of reach and that the index may not have let go yet."""
    return list(model.Session.scalars(_still_indexed(WithdrawalItem.resource_id.is_(None))))


def has_files_still_indexed() -> bool:
    """Whether the index may still hold what files say that are out of reach."""
    files = _still_indexed(WithdrawalItem.resource_id.is_not(None))
    return bool(model.Session.scalar(sa.select(files.exists())))


def _still_indexed(kind: sa.ColumnElement[bool]) -> sa.Select[tuple[str]]:
    return (
        sa.select(WithdrawalWork.target_id)
        .join(WithdrawalItem, WithdrawalItem.package_id == WithdrawalWork.target_id)
        .where(
            WithdrawalWork.kind == WorkKind.INDEX.value,
            WithdrawalItem.state.in_(_STATES),
            kind,
        )
        .distinct()
    )


def is_shown_to(context: Context) -> bool:
    """Whether the user of a context reads what is out of reach.

    Code that CKAN runs without authorisation answers the user who asked all the same.

    Args:
        context: the context of an action.
    """
    return access.is_department(Context(user=context.get("user", "")))
