"""What the arguments of an action are made of, looked at before a validator reads them.

CKAN's validation takes lists and objects apart, and the database refuses some characters with an
error of its own: both are refused here, in a sentence, whatever the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from .validators import identifiers, refuse_unkeepable

Errors = dict[str, Any]
"""Sentences by field; for a list of objects, one such dictionary an object."""


def errors_of_shape(arguments: Mapping[str, Any], schema: Schema) -> Errors:
    """The fields that the schema does not have, or that hold what no validator of it can read.

    Args:
        arguments: what the caller sent.
        schema: CKAN validators by key, or a schema for a list of objects.
    """
    found = {key: _errors_of(key, value, schema.get(key)) for key, value in arguments.items()}
    return {key: errors for key, errors in found.items() if errors}


def without_blanks(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments without those that hold nothing: an empty field is a field left out."""
    return {
        key: [_without_blanks_in(item) for item in value] if isinstance(value, list) else value
        for key, value in arguments.items()
        if value is not None and not (isinstance(value, str) and not value.strip())
    }


def _without_blanks_in(item: object) -> object:
    return without_blanks(item) if isinstance(item, dict) else item


def require_identifiers(data_dict: Mapping[str, Any]) -> None:
    """Refuse a list of datasets that is none: CKAN hands it to the database as it comes.

    Raises:
        tk.ValidationError: on `datasets` or `org_id`.
    """
    datasets = data_dict.get("datasets", [])
    if not isinstance(datasets, list) or not all(isinstance(each, str) for each in datasets):
        raise tk.ValidationError({"datasets": [tk._("Give a list of identifiers of datasets.")]})
    if not isinstance(data_dict.get("org_id", ""), str):
        raise tk.ValidationError({"org_id": [tk._("Give the identifier of one organisation.")]})


def _errors_of(key: str, value: object, expected: object) -> list[Any]:
    if expected is None:
        return [tk._("Unknown field: this action does not take it.")]
    if isinstance(expected, dict):
        return _errors_of_list(value, expected)
    if isinstance(expected, list) and identifiers in expected:
        return _errors_of_identifiers(value)
    if isinstance(value, (list, tuple, dict)):
        return [tk._("Give one value here, not a list or an object.")]
    if _names_one(key) and not isinstance(value, (str, type(None))):
        return [tk._("Give an identifier here, as text.")]
    try:
        refuse_unkeepable(value)
    except tk.Invalid as refusal:
        return [refusal.error]
    return []


def _names_one(key: str) -> bool:
    # PostgreSQL compares no text with a number, nor with true or false.
    return key in ("id", "voids") or key.endswith("_id")


def _errors_of_identifiers(value: object) -> list[Any]:
    # CKAN takes lists of objects apart before any validator reads them.
    if value is None:
        return []
    try:
        identifiers(value)
    except tk.Invalid as refusal:
        return [refusal.error]
    return []


def _errors_of_list(value: object, schema: Schema) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        return [tk._("Give a list of objects here.")]
    errors = [errors_of_shape(item, schema) for item in value]
    return errors if any(errors) else []
