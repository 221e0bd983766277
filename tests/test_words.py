"""Putting messages into words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ckanext.heraultdata.conventions.rules import EventKind, Party
from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.words import in_words, sentence


@pytest.mark.usefixtures("with_plugins")
class TestWords:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2027, 3, 1), "1er mars 2027"),
            (date(2027, 3, 11), "11 mars 2027"),
            (date(2021, 1, 21), "21 janvier 2021"),
        ],
    )
    def test_french_dates(self, app: Any, day: date, words: str) -> None:
        with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": "fr"}):
            assert in_words(day) == words

    def test_a_request_without_a_language_has_that_of_the_site(self, app: Any) -> None:
        with app.flask_app.test_request_context("/"):
            assert in_words(date(2027, 3, 1)) == "March 1, 2027"

    def test_english_dates(self) -> None:
        assert in_words(date(2027, 3, 1)) == "March 1, 2027"

    def test_each_kind_of_value(self) -> None:
        message = Message(
            "{who} {what} {when} {many} {text} {inner}",
            {
                "who": Party.DEPARTMENT,
                "what": EventKind.FORMAL_NOTICE,
                "when": date(2027, 3, 12),
                "many": 42520,
                "text": "a {brace}",
                "inner": Message("inside {n}", {"n": 1}),
            },
        )
        assert sentence(message) == (
            "the département formal notice March 12, 2027 42,520 a {brace} inside 1"
        )

    @pytest.mark.parametrize("member", [*Party, *EventKind])
    def test_every_party_and_event_has_words(self, member: Party | EventKind) -> None:
        assert member.in_sentence
