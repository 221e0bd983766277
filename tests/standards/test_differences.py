"""Differences between two Table Schemas, in words, and whether they break files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.heraultdata.standards.differences import differences
from ckanext.heraultdata.validation.engine.fields import TableSchema
from ckanext.heraultdata.validation.engine.schema import read_schema

SIRET = "A SIRET number of 14 digits, whose last digit is checked"
DAY = "Date as year-month-day, such as 2024-12-31"
NAME = {"name": "nom", "type": "string"}


def table(*fields: dict[str, Any], **keys: Any) -> TableSchema:
    """A table of these columns."""
    schema = read_schema({"fields": list(fields), **keys}).schema
    assert isinstance(schema, TableSchema)
    return schema


def told(old: TableSchema, new: TableSchema) -> list[tuple[str, bool, str | None]]:
    """The differences as sentences, whether they break files, and the columns."""
    return [(str(each.message), each.breaking, each.column) for each in differences(old, new)]


def column(**keys: Any) -> TableSchema:
    """A table of one column with these constraints."""
    return table({"name": "nom", "type": keys.pop("type", "string"), "constraints": keys})


def test_nothing_changes() -> None:
    assert told(table(NAME), table(NAME)) == []


def test_what_changes_no_file_is_told_in_one_sentence() -> None:
    assert told(table(NAME), table({**NAME, "description": "Le nom"})) == [
        ("Only titles, descriptions or examples change: what is right stays right.", False, None)
    ]


def test_columns_added_and_removed() -> None:
    old = table(NAME, {"name": "x", "type": "number"})
    new = table(
        NAME,
        {"name": "code_postal", "type": "string"},
        {"name": "siret", "type": "string", "constraints": {"required": True}},
    )

    assert told(old, new) == [
        ("Column “code_postal” is added; it is optional.", False, "code_postal"),
        ("Column “siret” is added, and compulsory.", True, "siret"),
        ("Column “x” is removed.", False, "x"),
    ]


def test_a_column_that_seems_renamed_is_compared_too() -> None:
    old = table({"name": "menuTypeRepas", "type": "string"})
    new = table({"name": "menu_repas_type", "type": "string", "constraints": {"required": True}})

    assert told(old, table({"name": "menu_type_repas", "type": "string"})) == [
        ("Column “menuTypeRepas” seems to be renamed “menu_type_repas”.", True, "menu_type_repas")
    ]
    assert [(breaking, name) for _, breaking, name in told(old, new)] == [
        (True, "menu_repas_type"),
        (True, "menu_repas_type"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence", "breaking"),
    [
        ({}, {"required": True}, "Column “nom” is now compulsory.", True),
        ({"required": True}, {}, "Column “nom” is no longer compulsory.", False),
        ({}, {"unique": True}, "A value of column “nom” may now stand only once.", True),
        ({}, {"enum": ["a", "b"]}, "Column “nom” now takes these values only: a, b.", True),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}, "Column “nom” takes more values: b.", False),
        (
            {"enum": ["a", "b"]},
            {"enum": ["a"]},
            "Column “nom” no longer takes these values: b.",
            True,
        ),
        ({"enum": ["a"]}, {}, "Column “nom” now takes any value, no longer a list.", False),
        (
            {},
            {"pattern": "^a$"},
            "The values of column “nom” must now have the form ^a$.",
            True,
        ),
        ({"pattern": "^a$"}, {}, "The form of the values of column “nom” is free now.", False),
        (
            {"maxLength": 9},
            {"maxLength": 8},
            "The greatest length of column “nom” is 8 now; it was 9.",
            True,
        ),
        (
            {"maxLength": 9},
            {"maxLength": 14},
            "The greatest length of column “nom” is 14 now; it was 9.",
            False,
        ),
        ({}, {"minLength": 2}, "Column “nom” now has a least length, 2.", True),
    ],
)
def test_constraints(
    old: dict[str, Any], new: dict[str, Any], sentence: str, breaking: bool
) -> None:
    assert told(column(**old), column(**new)) == [(sentence, breaking, "nom")]


def test_bounds_of_numbers_are_compared_as_numbers() -> None:
    found = told(column(type="number", minimum=9), column(type="number", minimum="10"))

    assert [(breaking, name) for _, breaking, name in found] == [(True, "nom")]


def test_types_and_formats() -> None:
    assert told(column(), column(type="date")) == [
        (
            f"Column “nom” changes: “Text” before, “{DAY}” now.",
            True,
            "nom",
        )
    ]
    assert told(column(type="date"), column()) == [
        (
            f"Column “nom” changes: “{DAY}” before, “Text” now.",
            False,
            "nom",
        )
    ]
    assert told(table({**NAME, "format": "uri"}), table(NAME)) == [
        ("Column “nom” changes: “Web address” before, “Text” now.", False, "nom")
    ]


def test_checks_of_the_table() -> None:
    check = {"name": "french-siret-value", "params": {"column": "nom"}}
    pair = {"name": "cohesive-columns-value", "params": {"column": "nom", "othercolumns": ["b"]}}

    with_checks = table(NAME, {"name": "b"}, custom_checks=[check, pair])
    without = table(NAME, {"name": "b"})

    assert told(without, with_checks) == [
        (
            "A rule is added: These columns are all filled in, or all left empty: nom, b.",
            True,
            None,
        ),
        (f"A rule is added to column “nom”: {SIRET}.", True, "nom"),
    ]
    assert [breaking for _, breaking, _ in told(with_checks, without)] == [False, False]


def test_keys_and_missing_values() -> None:
    assert told(table(NAME), table(NAME, primaryKey="nom", missingValues=["", "NC"])) == [
        ("Each row must now have its own value in nom.", True, None),
        ("“No value” may now be written in these ways: ∅, NC.", False, None),
    ]


def test_official_versions(shared_folder: Path) -> None:
    folder = shared_folder / "standards" / "official" / "scdl-subventions"
    old, new = (
        read_schema((folder / version / "schema.json").read_bytes()).schema
        for version in ("2.0.2", "2.1.0")
    )
    assert isinstance(old, TableSchema)
    assert isinstance(new, TableSchema)

    found = told(old, new)

    assert ("Column “idBeneficiaire” is no longer compulsory.", False, "idBeneficiaire") in found
    assert ("Column “rnaBeneficiaire” is added; it is optional.", False, "rnaBeneficiaire") in found
    assert [sentence for sentence, breaking, _ in found if breaking] == [
        "A rule is added: One at least of idBeneficiaire and rnaBeneficiaire is filled in."
    ]
