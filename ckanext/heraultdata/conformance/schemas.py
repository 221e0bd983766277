"""What the actions on conformance take."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk
from ckan.types import (
    Context,
    FlattenDataDict,
    FlattenErrorDict,
    FlattenKey,
    Schema,
    Validator,
)

from ..validators import (
    day_to_reckon,
    flag,
    heraultdata_plain_text,
    limit,
    member_of,
    offset,
    organization_id,
)
from .rules import Status

_NAME = 200
_LONG_TEXT = 4000


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of where datasets and partners stand."""
    return {
        **_asked(ignore_missing),
        "due_from": [ignore_missing, day_to_reckon],
        "due_to": [ignore_missing, day_to_reckon, _not_before_due_from],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


def _not_before_due_from(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    first, last = data.get(("due_from",)), data[key]
    if isinstance(first, date) and isinstance(last, date) and last < first:
        errors[key].append(tk._("The last due date is before the first one: exchange the two."))


@tk.validator_args
def summary(ignore_missing: Validator) -> Schema:
    """Of the counts by standard."""
    return _asked(ignore_missing)


def _asked(ignore_missing: Validator) -> Schema:
    return {
        "organization_id": [ignore_missing, organization_id],
        "standard": [ignore_missing, heraultdata_plain_text(_NAME)],
        "status": [ignore_missing, member_of(Status)],
        "on": [ignore_missing, day_to_reckon],
    }


@tk.validator_args
def extension_create(not_empty: Validator) -> Schema:
    """Of more time to ask for."""
    return {
        "organization_id": [not_empty, organization_id],
        **_versioned(not_empty),
        "due_on": [not_empty, day_to_reckon],
        "reason": [not_empty, heraultdata_plain_text(_LONG_TEXT)],
    }


@tk.validator_args
def extension_decide(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a request to grant or to refuse."""
    return {
        "id": [not_empty],
        "granted": [not_empty, flag],
        "reason": [ignore_missing, heraultdata_plain_text(_LONG_TEXT)],
    }


@tk.validator_args
def extension_listed(ignore_missing: Validator) -> Schema:
    """Of a list of extensions."""
    return {**_recorded(ignore_missing), "waiting": [ignore_missing, flag]}


@tk.validator_args
def declaration_create(not_empty: Validator) -> Schema:
    """Of conformity to declare."""
    return {
        "package_id": [not_empty],
        **_versioned(not_empty),
        "grounds": [not_empty, heraultdata_plain_text(_LONG_TEXT)],
    }


@tk.validator_args
def declaration_listed(ignore_missing: Validator) -> Schema:
    """Of a list of declarations."""
    return {**_recorded(ignore_missing), "package_id": [ignore_missing]}


@tk.validator_args
def absence_create(not_empty: Validator) -> Schema:
    """Of the answer that a partner holds no data of a standard."""
    return {
        "organization_id": [not_empty, organization_id],
        "standard": [not_empty, heraultdata_plain_text(_NAME)],
        "reason": [not_empty, heraultdata_plain_text(_LONG_TEXT)],
    }


@tk.validator_args
def absence_delete(not_empty: Validator) -> Schema:
    """Of such an answer to take back."""
    return {"id": [not_empty]}


@tk.validator_args
def absence_listed(ignore_missing: Validator) -> Schema:
    """Of a list of absences."""
    return _recorded(ignore_missing)


def _versioned(not_empty: Validator) -> Schema:
    return {
        "standard": [not_empty, heraultdata_plain_text(_NAME)],
        "version": [not_empty, heraultdata_plain_text(_NAME)],
    }


def _recorded(ignore_missing: Validator) -> Schema:
    return {
        "organization_id": [ignore_missing, organization_id],
        "standard": [ignore_missing, heraultdata_plain_text(_NAME)],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }
