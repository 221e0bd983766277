"""What the département alone does with organisations, on top of CKAN's own rules.

Only the département makes organisations, and types or deletes those of partners; an organisation
without `partner_type` is left as CKAN has it.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context

from .. import access
from . import service


@tk.chained_auth_function
def organization_create(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département makes organisations, nobody else."""
    if access.is_department(context):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the département makes organisations.")}


@tk.chained_auth_function
def organization_update(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """The département corrects partners; their own admins may, but not delete by their state."""
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


def _department_or(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    if _partner_id(context, data_dict) and access.is_department(context):
        return {"success": True}
    return next_auth(context, data_dict)


def _update(next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]) -> AuthResult:
    if _partner_id(context, data_dict) is None:
        return next_auth(context, data_dict)
    if access.is_department(context):
        return {"success": True}
    if data_dict.get("state", model.State.ACTIVE) != model.State.ACTIVE:
        return _refusal()
    return next_auth(context, data_dict)


def _delete(next_auth: AuthFunction, context: Context, data_dict: dict[str, Any]) -> AuthResult:
    if _partner_id(context, data_dict) is None:
        return next_auth(context, data_dict)
    return {"success": True} if access.is_department(context) else _refusal()


def _refusal() -> AuthResult:
    return {"success": False, "msg": tk._("Only the département deletes a partner.")}


def _partner_id(context: Context, data_dict: dict[str, Any]) -> str | None:
    group = context.get("group")
    if group is None:
        identifier = data_dict.get("id")
        group = model.Group.get(identifier) if identifier else None
    if group is None or not service.is_partner(group.id):
        return None
    return group.id
