"""What the action on the quality of the catalogue takes."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ...validators import limit, member_of, offset, organization_id
from .rules import Gap


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of the scores of datasets."""
    return {
        "organization_id": [ignore_missing, organization_id],
        "gap": [ignore_missing, member_of(Gap)],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }
