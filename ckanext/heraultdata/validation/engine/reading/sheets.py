"""A spreadsheet, as the table of its first sheet, or of the one that the standard fits best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from ....messages import N_, Message
from ..faults import Remark
from ..limits import Limits
from .delimited import blank_records_above, refuse_beyond
from .model import Cells, ReadTable, too_many_rows, unreadable

_ROWS_TO_HEADER = 100
_BLANK_ROWS_TO_END = 1_000


@dataclass(frozen=True)
class SheetCell:
    """A cell as its text, and whether the spreadsheet held a number there."""

    text: str
    is_number: bool = False


Row = list[SheetCell | None]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Attributes:
        name: on its tab.
        rows: a function that reads its rows from the first one.
    """

    name: str
    rows: Callable[[], Iterator[Row]]


def open_sheet(sheets: Iterable[Sheet], names: Collection[str], limits: Limits) -> ReadTable:
    """The table of the sheet whose header has most names of the standard, else of the first.

    Blank rows at the end of a sheet, and blank cells at the end of a row beyond the header, are
    what spreadsheets leave behind: they are no part of the table.

    Args:
        sheets: the sheets of the workbook, in order.
        names: the names of the columns expected.
        limits: what may be read of it.

    Raises:
        UnreadableError: where no sheet holds anything.
    """
    headers = [(sheet, *header) for sheet in sheets if (header := _header_of(sheet))]
    if not headers:
        raise unreadable(N_("No sheet of this file holds a table: one must, with its header."))
    sheet, header_row, header = max(headers, key=lambda found: _known(found[2], names))
    table = ReadTable(
        header=header,
        header_row=header_row,
        records=iter(()),
        remarks=blank_records_above(header_row),
    )
    if len(headers) > 1:
        table.remarks.append(_several_sheets(sheet.name))
    table.records = _records(sheet, table, limits)
    return table


def _header_of(sheet: Sheet) -> tuple[int, list[str]] | None:
    for number, row in enumerate(islice(sheet.rows(), _ROWS_TO_HEADER), 1):
        labels = _texts(row)
        if any(label and label.strip() for label in labels):
            return number, [label or "" for label in labels]
    return None


def _known(header: list[str], names: Collection[str]) -> int:
    return sum(label.strip() in names for label in header)


def _several_sheets(name: str) -> Remark:
    return Remark(
        "several-sheets",
        Message(N_("Several sheets")),
        Message(
            N_("The file has several sheets; the one checked is “{name}”."),
            {"name": name},
        ),
    )


def _records(sheet: Sheet, table: ReadTable, limits: Limits) -> Iterator[tuple[int, Cells]]:
    width = len(table.header)
    blank: list[int] = []
    read = 0
    for number, row in enumerate(sheet.rows(), 1):
        if number <= table.header_row:
            continue
        cells = _texts(row)
        if not cells:
            blank.append(number)
            if len(blank) > _BLANK_ROWS_TO_END:
                return
            continue
        refuse_beyond(number, cells, limits)
        _note_numbers(row, table.number_columns)
        cells += [None] * (width - len(cells))
        for record in chain(((above, [None] * width) for above in blank), ((number, cells),)):
            read += 1
            if read > limits.rows:
                raise too_many_rows(limits.rows, record[0])
            yield record
        blank.clear()


def _texts(row: Row) -> list[str | None]:
    texts = [cell.text if cell else None for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _note_numbers(row: Row, columns: set[int]) -> None:
    columns.update(index for index, cell in enumerate(row) if cell and cell.is_number)
