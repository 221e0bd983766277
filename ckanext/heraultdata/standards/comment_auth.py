"""Who comments on the drafts of standards, who answers, who reads."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access
from .participants import takes_part


@tk.auth_allow_anonymous_access
def heraultdata_standard_comment_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone once the version is published; until then the members of partners."""
    if data_dict.get("is_out") or takes_part(context):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Comments on a draft are for the members of partners until it is published."),
    }


def heraultdata_standard_comment_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The members of partners and the département."""
    if takes_part(context):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only members of partners and the département comment on drafts."),
    }


def heraultdata_standard_comment_answer(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return access.of_department(context, tk._("Only the département answers comments."))
