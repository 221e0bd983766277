"""What the actions on checks take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ...validators import heraultdata_plain_text, limit, offset

_NAME = 200
_ADDRESS = 2000


@tk.validator_args
def file_check(ignore_missing: Validator) -> Schema:
    """Of a file to check without keeping it; `schema` may be an object, and is read apart."""
    return {
        "upload": [ignore_missing],
        "url": [ignore_missing, heraultdata_plain_text(_ADDRESS)],
        "standard": [ignore_missing, heraultdata_plain_text(_NAME)],
        "version": [ignore_missing, heraultdata_plain_text(_NAME)],
    }


@tk.validator_args
def resource_check(not_empty: Validator) -> Schema:
    """Of a file of the portal to check now."""
    return {"resource_id": [not_empty]}


@tk.validator_args
def check_show(ignore_missing: Validator) -> Schema:
    """Of a run, or of the last one of a file."""
    return {"id": [ignore_missing], "resource_id": [ignore_missing]}


@tk.validator_args
def check_list(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of the runs of a file."""
    return {
        "resource_id": [not_empty],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }
