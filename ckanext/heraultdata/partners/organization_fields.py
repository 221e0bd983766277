"""An organisation's own fields, wherever CKAN keeps them: a column since 2.12, a table before."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import selectinload


def fields_of(organization: model.Group) -> dict[str, str]:
    """The fields of an organisation beside those that all have, by name."""
    if _is_column():
        return dict(organization.extras or {})  # type: ignore[attr-defined]
    return {
        key: extra.value
        for key, extra in organization._extras.items()  # type: ignore[attr-defined]
        if extra.state == model.State.ACTIVE
    }


def active_organizations(organization_ids: Sequence[str] | None = None) -> list[model.Group]:
    """Active organisations with their fields, in two queries at most.

    Args:
        organization_ids: only these, where given.
    """
    query = sa.select(model.Group).where(
        model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
    )
    if organization_ids is not None:
        query = query.where(model.Group.id.in_(list(organization_ids)))
    if not _is_column():
        query = query.options(selectinload(model.Group._extras))  # type: ignore[attr-defined]
    return list(model.Session.scalars(query))


def values_of_field(name: str, organization_ids: Sequence[str] | None = None) -> dict[str, str]:
    """One field of active organisations by their identifiers, in one query.

    Args:
        name: the field; organisations without it are left out.
        organization_ids: only these, where given.
    """
    group = model.group_table.c
    conditions = [group.is_organization.is_(True), group.state == model.State.ACTIVE]
    if organization_ids is not None:
        conditions.append(group.id.in_(list(organization_ids)))
    if _is_column():
        value = group.extras[name].astext  # type: ignore[attr-defined]
        query = sa.select(group.id, value).where(value.is_not(None), *conditions)
    else:
        extra = model.GroupExtra  # type: ignore[attr-defined]
        query = (
            sa.select(group.id, extra.value)
            .join(extra, extra.group_id == group.id)
            .where(extra.key == name, extra.state == model.State.ACTIVE, *conditions)
        )
    return {row[0]: row[1] for row in model.Session.execute(query)}


def _is_column() -> bool:
    return bool(tk.check_ckan_version(min_version="2.12.0a0"))
