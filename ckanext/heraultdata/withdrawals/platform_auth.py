"""Who may handle the platforms and the copies: the département."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access


def heraultdata_platform_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_platform_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_platform_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_platform_delete(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def heraultdata_followup_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _department(context)


def _department(context: Context) -> AuthResult:
    refusal = tk._("Only the département handles the platforms that copy the catalogue.")
    return access.of_department(context, refusal)
