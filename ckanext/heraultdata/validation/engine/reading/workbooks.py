"""XLSX and XLS workbooks, by openpyxl and xlrd, without macros, links nor formulas run."""

from __future__ import annotations

import contextlib
import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ....messages import N_, Message
from ..faults import Remark
from .archives import refuse_bomb
from .content import Source, opened
from .model import UnreadableError, unreadable
from .sheet_values import cell_of
from .sheets import Row, Sheet

if TYPE_CHECKING:
    import xlrd.book
    import xlrd.sheet
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_DAMAGED = N_(
    "The spreadsheet cannot be opened: it is damaged or locked by a password. Save it again."
)


@contextmanager
def xlsx_sheets(source: Source, limit: int) -> Iterator[tuple[list[Sheet], list[Remark]]]:
    """The sheets of an XLSX workbook, read as they come, and what is to be said of it.

    The size that a sheet declares is not trusted, and formulas give the values last computed.

    Args:
        source: the workbook.
        limit: bytes that it may unpack to.

    Raises:
        UnreadableError: where it is damaged or beyond the limit.
    """
    import openpyxl

    with opened(source) as stream, warnings.catch_warnings():
        # openpyxl warns of parts that it leaves out: drop-down lists, styles, headers and footers.
        warnings.simplefilter("ignore")
        with _refusing_damage():
            with zipfile.ZipFile(stream) as archive:
                refuse_bomb(archive, limit)
                remarks = _formulas(archive)
            stream.seek(0)
            workbook = openpyxl.load_workbook(
                stream, read_only=True, data_only=True, keep_links=False
            )
        with contextlib.closing(workbook):
            yield (
                [
                    Sheet(str(sheet.title), lambda sheet=sheet: _xlsx_rows(sheet))
                    for sheet in workbook.worksheets
                    if sheet.sheet_state == "visible"
                ],
                remarks,
            )


def _xlsx_rows(sheet: ReadOnlyWorksheet) -> Iterator[Row]:
    with _refusing_damage():
        sheet.reset_dimensions()
        for row in sheet.iter_rows():
            yield [
                None if cell.value is None else cell_of(cell.value, cell.number_format or "")
                for cell in row
            ]


def _formulas(archive: zipfile.ZipFile) -> list[Remark]:
    if not any(_holds_formula(archive, name) for name in archive.namelist()):
        return []
    return [
        Remark(
            "formula",
            Message(N_("Formulas")),
            Message(
                N_(
                    "Cells hold formulas: the values last computed were checked. Paste the values "
                    "in their place, so that everybody reads the same."
                )
            ),
        )
    ]


def _holds_formula(archive: zipfile.ZipFile, name: str) -> bool:
    if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
        return False
    with archive.open(name) as part:
        tail = b""
        while chunk := part.read(256 * 1024):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                return True
            tail = chunk[-2:]
    return False


@contextmanager
def xls_sheets(source: Source) -> Iterator[list[Sheet]]:
    """The sheets of an XLS workbook of Excel 97 to 2003.

    Raises:
        UnreadableError: where it is another document of that age, damaged or locked.
    """
    import xlrd

    content = source.read_bytes() if isinstance(source, Path) else source
    with _refusing_damage():
        workbook = xlrd.open_workbook(
            file_contents=content,
            on_demand=True,
            ragged_rows=True,
            formatting_info=False,
            logfile=io.StringIO(),
        )
    try:
        yield [
            Sheet(name, lambda name=name: _xls_rows(workbook, name))
            for name in workbook.sheet_names()
        ]
    finally:
        workbook.release_resources()


def _xls_rows(workbook: xlrd.book.Book, name: str) -> Iterator[Row]:
    with _refusing_damage():
        sheet = workbook.sheet_by_name(name)
        for index in range(sheet.nrows):
            yield [cell_of(_xls_value(cell, workbook.datemode)) for cell in sheet.row(index)]


def _xls_value(cell: xlrd.sheet.Cell, datemode: int) -> object:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(int(cell.value), "#N/A")
    if cell.ctype != xlrd.XL_CELL_DATE:
        return cell.value
    try:
        return xlrd.xldate.xldate_as_datetime(float(cell.value), 1 if datemode else 0)
    except (xlrd.XLDateError, OverflowError, ValueError):
        return cell.value


@contextmanager
def _refusing_damage() -> Iterator[None]:
    """Turn what the readers raise on a damaged workbook, which may be anything, into a sentence."""
    try:
        yield
    except (UnreadableError, GeneratorExit):
        raise
    except Exception as error:  # the readers check nothing, and have no base of their own
        raise unreadable(_DAMAGED) from error
