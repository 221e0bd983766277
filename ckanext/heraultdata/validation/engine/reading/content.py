"""The bytes of a file, in memory or on disk, read in the same way."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from ....messages import N_
from .model import too_many_bytes, unreadable

Source = bytes | Path


def opened(source: Source) -> BinaryIO:
    """The bytes as a file open for reading, to be closed by the caller."""
    if isinstance(source, Path):
        return source.open("rb")
    return io.BytesIO(source)


def size_of(source: Source) -> int:
    """Number of bytes."""
    return source.stat().st_size if isinstance(source, Path) else len(source)


def start_of(source: Source, size: int) -> bytes:
    """The first bytes."""
    if isinstance(source, bytes):
        return source[:size]
    with source.open("rb") as stream:
        return stream.read(size)


def refuse_oversized(source: Source, limit: int) -> None:
    """Refuse what is not there, is no file, is empty, or is beyond the limit.

    Raises:
        UnreadableError: with the reason.
    """
    if isinstance(source, Path) and not source.is_file():
        raise unreadable(N_("There is no file at this place: check its path."))
    size = size_of(source)
    if size == 0:
        raise unreadable(N_("The file is empty: give the one that holds the data."))
    if size > limit:
        raise too_many_bytes(limit)
