"""What the action on the harvesters takes."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ...validators import limit, offset


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of the list of the harvesters."""
    return {"limit": [ignore_missing, limit], "offset": [ignore_missing, offset]}
