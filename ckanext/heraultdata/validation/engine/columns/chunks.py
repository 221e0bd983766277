"""A text in chunks of UTF-8 that end with a line, so that memory is bounded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from ..reading import DelimitedText
from ..reading.content import opened, size_of

LARGEST_CHUNK = 8 * 1024 * 1024
SMALLEST_CHUNK = 512 * 1024
_CHUNKS_OF_SMALL_FILE = 4


def chunks_of(text: DelimitedText, header_row: int) -> Iterator[tuple[bytes, bool]]:
    """The records of a text after its header, as UTF-8, cut after line ends.

    A line end may stand within a quoted cell: whoever parses a chunk may find its last record
    incomplete.

    Args:
        text: the file.
        header_row: number of the record that holds the header.

    Yields:
        Each chunk, and whether it is the last.
    """
    size = size_of(text.source) // _CHUNKS_OF_SMALL_FILE
    size = max(SMALLEST_CHUNK, min(LARGEST_CHUNK, size))
    with text.lines() as lines:
        header_size = _pass_header(lines, text.delimiter, header_row)
        if text.encoding.name != "utf-8":
            yield from _of_text(lines, size)
            return
    with opened(text.source) as stream:
        stream.seek(text.encoding.mark + header_size)
        yield from _of_bytes(stream, size)


def _pass_header(lines: io.TextIOWrapper, delimiter: str, header_row: int) -> int:
    """Read up to the end of the header, and tell how many bytes of UTF-8 that is."""
    size = 0

    def counted() -> Iterator[str]:
        nonlocal size
        while line := lines.readline():
            size += len(line.encode())
            yield line

    reader = csv.reader(counted(), delimiter=delimiter)
    for _ in range(header_row):
        next(reader)
    return size


def _of_bytes(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    start = stream.tell()
    end = stream.seek(0, io.SEEK_END)
    stream.seek(start)
    while part := stream.read(size):
        chunk = part + stream.readline()
        yield chunk, stream.tell() == end


def _of_text(lines: io.TextIOWrapper, size: int) -> Iterator[tuple[bytes, bool]]:
    rest = b""
    part = lines.read(size)
    while part:
        following = lines.read(size)
        chunk = rest + part.encode()
        end = chunk.rfind(b"\n") + 1 if following else len(chunk)
        if end:
            yield chunk[:end], not following
        rest = chunk[end:]
        part = following
