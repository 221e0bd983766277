"""What the actions on withdrawals take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import (
    flag,
    heraultdata_date_value,
    heraultdata_plain_text,
    identifiers,
    limit,
    member_of,
    offset,
    organization_id,
)
from .kinds import Channel, Initiative, ReasonClass, Scope, State

_LONG_TEXT = 4000
_SHORT_TEXT = 200


@tk.validator_args
def create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a request to make or to record."""
    return {
        "organization_id": [not_empty, organization_id],
        "scope": [not_empty, member_of(Scope)],
        "package_ids": [ignore_missing, identifiers],
        "resource_ids": [ignore_missing, identifiers],
        "reason_class": [not_empty, member_of(ReasonClass)],
        "reason": [ignore_missing, heraultdata_plain_text(_LONG_TEXT)],
        "urgent": [ignore_missing, flag],
        "channel": [ignore_missing, member_of(Channel)],
        "received_on": [ignore_missing, heraultdata_date_value],
        "initiative": [ignore_missing, member_of(Initiative)],
        "upload": [ignore_missing],
    }


@tk.validator_args
def of_one(not_empty: Validator) -> Schema:
    """Of a request to show, to execute or to cancel."""
    return {"id": [not_empty]}


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of requests."""
    return {
        "organization_id": [ignore_missing, organization_id],
        "state": [ignore_missing, member_of(State)],
        "urgent": [ignore_missing, flag],
        "dataset": [ignore_missing, heraultdata_plain_text(_SHORT_TEXT)],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


@tk.validator_args
def confirm(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of the writing that follows a call."""
    return {
        "id": [not_empty],
        "confirmed_on": [ignore_missing, heraultdata_date_value],
        "note": [ignore_missing, heraultdata_plain_text(_LONG_TEXT)],
        "upload": [ignore_missing],
    }


@tk.validator_args
def reject(not_empty: Validator) -> Schema:
    """Of a request to declare inadmissible."""
    return {"id": [not_empty], "reason": [not_empty, heraultdata_plain_text(_LONG_TEXT)]}


@tk.validator_args
def restore(not_empty: Validator) -> Schema:
    """Of items to put back."""
    return {"id": [not_empty], "item_ids": [not_empty, identifiers]}


@tk.validator_args
def erase(not_empty: Validator) -> Schema:
    """Of a request whose items are to be destroyed."""
    return {"id": [not_empty], "reference": [not_empty, heraultdata_plain_text(_SHORT_TEXT)]}
