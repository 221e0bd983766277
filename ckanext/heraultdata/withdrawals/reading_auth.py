"""Who reads a file, now that it may be withdrawn while its dataset is not."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.logic.auth import get_resource_object
from ckan.types import AuthFunction, AuthResult, Context

from .. import access
from . import hiding


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def resource_show(
    next_auth: AuthFunction, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """Nobody but the département reads a withdrawn file; views and rows are asked for by it."""
    allowed = next_auth(context, data_dict or {})
    if not allowed.get("success"):
        return allowed
    resource = get_resource_object(context, data_dict or {})
    # Only what is deleted may be withdrawn: the others cost no query.
    if resource.state != model.State.DELETED or access.is_department(context):
        return allowed
    if resource.id not in hiding.of_packages([str(resource.package_id)]).resource_ids:
        return allowed
    return {"success": False, "msg": tk._("This file is withdrawn.")}
