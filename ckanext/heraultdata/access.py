"""Who a user is to the convention: the département, a partner's admin, a partner's member."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa
from ckan.types import AuthResult, Context

from . import config
from .journal.service import PORTAL, Actor

MEMBER_CAPACITIES = ("admin", "editor", "member")


def user_of(context: Context) -> model.User | None:
    """The user of a context, None for a visitor."""
    name = context.get("user")
    return model.User.get(name) if name else None


def actor_of(context: Context) -> Actor:
    """Who acts in a context, as the journal keeps it."""
    user = user_of(context)
    return Actor(user.id, user.name) if user else PORTAL


def is_department(context: Context) -> bool:
    """Whether the user administers for the département.

    A sysadmin does, and an admin of the organisation that `heraultdata.department_organization`
    names; so does code that CKAN runs without authorisation (`ignore_auth`).
    """
    if context.get("ignore_auth"):
        return True
    user = user_of(context)
    if user is None or user.state != model.State.ACTIVE:
        return False
    if user.sysadmin:
        return True
    department = config.department_organization()
    return bool(department) and _has_capacity(user.id, department, ("admin",))


def of_department(context: Context, refusal: str) -> AuthResult:
    """Let the département alone do something.

    Args:
        context: the context of the action.
        refusal: the sentence for everybody else.
    """
    if is_department(context):
        return {"success": True}
    return {"success": False, "msg": refusal}


def is_partner_admin(context: Context, organization_id: str) -> bool:
    """Whether the user is an admin of the organisation."""
    return _user_has_capacity(context, organization_id, ("admin",))


def is_partner_member(context: Context, organization_id: str) -> bool:
    """Whether the user is a member of the organisation, in any capacity."""
    return _user_has_capacity(context, organization_id, MEMBER_CAPACITIES)


def _user_has_capacity(context: Context, organization_id: str, capacities: tuple[str, ...]) -> bool:
    user = user_of(context)
    if user is None or user.state != model.State.ACTIVE:
        return False
    return _has_capacity(user.id, organization_id, capacities)


def _has_capacity(user_id: str, organization: str, capacities: tuple[str, ...]) -> bool:
    membership = (
        sa.select(model.Member.id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .where(
            sa.or_(model.Group.id == organization, model.Group.name == organization),
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
            model.Member.table_name == "user",
            model.Member.table_id == user_id,
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(capacities),
        )
    )
    return bool(model.Session.scalar(sa.select(membership.exists())))


@dataclass(frozen=True)
class ReadableOrganizations:
    """The organisations whose conventions a user reads in full, found in one query."""

    everything: bool
    organization_ids: frozenset[str]

    def includes(self, organization_id: str) -> bool:
        """Whether this organisation is one of them."""
        return self.everything or organization_id in self.organization_ids


def organizations_read_in_full(context: Context) -> ReadableOrganizations:
    """All for the département, its own for a partner's member, none for the public."""
    if is_department(context):
        return ReadableOrganizations(everything=True, organization_ids=frozenset())
    user = user_of(context)
    if user is None:
        return ReadableOrganizations(everything=False, organization_ids=frozenset())
    ids = model.Session.scalars(
        sa.select(model.Member.group_id).where(
            model.Member.table_name == "user",
            model.Member.table_id == user.id,
            model.Member.state == model.State.ACTIVE,
            model.Member.capacity.in_(MEMBER_CAPACITIES),
        )
    )
    return ReadableOrganizations(everything=False, organization_ids=frozenset(filter(None, ids)))
