"""Who reads the journal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access


def heraultdata_journal_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département, and a partner's admins for their own organisation."""
    organization_id = data_dict.get("organization_id")
    if access.is_department(context):
        return {"success": True}
    if organization_id and access.is_partner_admin(context, organization_id):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("The journal is read by the département, and by a partner's admins for it."),
    }
