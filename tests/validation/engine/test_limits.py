"""A file is hostile until proved otherwise: each limit is an error with a sentence."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.limits import Limits
from ckanext.heraultdata.validation.engine.schema import read_schema

SCHEMA = read_schema({"fields": [{"name": "a"}, {"name": "b"}]})
TEXT = b"a,b\n1,2\n3,4\n5,6\n"


@pytest.mark.parametrize("columnar", [False, True])
@pytest.mark.parametrize(
    ("limits", "code", "row", "rows", "words"),
    [
        (Limits(bytes=10), "source-error", None, 0, "MB"),
        (Limits(rows=2), "table-dimensions-error", 4, 2, "more than 2 rows"),
        (Limits(columns=1), "table-dimensions-error", 1, 0, "more than 1 cells"),
        (Limits(cell=0), "source-error", 1, 0, "more than 0 characters"),
        (Limits(seconds=0), "source-error", None, 3, "too long"),
    ],
)
def test_limits(
    limits: Limits, code: str, row: int | None, rows: int, words: str, columnar: bool
) -> None:
    report = check_file(TEXT, SCHEMA, limits=limits, columnar=columnar)
    (fault,) = report.errors
    assert (fault.code, fault.row, report.rows) == (code, row, rows)
    assert words in str(fault.message)
    assert not report.valid


def test_what_is_found_before_a_limit_is_kept() -> None:
    schema = read_schema({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]})
    for columnar in (False, True):
        report = check_file(
            b"a,b\nx,2\n3,4\ny,6\n", schema, limits=Limits(rows=2), columnar=columnar
        )
        assert [fault.code for fault in report.errors] == ["type-error", "table-dimensions-error"]


def test_the_fault_that_stops_the_check_is_listed_even_where_there_is_no_room() -> None:
    schema = read_schema({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]})
    report = check_file(b"a,b\nx,2\ny,4\nz,6\n", schema, limits=Limits(rows=2, listed_errors=2))
    assert [fault.code for fault in report.errors] == ["type-error", "table-dimensions-error"]
    assert report.error_count == 3


@pytest.mark.parametrize("kind", ["zip", "gz", "xlsx"])
def test_bombs_are_counted_while_they_unpack(kind: str) -> None:
    content = b"a,b\n" + b"0" * 20_000_000
    if kind == "gz":
        source = gzip.compress(content)
    else:
        name = {"zip": "a.csv", "xlsx": "xl/workbook.xml"}[kind]
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        source = stream.getvalue()
    assert len(source) < 100_000
    report = check_file(source, SCHEMA, limits=Limits(bytes=1024 * 1024))
    assert [str(fault.message) for fault in report.errors] == [
        "The file holds more than 1 MB: split it into several files."
    ]


def test_a_spreadsheet_that_declares_entities_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    report = check_file(stream.getvalue(), SCHEMA)
    assert [fault.code for fault in report.errors] == ["source-error"]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        report = check_file(path, SCHEMA)
        assert [fault.code for fault in report.errors] == ["source-error"]


def test_an_address_of_a_private_network_is_an_error() -> None:
    report = check_file("http://127.0.0.1:1/a.csv", SCHEMA)
    assert [fault.code for fault in report.errors] == ["source-error"]
    assert report.file == "http://127.0.0.1:1/a.csv"


def test_progress_is_told() -> None:
    told: list[int] = []
    check_file(b"a,b\n" + b"1,2\n" * 2_500, SCHEMA, progress=told.append)
    assert told == [1_000, 2_000, 2_500]


def test_a_fault_of_the_checker_is_reported_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_rows: int) -> None:
        raise ZeroDivisionError

    report = check_file(TEXT, SCHEMA, progress=broken)
    assert [fault.code for fault in report.errors] == ["source-error"]
    assert "the check of a file failed" in caplog.text
