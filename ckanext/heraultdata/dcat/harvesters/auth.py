"""Who sees the harvesters."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ... import access


def heraultdata_harvester_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département alone."""
    return access.of_department(
        context, tk._("Who harvests the catalogue is shown to the département only.")
    )
