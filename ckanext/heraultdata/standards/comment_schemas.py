"""What the actions on comments take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..validators import heraultdata_plain_text, limit, offset
from .schemas import LONG_TEXT, SHORT_TEXT, standard_version

# An empty text is refused with a sentence by the rules of comments.


@tk.validator_args
def create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a comment on a draft."""
    return {
        **_version(not_empty),
        "column": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "text": [ignore_missing, heraultdata_plain_text(LONG_TEXT)],
    }


@tk.validator_args
def answer(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of the answer to a comment."""
    return {
        "id": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
        "answer": [ignore_missing, heraultdata_plain_text(LONG_TEXT)],
    }


@tk.validator_args
def listed(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of the comments on a version."""
    return {
        **_version(not_empty),
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


def _version(not_empty: Validator) -> Schema:
    return {
        "standard": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
        "version": [not_empty, standard_version],
    }
