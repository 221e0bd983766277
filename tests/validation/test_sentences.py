"""Errors of frictionless in sentences: those that it really makes, of a file with each fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from frictionless import Resource, Schema, system

from ckanext.heraultdata.validation.sentences import sentence_of

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "day", "type": "date"},
        {"name": "name", "type": "string", "constraints": {"required": True, "maxLength": 5}},
        {"name": "votes", "type": "integer", "constraints": {"minimum": 3, "maximum": 9}},
        {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"], "pattern": "[ab]+"}},
    ],
    "primaryKey": ["name"],
}


def sentences(folder: Path, header: str, *rows: str) -> list[str]:
    path = folder / "file.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    with system.use_context(trusted=True):
        report = Resource(path=str(path), schema=Schema.from_descriptor(SCHEMA)).validate()
    errors = report.to_descriptor()["tasks"][0]["errors"]
    return [str(sentence_of(error)) for error in errors]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("day,name,votes", "2024-02-26,x,4", "The column kind is missing: add it."),
        (
            "day,name,votes,sort",
            "2024-02-26,x,4,a",
            "The column sort stands where kind is expected.",
        ),
        (
            "day,name,votes,kind,more",
            "2024-02-26,x,4,a,1",
            "The column more is not expected: remove it, or check its name.",
        ),
        (
            "day,name,votes,votes",
            "2024-02-26,x,4,a",
            "The column votes stands twice: keep one of them.",
        ),
        ("day,name,votes,kind", "", "This row is empty: remove it."),
        (
            "day,name,votes,kind",
            "26/02/2024,x,4,a",
            "“26/02/2024” is not a date: write year-month-day, for example 2024-02-26.",
        ),
        ("day,name,votes,kind", "2024-02-26,x,four,a", "“four” is not a whole number."),
        (
            "day,name,votes,kind",
            "2024-02-26,,4,a",
            "This cell is empty, and must be filled in.",
        ),
        (
            "day,name,votes,kind",
            "2024-02-26,abcdef,4,a",
            "“abcdef” is too long: at most 5 characters.",
        ),
        ("day,name,votes,kind", "2024-02-26,x,2,a", "2 is too small: the least is 3."),
        ("day,name,votes,kind", "2024-02-26,x,10,a", "10 is too large: the most is 9."),
        (
            "day,name,votes,kind",
            "2024-02-26,x,4,c",
            "“c” is not among the values allowed: a, b.",
        ),
        (
            "day,name,votes,kind",
            "2024-02-26,x,4",
            "This row is too short: the cell of kind is missing.",
        ),
        (
            "day,name,votes,kind",
            "2024-02-26,x,4,a,z",
            "This row is too long: “z” is beyond the last column.",
        ),
    ],
)
def test_each_fault_has_its_sentence(tmp_path: Path, header: str, row: str, expected: str) -> None:
    assert expected in sentences(tmp_path, header, row)


def test_what_only_frictionless_knows_is_left_to_it() -> None:
    assert sentence_of({"type": "source-error", "message": "the source is empty"}) is None
    assert sentence_of({"type": "type-error", "note": 'type is "geopoint/default"'}) is None
    assert sentence_of({"type": "constraint-error", "note": "no known note"}) is None
