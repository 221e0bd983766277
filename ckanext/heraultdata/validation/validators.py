"""Validators of the fields `schema` and `validation_options`, as ckanext-validation names them."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from frictionless import FrictionlessException, Schema

from . import rules, upstream


def resource_schema_validator(value: object) -> str | None:
    """Accept a Table Schema (JSON text or object) or the address of one.

    Raises:
        tk.Invalid: it is neither; the text says what is wrong in it.
    """
    if not value:
        return None
    if isinstance(value, str) and value.lower().startswith(("http://", "https://")):
        return value
    descriptor = _json_object(value)
    if not isinstance(descriptor.get("fields"), list):
        raise tk.Invalid(tk._("The Table Schema has no list of “fields”."))
    try:
        Schema.from_descriptor(descriptor)
    except FrictionlessException as error:
        reasons = error.reasons or [error.error]
        details = " ".join(reason.message for reason in reasons)
        raise tk.Invalid(
            tk._("This is no Table Schema: {details}").format(details=details)
        ) from None
    return json.dumps(descriptor)


def validation_options_validator(value: object) -> str:
    """Accept the options of a check and add those that the site sets for all; none stays none.

    Raises:
        tk.Invalid: it is no JSON object, or an option is not known.
    """
    if not value:
        return ""
    provided = _json_object(value)
    unknown = rules.unknown_options(provided)
    if unknown:
        raise tk.Invalid(
            tk._("These options of the check are not known: {names}.").format(
                names=", ".join(unknown)
            )
        )
    defaults = upstream.settings.get_default_validation_options()
    return json.dumps({**defaults, **provided}, sort_keys=True)


def _json_object(value: object) -> dict[str, Any]:
    try:
        loaded = json.loads(value) if isinstance(value, (str, bytes)) else value
    except ValueError as error:
        raise tk.Invalid(tk._("This is not JSON: {details}").format(details=error)) from None
    if not isinstance(loaded, dict):
        raise tk.Invalid(tk._("A JSON object is expected, between braces."))
    return loaded


def get_validators() -> dict[str, Any]:
    """The validators by name."""
    return {
        "resource_schema_validator": resource_schema_validator,
        "validation_options_validator": validation_options_validator,
    }
