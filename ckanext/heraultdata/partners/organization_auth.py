"""What the département alone does with organisations, on top of CKAN's own rules.

Only the département makes organisations, and types or deletes those of partners; an organisation
without `partner_type` is left as CKAN has it.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context

from .. import access, config
from . import service


@tk.chained_auth_function
def organization_create(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département makes organisations, nobody else."""
    return access.of_department(context, tk._("Only the département makes organisations."))


@tk.chained_auth_function
def organization_update(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département types and corrects partners; their own admins correct them.

    They cannot delete theirs by its state, nor make it a group.
    """
    return _update(next_auth, context, data_dict or {})


@tk.chained_auth_function
def group_update(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """An organisation is no less a partner when it comes by CKAN's actions on groups."""
    return _update(next_auth, context, data_dict or {})


@tk.chained_auth_function
def organization_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département deletes partners, nobody else."""
    return _delete(next_auth, context, data_dict or {})


@tk.chained_auth_function
def group_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """An organisation is no less a partner when it comes by CKAN's actions on groups."""
    return _delete(next_auth, context, data_dict or {})


@tk.chained_auth_function
def organization_member_create(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département gives partners their members too."""
    return _department_or(next_auth, context, data_dict or {})


@tk.chained_auth_function
def organization_member_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département takes members from partners too."""
    return _department_or(next_auth, context, data_dict or {})


@tk.chained_auth_function
def member_create(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """CKAN asks for this as well when a member is given."""
    return _member_by_the_department_or(next_auth, context, data_dict or {})


@tk.chained_auth_function
def member_delete(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """CKAN asks for this as well when a member is taken."""
    return _member_by_the_department_or(next_auth, context, data_dict or {})


def _member_by_the_department_or(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    # The same actions put datasets into organisations: those are not the matter here.
    if data_dict.get("object_type") != "user":
        return next_auth(context, data_dict)
    return _department_or(next_auth, context, data_dict)


def _department_or(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    if _partner_id(context, data_dict) and access.is_department(context):
        return {"success": True}
    return next_auth(context, data_dict)


def _update(next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]) -> AuthResult:
    organization = _organization(context, data_dict)
    if organization is None:
        return next_auth(context, data_dict)
    is_partner = service.is_partner(organization.id)
    if access.is_department(context) and (is_partner or data_dict.get("partner_type")):
        return {"success": True}
    if _takes_the_department_name(organization, data_dict):
        return {"success": False, "msg": tk._("This name is the département's.")}
    if is_partner and _takes_away(data_dict):
        return _refusal()
    return next_auth(context, data_dict)


def _takes_away(data_dict: dict[str, Any]) -> bool:
    # What is no organisation any more is no partner either, and goes by the rules of groups.
    is_active = data_dict.get("state", model.State.ACTIVE) == model.State.ACTIVE
    return not is_active or data_dict.get("is_organization", True) is not True


def _takes_the_department_name(organization: model.Group, data_dict: dict[str, Any]) -> bool:
    # The admins of whatever organisation has that name are the département's.
    name = data_dict.get("name")
    return name == config.department_organization() and name != organization.name


def _delete(next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]) -> AuthResult:
    if _partner_id(context, data_dict) is None:
        return next_auth(context, data_dict)
    return {"success": True} if access.is_department(context) else _refusal()


def _refusal() -> AuthResult:
    return {"success": False, "msg": tk._("Only the département deletes a partner.")}


def _partner_id(context: Context, data_dict: dict[str, Any]) -> str | None:
    organization = _organization(context, data_dict)
    if organization is None or not service.is_partner(organization.id):
        return None
    return organization.id


def _organization(context: Context, data_dict: dict[str, Any]) -> model.Group | None:
    group = context.get("group")
    if group is None:
        identifier = data_dict.get("id")
        group = model.Group.get(identifier) if identifier else None
    return group if group is not None and group.is_organization else None
