"""A report to take away: the list of errors as CSV, the file with its faulty cells as XLSX.

Texts of a file that anybody may have written never reach a spreadsheet as formulas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import ckan.plugins.toolkit as tk
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ..engine.reading import ReadTable, open_table
from ..engine.reading.model import UnreadableError
from ..engine.report import Report
from . import running
from .presentation import ToldFault, faults_of
from .running import OpenedFile

ROWS = 10_000
_COLUMNS = 500
_NO_TABLE = (".json", ".geojson")
_CELL = 2_000
_NOTE = 500
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
WORKBOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FAULTY = {"bg_color": "#F8D7DA", "border": 1, "border_color": "#A61B1B"}
HEADER = {"bold": True, "bg_color": "#E7F1FB"}

_Places = dict[tuple[int, str | None], list[ToldFault]]


def as_csv(report: Report) -> bytes:
    """The errors as CSV, with `;` and a byte order mark, as spreadsheets in French expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_headings())
    for fault in faults_of(report):
        writer.writerow([without_formula(cell) for cell in _cells(fault)])
    return text.getvalue().encode("utf-8-sig")


def without_formula(text: str) -> str:
    """The text as spreadsheets take it for a text: with an apostrophe where it begins a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def as_xlsx(report: Report, file: OpenedFile | None) -> bytes:
    """The errors and, on a sheet of its own, the file with its faulty cells coloured.

    Args:
        report: the report.
        file: the file; None where it has changed since, or is out of reach.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, WORKBOOK) as workbook:
        header, faulty = workbook.add_format(HEADER), workbook.add_format(_FAULTY)
        faults = faults_of(report)
        _write_errors(workbook.add_worksheet(tk._("Errors")), faults, header)
        if file is not None and not file.name.lower().endswith(_NO_TABLE):
            _add_file(workbook, file, faults, (header, faulty))
    return content.getvalue()


def _headings() -> list[str]:
    return [
        tk._("Row"),
        tk._("Column"),
        tk._("Error"),
        tk._("Explanation"),
        tk._("Value found"),
        tk._("Value proposed"),
    ]


def _cells(fault: ToldFault) -> list[str]:
    row = "" if fault.row is None else str(fault.row)
    return [
        row,
        *(
            text or ""
            for text in (fault.column, fault.title, fault.message, fault.cell, fault.mended)
        ),
    ]


def _write_errors(sheet: Worksheet, faults: Sequence[ToldFault], header: Format) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 2, 25)
    sheet.set_column(3, 3, 80)
    sheet.set_column(4, 5, 25)
    for rank, heading in enumerate(_headings()):
        sheet.write_string(0, rank, heading, header)
    for row, fault in enumerate(faults, start=1):
        for rank, text in enumerate(_cells(fault)):
            sheet.write_string(row, rank, text[:_CELL])


def _add_file(
    workbook: xlsxwriter.Workbook,
    file: OpenedFile,
    faults: Sequence[ToldFault],
    formats: tuple[Format, Format],
) -> None:
    try:
        with open_table(file.path, file.name, running.limits()) as table:
            _write_file(workbook.add_worksheet(tk._("File")), table, faults, formats)
    except UnreadableError:
        # The errors say why, or from where on.
        return


def _write_file(
    sheet: Worksheet,
    table: ReadTable,
    faults: Sequence[ToldFault],
    formats: tuple[Format, Format],
) -> None:
    header, faulty = formats
    places: _Places = {}
    for fault in faults:
        places.setdefault((fault.row or table.header_row, fault.column), []).append(fault)
    sheet.freeze_panes(1, 0)
    labels = [label.strip() for label in table.header[:_COLUMNS]]
    _write_row(sheet, 0, labels, places, (table.header_row, labels), (header, faulty))
    for row, (number, cells) in enumerate(table.records, start=1):
        if row > ROWS:
            return
        _write_row(sheet, row, cells[:_COLUMNS], places, (number, labels), (None, faulty))


def _write_row(
    sheet: Worksheet,
    row: int,
    cells: Sequence[str | None],
    places: _Places,
    place: tuple[int, list[str]],
    formats: tuple[Format | None, Format],
) -> None:
    number, labels = place
    usual, faulty = formats
    of_row = places.get((number, None), [])
    for rank in range(max(len(cells), len(labels))):
        text = cells[rank] if rank < len(cells) else None
        label = labels[rank] if rank < len(labels) else None
        found = places.get((number, label), []) if label else []
        # What concerns the row and no column stands on its first cell.
        found = found + of_row if rank == 0 else found
        sheet.write_string(row, rank, (text or "")[:_CELL], faulty if found else usual)
        if found:
            note = "\n".join(fault.message for fault in found)
            sheet.write_comment(row, rank, note[:_NOTE])
