"""What the actions on partners and référents take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..conventions.rules import State
from ..conventions.wording import NO_CONVENTION
from ..validators import (
    day_to_reckon,
    heraultdata_email,
    heraultdata_plain_text,
    limit,
    member_of,
    offset,
    one_of,
    organization_id,
    values_of,
)
from .rules import Obligation
from .service import PARTNER_TYPES
from .validators import heraultdata_phone, user_id

SHORT_TEXT = 200


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of partners."""
    return {
        "q": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "partner_type": [ignore_missing, one_of(PARTNER_TYPES)],
        "convention_state": [ignore_missing, one_of((NO_CONVENTION, *values_of(State)))],
        "obligation": [ignore_missing, member_of(Obligation)],
        "on": [ignore_missing, day_to_reckon],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


@tk.validator_args
def show(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a partner, on a day."""
    return {"id": [not_empty], "on": [ignore_missing, day_to_reckon]}


@tk.validator_args
def referent_create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a new référent."""
    return {"organization_id": [not_empty, organization_id], **_referent(not_empty, ignore_missing)}


@tk.validator_args
def referent_update(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a référent's corrected details."""
    return {"id": [not_empty], **_referent(not_empty, ignore_missing)}


@tk.validator_args
def referent_delete(not_empty: Validator) -> Schema:
    """Of a référent to forget."""
    return {"id": [not_empty]}


@tk.validator_args
def referent_list(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of the référents of a partner."""
    return {
        "organization_id": [not_empty, organization_id],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


def _referent(not_empty: Validator, ignore_missing: Validator) -> Schema:
    return {
        "name": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
        "email": [not_empty, heraultdata_email],
        "phone": [ignore_missing, heraultdata_phone],
        "position": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "user": [ignore_missing, user_id],
    }
