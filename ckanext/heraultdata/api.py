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

from .arguments import errors_of_shape, without_blanks
from .messages import Message, RuleError, Spoken

DEFAULT_LIMIT = 50


def validated(data_dict: Mapping[str, Any], schema: Schema, context: Context) -> dict[str, Any]:
    """Check the arguments of an action against its schema; unknown keys are refused.

    What is blank counts as left out.

    Args:
        data_dict: what the caller sent.
        schema: CKAN validators by key.
        context: the context of the action.

    Returns:
        The converted values; keys that were left out are absent.

    Raises:
        tk.ValidationError: with a sentence for each field at fault.
    """
    misshapen = errors_of_shape(data_dict, schema)
    fit = {key: value for key, value in data_dict.items() if key not in misshapen}
    data, errors = tk.navl_validate(without_blanks(fit), schema, context)
    errors = {**errors, **misshapen}
    if errors:
        raise tk.ValidationError(errors)
    return data


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
