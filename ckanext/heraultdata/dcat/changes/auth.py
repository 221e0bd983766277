"""Who may follow the changes of the catalogue: anyone."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context


@tk.auth_allow_anonymous_access
def heraultdata_catalogue_change_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone: it tells what the catalogue tells, and which datasets left it."""
    return {"success": True}
