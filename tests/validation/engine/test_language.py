"""Sentences told without CKAN."""

from __future__ import annotations

from datetime import date

from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.validation.engine.language import told

SENTENCE = Message(
    "{day}: {count}, {inner}",
    {"day": date(2024, 3, 1), "count": 1234, "inner": Message("{a} {{}}", {"a": "{b}"})},
)


def test_dates_numbers_and_sentences_within_are_told() -> None:
    assert told(SENTENCE, "en") == "March 1, 2024: 1,234, {b} {}"


def test_language_that_has_no_catalogue_is_english() -> None:
    assert told(Message("No such sentence."), "fr") == "No such sentence."


def test_empty_sentence_is_empty() -> None:
    assert told(Message(""), "fr") == ""
