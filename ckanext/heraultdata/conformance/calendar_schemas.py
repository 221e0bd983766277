"""What the actions on calendars take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import organization_id


@tk.validator_args
def of_partner(not_empty: Validator) -> Schema:
    """Of the calendar of a partner."""
    return {"organization_id": [not_empty, organization_id]}
