"""Who may read how fresh data is."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .narrowing import reads_in_full


@tk.auth_allow_anonymous_access
def heraultdata_freshness_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Members what is their own, the département everything."""
    if reads_in_full(context, data_dict.get("organization_id")):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._(
            "How fresh the data of a partner is is shown to its members and the département only."
        ),
    }
