"""Dates, moments, numbers and messages in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

import ckan.plugins.toolkit as tk
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import has_request_context

from .clock import PARIS
from .messages import Message, Spoken


def in_words(day: date) -> str:
    """A date in the reader's language, such as "12 mars 2027" or "1er mars 2027"."""
    words = format_date(day, format="long", locale=reader_locale())
    if day.day == 1 and reader_locale().startswith("fr"):
        return words.replace("1", "1er", 1)
    return words


def moment_in_words(moment: datetime) -> str:
    """A moment in the reader's language, at the time of Paris, such as "12 mars 2027 à 09:30".

    Args:
        moment: a moment with a time zone.
    """
    in_paris = moment.astimezone(PARIS)
    return tk._("{date} at {time}").format(
        date=in_words(in_paris.date()),
        time=format_time(in_paris, format="short", tzinfo=PARIS, locale=reader_locale()),
    )


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
        return format_decimal(value, locale=reader_locale())
    return value


def reader_locale() -> str:
    """The language of the reader, or of the site where nobody reads yet, such as `fr`."""
    # A job has the context of a request without a language on CKAN 2.11.
    asked = tk.h.lang() if has_request_context() else None
    return str(asked or tk.config["ckan.locale_default"])
