"""What the action on the former versions of files takes."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import limit, offset


@tk.validator_args
def listed(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a list of the former versions of a file."""
    return {
        "resource_id": [not_empty],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }
