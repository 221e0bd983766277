"""Who may see, renew and revoke the address of a partner's calendar."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access


def heraultdata_calendar_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's members and the département."""
    return _holds(context, data_dict["organization_id"])


def heraultdata_calendar_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's members and the département."""
    return _holds(context, data_dict["organization_id"])


def heraultdata_calendar_delete(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's members and the département."""
    return _holds(context, data_dict["organization_id"])


def _holds(context: Context, organization_id: str) -> AuthResult:
    if access.is_department(context) or access.is_partner_member(context, organization_id):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("The calendar of a partner is for its members and the département only."),
    }
