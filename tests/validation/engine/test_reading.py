"""Files of any kind opened as tables, or refused in a sentence."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.limits import Limits
from ckanext.heraultdata.validation.engine.reading import open_table
from ckanext.heraultdata.validation.engine.reading.model import ReadTable, UnreadableError
from ckanext.heraultdata.validation.engine.schema import read_schema

TEXT = "nom;insee\r\nBéziers;34032\r\n"
ROWS = [["Béziers", "34032"]]


def read(source: bytes, name: str = "x.csv", names: tuple[str, ...] = ()) -> ReadTable:
    with open_table(source, name, Limits(), names) as table:
        table.records = iter(list(table.records))
        return table


def rows(table: ReadTable) -> list[list[str | None]]:
    return [list(cells) for _, cells in table.records]


def refusal(source: bytes) -> tuple[str, str]:
    with pytest.raises(UnreadableError) as caught:
        read(source)
    return caught.value.fault.code, str(caught.value)


def workbook(**sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("codec", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8-sig", b"", "utf-8"),
        ("utf-16", b"", "utf-16"),
        ("utf-16-be", b"\xfe\xff", "utf-16"),
        ("utf-16-le", b"", "utf-16"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_encodings(codec: str, mark: bytes, told: str) -> None:
    table = read(mark + TEXT.encode(codec))
    assert (table.header, rows(table)) == (["nom", "insee"], ROWS)
    assert table.encoding == told


def test_a_mark_of_utf8_that_lies_is_said_and_the_text_read() -> None:
    table = read(b"\xef\xbb\xbf" + TEXT.encode("cp1252"))
    assert rows(table) == ROWS
    assert table.encoding == "cp1252"
    assert [remark.code for remark in table.remarks] == ["encoding"]


@pytest.mark.parametrize("source", [b"nom,x\n\x81\x8d,2", "ééé,x\néé,è\n".encode() + b"\xe9,2\n"])
def test_a_text_in_no_encoding_is_an_encoding_error(source: bytes) -> None:
    code, sentence = refusal(source)
    assert code == "encoding-error"
    assert "CSV UTF-8" in sentence


def test_a_text_that_ceases_to_be_utf8_far_below_is_read_as_windows_1252() -> None:
    source = "a,b\n" + "x,y\n" * 100_000 + "é,z\n"
    schema = read_schema({"fields": [{"name": "a"}, {"name": "b"}]})
    for columnar in (False, True):
        report = check_file(source.encode("cp1252"), schema, columnar=columnar)
        assert (report.valid, report.encoding, report.rows) == (True, "cp1252", 100_001)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    lines = [["nom", "texte"], ["a", '"x, y; z"'], ["b", '"1,5; 2,5"'], ["c", "t"]]
    source = "\n".join(delimiter.join(line) for line in lines)
    table = read(source.encode())
    assert table.delimiter == delimiter
    assert rows(table) == [["a", "x, y; z"], ["b", "1,5; 2,5"], ["c", "t"]]


def test_the_names_of_the_standard_tell_the_delimiter() -> None:
    source = b"nom;prix\na,b,c;1,5\nd,e,f;2,5\n"
    assert read(source, names=("nom", "prix")).delimiter == ";"


def test_records_are_numbered_with_the_blank_ones_and_cells_of_several_lines() -> None:
    table = read(b'a,b\n"x\ny",1\n\nz,2\n')
    assert list(table.records) == [(2, ["x\ny", "1"]), (3, []), (4, ["z", "2"])]


def test_the_header_is_found_below_blank_rows() -> None:
    table = read(b"\n,\na,b\n1,2\n")
    assert (table.header, table.header_row) == (["a", "b"], 3)
    assert list(table.records) == [(4, ["1", "2"])]
    assert [remark.code for remark in table.remarks] == ["blank-row"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "image"),
        (b"  <!DOCTYPE html><html>", "web page"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (b'{"type": "FeatureCollection"}', "JSON"),
        (b"", "empty"),
        (b"\n\n", "no table"),
        (b"a\x00b\x01" * 9, "not a table"),
        (b"PK\x03\x04 cut", "cannot be unpacked"),
        (b"\x1f\x8b cut", "cannot be unpacked"),
        (b"\xd0\xcf\x11\xe0 cut", "cannot be opened"),
        (zipped(a__txt=b"a", b__csv=b"b"), "holds 2"),
        (zipped(a__pdf=b"a"), "holds 0"),
        (zipped(a__csv=b"%PDF-"), "PDF"),
    ],
)
def test_what_is_no_table_is_refused_by_its_name(source: bytes, words: str) -> None:
    code, sentence = refusal(source)
    assert code == "source-error"
    assert words in sentence


def test_archives_of_one_table() -> None:
    text = TEXT.encode()
    book = workbook(un=[["nom", "insee"], *ROWS])
    for source in (zipped(d__csv=text), gzip.compress(text), zipped(d__xlsx=book)):
        assert rows(read(source)) == ROWS


def test_values_of_a_spreadsheet_become_their_texts() -> None:
    header = ["a", "b", "c", "d", "e"]
    values = [34032.0, date(2024, 2, 26), datetime(2024, 2, 26, 9, 30), True, 1.5]  # noqa: DTZ001
    table = read(workbook(un=[header, values]), "x.xlsx")
    assert rows(table) == [["34032", "2024-02-26", "2024-02-26T09:30:00", "true", "1.5"]]
    assert table.number_columns == {0, 4}
    assert table.remarks == []


def test_a_format_of_zeros_keeps_the_zeros_in_front() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["code"])
    sheet.append([1234])
    sheet["A2"].number_format = "00000"
    stream = io.BytesIO()
    book.save(stream)
    assert rows(read(stream.getvalue(), "x.xlsx")) == [["01234"]]


def test_the_sheet_that_the_standard_fits_is_read() -> None:
    source = workbook(aide=[["Lisez-moi"]], données=[["nom", "insee"], *ROWS])
    table = read(source, "x.xlsx", ("nom", "insee"))
    assert rows(table) == ROWS
    assert [remark.code for remark in table.remarks] == ["several-sheets"]


def test_a_spreadsheet_named_csv_is_read_with_a_remark() -> None:
    table = read(workbook(un=[["a"], ["1"]]), "x.csv")
    assert [remark.code for remark in table.remarks] == ["misnamed"]


def test_formulas_of_a_spreadsheet_are_said() -> None:
    table = read(workbook(un=[["a", "b"], ["x", "=1+1"]]), "x.xlsx")
    assert [remark.code for remark in table.remarks] == ["formula"]


def test_blank_rows_at_the_end_of_a_sheet_are_no_rows() -> None:
    source = workbook(un=[["a", "b"], ["1", "2"], [], ["3"], [], ["", ""]])
    assert rows(read(source, "x.xlsx")) == [["1", "2"], [None, None], ["3", None]]


@pytest.mark.parametrize("repeats", [1, 1_000_000])
def test_ods(repeats: int) -> None:
    content = f"""<office:document-content
      xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
      xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
      xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
      <office:body><office:spreadsheet><table:table table:name="un">
      <table:table-row><table:table-cell><text:p>nom</text:p></table:table-cell>
      <table:table-cell><text:p>jour</text:p></table:table-cell>
      <table:table-cell><text:p>code</text:p></table:table-cell></table:table-row>
      <table:table-row><table:table-cell><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell>
      <table:table-cell office:value-type="date" office:date-value="2024-02-26"/>
      <table:table-cell office:value-type="float" office:value="34032"/>
      <table:table-cell table:number-columns-repeated="{repeats}"/></table:table-row>
      <table:table-row table:number-rows-repeated="{repeats}">
      <table:table-cell table:number-columns-repeated="{repeats}"/></table:table-row>
      </table:table></office:spreadsheet></office:body></office:document-content>"""
    source = zipped(mimetype=b"application/vnd.oasis", content__xml=content.encode())
    table = read(source, "x.ods")
    assert table.header == ["nom", "jour", "code"]
    assert rows(table) == [["a  b", "2024-02-26", "34032"]]


@settings(max_examples=200, deadline=None)
@given(
    start=st.sampled_from(
        [
            b"",
            b"PK\x03\x04",
            b"\x1f\x8b",
            b"\xd0\xcf\x11\xe0",
            b"\xff\xfe",
            b"a,b\n",
            b"\xef\xbb\xbf",
        ]
    ),
    rest=st.binary(max_size=300),
)
def test_random_bytes_never_raise(start: bytes, rest: bytes) -> None:
    schema = read_schema({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]})
    report = check_file(start + rest, schema, name="x")
    assert report.valid == (report.error_count == 0)


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 5_000), byte=st.integers(0, 255))
def test_damaged_spreadsheets_never_raise(place: int, byte: int) -> None:
    source = bytearray(BOOK)
    source[place % len(source)] = byte
    report = check_file(bytes(source), read_schema({"fields": [{"name": "a"}]}), name="x.xlsx")
    assert report.valid == (report.error_count == 0)


BOOK = workbook(un=[["a", "b"], *[[str(number), number] for number in range(20)]])
