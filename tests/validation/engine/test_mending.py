"""What a person is told of a wrong cell: the sentence, the mended value, an example."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.heraultdata.validation.engine.cell_check import CellCheck

from .test_records import schema_of

YES = ["oui", "Oui "]


def _check(described: dict[str, Any]) -> CellCheck:
    schema = schema_of({"fields": [{"name": "c", **described}]})
    return CellCheck(schema.fields[0], frozenset({""}))


@pytest.mark.parametrize(
    ("described", "cell", "mended"),
    [
        ({"type": "date"}, "31/12/2024", "2024-12-31"),
        ({"type": "date"}, "31-12-2024", "2024-12-31"),
        ({"type": "date"}, "1.2.24", "2024-02-01"),
        ({"type": "date"}, "20241231", "2024-12-31"),
        ({"type": "date"}, "2024-12-31T00:00:00", "2024-12-31"),
        ({"type": "date"}, "31 décembre 2024", "2024-12-31"),
        ({"type": "date"}, "1er août 2024", "2024-08-01"),
        ({"type": "date"}, "mardi 31 déc. 2024", "2024-12-31"),
        ({"type": "date", "format": "%d/%m/%Y"}, "2024-12-31", "31/12/2024"),
        ({"type": "date"}, "31/02/2024", None),
        ({"type": "date"}, "2024-12", None),
        ({"type": "date"}, "202412", None),
        ({"type": "yearmonth"}, "2024-13", None),
        ({"type": "number", "decimalChar": ","}, "12.", "12"),
        ({"type": "array"}, '{"a": 1}', None),
        ({"type": "date"}, "bientôt", None),
        ({"type": "date", "format": "%d/%m/%Y\x00"}, "2024-12-31", None),
        ({"type": "datetime", "format": "%H:%M %d/%m/%Y"}, "2024-12-31 ٠٩:٣٠", None),
        ({"type": "datetime"}, "31/12/2024 14:30", "2024-12-31T14:30:00"),
        ({"type": "datetime"}, "2024-12-31", "2024-12-31T00:00:00"),
        ({"type": "time"}, "9h30", "09:30:00"),
        ({"type": "time"}, "09:30", "09:30:00"),
        ({"type": "time"}, "25:00", None),
        ({"type": "year"}, "24", "2024"),
        ({"type": "year"}, "31/12/2024", "2024"),
        ({"type": "year"}, "2024.0", "2024"),
        ({"type": "yearmonth"}, "12/2024", "2024-12"),
        ({"type": "number"}, "1 234,5", "1234.5"),
        ({"type": "number"}, "1\u202f234,50 €", "1234.50"),
        ({"type": "number"}, "1.234,5", "1234.5"),
        ({"type": "number"}, "1,234.5", "1234.5"),
        ({"type": "number", "decimalChar": ","}, "12.5", "12,5"),
        ({"type": "number"}, "douze", None),
        ({"type": "integer"}, "3,0", "3"),
        ({"type": "integer"}, "1 200", "1200"),
        ({"type": "integer"}, "3,5", None),
        ({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, "Oui", "oui"),
        ({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, "VRAI", "oui"),
        ({"type": "boolean"}, "faux", "false"),
        ({"type": "boolean"}, "peut-être", None),
        ({"type": "geopoint"}, "43,61 3,87", "43.61, 3.87"),
        ({"type": "geopoint", "format": "array"}, "3.87, 43.61", "[3.87, 43.61]"),
        ({"type": "array"}, "a;b", '["a", "b"]'),
        ({"format": "uri"}, "www.herault.fr", "https://www.herault.fr"),
        ({"format": "email"}, "mairie @ herault.fr", "mairie@herault.fr"),
        ({"constraints": {"pattern": r"^\d{14}$"}}, "120 027 016 00357", "12002701600357"),
        ({"constraints": {"pattern": r"^\d{5}$"}}, "1234", "01234"),
        ({"constraints": {"pattern": r"^\d{5}$"}}, "1234.0", "01234"),
        ({"constraints": {"pattern": r"^[0-9]{4}(\/[0-9]{4})?$"}}, "2024_2025", "2024/2025"),
        ({"constraints": {"enum": ["Budget primitif"]}}, "budget  primitif", "Budget primitif"),
        ({"constraints": {"enum": ["Été", "Hiver"]}}, "ete", "Été"),
        ({"constraints": {"enum": ["Été", "Hiver"]}}, "automne", None),
    ],
    ids=str,
)
def test_mended(described: dict[str, Any], cell: str, mended: str | None) -> None:
    check = _check(described)
    (fault,) = check.check(cell).faults
    assert fault.mended == mended
    assert mended is None or (check.accepts(mended) and f"→ {mended}" in str(fault.message))


@pytest.mark.parametrize(
    ("described", "cell", "sentence"),
    [
        (
            {"type": "date"},
            "bientôt",
            "“bientôt” is not a date as this column expects it: year, month and day with hyphens,"
            " YYYY-MM-DD. Example of a right value: 2024-01-31.",
        ),
        (
            {"type": "date", "format": "%d/%m/%Y", "example": "2024"},
            "x",
            "“x” is not a date as this column expects it: DD/MM/YYYY."
            " Example of a right value: 31/01/2024.",
        ),
        (
            {"type": "integer", "example": "7"},
            "x",
            "“x” is not a whole number: only figures are accepted, with no blank, no decimals and"
            " no unit. Example of a right value: 7.",
        ),
        (
            {"constraints": {"enum": ["a", "b"]}},
            "c",
            "“c” is not one of the values accepted: a, b. Example of a right value: a.",
        ),
        (
            {"constraints": {"enum": ["a"]}},
            "c",
            "“c” is not accepted; the only value accepted is a. Example of a right value: a.",
        ),
        (
            {"constraints": {"enum": [str(number) for number in range(20)]}},
            "c",
            "“c” is not one of the values accepted: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11… and 8"
            " more, which the page of the standard lists. Example of a right value: 0.",
        ),
        (
            {"type": "number", "constraints": {"maximum": 1}},
            "100",
            "100 is too great: the greatest value is 1. Example of a right value: 0.5.",
        ),
        (
            {"constraints": {"maxLength": 2}},
            "abc",
            "“abc” is too long; characters: 3, greatest number accepted: 2.",
        ),
        (
            {"type": "date", "constraints": {"minimum": "2024-01-01"}},
            "2023-12-31",
            "2023-12-31 is too early: nothing before 2024-01-01 is accepted. Example of a right"
            " value: 2024-01-31.",
        ),
        (
            {"format": "email"},
            "mairie@herault.fr ",
            "“mairie@herault.fr” is not an email address. Blanks are too many, before or after:"
            " write mairie@herault.fr and nothing else.",
        ),
        (
            {"type": "boolean", "constraints": {"enum": [True]}},
            "false",
            "“false” is not accepted; the only value accepted is true. Example of a right"
            " value: true.",
        ),
        (
            {"type": "array", "arrayItem": {"constraints": {"enum": ["a"]}}},
            '["z"]',
            "In the list: “z” is not accepted; the only value accepted is a.",
        ),
        (
            {"constraints": {"pattern": "[A-Z]{2}"}, "example": "AB"},
            "a1",
            "“a1” has not the form that the column expects (pattern [A-Z]{2})."
            " Example of a right value: AB.",
        ),
    ],
    ids=str,
)
def test_sentence(described: dict[str, Any], cell: str, sentence: str) -> None:
    (fault,) = _check(described).check(cell).faults
    assert str(fault.message) == sentence


def test_long_cells_are_shortened_in_sentences_and_reports() -> None:
    (fault,) = _check({"type": "integer"}).check("x" * 10_000).faults
    assert len(str(fault.message)) < 300
    assert len(fault.cell or "") == 500
