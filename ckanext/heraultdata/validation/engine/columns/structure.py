"""A chunk of CSV in columns, where its structure is proved to be what Python's csv module reads.

polars and the csv module agree on records whose quotation marks are as RFC 4180 has them and that
have as many cells as the header. What is not proved to be so goes through the csv module.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

# A search for one byte, then a look after it, is twice as fast as a search for two.
_LONE_RETURN = re.compile(rb"\r(?!\n)")
# First bytes that polars would take for a mark or an archive (gzip, zlib, zstandard): a line of our
# own goes before them, and only them, as it costs a copy.
_LIKE_NO_TEXT = (b"\xef", b"\x1f", b"x", b"(")
# Quotation marks around few cells are found one by one; around many, one pattern is faster.
_SAMPLE = 64 * 1024
_FEW_MARKS = _SAMPLE // 100


@dataclass
class Parsed:
    """A chunk in columns.

    Attributes:
        frame: the cells of the records proved well-formed, a column for each of the header.
        lines: the line of each record of the frame in the chunk, None where they are the same.
        others: line and cells of the records that the frame lacks, in order.
        continuations: lines that are no record of their own, in order.
        rest: the bytes of a last record that the chunk does not hold whole.
    """

    frame: pl.DataFrame
    lines: pl.Series | None = None
    others: list[tuple[int, list[str]]] = field(default_factory=list)
    continuations: list[int] = field(default_factory=list)
    rest: bytes = b""

    @property
    def height(self) -> int:
        """Number of records."""
        return self.frame.height + len(self.others)

    def place_of(self, line: int) -> int:
        """The place of the record that starts at a line, from 0."""
        return line - bisect_left(self.continuations, line)


def parse(chunk: bytes, delimiter: str, width: int, is_last: bool) -> Parsed | None:
    """Put a chunk in columns.

    Args:
        chunk: lines in UTF-8.
        delimiter: between the cells.
        width: number of cells of the header.
        is_last: whether no chunk follows.

    Returns:
        The columns, None where only the csv module can read the chunk.
    """
    is_ended = chunk.endswith(b"\n")
    if not is_ended:
        chunk += b"\n"
    has_returns = b"\r" in chunk
    if has_returns and _LONE_RETURN.search(chunk):
        return None
    if b"\x00" in chunk or width < 2:
        return None
    line_end = "\r\n" if has_returns else "\n"
    try:
        frame = _regular(chunk, delimiter, width, line_end)
        if frame is not None:
            return Parsed(frame)
        return _parse_lines(chunk, delimiter, width, line_end, is_last, is_ended)
    except (pl.exceptions.PolarsError, csv.Error):
        return None


def read_records(chunk: bytes, delimiter: str) -> Iterator[list[str]]:
    """The records of a chunk by the csv module."""
    text = io.TextIOWrapper(io.BytesIO(chunk), encoding="utf-8", newline="")
    return csv.reader(text, delimiter=delimiter)


def is_incomplete(chunk: bytes, delimiter: str) -> bool:
    """Whether the last record of a chunk goes on beyond it."""
    asked_beyond = False

    def lines() -> Iterator[str]:
        nonlocal asked_beyond
        yield from io.TextIOWrapper(io.BytesIO(chunk), encoding="utf-8", newline="")
        asked_beyond = True

    reader = csv.reader(lines(), delimiter=delimiter)
    try:
        for _ in reader:
            if asked_beyond:
                return True
    except csv.Error:
        return False
    return False


def _regular(chunk: bytes, delimiter: str, width: int, line_end: str) -> pl.DataFrame | None:
    """The columns of a chunk where all of it is as RFC 4180 has it, None where it is not."""
    try:
        frame = _framed(chunk, delimiter, width)
    except pl.exceptions.PolarsError:
        return None
    marks = chunk.count(b'"', 0, _SAMPLE)
    if marks <= _FEW_MARKS and _adds_up(chunk, frame, delimiter):
        return frame
    if b'"' not in chunk:
        return None
    text = pl.Series([chunk], dtype=pl.Binary).cast(pl.String)
    pattern = rf"\A(?:{_record(delimiter, width)}{line_end})*\z"
    return frame if text.str.contains(pattern).item() else None


def _adds_up(chunk: bytes, frame: pl.DataFrame, delimiter: str) -> bool:
    """Whether every byte of a chunk is accounted for by its cells and the signs around them.

    With a line for each record and quotation marks only around whole cells, the bytes around the
    cells are as many as the separators, line ends and marks only where no record is too short
    (polars refuses those that are too long).
    """
    height, width = frame.shape
    if chunk.count(b"\n") != height:
        return False
    quoted = _quoted_cells(delimiter).findall(chunk) if b'"' in chunk else []
    if b'"' in quoted:
        return False
    returns = chunk.count(b"\r") if b"\r" in chunk else 0
    lengths = frame.select(pl.all().str.len_bytes().sum()).sum_horizontal().item()
    return len(chunk) == lengths + height * width + returns + 2 * len(quoted)


def _quoted_cells(delimiter: str) -> re.Pattern[bytes]:
    """A pattern that finds the cells between quotation marks, or a mark that is around no cell.

    Cells with marks in them are not found whole.
    """
    sign = _escaped(delimiter)
    return re.compile(rf'"(?:(?<![^{sign}\n]")[^"]*"(?=[{sign}\r\n]))?'.encode())


def _record(delimiter: str, width: int) -> str:
    """A pattern of the records of RFC 4180 with so many cells."""
    sign = _escaped(delimiter)
    cell = rf'(?:[^"{sign}\r\n]*|"(?:[^"]|"")*")'
    return rf"(?:{cell}{sign}){{{width - 1}}}{cell}"


def _escaped(delimiter: str) -> str:
    return re.escape(delimiter) if delimiter != "\t" else "\\t"


def _framed(chunk: bytes, delimiter: str, width: int) -> pl.DataFrame:
    names = [str(index) for index in range(width)]
    has_header = chunk.startswith(_LIKE_NO_TEXT)
    if has_header:
        chunk = f"{delimiter.join(names)}\n".encode() + chunk
    return pl.read_csv(
        chunk,
        has_header=has_header,
        separator=delimiter,
        schema=dict.fromkeys(names, pl.String),
        truncate_ragged_lines=False,
    ).select(pl.all().fill_null(""))


def _parse_lines(
    chunk: bytes, delimiter: str, width: int, line_end: str, is_last: bool, is_ended: bool
) -> Parsed | None:
    text = pl.Series([chunk[:-1]], dtype=pl.Binary).cast(pl.String)
    lines = text.str.split("\n").explode()
    tail = "\\r" if line_end == "\r\n" else ""
    is_good = lines.str.contains(rf"\A{_record(delimiter, width)}{tail}\z")
    parsed = Parsed(pl.DataFrame())
    taken: set[int] = set()
    for line in (~is_good).arg_true().to_list():
        if line in taken:
            continue
        cells, used, is_whole = _read_one(lines, line, delimiter)
        if not is_whole and not is_ended:
            # The line end that was added would stand in the open cell.
            return None
        if not is_whole and not is_last:
            parsed.rest = "".join(lines[line + step] + "\n" for step in range(used)).encode()
            lines, is_good = lines.head(line), is_good.head(line)
            break
        parsed.others.append((line, cells))
        taken.update(range(line, line + used))
        parsed.continuations.extend(range(line + 1, line + used))
    if taken:
        gone = pl.Series(sorted(taken), dtype=pl.UInt32)
        is_good = is_good.scatter(gone, False)
    kept = lines.filter(is_good)
    parsed.lines = is_good.arg_true()
    good = "\n".join(kept.to_list()) + "\n" if len(kept) else ""
    parsed.frame = _framed(good.encode(), delimiter, width)
    return parsed if parsed.frame.height == len(kept) else None


def _read_one(lines: Sequence[str], start: int, delimiter: str) -> tuple[list[str], int, bool]:
    """A record by the csv module, the lines that it takes, and whether its end was found."""
    used = 0
    asked_beyond = False

    def following() -> Iterator[str]:
        nonlocal used, asked_beyond
        for index in range(start, len(lines)):
            used += 1
            yield lines[index] + "\n"
        asked_beyond = True

    cells = next(csv.reader(following(), delimiter=delimiter))
    return cells, used, not asked_beyond
