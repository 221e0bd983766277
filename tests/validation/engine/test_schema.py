"""Schemas with their oddities."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.schema import (
    JsonSchema,
    SchemaError,
    TableSchema,
    read_schema,
)

from .test_records import faults_of, schema_of


def _remarks(field: dict[str, Any]) -> list[tuple[str, str | None]]:
    read = read_schema({"fields": [{"name": "c", **field}]})
    return [(remark.code, remark.column) for remark in read.remarks]


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf" + json.dumps({"fields": [{"name": "c"}]}, indent=1).encode(),
        "\ufeff" + json.dumps({"fields": [{"name": "c"}]}).replace(" ", "\r\n"),
        {"schema": {"fields": [{"name": "c", "type": "string"}]}},
    ],
    ids=["bytes with BOM", "text with CRLF", "nested"],
)
def test_forms_of_a_schema(source: Any) -> None:
    schema = read_schema(source).schema
    assert isinstance(schema, TableSchema)
    assert [field.name for field in schema.fields] == ["c"]


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xff\xfe",
        "[]",
        "{}",
        '{"fields": []}',
        '{"fields": [1]}',
        '{"fields": {}}',
        '{"resources": [{}]}',
        '{"fields": [{"name": " "}]}',
    ],
)
def test_what_is_no_schema(source: bytes | str) -> None:
    with pytest.raises(SchemaError):
        read_schema(source)


@pytest.mark.parametrize(
    "document",
    [
        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"},
        {"properties": {"a": {}}},
        {"allOf": [{}]},
    ],
    ids=str,
)
def test_json_schema(document: dict[str, Any]) -> None:
    assert read_schema(document).schema == JsonSchema(document)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"type": "texte"}, "schema-type"),
        ({"type": ["string"]}, "schema-type"),
        ({"type": "integer", "example": "1, 10"}, "schema-example"),
        ({"type": "year", "constraints": {"pattern": "2.*"}}, "schema-constraint"),
        ({"constraints": {"pattern": "(["}}, "schema-constraint"),
        ({"constraints": {"format": "uri"}}, "schema-constraint"),
        ({"constraints": {"minLength": "x"}}, "schema-constraint"),
        ({"constraints": {"required": "yes"}}, "schema-constraint"),
        ({"constraints": {"enum": "a"}}, "schema-constraint"),
        ({"constraints": []}, "schema-constraint"),
        ({"contraints": {"minimum": 1}}, "schema-constraint"),
        ({"type": "integer", "constraints": {"minimum": "x"}}, "schema-constraint"),
        ({"type": "integer", "constraints": {"enum": ["1", "x"]}}, "schema-constraint"),
        ({"trueValues": "oui", "type": "boolean"}, "schema-constraint"),
        ({"missingValues": ""}, "schema-missing-values"),
    ],
    ids=str,
)
def test_oddity_of_a_field_is_a_remark_and_the_rest_is_checked(
    field: dict[str, Any], code: str
) -> None:
    assert _remarks(field) == [(code, "c")]
    schema = schema_of({"fields": [{"name": "c", **field}, {"name": "d", "type": "integer"}]})
    assert [fault.column for fault in faults_of(schema, [["d"], ["x"]])] == ["d"]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"name": "Arbres urbains"}, "schema-name"),
        ({"primaryKey": "absent"}, "schema-key"),
        ({"custom_checks": [{}]}, "schema-check"),
        ({"missingValues": "NA"}, "schema-missing-values"),
        ({"fields": [{"name": "c"}, {"name": "c", "type": "integer"}]}, "schema-field"),
        ({"fields": [{"name": "c"}, {}]}, "schema-field"),
    ],
    ids=str,
)
def test_oddity_of_a_schema_is_a_remark(document: dict[str, Any], code: str) -> None:
    read = read_schema({"fields": [{"name": "c"}], **document})
    assert [remark.code for remark in read.remarks] == [code]


def test_numbers_in_the_list_of_a_text_are_their_text() -> None:
    schema = schema_of({"fields": [{"name": "c", "constraints": {"enum": [1, 2]}}]})
    assert [fault.row for fault in faults_of(schema, [["c"], ["1"], ["3"]])] == [3]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = [
    "type",
    "format",
    "constraints",
    "example",
    "missingValues",
    "trueValues",
    "arrayItem",
    "decimalChar",
    "groupChar",
    "bareNumber",
    "customCheck",
    "enum",
    "title",
    "examples",
]
CONSTRAINTS = [
    "required",
    "unique",
    "enum",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "exclusiveMinimum",
]
TYPES = st.sampled_from(
    [
        "string",
        "integer",
        "number",
        "date",
        "array",
        "boolean",
        "year",
        "time",
        "geopoint",
        "object",
        "yearmonth",
        "duration",
        "any",
        "datetime",
    ]
)


@given(
    field=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4),
    constraints=st.dictionaries(st.sampled_from(CONSTRAINTS), JSON, max_size=3),
    kind=TYPES,
    rest=st.dictionaries(
        st.sampled_from(["primaryKey", "foreignKeys", "custom_checks", "missingValues", "name"]),
        JSON,
    ),
    cells=st.lists(st.text(max_size=6), max_size=3),
)
def test_any_schema_is_read_and_checks_without_raising(
    field: dict[str, Any],
    constraints: dict[str, Any],
    kind: str,
    rest: dict[str, Any],
    cells: list[str],
) -> None:
    described = {"type": kind, "constraints": constraints, **field, "name": "c"}
    faults_of(schema_of({"fields": [described], **rest}), [["c"], *([cell] for cell in cells)])


@pytest.mark.parametrize("bound", [float("nan"), "sNaN"])
def test_a_bound_that_is_no_number_is_left_out(bound: float | str) -> None:
    field = {"name": "n", "type": "number", "constraints": {"minimum": bound}}
    read = read_schema({"fields": [field]})
    assert "schema-constraint" in [remark.code for remark in read.remarks]
    assert check_file(b"n,m\n1,2\n", read).valid
