"""The columnar path and the row path say the same, whatever the file and the standard."""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.heraultdata.validation.engine.columns.patterns import PLAIN, columnar_pattern
from ckanext.heraultdata.validation.engine.columns.structure import parse
from ckanext.heraultdata.validation.engine.limits import Limits
from tests.validation.engine.paths import both

NAMES = ["a", "b", "c", "d"]
OFTEN_WRONG = [
    "", " ", "0", "1", "007", "-3", " 3", "3.0", "1e3", "1,5", "NaN", "12", "999999999999999999",
    "2024-02-26", "2024-2-6", "2023-02-29", "0001-01-01", "0000-01-01", "26/02/2024",
    "true", "False", "oui", "2024", "2024/2025", "2025/2024", "=1+1", "+33 4 67 67 67 67", "-1.50",
    "@x", "\tx", "é", "x\ny", 'a "b" c', "a;b", "[1, 2]", '{"a": 1}', "43.6, 3.9", "200.0, 3.9",
    "22340001700012", "22340001700013", "223400017", "Urbanisme/Plans", "Voirie/Plans", "NA",
    "https://data.herault.fr/a", "data.herault.fr", "x@y.fr", "09:30:00", "2024-02-26T09:30:00",
    "abab", "abcd", "²", "1_000", "١٢", "\u00a0", "\x1c", "ab\r", "P1Y", "2024-02",
]  # fmt: skip
TYPES = [
    "any", "array", "boolean", "date", "datetime", "duration", "geopoint", "integer", "number",
    "object", "string", "time", "year", "yearmonth", "texte",
]  # fmt: skip
FORMATS = ["default", "uri", "email", "uuid", "%Y-%m-%d", "%d/%m/%Y", "%Y", "array"]
PATTERNS = [
    r"^\d{14}$", r"\w+", r"[^\d]*", r"ab|cd", r"(ab)\1", r"[A-Za-zÀ-ÿ' -]+", r"\S+\s?\S*", ".*",
    r"[0-9]{4}(\/[0-9]{4})?", r"(", r"a++", r"(?i)AB", r"[\w&&[^0-9]]*", r"\d*?",
]  # fmt: skip

texts = st.sampled_from(OFTEN_WRONG) | st.text(max_size=6)
bounds = st.sampled_from([None, 0, 1, -3, "12", 2.5, "2024-01-01", "x"])
LIMITS = [
    Limits(),
    Limits(),
    Limits(listed_errors=3),
    Limits(rows=4),
    Limits(columns=5),
    Limits(cell=8),
]


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(TYPES))
    constraints = {
        "required": draw(st.booleans()),
        "unique": draw(st.sampled_from([False, False, False, True])),
        "pattern": draw(st.none() | st.sampled_from(PATTERNS)),
        "minimum": draw(bounds),
        "maximum": draw(bounds),
        "minLength": draw(st.sampled_from([None, None, 1, 3])),
        "maxLength": draw(st.sampled_from([None, None, 2, 10])),
        "enum": draw(st.none() | st.none() | st.lists(st.sampled_from(OFTEN_WRONG), max_size=4)),
    }
    return {
        "name": name,
        "type": kind,
        "format": draw(st.sampled_from(FORMATS)),
        "constraints": {key: value for key, value in constraints.items() if value is not None},
    }


columns = st.sampled_from(NAMES)
checks = st.one_of(
    st.builds(
        lambda name, column: {"name": name, "params": {"column": column}},
        st.sampled_from(["french-siret-value", "siren", "nomenclature-actes-value", "unknown"]),
        columns,
    ),
    st.builds(
        lambda column: {
            "name": "year-interval-value",
            "params": {"column": column, "allow-year-only": "yes"},
        },
        columns,
    ),
    st.builds(
        lambda column, other, op: {
            "name": "compare-columns-value",
            "params": {"column": column, "column2": other, "op": op},
        },
        columns,
        columns,
        st.sampled_from([">", ">=", "==", "<=", "<"]),
    ),
    st.builds(
        lambda column, others: {
            "name": "cohesive-columns-value",
            "params": {"column": column, "othercolumns": others},
        },
        columns,
        st.lists(columns, min_size=1, max_size=3),
    ),
    st.builds(
        lambda column, others: {
            "name": "sum-columns-value",
            "params": {"column": column, "columns": others},
        },
        columns,
        st.lists(columns, min_size=1, max_size=3),
    ),
    st.builds(
        lambda column, other: {
            "name": "one-of-required",
            "params": {"column1": column, "column2": other},
        },
        columns,
        columns,
    ),
)


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [draw(fields(name)) for name in NAMES],
        "custom_checks": draw(st.lists(checks, max_size=3)),
    }
    missing = draw(st.sampled_from([None, [""], ["", "NA"], ["NA"]]))
    if missing is not None:
        schema["missingValues"] = missing
    if draw(st.sampled_from([True, False, False])):
        schema["primaryKey"] = draw(st.sampled_from(["a", ["a", "b"]]))
    if draw(st.sampled_from([True, False, False, False])):
        schema["foreignKeys"] = [{"fields": "b", "reference": {"resource": "", "fields": "a"}}]
    return schema


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    header = draw(st.permutations(NAMES)) + draw(st.sampled_from([[], ["other"]]))
    favourites = [draw(st.lists(texts, min_size=1, max_size=4)) for _ in header]
    rows = draw(
        st.lists(st.tuples(*(st.sampled_from(favourite) for favourite in favourites)), max_size=12)
    )
    uneven = draw(st.sampled_from([[], [], [[]], [["x"]], [["", "", "", "", "", "", "y"]]]))
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerows([header, *draw(st.permutations([*rows, *uneven]))])
    text = stream.getvalue() + draw(st.sampled_from(["", "", '1,"2', 'a"b;c\n', "\n", "\r\n"]))
    return text.encode("utf-8", "replace")


@pytest.mark.usefixtures("small_scale")
@pytest.mark.filterwarnings("ignore:Possible set:FutureWarning")
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(source=tables(), schema=schemas(), limits=st.sampled_from(LIMITS))
def test_both_paths_give_the_same_report(
    source: bytes, schema: dict[str, Any], limits: Limits
) -> None:
    by_rows, by_columns = both(source, schema, limits)
    assert by_columns == by_rows


@pytest.mark.usefixtures("small_scale")
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(source=st.binary(max_size=200).map(b"a,b\n".__add__))
def test_both_paths_read_the_same_of_any_bytes(source: bytes) -> None:
    by_rows, by_columns = both(source, {"fields": [{"name": "a", "type": "integer"}]})
    assert by_columns == by_rows


@pytest.mark.parametrize("signs", ['a,"\n', ',"\r\n'])
def test_what_is_put_in_columns_is_what_the_csv_module_reads(signs: str) -> None:
    parsed_records = 0
    for text in map("".join, itertools.product(signs, repeat=6)):
        parsed = parse(text.encode(), ",", 2, is_last=True)
        if parsed is None:
            continue
        lines = range(parsed.height) if parsed.lines is None else parsed.lines.to_list()
        framed = zip(lines, map(list, parsed.frame.rows()), strict=True)
        records = [cells for _, cells in sorted([*framed, *parsed.others])]
        assert records == list(csv.reader(io.StringIO(text, newline="")))
        parsed_records += parsed.frame.height
    assert parsed_records


@settings(max_examples=500, deadline=None)
@given(
    pattern=st.sampled_from(PATTERNS) | st.text("ab\\dwsS[]^-&~|+*?{}1,()é#<", max_size=8),
    text=texts,
)
@pytest.mark.filterwarnings("ignore:Possible:FutureWarning")
def test_a_pattern_that_polars_takes_proves_that_of_python(pattern: str, text: str) -> None:
    columnar = columnar_pattern(pattern)
    if columnar is None:
        return
    expression, only_of_plain_texts = columnar
    text_column = pl.Series([text])
    try:
        matches = bool(text_column.str.contains(expression).item())
    except pl.exceptions.ComputeError:
        return
    if only_of_plain_texts and not text_column.str.contains(PLAIN).item():
        return
    if matches:
        assert re.match(f"^{pattern}$", text)


def test_faults_are_counted_beyond_those_listed() -> None:
    lines = "".join(f"{number % 7},x\n" for number in range(30_000))
    schema = {"fields": [{"name": "a", "constraints": {"enum": ["1", "2"]}}, {"name": "b"}]}
    by_rows, by_columns = both(f"a,b\n{lines}".encode(), schema)
    assert by_columns == by_rows
    assert (by_columns.error_count, len(by_columns.errors)) == (21_428, 1_000)
    assert by_columns.rows == 30_000


def test_a_quotation_mark_never_closed_is_told_where_it_opens() -> None:
    lines = "1,x\n" * 10_000 + '1,"x\n' + "1,x\n" * 100_000
    schema = {"fields": [{"name": "a"}, {"name": "b"}]}
    by_rows, by_columns = both(f"a,b\n{lines}".encode(), schema)
    assert by_columns == by_rows
    assert [(fault.code, fault.row) for fault in by_columns.errors] == [("source-error", 10_002)]


def test_rows_and_keys_keep_the_order_of_the_file() -> None:
    lines = "".join(f"{number % 9_000},{number % 3_000}\n" for number in range(10_000))
    schema = {
        "fields": [
            {"name": "a", "constraints": {"unique": True}},
            {"name": "b", "constraints": {"pattern": "[^7]*"}},
        ]
    }
    by_rows, by_columns = both(f"a,b\n{lines}".encode(), schema, Limits(listed_errors=5_000))
    assert by_columns == by_rows
    assert {fault.code for fault in by_columns.errors} == {"unique-error", "constraint-error"}


@pytest.mark.usefixtures("small_scale")
@pytest.mark.parametrize("start", ["x^", "x\x01", "(\u00b5/\ufffd", "\ufeff", "PK"])
def test_a_record_that_begins_like_an_archive_is_a_record(start: str) -> None:
    source = "a,b\n" + f"{start},1\n" * 50
    by_rows, by_columns = both(source.encode(), {"fields": [{"name": "a"}, {"name": "b"}]})
    assert by_columns == by_rows
    assert (by_columns.valid, by_columns.rows) == (True, 50)


@pytest.mark.usefixtures("small_scale")
@pytest.mark.parametrize(
    ("field", "errors"),
    [
        ({"format": "uri"}, 50),
        ({"format": "email"}, 50),
        ({"constraints": {"enum": ["x"]}}, 50),
        ({"constraints": {"minLength": 9}}, 50),
        ({"constraints": {"pattern": "y+"}}, 50),
        ({"constraints": {"required": True}}, 50),
        ({"type": "any", "constraints": {"enum": ["x"]}}, 50),
        ({"type": "date"}, 50),
        ({}, 0),
    ],
)
def test_a_column_of_plain_texts_is_held_to_its_rules(field: dict[str, Any], errors: int) -> None:
    schema = {"missingValues": ["", "NA"], "fields": [{"name": "a", **field}, {"name": "b"}]}
    cell = "NA" if field.get("constraints") == {"required": True} else "plain"
    source = "a,b\n" + f"{cell},1\n" * 50
    by_rows, by_columns = both(source.encode(), schema)
    assert by_columns == by_rows
    assert by_columns.error_count == errors
