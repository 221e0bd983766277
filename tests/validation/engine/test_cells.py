"""Cells of each type against frictionless, which is the reference."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from frictionless import Schema
from frictionless.resources import TableResource
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.validation.engine.cell_check import CellCheck
from ckanext.heraultdata.validation.engine.schema import TableSchema, read_schema

UUID = "123e4567-e89b-12d3-a456-426614174000"
FIELDS: list[dict[str, Any]] = [
    {"type": "any"},
    {"type": "any", "constraints": {"enum": ["a", "b"], "required": True}},
    {"type": "array"},
    {"type": "array", "constraints": {"minLength": 1, "maxLength": 2}},
    {"type": "array", "arrayItem": {"type": "string", "constraints": {"enum": ["a", "b"]}}},
    {"type": "array", "arrayItem": {"type": "integer", "constraints": {"minimum": 2}}},
    {"type": "boolean"},
    {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]},
    {"type": "boolean", "trueValues": ["oui", "1"], "constraints": {"enum": [True]}},
    {"type": "date"},
    {"type": "date", "format": "%d/%m/%Y"},
    {"type": "date", "format": "%Y"},
    {"type": "date", "format": "any"},
    {"type": "date", "constraints": {"minimum": "2020-01-01", "maximum": "2024-12-31"}},
    {"type": "datetime"},
    {"type": "datetime", "format": "%Y-%m-%d %H:%M"},
    {"type": "datetime", "format": "any"},
    {"type": "duration"},
    {"type": "geojson"},
    {"type": "geojson", "format": "topojson"},
    {"type": "geopoint"},
    {"type": "geopoint", "format": "array"},
    {"type": "geopoint", "format": "object"},
    {"type": "integer"},
    {"type": "integer", "bareNumber": False},
    {"type": "integer", "constraints": {"minimum": 2, "maximum": "10"}},
    {"type": "integer", "constraints": {"enum": [1, 2, 3]}},
    {"type": "number"},
    {"type": "number", "decimalChar": ","},
    {"type": "number", "decimalChar": ",", "groupChar": " "},
    {"type": "number", "bareNumber": False},
    {"type": "number", "constraints": {"minimum": 0.5, "maximum": 10}},
    {"type": "number", "constraints": {"minimum": "-90", "required": True}},
    {"type": "object"},
    {"type": "object", "constraints": {"minLength": 1}},
    {"type": "string"},
    {"type": "string", "constraints": {"required": True}},
    {"type": "string", "missingValues": ["", "NA"], "constraints": {"required": True}},
    {"type": "string", "constraints": {"minLength": 2, "maxLength": 4}},
    {"type": "string", "constraints": {"pattern": r"\d{5}"}},
    {"type": "string", "constraints": {"pattern": "^ab|cd$"}},
    {"type": "string", "constraints": {"pattern": r"(a|b)\1"}},
    {"type": "string", "constraints": {"enum": ["a", "é", "Oui"]}},
    {"type": "string", "format": "uri"},
    {"type": "string", "format": "email"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "format": "wkt"},
    {"type": "string", "format": "binary"},
    {"type": "time"},
    {"type": "time", "format": "%H:%M"},
    {"type": "time", "format": "any"},
    {"type": "year"},
    {"type": "year", "constraints": {"minimum": 1900, "maximum": "2100"}},
    {"type": "yearmonth"},
]
TEXTS = [
    "",
    " ",
    "a",
    "b",
    "aa",
    "ab",
    "abx",
    "xcd",
    "cd",
    "cdx",
    "é",
    "e",
    "Oui",
    "oui",
    "OUI",
    "non",
    "true",
    "True",
    "TRUE",
    "1",
    "false",
    "0",
    "vrai",
    "NA",
    "null",
    "007",
    " 3",
    "3 ",
    "3.0",
    "2",
    "10",
    "11",
    "-90",
    "-91",
    "1,5",
    "1.5",
    "1 000",
    "1 234,5",
    "1.234,5",
    "12€",
    "€12",
    "1e3",
    "NaN",
    "nan",
    "sNaN",
    "inf",
    "-inf",
    "1_000",
    "١٢",
    "+5",
    "0x10",
    "2020-1-5",
    "2020-01-05",
    "31/12/2020",
    "2020-12-31",
    "2020-12-31T00:00:00",
    "2020-12-31T10:20:30Z",
    "2020-12-31T10:20:30+02:00",
    "2020-12-31 10:20",
    "2020-12-31T10:20",
    "2019-12-31",
    "2025-01-01",
    "2024-02-30",
    "2024-W01-1",
    "0000",
    "2024",
    "99",
    "24",
    "20244",
    "-200",
    " 202",
    "1899",
    "2024-01",
    "2024-13",
    "2024-1",
    "1-1",
    "10:20:30",
    "10:20",
    "10h20",
    "25:00:00",
    "10:20:30Z",
    "10:20:30.5",
    "P1Y",
    "PT5M",
    "P1Y2M3DT4H",
    "P",
    "1 an",
    "43.6,3.8",
    "43.6, 3.8",
    "3.8, 200",
    "181,0",
    "0,91",
    "[3.8, 43.6]",
    "POINT (3.8 43.6)",
    '["3.8", "43.6"]',
    "[1]",
    "[]",
    "[1, 2, 3]",
    '["a"]',
    '["a", "c"]',
    '["c", "d"]',
    '["a", "b", "a"]',
    '["a", ""]',
    "[null]",
    "[true]",
    "[1, 5]",
    '["1", "5"]',
    "a;b",
    "{}",
    '{"lon": 3.8, "lat": 43.6}',
    '{"a": 1}',
    '{"type": "Point", "coordinates": [3.8, 43.6]}',
    '{"type": "Point", "coordinates": []}',
    '{"type": "Topology", "objects": {}, "arcs": []}',
    "[NaN, 1]",
    '{"lon": NaN, "lat": 1}',
    "http://a.fr",
    "https://a.fr/é",
    "a.fr",
    "www.a.fr",
    "ftp://a",
    "mailto:a@b.fr",
    "http://",
    "://",
    "http://a b",
    "http://[",
    "a@b.fr",
    "a@b",
    "a b@c.fr",
    "é@b.fr",
    UUID,
    UUID.upper(),
    f"{{{UUID}}}",
    "YQ==",
    "YQ",
    "é==",
    "34000",
    "34000\n",
    "3400",
    "340000",
    "=1+1",
    "\t",
    "\x00",
    "\ud800",
]


@pytest.mark.parametrize("described", FIELDS, ids=str)
def test_cells_have_the_faults_of_frictionless(described: dict[str, Any]) -> None:
    ours, theirs = _both(described)
    differing = {text: found for text in TEXTS if (found := _compare(ours, theirs, text))}
    assert not differing


@given(described=st.sampled_from(FIELDS), text=st.text(max_size=30))
def test_any_text_has_the_faults_of_frictionless(described: dict[str, Any], text: str) -> None:
    ours, theirs = _both(described)
    assert _compare(ours, theirs, text) is None


LIKELY = st.text(alphabet="0123456789-+.,:/T ZPYMDH[]{}\"'ab@eEnN%", max_size=24)


@given(described=st.sampled_from(FIELDS), text=LIKELY)
def test_text_that_looks_right_has_the_faults_of_frictionless(
    described: dict[str, Any], text: str
) -> None:
    ours, theirs = _both(described)
    assert _compare(ours, theirs, text) is None


@given(described=st.sampled_from(FIELDS), text=LIKELY)
def test_mended_value_and_example_are_right(described: dict[str, Any], text: str) -> None:
    ours, theirs = _both(described)
    for fault in ours.check(text).faults:
        if fault.mended is not None:
            assert theirs(fault.mended)[1] is None
    if ours.example is not None:
        assert theirs(ours.example)[1] is None


WRITTEN = st.one_of(
    st.tuples(st.just({"type": "integer"}), st.integers()),
    st.tuples(st.just({"type": "number"}), st.decimals(allow_nan=False, allow_infinity=False)),
    st.tuples(
        st.just({"type": "number", "decimalChar": ",", "groupChar": " "}),
        st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9),
    ),
    st.tuples(st.just({"type": "boolean", "trueValues": ["oui"]}), st.booleans()),
    st.tuples(st.just({"type": "date"}), st.dates(min_value=date(1000, 1, 1))),
    st.tuples(
        st.just({"type": "date", "format": "%d/%m/%Y"}), st.dates(min_value=date(1000, 1, 1))
    ),
    st.tuples(st.just({"type": "year"}), st.integers(1000, 9999)),
    st.tuples(st.just({"type": "array"}), st.lists(st.text(max_size=5), max_size=3)),
    st.tuples(
        st.just({"type": "object"}), st.dictionaries(st.text(max_size=5), st.integers(), max_size=3)
    ),
    st.tuples(st.just({"type": "duration"}), st.timedeltas(min_value=timedelta(0))),
    st.tuples(st.just({"constraints": {"required": True}}), st.text(min_size=1)),
)


@given(WRITTEN)
def test_value_written_for_a_field_has_no_fault(written: tuple[dict[str, Any], Any]) -> None:
    described, value = written
    descriptor = {"fields": [{"name": "c", **described}]}
    text, _ = Schema.from_descriptor(descriptor).fields[0].write_cell(value)
    ours, _ = _both(described)
    assert not ours.check(text).faults


def _both(described: dict[str, Any]):  # noqa: ANN202
    descriptor = {"fields": [{"name": "c", **described}]}
    schema = read_schema(descriptor).schema
    assert isinstance(schema, TableSchema)
    field = schema.fields[0]
    ours = CellCheck(field, schema.missing_values_of(field))
    return ours, Schema.from_descriptor(descriptor).fields[0].create_cell_reader()


def _compare(ours: CellCheck, theirs: Any, text: str) -> tuple[list[str], list[str]] | None:
    """The faults of each where they differ."""
    try:
        value, notes = theirs(text)
    except Exception:
        ours.check(text)
        return None
    checked = ours.check(text)
    expected = ["type-error" if name == "type" else "constraint-error" for name in notes or {}]
    found = [fault.code for fault in checked.faults]
    if sorted(expected) == sorted(found) and (value is None) == (checked.value is None):
        return None
    return expected, found


def test_resource_is_the_reference() -> None:
    # The comparison above stands on the public reader of a field: it is the one that validates.
    schema = Schema.from_descriptor({"fields": [{"name": "c", "type": "integer"}]})
    report = TableResource(data=[["c"], ["x"]], schema=schema).validate()
    assert [error.type for error in report.tasks[0].errors] == ["type-error"]
