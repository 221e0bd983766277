"""Who may do what with deadlines."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access, config
from . import recorded
from .narrowing import reads_in_full


@tk.auth_allow_anonymous_access
def heraultdata_conformance_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Members what is their own, the département everything, the public where a setting lets it."""
    if config.public_conformance() or reads_in_full(context, data_dict.get("organization_id")):
        return {"success": True}
    return _not_named()


@tk.auth_allow_anonymous_access
def heraultdata_conformance_summary(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone for the counts of all partners; of one partner its members and the département."""
    organization_id = data_dict.get("organization_id")
    if organization_id is None or reads_in_full(context, organization_id):
        return {"success": True}
    return _not_named()


def _not_named() -> AuthResult:
    return {
        "success": False,
        "msg": tk._(
            "Where a partner stands is shown to its members and the département only. "
            "heraultdata_conformance_summary gives everybody the counts by standard."
        ),
    }


def heraultdata_extension_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A partner's members for it, the département."""
    return _of_partner(context, data_dict["organization_id"])


def heraultdata_extension_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Members what is their own, the département everything."""
    return _reads_records(context, data_dict)


def heraultdata_extension_decide(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return access.of_department(context, tk._("Only the département grants or refuses more time."))


def heraultdata_declaration_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The members of the organisation that the dataset belongs to, the département."""
    package = model.Package.get(data_dict["package_id"])
    owner = package.owner_org if package else None
    return _of_partner(context, owner or "")


def heraultdata_declaration_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Members what is their own, the département everything."""
    return _reads_records(context, data_dict)


def heraultdata_absence_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A partner's members for it, the département."""
    return _of_partner(context, data_dict["organization_id"])


def heraultdata_absence_delete(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A partner's members for it, the département."""
    return _of_partner(context, recorded.absence(data_dict["id"]).organization_id)


def heraultdata_absence_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Members what is their own, the département everything."""
    return _reads_records(context, data_dict)


def _of_partner(context: Context, organization_id: str) -> AuthResult:
    if access.is_department(context) or access.is_partner_member(context, organization_id):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("Only a member of the partner or the département can do this."),
    }


def _reads_records(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    if reads_in_full(context, data_dict.get("organization_id")):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("This is for the partner's members and the département only."),
    }
