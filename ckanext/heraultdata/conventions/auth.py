"""Who may do what with a convention (design: the département writes, the parties read all)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access
from . import documents, service
from .rules import EventKind, Party

PARTNER_MAY_RECORD = (EventKind.OBSERVATIONS, EventKind.ANNIVERSARY_NOTICE)


def _department(context: Context) -> AuthResult:
    return access.of_department(context, tk._("Only the département can do this."))


@tk.auth_allow_anonymous_access
def heraultdata_convention_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone; the public reads states and dates only."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def heraultdata_convention_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone; the public reads states and dates only."""
    return {"success": True}


def heraultdata_convention_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_convention_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_convention_document_create(
    context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_convention_document_update(
    context: Context, data_dict: dict[str, Any]
) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_convention_event_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département; a partner's admins for observations and their own notice."""
    if access.is_department(context):
        return {"success": True}
    by_partner = (
        data_dict.get("kind") in PARTNER_MAY_RECORD
        and data_dict.get("party") == Party.PARTNER
        and not data_dict.get("public")
    )
    if by_partner:
        convention = service.get(data_dict["convention_id"])
        if access.is_partner_admin(context, convention.organization_id):
            return {"success": True}
    return {
        "success": False,
        "msg": tk._(
            "Only the département can record this. An admin of the partner can record "
            "its observations and its own notice."
        ),
    }


@tk.auth_allow_anonymous_access
def heraultdata_convention_document_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone where the document is ticked public; else the parties."""
    document = documents.read(data_dict["id"])
    if document.public or reads_all(context, service.get(document.convention_id).organization_id):
        return {"success": True}
    return {"success": False, "msg": tk._("This document is reserved to the parties.")}


def reads_all(context: Context, organization_id: str) -> bool:
    """Whether the user reads all of a convention: the département, and the partner's members."""
    return access.is_department(context) or access.is_partner_member(context, organization_id)
