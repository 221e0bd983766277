"""A file opened as a table: its header, then its records, whatever holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import PurePath

from ....messages import N_, Message
from ..faults import Remark
from ..limits import Limits
from .content import Source, refuse_oversized, start_of
from .delimited import DelimitedText, open_delimited, recognised
from .kinds import Kind, kind_of, not_a_table
from .model import ReadTable, UnreadableError
from .sheets import open_sheet

__all__ = [
    "DelimitedText",
    "ReadTable",
    "Source",
    "UnreadableError",
    "open_delimited",
    "open_table",
    "opened_source",
]

_START = 4096
_SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}


@contextmanager
def open_table(
    source: Source, name: str, limits: Limits, names: Collection[str] = ()
) -> Iterator[ReadTable]:
    """A file as a table, open while the context lasts.

    Args:
        source: the bytes, or where they are.
        name: name of the file, whose extension only serves for remarks.
        limits: what may be read of it.
        names: the names of the columns expected, which help to find the sheet and the separator.

    Raises:
        UnreadableError: where there is no table, with the reason; reading records may too.
    """
    with opened_source(source, name, limits, names) as content:
        if isinstance(content, DelimitedText):
            yield open_delimited(content, limits)
        else:
            yield content


@contextmanager
def opened_source(
    source: Source,
    name: str,
    limits: Limits,
    names: Collection[str] = (),
    is_whole: bool = True,
) -> Iterator[DelimitedText | ReadTable]:
    """A file as what it is: a text of known encoding and separator, or the table of a sheet.

    Args and errors are those of `open_table`; `is_whole` is whether the encoding of a text is
    proved on every byte, or may prove wrong as the text is read (`UnicodeDecodeError`).
    """
    refuse_oversized(source, limits.bytes)
    kind = kind_of(start_of(source, _START))
    if _is_archive(source, kind):
        from .archives import unpacked

        with (
            unpacked(source, kind is Kind.ZIP, limits.bytes) as (place, inner),
            _opened_flat(place, inner, limits, names, is_whole) as content,
        ):
            yield content
        return
    with _opened_flat(source, name, limits, names, is_whole) as content:
        yield content


def _is_archive(source: Source, kind: Kind) -> bool:
    if kind is not Kind.ZIP:
        return kind is Kind.GZIP
    from .archives import is_spreadsheet

    return is_spreadsheet(source) is None


@contextmanager
def _opened_flat(
    source: Source, name: str, limits: Limits, names: Collection[str], is_whole: bool
) -> Iterator[DelimitedText | ReadTable]:
    refuse_oversized(source, limits.bytes)
    kind = kind_of(start_of(source, _START))
    if kind is Kind.TEXT:
        yield recognised(source, names, is_whole)
        return
    with _opened_workbook(source, kind, limits, names) as table:
        table.remarks.extend(_misnamed(name))
        yield table


@contextmanager
def _opened_workbook(
    source: Source, kind: Kind, limits: Limits, names: Collection[str]
) -> Iterator[ReadTable]:
    from .archives import is_spreadsheet

    spreadsheet = is_spreadsheet(source) if kind is Kind.ZIP else None
    if kind is Kind.XLS:
        from .workbooks import xls_sheets

        with xls_sheets(source) as sheets:
            yield open_sheet(sheets, names, limits)
    elif spreadsheet == "xlsx":
        from .workbooks import xlsx_sheets

        with xlsx_sheets(source, limits.bytes) as (sheets, remarks):
            table = open_sheet(sheets, names, limits)
            table.remarks.extend(remarks)
            yield table
    elif spreadsheet == "ods":
        from .ods import ods_sheets

        with ods_sheets(source, limits.bytes, limits.columns) as sheets:
            yield open_sheet(sheets, names, limits)
    else:
        raise not_a_table()


def _misnamed(name: str) -> list[Remark]:
    extension = PurePath(name).suffix.lower()
    if not extension or extension in _SPREADSHEETS:
        return []
    return [
        Remark(
            "misnamed",
            Message(N_("Name of the file")),
            Message(
                N_("The file is a spreadsheet under the name “{name}”: give it its own extension."),
                {"name": name},
            ),
        )
    ]
