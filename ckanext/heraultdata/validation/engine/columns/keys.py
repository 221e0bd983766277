"""Keys of a file read by columns: nothing to say where every text of a key stands once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import polars as pl

from ..faults import Fault
from ..fields import TableSchema
from ..headers import HeaderMatch
from ..records import KeyTracker
from .structure import Parsed


class ColumnKeys:
    """The cells of the columns that make keys, kept until every record is read."""

    def __init__(self, schema: TableSchema, match: HeaderMatch) -> None:
        """Find the keys of a file.

        Args:
            schema: the standard.
            match: what each column of the file is.
        """
        self._tracker = KeyTracker(schema, match)
        self._width = len(match.labels)
        self._places = sorted(match.columns[name] for name in self._tracker.columns)
        fields = [match.fields[place] for place in self._places]
        self._is_by_text = not schema.foreign_keys and all(
            field is not None and field.type == "string" for field in fields
        )
        self._numbers: list[pl.Series] = []
        self._cells: list[pl.DataFrame] = []

    def take(self, parsed: Parsed, first: int) -> None:
        """Keep the keys of a chunk.

        Args:
            parsed: the chunk.
            first: number of its first record.
        """
        if not self._places:
            return
        if parsed.others:
            self.take_records(
                (first + parsed.place_of(line), cells) for line, cells in parsed.others
            )
        lines = parsed.lines
        numbers = pl.int_range(parsed.frame.height, eager=True, dtype=pl.Int64)
        if lines is not None:
            numbers = pl.Series([parsed.place_of(line) for line in lines.to_list()], dtype=pl.Int64)
        self._numbers.append(numbers + first)
        self._cells.append(parsed.frame.select(str(place) for place in self._places))

    def take_records(self, records: Iterator[tuple[int, Sequence[str | None]]]) -> None:
        """Keep the keys of records with their numbers."""
        if not self._places:
            return
        rows = [
            (number, *(cells[place] if place < len(cells) else None for place in self._places))
            for number, cells in records
        ]
        names = [str(place) for place in self._places]
        frame = pl.DataFrame(
            rows, schema={"number": pl.Int64, **dict.fromkeys(names, pl.String)}, orient="row"
        )
        self._numbers.append(frame["number"])
        self._cells.append(frame.select(names))

    def faults(self, end: int) -> tuple[list[Fault], list[Fault]]:
        """The faults of the records in their order, and those known at the end only.

        Args:
            end: number of the first record that was not checked.
        """
        if not self._cells:
            return [], []
        cells = pl.concat(self._cells)
        if self._is_by_text and self._is_unique(cells):
            return [], []
        frame = cells.with_columns(pl.concat(self._numbers).alias("number")).sort("number")
        frame = frame.filter(pl.col("number") < end)
        return list(chain.from_iterable(self._tracked(frame))), self._tracker.faults_at_end()

    @staticmethod
    def _is_unique(cells: pl.DataFrame) -> bool:
        return all(
            not column.null_count() and not (column == "").any() and column.is_unique().all()
            for column in cells
        )

    def _tracked(self, frame: pl.DataFrame) -> Iterator[list[Fault]]:
        row: list[str | None] = [None] * self._width
        for *cells, number in frame.iter_rows():
            for place, cell in zip(self._places, cells, strict=True):
                row[place] = cell
            yield self._tracker.faults_of(number, row)
