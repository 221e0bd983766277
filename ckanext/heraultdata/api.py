"""What every action does at its edges: check what comes in, and put refusals into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from babel.dates import format_date
from babel.numbers import format_decimal
from ckan.types import Context, Schema
from flask import has_request_context

from .messages import Message, RuleError, Spoken

DEFAULT_LIMIT = 50


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
    """A date in the reader's language, such as "12 mars 2027" or "1er mars 2027"."""
    words = format_date(day, format="long", locale=_locale())
    if day.day == 1 and _locale().startswith("fr"):
        return words.replace("1", "1er", 1)
    return words


def sentence(message: Message) -> str:
    """A message in the reader's language, with its dates, numbers and parties in words."""
    values = {name: _value_in_words(value) for name, value in message.values.items()}
    return tk._(message.template).format(**values)


def _value_in_words(value: object) -> object:
    if isinstance(value, Message):
        return sentence(value)
    if isinstance(value, Spoken):
        return tk._(value.in_sentence)
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, int):
        return format_decimal(value, locale=_locale())
    return value


def _locale() -> str:
    return str(tk.h.lang() if has_request_context() else tk.config["ckan.locale_default"])


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
