"""What the action on freshness takes."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import day_to_reckon, limit, member_of, offset, organization_id
from .freshness import FreshnessStatus


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of how fresh datasets are."""
    return {
        "organization_id": [ignore_missing, organization_id],
        "status": [ignore_missing, member_of(FreshnessStatus)],
        "on": [ignore_missing, day_to_reckon],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }
