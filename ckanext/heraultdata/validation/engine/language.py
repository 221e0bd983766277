"""Sentences in the reader's language, without CKAN: for commands, and for what is stored."""

from __future__ import annotations

import gettext
from datetime import date
from functools import lru_cache
from pathlib import Path

from ...messages import Message, Spoken

DOMAIN = "ckanext-heraultdata"
FOLDER = Path(__file__).resolve().parents[2] / "i18n"


@lru_cache(maxsize=8)
def _translations(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, str(FOLDER), [language], fallback=True)


def told(message: Message, language: str) -> str:
    """A message in a language.

    Args:
        message: the sentence, not translated yet.
        language: `fr` or `en`; the catalogue falls back to English.
    """
    translations = _translations(language)
    values = {
        name: _value_told(value, language, translations) for name, value in message.values.items()
    }
    # Gettext answers the empty sentence with the headers of its catalogue.
    template = translations.gettext(message.template) if message.template else ""
    return template.format(**values)


def _value_told(value: object, language: str, translations: gettext.NullTranslations) -> object:
    if isinstance(value, Message):
        return told(value, language)
    if isinstance(value, Spoken):
        return translations.gettext(value.in_sentence)
    if isinstance(value, date):
        from babel.dates import format_date

        return format_date(value, format="long", locale=language)
    if isinstance(value, int):
        from babel.numbers import format_decimal

        return format_decimal(value, locale=language)
    return value
