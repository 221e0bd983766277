"""What the actions on conventions take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import (
    day_to_reckon,
    flag,
    heraultdata_date_value,
    heraultdata_plain_text,
    limit,
    member_of,
    offset,
    organization_id,
)
from .documents import Kind
from .rules import EventKind, Party, State

SHORT_TEXT = 200
LONG_TEXT = 4000


@tk.validator_args
def show(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a convention, on a day."""
    return {"id": [not_empty], "on": [ignore_missing, day_to_reckon]}


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of conventions."""
    return {
        "organization_id": [ignore_missing, organization_id],
        "state": [ignore_missing, member_of(State)],
        "on": [ignore_missing, day_to_reckon],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


@tk.validator_args
def create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a new convention."""
    return {"organization_id": [not_empty, organization_id], **_description(ignore_missing)}


@tk.validator_args
def update(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a convention's corrected description."""
    return {"id": [not_empty], **_description(ignore_missing)}


def _description(ignore_missing: Validator) -> Schema:
    return {
        "reference": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "deliberation_number": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "deliberation_date": [ignore_missing, heraultdata_date_value],
        "representative": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
    }


@tk.validator_args
def event_create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of an event to record."""
    return {
        "convention_id": [not_empty],
        "kind": [not_empty, member_of(EventKind)],
        "date": [not_empty, heraultdata_date_value],
        "party": [ignore_missing, member_of(Party)],
        "deadline": [ignore_missing, day_to_reckon],
        "breaches": [ignore_missing, heraultdata_plain_text(LONG_TEXT)],
        "authorisations": {
            "party": [not_empty, member_of(Party)],
            "number": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
            "date": [not_empty, heraultdata_date_value],
        },
        "voids": [ignore_missing],
        "note": [ignore_missing, heraultdata_plain_text(LONG_TEXT)],
        "upload": [ignore_missing],
        "public": [ignore_missing, flag],
    }


@tk.validator_args
def document_create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a document that belongs to no event."""
    return {
        "convention_id": [not_empty],
        "kind": [not_empty, member_of(Kind)],
        "title": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "upload": [not_empty],
        "public": [ignore_missing, flag],
    }


@tk.validator_args
def document_update(not_empty: Validator) -> Schema:
    """Of a document shown to the public or not."""
    return {"id": [not_empty], "public": [not_empty, flag]}
