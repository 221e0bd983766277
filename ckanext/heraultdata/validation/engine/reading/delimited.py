"""A CSV file, record by record, as Python's csv module reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ....messages import N_, Message
from ..faults import Remark
from ..limits import Limits
from .content import Source, opened
from .delimiters import delimiter_of
from .encodings import Encoding, encoding_of
from .model import (
    Cells,
    ReadTable,
    UnreadableError,
    not_a_csv,
    too_long_cell,
    too_many_columns,
    too_many_rows,
    unreadable,
)

_SAMPLE = 64 * 1024


@dataclass(frozen=True)
class DelimitedText:
    """A CSV file whose encoding and separator are known.

    Attributes:
        source: its bytes.
        encoding: of the whole.
        delimiter: between the cells.
    """

    source: Source
    encoding: Encoding
    delimiter: str

    def lines(self) -> io.TextIOWrapper:
        """The text, with its line ends as they are; to be closed by the caller."""
        stream = opened(self.source)
        stream.seek(self.encoding.mark)
        return io.TextIOWrapper(stream, encoding=self.encoding.name, newline="")


def recognised(source: Source, names: Collection[str], is_whole: bool = True) -> DelimitedText:
    """A text with its encoding and separator found out.

    Args:
        source: the bytes.
        names: the names of the columns expected.
        is_whole: whether the encoding is proved on every byte.

    Raises:
        UnreadableError: where it is not a text, or in no encoding known.
    """
    encoding = encoding_of(source, is_whole)
    text = DelimitedText(source, encoding, ",")
    with text.lines() as stream:
        sample = stream.read(_SAMPLE)
        is_all = len(sample) < _SAMPLE
    return DelimitedText(source, encoding, delimiter_of(sample, names, is_all))


def open_delimited(text: DelimitedText, limits: Limits) -> ReadTable:
    """The header of a CSV file, and its records to come.

    Blank records above the header are passed over, with a remark, and count in the numbers.

    Args:
        text: the file.
        limits: what may be read of it.

    Raises:
        UnreadableError: where there is no header, or it is beyond the limits.
    """
    records = _records(text, limits)
    header_row, header = next(
        ((number, cells) for number, cells in records if any(cell.strip() for cell in cells)),
        (0, []),
    )
    if not header_row:
        raise unreadable(
            N_("The file holds no table: it must hold the names of the columns at least.")
        )
    return ReadTable(
        header=header,
        header_row=header_row,
        records=_counted(records, limits.rows),
        encoding=name_of(text.encoding),
        delimiter=text.delimiter,
        remarks=remarks_of(text.encoding, header_row),
    )


def name_of(encoding: Encoding) -> str:
    """The name of an encoding, as people know it."""
    return "utf-16" if encoding.name.startswith("utf-16") else encoding.name


def remarks_of(encoding: Encoding, header_row: int) -> list[Remark]:
    """What is to be said of the text as a whole."""
    remarks: list[Remark] = []
    if encoding.is_contradicted:
        remarks.append(
            Remark(
                "encoding",
                Message(N_("Encoding")),
                Message(
                    N_(
                        "The file is marked as UTF-8 and is not: it was read as Windows-1252. "
                        "Save it again as “CSV UTF-8”."
                    )
                ),
            )
        )
    return remarks + blank_records_above(header_row)


def blank_records_above(header_row: int) -> list[Remark]:
    """What is to be said where the header is not the first record."""
    if header_row == 1:
        return []
    return [
        Remark(
            "blank-row",
            Message(N_("Empty rows above the header")),
            Message(
                N_("The names of the columns stand in row {row}: remove the empty rows above."),
                {"row": str(header_row)},
            ),
        )
    ]


def _records(text: DelimitedText, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each record, the header included."""
    number = 0
    with text.lines() as lines:
        reader = csv.reader(lines, delimiter=text.delimiter)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise broken(error, number + 1, limits) from error
            if cells is None:
                return
            number += 1
            refuse_beyond(number, cells, limits)
            yield number, cells


def broken(error: csv.Error, number: int, limits: Limits) -> UnreadableError:
    """What Python's csv module refuses: a cell beyond its own limit, or a null character."""
    if "field limit" in str(error):
        return too_long_cell(min(limits.cell, csv.field_size_limit()), number)
    return not_a_csv(number)


def refuse_beyond(number: int, cells: Cells, limits: Limits) -> None:
    """Refuse a record beyond the limits.

    Raises:
        UnreadableError: with the limit.
    """
    if len(cells) > limits.columns:
        raise too_many_columns(limits.columns, number)
    if any(cell and len(cell) > limits.cell for cell in cells):
        raise too_long_cell(limits.cell, number)


def _counted(records: Iterator[tuple[int, Cells]], limit: int) -> Iterator[tuple[int, Cells]]:
    for count, record in enumerate(records, 1):
        if count > limit:
            raise too_many_rows(limit, record[0])
        yield record
