"""Who may read what harvesters miss: who can mend it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .reach import organizations_read


def heraultdata_catalogue_score_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département everything; the editors of an organisation what is their own."""
    read = organizations_read(context)
    asked = data_dict.get("organization_id")
    if read is None or asked in read or (asked is None and read):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._(
            "What harvesters miss is shown to those who can mend it: the editors of the "
            "organization and the département."
        ),
    }
