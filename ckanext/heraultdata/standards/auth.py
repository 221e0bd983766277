"""Who may do what with standards."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access


@tk.auth_allow_anonymous_access
def heraultdata_standard_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def heraultdata_standard_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def heraultdata_standard_version_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone; drafts are left out for all but the département."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def heraultdata_standard_version_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone; a draft is there for the département only."""
    return {"success": True}


def heraultdata_standard_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _writes(context)


def heraultdata_standard_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _writes(context)


def heraultdata_standard_version_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _writes(context)


def heraultdata_standard_version_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _writes(context)


def _writes(context: Context) -> AuthResult:
    return access.of_department(context, tk._("Only the département records standards."))
