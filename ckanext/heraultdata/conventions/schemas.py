"""What the actions on conventions take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import (
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
def show(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """Of a convention, on a day."""
    return {"id": [not_empty], "on": [ignore_empty, heraultdata_date_value]}


@tk.validator_args
def listed(ignore_empty: Validator) -> Schema:
    """Of a list of conventions."""
    return {
        "organization_id": [ignore_empty, organization_id],
        "state": [ignore_empty, member_of(State)],
        "on": [ignore_empty, heraultdata_date_value],
        "limit": [ignore_empty, limit],
        "offset": [ignore_empty, offset],
    }


@tk.validator_args
def create(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """Of a new convention."""
    return {"organization_id": [not_empty, organization_id], **_description(ignore_empty)}


@tk.validator_args
def update(not_empty: Validator, ignore_empty: Validator) -> Schema:
    """Of a convention's corrected description."""
    return {"id": [not_empty], **_description(ignore_empty)}


def _description(ignore_empty: Validator) -> Schema:
    return {
        "reference": [ignore_empty, heraultdata_plain_text(SHORT_TEXT)],
        "deliberation_number": [ignore_empty, heraultdata_plain_text(SHORT_TEXT)],
        "deliberation_date": [ignore_empty, heraultdata_date_value],
        "representative": [ignore_empty, heraultdata_plain_text(SHORT_TEXT)],
    }


@tk.validator_args
def event_create(
    not_empty: Validator, ignore_empty: Validator, boolean_validator: Validator
) -> Schema:
    """Of an event to record."""
    return {
        "convention_id": [not_empty],
        "kind": [not_empty, member_of(EventKind)],
        "date": [not_empty, heraultdata_date_value],
        "party": [ignore_empty, member_of(Party)],
        "deadline": [ignore_empty, heraultdata_date_value],
        "breaches": [ignore_empty, heraultdata_plain_text(LONG_TEXT)],
        "authorisations": {
            "party": [not_empty, member_of(Party)],
            "number": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
            "date": [not_empty, heraultdata_date_value],
        },
        "voids": [ignore_empty],
        "note": [ignore_empty, heraultdata_plain_text(LONG_TEXT)],
        "upload": [ignore_empty],
        "public": [ignore_empty, boolean_validator],
    }


@tk.validator_args
def document_create(
    not_empty: Validator, ignore_empty: Validator, boolean_validator: Validator
) -> Schema:
    """Of a document that belongs to no event."""
    return {
        "convention_id": [not_empty],
        "kind": [not_empty, member_of(Kind)],
        "title": [ignore_empty, heraultdata_plain_text(SHORT_TEXT)],
        "upload": [not_empty],
        "public": [ignore_empty, boolean_validator],
    }


@tk.validator_args
def document_update(not_empty: Validator, boolean_validator: Validator) -> Schema:
    """Of a document shown to the public or not."""
    return {"id": [not_empty], "public": [not_empty, boolean_validator]}
