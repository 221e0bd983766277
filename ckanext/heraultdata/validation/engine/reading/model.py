"""What reading a file gives, and how it says that a file cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ....messages import N_, Message
from ..faults import Fault, Remark

Cells = Sequence[str | None]

UNREADABLE = N_("File that cannot be read")
TOO_LARGE = N_("File beyond the limits")
MEBIBYTE = 1024 * 1024


class UnreadableError(Exception):
    """A file, or what remains of it, that cannot be read.

    Attributes:
        fault: the error to report.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault.message))
        self.fault = fault


@dataclass
class ReadTable:
    """A table whose header is read, and whose records are read as they are asked for.

    Attributes:
        header: the names of the columns, as they stand in the file.
        header_row: number of the record that holds the header, from 1.
        records: number and cells of each record of data, in order; raises
            `UnreadableError` where the
            rest cannot be read or is beyond the limits.
        encoding: of the text, None for a spreadsheet.
        delimiter: between cells, None for a spreadsheet.
        remarks: on the file as a whole; some come as the records are read.
        number_columns: positions of the columns where a spreadsheet held numbers, as they are read.
    """

    header: list[str]
    header_row: int
    records: Iterator[tuple[int, Cells]]
    encoding: str | None = None
    delimiter: str | None = None
    remarks: list[Remark] = field(default_factory=list)
    number_columns: set[int] = field(default_factory=set)


def unreadable(template: str, code: str = "source-error", **values: object) -> UnreadableError:
    """A file that cannot be read, with the sentence that says why and the way out."""
    return UnreadableError(Fault(code, Message(UNREADABLE), Message(template, values)))


def beyond(
    template: str, code: str = "source-error", row: int | None = None, **values: object
) -> UnreadableError:
    """A file beyond a limit, with the sentence that gives the limit and the way out."""
    return UnreadableError(Fault(code, Message(TOO_LARGE), Message(template, values), row=row))


def too_many_bytes(limit: int) -> UnreadableError:
    """A file, or what an archive unpacks to, of more bytes than the limit."""
    return beyond(
        N_("The file holds more than {limit} MB: split it into several files."),
        limit=limit // MEBIBYTE or round(limit / MEBIBYTE, 3),
    )


def too_many_rows(limit: int, row: int) -> UnreadableError:
    """A table of more rows than the limit."""
    return beyond(
        N_("The table has more than {limit} rows, the rest was not checked: split the file."),
        code="table-dimensions-error",
        row=row,
        limit=limit,
    )


def too_many_columns(limit: int, row: int | None = None) -> UnreadableError:
    """A table of more columns than the limit."""
    return beyond(
        N_(
            "A row has more than {limit} cells: check the separator of the columns and the "
            "quotation marks, or remove the empty columns."
        ),
        code="table-dimensions-error",
        row=row,
        limit=limit,
    )


def too_long_cell(limit: int, row: int | None = None) -> UnreadableError:
    """A cell of more characters than the limit, most often a quotation mark never closed."""
    return beyond(
        N_(
            "A cell has more than {limit} characters, the rest was not checked: see whether a "
            "quotation mark is opened there and never closed, or shorten the text."
        ),
        row=row,
        limit=limit,
    )


def too_long() -> UnreadableError:
    """A check that took more time than it may."""
    return beyond(
        N_("The check took too long and stopped, the rest was not checked: split the file.")
    )


def not_a_csv(row: int) -> UnreadableError:
    """A text that breaks off at a record that holds what no text does."""
    return UnreadableError(
        Fault(
            "source-error",
            Message(UNREADABLE),
            Message(
                N_(
                    "Row {row} cannot be read, and the rest was not checked: it holds characters "
                    "that no table of text has. Save the file again as “CSV UTF-8”."
                ),
                {"row": str(row)},
            ),
            row=row,
        )
    )
