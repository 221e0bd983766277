"""What the actions on the journal take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import heraultdata_plain_text, limit, offset, organization_id


@tk.validator_args
def listed(ignore_empty: Validator) -> Schema:
    """Of a list of the journal's lines."""
    return {
        "organization_id": [ignore_empty, organization_id],
        "subject_type": [ignore_empty, heraultdata_plain_text(50)],
        "subject_id": [ignore_empty, heraultdata_plain_text(50)],
        "limit": [ignore_empty, limit],
        "offset": [ignore_empty, offset],
    }
