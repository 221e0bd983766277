"""Whose scores a user reads, and whose datasets it may mend."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa
from ckan.types import Context

from ... import access

_EDITORS = ("admin", "editor")


def organizations_read(context: Context) -> list[str] | None:
    """The organisations whose scores the user reads, None for all, in one query.

    The département reads all; others read what they may mend.

    Args:
        context: the context of the action.
    """
    return None if access.is_department(context) else organizations_mended(context)


def organizations_mended(context: Context) -> list[str] | None:
    """The organisations whose datasets the user may change, None for all, in one query.

    Args:
        context: the context of the action.
    """
    user = access.user_of(context)
    if user is None or user.state != model.State.ACTIVE:
        return []
    if user.sysadmin:
        return None
    query = (
        sa.select(model.Group.id)
        .join(model.Member, model.Member.group_id == model.Group.id)
        .where(
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
            model.Member.table_name == "user",
            model.Member.table_id == user.id,
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(_EDITORS),
        )
        .order_by(model.Group.id)
    )
    return list(model.Session.scalars(query))
