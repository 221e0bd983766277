"""Who may still delete what has been public: nobody of a partner."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.logic.auth import get_package_object, get_resource_object
from ckan.types import AuthFunction, AuthResult, Context

from . import keeping

Arguments = dict[str, Any] | None


@tk.chained_auth_function
def package_delete(next_auth: AuthFunction, context: Context, data_dict: Arguments) -> AuthResult:
    """Partners' members delete drafts, and what has never been public."""
    allowed = next_auth(context, data_dict or {})
    if not allowed.get("success"):
        return allowed
    package = get_package_object(context, data_dict or {})
    return _unless_kept(allowed, context, package.id)


@tk.chained_auth_function
def resource_delete(next_auth: AuthFunction, context: Context, data_dict: Arguments) -> AuthResult:
    """They delete files of those as well."""
    resource = get_resource_object(context, data_dict or {})
    package_id = str(resource.package_id)
    may_update = authz.is_authorized("package_update", context, {"id": package_id})
    refused = _unless_kept(may_update, context, package_id, resource.id)
    # CKAN asks for `package_delete`, and would say less.
    return next_auth(context, data_dict or {}) if refused.get("success") else refused


@tk.chained_auth_function
def resource_view_delete(
    next_auth: AuthFunction, context: Context, data_dict: Arguments
) -> AuthResult:
    """A view holds no data: who may change a file may delete its views, as before."""
    view = model.ResourceView.get((data_dict or {}).get("id", ""))
    resource = model.Resource.get(view.resource_id) if view else None
    if resource is None or not keeping.is_kept_from(context, str(resource.package_id)):
        return next_auth(context, data_dict or {})
    return authz.is_authorized("resource_update", context, {"id": resource.id})


def _unless_kept(
    allowed: AuthResult, context: Context, package_id: str, resource_id: str | None = None
) -> AuthResult:
    if not allowed.get("success"):
        return allowed
    refusal = keeping.refusal_of(context, package_id, resource_id)
    return allowed if refusal is None else {"success": False, "msg": refusal}
