"""What every action does at its edges: check what comes in, and put refusals into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from enum import Enum
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from babel.dates import format_date
from ckan.types import Context, Schema
from flask import has_request_context

from .messages import N_, Message, RuleError

DEFAULT_LIMIT = 50

_WORDS = {
    "partner": N_("the partner"),
    "department": N_("the département"),
    "signed": N_("signature"),
    "amended": N_("amendment"),
    "anniversary_notice": N_("notice at anniversary"),
    "mutual_termination": N_("termination by mutual consent"),
    "formal_notice": N_("formal notice"),
    "observations": N_("observations"),
    "remedied": N_("breaches remedied"),
    "terminated_for_fault": N_("termination for fault"),
    "voided": N_("correction"),
}


def validated(data_dict: Mapping[str, Any], schema: Schema, context: Context) -> dict[str, Any]:
    """Check the arguments of an action against its schema; unknown keys are refused.

    Args:
        data_dict: what the caller sent.
        schema: CKAN validators by key.
        context: the context of the action.

    Returns:
        The converted values; keys that were left out are absent.

    Raises:
        tk.ValidationError: with a sentence for each field at fault.
    """
    unknown = {
        key: [tk._("Unknown field: this action does not take it.")]
        for key in data_dict
        if key not in schema
    }
    known = {key: value for key, value in data_dict.items() if key in schema}
    misshapen = {
        key: [tk._("Give a list of objects here.")]
        for key, validators in schema.items()
        if isinstance(validators, dict) and not _is_list_of_objects(known.get(key, []))
    }
    for key in misshapen:
        del known[key]
    data, errors = tk.navl_validate(known, schema, context)
    errors = {**errors, **misshapen, **unknown}
    if errors:
        raise tk.ValidationError(errors)
    return data


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def in_words(day: date) -> str:
    """A date in the reader's language, such as "12 mars 2027"."""
    locale = tk.h.lang() if has_request_context() else tk.config["ckan.locale_default"]
    return format_date(day, format="long", locale=str(locale))


def sentence(message: Message) -> str:
    """A message in the reader's language, its dates and parties in words."""
    values = {name: _value_in_words(value) for name, value in message.values.items()}
    return tk._(message.template).format(**values)


def _value_in_words(value: object) -> object:
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, Enum):
        return tk._(_WORDS.get(str(value.value), str(value.value)))
    return value


@contextmanager
def transition() -> Iterator[None]:
    """Run a service's transition: whatever it refuses leaves nothing behind.

    Raises:
        tk.ValidationError: where a rule refuses, with the sentence on the field at fault.
    """
    try:
        yield
    except RuleError as refusal:
        model.Session.rollback()
        raise tk.ValidationError({refusal.field: [sentence(refusal.message)]}) from refusal
    except Exception:
        model.Session.rollback()
        raise
