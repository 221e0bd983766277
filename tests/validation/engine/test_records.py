"""Records and keys against frictionless, and headers as the State's validator takes them."""

from __future__ import annotations

from typing import Any

import pytest
from frictionless import Dialect, Schema
from frictionless.resources import TableResource
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.heraultdata.validation.engine.faults import Fault
from ckanext.heraultdata.validation.engine.records import KeyTracker, RecordChecker, match_header
from ckanext.heraultdata.validation.engine.schema import TableSchema, read_schema

FIELDS = [
    {"name": "id", "type": "integer", "constraints": {"required": True}},
    {"name": "name", "type": "string", "constraints": {"maxLength": 3}},
    {"name": "day", "type": "date", "constraints": {"unique": True}},
    {"name": "open", "type": "boolean"},
    {"name": "code", "type": "string", "constraints": {"unique": True, "pattern": r"\d+"}},
]
CELLS = st.sampled_from(["", "1", "2", "01", "x", "abcd", "2024-01-05", "2024-1-5", "true", "12"])


def schema_of(descriptor: dict[str, Any]) -> TableSchema:
    schema = read_schema(descriptor).schema
    assert isinstance(schema, TableSchema)
    return schema


def faults_of(schema: TableSchema, rows: list[list[str]]) -> list[Fault]:
    match = match_header(schema, rows[0])
    faults = list(match.faults)
    if match.fatal:
        return faults
    checker, keys = RecordChecker(schema, match), KeyTracker(schema, match)
    faults += checker.file_faults
    for number, cells in enumerate(rows[1:], 2):
        faults += checker.faults_of(number, cells) + keys.faults_of(number, cells)
    return faults + keys.faults_at_end()


@settings(max_examples=150, deadline=None)
@given(
    header=st.lists(
        st.sampled_from(["id", "name", "day", "open", "code", "extra"]), min_size=1, unique=True
    ),
    rows=st.lists(st.lists(CELLS, max_size=7), min_size=1, max_size=8),
    key=st.sampled_from([None, "id", ["id", "name"]]),
    missing=st.sampled_from([[""], ["", "x"], []]),
)
def test_rows_have_the_errors_of_frictionless(
    header: list[str], rows: list[list[str]], key: object, missing: list[str]
) -> None:
    descriptor: dict[str, Any] = {"fields": FIELDS, "missingValues": missing}
    if key is not None:
        descriptor["primaryKey"] = key
    if header == ["extra"]:
        header = ["id", "extra"]
    theirs = TableResource(
        data=[header, *rows],
        schema=Schema.from_descriptor({**descriptor, "fieldsMatch": "partial"}),
        # Else it looks for the header among the first rows.
        dialect=Dialect(header_rows=[1]),
    ).validate()
    expected = [
        (getattr(error, "row_number", None), error.type, _column_of(error))
        for error in theirs.tasks[0].errors
    ]
    found = [
        (fault.row, fault.code, None if fault.code == "primary-key" else fault.column)
        for fault in faults_of(schema_of(descriptor), [header, *rows])
    ]
    assert sorted(found, key=str) == sorted(expected, key=str)


def _column_of(error: Any) -> str | None:
    return getattr(error, "field_name", None) or None


@given(st.lists(st.lists(st.text(max_size=5), max_size=6), min_size=1, max_size=4))
def test_any_text_is_checked_without_raising(rows: list[list[str]]) -> None:
    faults_of(schema_of({"fields": FIELDS}), [["id", "day", ""], *rows])


def test_faults_are_numbered_from_the_header() -> None:
    faults = faults_of(schema_of({"fields": FIELDS}), [["id"], ["1"], [], ["x"]])
    assert [(fault.row, fault.code) for fault in faults] == [(3, "blank-row"), (4, "type-error")]


def test_short_row_lacks_a_cell_and_a_compulsory_value() -> None:
    faults = faults_of(schema_of({"fields": FIELDS}), [["name", "id"], ["a"]])
    assert [(fault.code, fault.column) for fault in faults] == [
        ("constraint-error", "id"),
        ("missing-cell", "id"),
    ]


def test_formulas_and_blanks_are_remarks_with_their_columns() -> None:
    schema = schema_of(
        {
            "fields": [
                {"name": "id", "type": "integer"},
                {"name": "name", "constraints": {"required": True}},
                {"name": "note"},
            ]
        }
    )
    match = match_header(schema, ["id", "name", "note"])
    checker = RecordChecker(schema, match)
    rows = [["-1", "=1+1", "-12,5"], ["+2", "  ", "@x"], ["3", "=2", "- a"]]
    assert not [
        fault for row, cells in enumerate(rows, 2) for fault in checker.faults_of(row, cells)
    ]
    told = {remark.code: remark.message.values for remark in checker.remarks()}
    assert told == {
        "formula": {"names": "name, note", "row": "2"},
        "blank-text": {"names": "name", "row": "3"},
    }


class TestHeader:
    def test_order_is_free_and_optional_or_extra_columns_are_remarks(self) -> None:
        match = match_header(schema_of({"fields": FIELDS}), ["code", "id ", "other", ""])
        assert not match.faults
        assert [remark.code for remark in match.remarks] == [
            "missing-label",
            "extra-label",
            "blank-label",
            "blank-around-label",
            "disordered-label",
        ]

    def test_compulsory_column_is_missing_in_another_case(self) -> None:
        match = match_header(schema_of({"fields": FIELDS}), ["ID", "name"])
        assert [(fault.code, fault.column, fault.mended) for fault in match.faults] == [
            ("missing-label", "id", "id")
        ]
        assert "“ID”: did you mean" in str(match.faults[0].message)

    def test_optional_column_in_another_case_is_asked_about(self) -> None:
        match = match_header(schema_of({"fields": FIELDS}), ["id", "Name"])
        assert not match.faults
        assert "did you mean “name”?" in str(
            next(remark for remark in match.remarks if remark.column == "Name").message
        )

    def test_column_of_the_primary_key_is_compulsory(self) -> None:
        schema = schema_of({"fields": FIELDS, "primaryKey": "name"})
        assert [fault.column for fault in match_header(schema, ["id"]).faults] == ["name"]

    @pytest.mark.parametrize(
        ("labels", "code"),
        [
            (["x", "y"], "no-known-column"),
            ([], "no-known-column"),
            (["id", "id"], "duplicate-label"),
        ],
    )
    def test_nothing_else_is_checked(self, labels: list[str], code: str) -> None:
        match = match_header(schema_of({"fields": FIELDS}), labels)
        assert match.fatal
        assert [fault.code for fault in match.faults] == [code]


class TestForeignKey:
    DESCRIPTOR = {
        "fields": [{"name": "id"}, {"name": "parent"}],
        "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "id"}}],
    }

    def test_row_may_refer_to_a_later_one(self) -> None:
        rows = [["id", "parent"], ["a", "b"], ["b", ""], ["c", "z"]]
        faults = faults_of(schema_of(self.DESCRIPTOR), rows)
        assert [(fault.row, fault.code, fault.column, fault.cell) for fault in faults] == [
            (4, "foreign-key", "parent", "z")
        ]

    def test_reference_to_another_table_is_a_remark(self) -> None:
        described = {
            **self.DESCRIPTOR,
            "foreignKeys": [{"fields": "parent", "reference": {"resource": "t", "fields": "id"}}],
        }
        read = read_schema(described)
        assert [remark.code for remark in read.remarks] == ["schema-foreign-key"]
        assert not faults_of(schema_of(described), [["id", "parent"], ["a", "z"]])
