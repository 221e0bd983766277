"""The French catalogue: whole, true to the holes of the sentences, written as French is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from ckan.tests.helpers import CKANTestApp
from stack.quality import EXTRACTION

from ckanext.heraultdata.mailing.service import reading_in

ROOT = Path(__file__).parents[1]
FRENCH = ROOT / "ckanext/heraultdata/i18n/fr/LC_MESSAGES/ckanext-heraultdata.po"

_HOLE = re.compile(r"\{\w*\}|%\(\w+\)[sd]")
# Addresses, formats of times and signs that are named keep the signs of their own.
_NO_PROSE = re.compile(r"https?://\S*|\S*HH:MM\S*|\d\d:\d\d|\(;\)")
_LONG = 3

FAULTS_OF_TYPOGRAPHY = {
    # The colons of a moment such as 10:00:00+01:00 are none of a sentence.
    "a sign without its no-break space": re.compile(r"(?<![\u00a0\u202f])(?:[;!?»]|:(?!\d\d))"),
    "a guillemet without its no-break space": re.compile(r"«(?![\u00a0\u202f])"),
    "a typewriter's apostrophe or quotation mark": re.compile(r"['\"]"),
    "English quotation marks": re.compile("[“”]"),
    "two spaces": re.compile(r"[ \u00a0\u202f]{2}"),
}
FAULTS_OF_GRAMMAR = {
    "an elision before a word that is not known": re.compile(r"’(?:\{|%\()"),
    "an article that would melt into the one of the party": re.compile(r"\b(?:de|à) \{party\}"),
}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> tuple[str | None, object]:
    return message.context, message.id


def _forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """The forms of a text by number; one of an empty text where nothing is translated."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each French form of a message with the English one that it stands for."""
    english = _forms(message.id)
    for rank, french in enumerate(_forms(message.string)):
        yield english[min(rank, len(english) - 1)], french


@pytest.fixture(scope="module")
def french() -> list[Message]:
    return _messages(_read(FRENCH))


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """The texts of the code as it stands."""
    template = tmp_path_factory.mktemp("texts") / "texts.pot"
    subprocess.run(
        [
            *(sys.executable, "-m", "babel.messages.frontend", "--quiet", *EXTRACTION),
            *(f"--output-file={template}", "ckanext"),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return _messages(_read(template))


def test_catalogue_has_the_texts_of_the_code_and_no_other(
    french: list[Message], extracted: list[Message]
) -> None:
    in_code = {_key(message) for message in extracted}
    in_catalogue = {_key(message) for message in french}

    assert len(in_code) > 1
    assert in_code - in_catalogue == set(), "run `make translations`, then translate"
    assert in_catalogue - in_code == set(), "run `make translations`"
    assert list(_read(FRENCH).obsolete) == []


def test_every_text_is_translated(french: list[Message]) -> None:
    assert [message.id for message in french if not all(_forms(message.string))] == []
    assert [message.id for message in french if message.fuzzy] == []


def test_translations_have_the_holes_of_their_texts(french: list[Message]) -> None:
    wrong = [
        (english, translation)
        for message in french
        for english, translation in _pairs(message)
        if Counter(_HOLE.findall(english)) != Counter(_HOLE.findall(translation))
    ]

    assert wrong == []


def test_no_sentence_is_left_in_english(french: list[Message]) -> None:
    left = [
        english
        for message in french
        for english, translation in _pairs(message)
        if translation == english and len(english.split()) >= _LONG
    ]

    assert left == []


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=name)
        for name, fault in {**FAULTS_OF_TYPOGRAPHY, **FAULTS_OF_GRAMMAR}.items()
    ],
)
def test_french_is_well_written(french: list[Message], fault: re.Pattern[str]) -> None:
    faulty = [
        translation
        for message in french
        for translation in _forms(message.string)
        if fault.search(_NO_PROSE.sub("x", translation))
    ]

    assert faulty == []


def test_institution_has_its_capital(french: list[Message]) -> None:
    """As in the convention: the Département signs, the département is where communes are."""
    signs = re.compile(r"(?:[Aa]vec|[Pp]ar|[Ss]eul|et|ou) (?:le|au) département")

    assert [one for m in french for one in _forms(m.string) if signs.search(one)] == []


def test_header_names_the_project() -> None:
    header = dict(_read(FRENCH).mime_headers)

    assert header["Project-Id-Version"].startswith("ckanext-heraultdata ")
    assert not [value for value in header.values() if re.search(r"EMAIL|FULL NAME|LL@", value)]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "{n} partenaire"),
        (1, "{n} partenaire"),
        (2, "{n} partenaires"),
        (1_000_000, "{n} partenaires"),
    ],
)
@pytest.mark.usefixtures("with_plugins")
def test_numbers_take_their_french_plural(app: CKANTestApp, number: int, words: str) -> None:
    """Whatever rule of plurals the catalogue loaded last brings with it."""
    with reading_in(app.flask_app, "fr"):
        assert tk.ungettext("{n} partner", "{n} partners", number) == words
