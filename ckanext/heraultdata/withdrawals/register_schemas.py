"""What the action on the register takes."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import (
    heraultdata_date_value,
    limit,
    member_of,
    offset,
    refuse_unkeepable,
)
from . import register
from .kinds import ReasonClass


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of what was withdrawn."""
    return {
        "organization_id": [ignore_missing, organization_of_register],
        "reason_class": [ignore_missing, member_of(ReasonClass)],
        "since": [ignore_missing, heraultdata_date_value],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


def organization_of_register(value: object) -> str:
    """Take the identifier or the name of an organisation, also of one that is no more."""
    refuse_unkeepable(value)
    found = register.organization_id(str(value))
    if found is None:
        raise tk.Invalid(tk._("There is no organisation {value}.").format(value=str(value)[:100]))
    return found
