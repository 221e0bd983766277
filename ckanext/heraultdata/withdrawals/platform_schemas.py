"""What the actions on platforms and on the copies followed there take."""

from __future__ import annotations

from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import (
    heraultdata_email,
    heraultdata_plain_text,
    limit,
    member_of,
    offset,
    one_of,
)
from .kinds import FollowupState, PlatformKind

_NAME = 100
_URL = 500
_NOTE = 2000
SET_BY_PEOPLE = (FollowupState.CONFIRMED.value, FollowupState.PENDING.value)
"""The states that a person gives to a copy; `gone` is what the portal has seen."""


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of the list of platforms."""
    return {"limit": [ignore_missing, limit], "offset": [ignore_missing, offset]}


@tk.validator_args
def create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a new platform."""
    return _platform(not_empty, ignore_missing)


@tk.validator_args
def update(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a platform's corrected details."""
    return {"id": [not_empty], **_platform(not_empty, ignore_missing)}


@tk.validator_args
def delete(not_empty: Validator) -> Schema:
    """Of a platform to delete."""
    return {"id": [not_empty]}


@tk.validator_args
def followup_update(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of what a person says of a copy."""
    return {
        "id": [not_empty],
        "state": [not_empty, one_of(SET_BY_PEOPLE)],
        "note": [ignore_missing, heraultdata_plain_text(_NOTE)],
    }


def web_address(value: object) -> str:
    """Take an address of the web without a name and password in it."""
    address = str(value).strip()
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    else:
        is_whole = is_whole and parts.scheme.lower() in ("http", "https")
        is_whole = is_whole and not parts.username and not parts.fragment
    if not is_whole or len(address) > _URL or any(each.isspace() for each in address):
        raise tk.Invalid(
            tk._(
                "“{value}” is not an address of a platform: write it in full, starting with "
                "https:// or http://, for example https://data.region.example."
            ).format(value=address[:100])
        )
    return address


def _platform(not_empty: Validator, ignore_missing: Validator) -> Schema:
    return {
        "name": [not_empty, heraultdata_plain_text(_NAME)],
        "kind": [not_empty, member_of(PlatformKind)],
        "url": [not_empty, web_address],
        "contact_email": [ignore_missing, heraultdata_email],
    }
