"""The columns of a standard in words: types, constraints, rules across columns, properties."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.heraultdata.standards.columns import Column, explain, type_in_words
from ckanext.heraultdata.standards.patterns import pattern_in_words
from ckanext.heraultdata.standards.properties import MOST_PROPERTIES
from ckanext.heraultdata.validation.engine.fields import (
    TYPES,
    CheckDescription,
    Field,
    JsonSchema,
    TableSchema,
)
from ckanext.heraultdata.validation.engine.schema import SchemaError, read_schema


def column(field: Field, *checks: CheckDescription, primary_key: tuple[str, ...] = ()) -> Column:
    schema = TableSchema(fields=(field,), custom_checks=checks, primary_key=primary_key)
    return explain(schema).columns[0]


def constraints(field: Field, *checks: CheckDescription) -> list[str]:
    return [str(message) for message in column(field, *checks).constraints]


class TestTypes:
    @pytest.mark.parametrize("kind", sorted(TYPES))
    def test_each_has_words_of_its_own(self, kind: str) -> None:
        others = {str(type_in_words(Field("a", type=other))) for other in TYPES - {kind}}
        assert str(type_in_words(Field("a", type=kind))) not in others

    def test_an_unknown_one_is_a_text(self) -> None:
        assert type_in_words(Field("a", type="texte")) == type_in_words(Field("a"))

    @pytest.mark.parametrize(
        ("kind", "form", "words"),
        [
            ("string", "email", "E-mail address"),
            ("date", "%Y-%m-%d", "Date as year-month-day, such as 2024-12-31"),
            ("date", "%d/%m/%Y", "Date, written as in 31/12/2024"),
            ("datetime", "%Y-%m-%dT%H:%M:%S", "Date and time, written as in 2024-12-31T08:30:00"),
            ("geopoint", "array", "Point on a map as [longitude, latitude], such as [3.87, 43.61]"),
        ],
    )
    def test_formats(self, kind: str, form: str, words: str) -> None:
        assert str(type_in_words(Field("a", type=kind, format=form))) == words


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "words"),
        [
            (r"^\d{14}$", "14 digits, leading zeros kept"),
            (r"\d{9}", "9 digits, leading zeros kept"),
            (r"^[0-9]{5}$", "5 digits, leading zeros kept"),
            ("^Marché$", "Always written Marché"),
            ("^(rue|place)$", "One of these values: rue, place"),
            (
                r"(?:(?:^|\|)(Electrique|Hydrogène))+$",
                "One or more of these values, separated by |: Electrique, Hydrogène",
            ),
            (
                r"^([013-9]\d|2[AB1-9])\d{3}$",
                "INSEE code of a commune: 5 characters, leading zero kept, such as 34172",
            ),
            (r"^(a|b)\1$", r"Written as the pattern ^(a|b)\1$"),
            (r"^[A-Za-z]+$", "Written as the pattern ^[A-Za-z]+$"),
        ],
    )
    def test_in_words(self, pattern: str, words: str) -> None:
        assert str(pattern_in_words(pattern)) == words


class TestConstraints:
    def test_none(self) -> None:
        assert column(Field("a")) == Column("a", None, None, type_in_words(Field("a")), False)

    def test_bounds(self) -> None:
        assert constraints(Field("a", minimum=0, maximum="90")) == ["From 0 to 90"]
        assert constraints(Field("a", minimum=0)) == ["0 at least"]
        assert constraints(Field("a", exclusive_maximum=1)) == ["Less than 1"]

    def test_lengths(self) -> None:
        assert constraints(Field("a", min_length=2, max_length=2)) == ["Number of characters: 2"]
        assert constraints(Field("a", max_length=140)) == ["Number of characters: 140 at most"]

    def test_yes_and_no_as_the_schema_writes_them(self) -> None:
        field = Field("a", type="boolean", true_values=("oui",), false_values=("non",))
        assert constraints(field) == ["Yes is written oui; no is written non"]

    def test_a_primary_key_is_compulsory_and_unique(self) -> None:
        found = column(Field("a"), primary_key=("a",))
        assert found.required
        assert [str(one) for one in found.constraints] == ["No value stands twice in the file"]

    def test_values_are_texts(self) -> None:
        assert column(Field("a", enum=("oui", 1))).values == ("oui", "1")

    def test_checks_of_one_column(self) -> None:
        siret = CheckDescription("french-siret-value", {"column": "a"})
        other = CheckDescription("french-siren-value", {"column": "b"})
        assert constraints(Field("a"), siret, other) == [
            "A SIRET number of 14 digits, whose last digit is checked"
        ]
        assert constraints(Field("a", custom_check="siren")) == [
            "A SIREN number of 9 digits, whose last digit is checked"
        ]

    def test_a_single_year_is_told_where_it_is_allowed(self) -> None:
        asked = {"column": "a", "allow-year-only": "yes"}
        (alone,) = constraints(Field("a"), CheckDescription("year-interval-value", asked))
        assert alone.startswith("A year, or two years")

    @pytest.mark.parametrize(
        ("name", "params", "words"),
        [
            (
                "compare-columns-value",
                {"column": "a", "op": ">=", "column2": "b"},
                "a is greater than b, or the same",
            ),
            (
                "cohesive-columns-value",
                {"column": "a", "othercolumns": ["b", "c"]},
                "These columns are all filled in, or all left empty: a, b, c",
            ),
            ("sum-columns-value", {"column": "a", "columns": ["b", "c"]}, "a is the sum of b, c"),
            (
                "one-of-required",
                {"column1": "a", "column2": "b"},
                "One at least of a and b is filled in",
            ),
        ],
    )
    def test_rules_across_columns(self, name: str, params: dict[str, object], words: str) -> None:
        schema = TableSchema((Field("a"),), custom_checks=(CheckDescription(name, params),))
        explained = explain(schema)
        assert [str(rule) for rule in explained.rules] == [words]
        assert explained.columns[0].constraints == ()

    def test_a_check_that_nobody_knows_says_nothing(self) -> None:
        check = CheckDescription("no-such-check", {"column": "a"})
        compare = CheckDescription("compare-columns-value", {"column": "a", "op": "~"})
        schema = TableSchema((Field("a"),), custom_checks=(check, compare))
        assert explain(schema).rules == ()
        assert explain(schema).columns[0].constraints == ()


class TestProperties:
    def test_paths(self) -> None:
        document = {
            "type": "object",
            "required": ["marches"],
            "properties": {
                "marches": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"$ref": "#/definitions/marche"},
                }
            },
            "definitions": {
                "marche": {
                    "required": ["id"],
                    "properties": {
                        "id": {"type": "string", "pattern": "^\\d{14}$", "title": "Identifiant"},
                        "date": {"type": ["string", "null"], "format": "date"},
                        "nature": {"enum": ["Marché", "Concession"], "examples": ["Marché"]},
                    },
                }
            },
        }
        found = explain(JsonSchema(document)).columns
        assert [(one.name, str(one.type), one.required) for one in found] == [
            ("marches", "List", True),
            ("marches[].id", "Text", True),
            ("marches[].date", "Date as year-month-day, such as 2024-12-31", False),
            ("marches[].nature", "Any value", False),
        ]
        assert [str(one) for one in found[0].constraints] == ["Number of items: 1 at least"]
        assert [str(one) for one in found[1].constraints] == ["14 digits, leading zeros kept"]
        assert found[1].title == "Identifiant"
        assert found[3].values == ("Marché", "Concession")
        assert found[3].example == "Marché"

    def test_branches_are_gathered(self) -> None:
        document = {"oneOf": [{"properties": {"a": {}}}, {"properties": {"a": {}, "b": {}}}]}
        assert [one.name for one in explain(JsonSchema(document)).columns] == ["a", "b"]

    def test_circles_and_lost_references_end(self) -> None:
        document = {
            "properties": {
                "again": {"$ref": "#"},
                "lost": {"$ref": "#/definitions/none"},
                "far": {"$ref": "https://schema.example/other.json"},
                "self": {"$ref": "#/properties/self"},
                "odd": True,
            }
        }
        found = explain(JsonSchema(document)).columns
        assert [one.name for one in found] == ["again", "lost", "far", "self", "odd"]

    def test_so_many_are_cut(self) -> None:
        document = {"properties": {f"p{rank}": {} for rank in range(MOST_PROPERTIES + 1)}}
        assert len(explain(JsonSchema(document)).columns) == MOST_PROPERTIES


def test_every_official_schema_is_explained(shared_folder: Path) -> None:
    explained = 0
    for file in sorted(shared_folder.glob("standards/official/*/*/schema.json")):
        try:
            schema = read_schema(file.read_bytes()).schema
        except SchemaError:
            continue
        found = explain(schema)
        assert found.columns, file
        for one in found.columns:
            assert all(map(str, (one.type, *one.constraints))), file
        assert all(map(str, found.rules)), file
        explained += 1
    assert explained > 200
