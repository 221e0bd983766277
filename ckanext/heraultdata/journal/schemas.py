"""What the actions on the journal take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import heraultdata_plain_text, limit, offset, organization_id


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of the journal's lines."""
    return {
        "organization_id": [ignore_missing, organization_id],
        "subject_type": [ignore_missing, heraultdata_plain_text(50)],
        "subject_id": [ignore_missing, heraultdata_plain_text(50)],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }
