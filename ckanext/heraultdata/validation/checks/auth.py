"""Who may check files and read checks."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ... import access
from ...conventions.publication import Visibility
from . import service


@tk.auth_allow_anonymous_access
def heraultdata_file_check(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone: nothing is kept."""
    return {"success": True}


def heraultdata_resource_check(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The members of the organisation that publishes the file, and the département."""
    return _of_members(context, str(data_dict["resource_id"]))


def heraultdata_check_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The members of the organisation that publishes the file, and the département."""
    return _of_members(context, str(data_dict["resource_id"]))


@tk.auth_allow_anonymous_access
def heraultdata_check_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The same; of a public file in place, anyone reads the last run."""
    run: service.RunSummary = data_dict["run"]
    as_member = _of_members(context, run.resource_id)
    if as_member.get("success") or run.held_file_id is not None:
        return as_member
    package = model.Package.get(run.package_id)
    is_public = package is not None and Visibility.of(package).is_public
    if is_public and service.last_run_id(run.resource_id) == run.id:
        tk.check_access("resource_show", context, {"id": run.resource_id})
        return {"success": True}
    return as_member


def _of_members(context: Context, resource_id: str) -> AuthResult:
    if access.is_department(context):
        return {"success": True}
    resource = model.Resource.get(resource_id)
    package = model.Package.get(resource.package_id) if resource else None
    if (
        package is not None
        and package.owner_org
        and access.is_partner_member(context, package.owner_org)
    ):
        tk.check_access("resource_show", context, {"id": resource_id})
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Checks are for the members of the organisation and the département."),
    }
