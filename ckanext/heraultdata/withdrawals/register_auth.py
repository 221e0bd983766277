"""Who may read the register: anyone."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context


@tk.auth_allow_anonymous_access
def heraultdata_withdrawal_register(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Anyone: it holds what the public may know, and nothing else."""
    return {"success": True}
