"""Who may do what with partners and référents."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access
from . import service


@tk.auth_allow_anonymous_access
def heraultdata_partner_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def heraultdata_partner_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone."""
    return {"success": True}


def heraultdata_referent_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's members and the département; never the public."""
    organization_id = data_dict["organization_id"]
    if access.is_department(context) or access.is_partner_member(context, organization_id):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Référents are shown to the partner's members and the département only."),
    }


def heraultdata_referent_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's admins and the département."""
    return _writes(context, data_dict["organization_id"])


def heraultdata_referent_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's admins and the département."""
    return _writes(context, service.get_referent(data_dict["id"]).organization_id)


def heraultdata_referent_delete(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's admins and the département."""
    return _writes(context, service.get_referent(data_dict["id"]).organization_id)


def _writes(context: Context, organization_id: str) -> AuthResult:
    if access.is_department(context) or access.is_partner_admin(context, organization_id):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only an admin of the partner or the département can do this."),
    }
