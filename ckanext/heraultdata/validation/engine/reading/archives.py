"""A table packed in a ZIP or GZIP file, unpacked on disk and never beyond the limit."""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from ....messages import N_
from .content import Source, opened
from .model import UnreadableError, too_many_bytes, unreadable

_CHUNK = 256 * 1024
_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods"}
_NOISE = ("__MACOSX/", ".")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


@contextmanager
def unpacked(source: Source, is_zip: bool, limit: int) -> Iterator[tuple[Path, str]]:
    """The one table of an archive, in a file of its own that goes away afterwards.

    Args:
        source: the archive.
        is_zip: whether it is a ZIP, and not a GZIP.
        limit: bytes that it may unpack to; they are counted, since an archive may lie.

    Yields:
        The file, and its name in the archive.

    Raises:
        UnreadableError: where the archive is damaged, locked, without a table or beyond
            the limit.
    """
    with tempfile.TemporaryDirectory(prefix="heraultdata-") as folder:
        place = Path(folder) / "table"
        try:
            name = _unzip(source, place, limit) if is_zip else _gunzip(source, place, limit)
        except UnreadableError:
            raise
        except (*_DAMAGED, RuntimeError) as error:
            raise unreadable(
                N_(
                    "The archive cannot be unpacked: it is damaged or locked by a password. Make "
                    "it again, or give the file itself."
                )
            ) from error
        yield place, name


def _unzip(source: Source, place: Path, limit: int) -> str:
    with opened(source) as stream, zipfile.ZipFile(stream) as archive:
        tables = [entry for entry in archive.infolist() if _is_table(entry)]
        if len(tables) != 1:
            raise unreadable(
                N_(
                    "The archive must hold one table (CSV, XLSX, XLS or ODS), and holds {count}: "
                    "give each file by itself."
                ),
                count=len(tables),
            )
        with archive.open(tables[0]) as packed:
            _copy(packed, place, limit)  # pyright: ignore[reportArgumentType]
        return tables[0].filename


def _is_table(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    if entry.is_dir() or entry.filename.startswith(_NOISE) or path.name.startswith("."):
        return False
    return path.suffix.lower() in _TABLES


def _gunzip(source: Source, place: Path, limit: int) -> str:
    with opened(source) as stream, gzip.GzipFile(fileobj=stream) as packed:
        _copy(packed, place, limit)  # pyright: ignore[reportArgumentType]
    return ""


def _copy(packed: BinaryIO, place: Path, limit: int) -> None:
    with place.open("wb") as target:
        while chunk := packed.read(_CHUNK):
            if target.tell() + len(chunk) > limit:
                raise too_many_bytes(limit)
            target.write(chunk)


def refuse_bomb(archive: zipfile.ZipFile, limit: int) -> None:
    """Refuse a spreadsheet that unpacks beyond the limit, or whose XML declares entities.

    Args:
        archive: the spreadsheet, which is a ZIP of XML files.
        limit: bytes that all its XML may unpack to.

    Raises:
        UnreadableError: with the reason.
    """
    total = 0
    for entry in archive.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as part:
            start = part.read(_CHUNK)
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise unreadable(
                    N_("The spreadsheet is not written as it should be: save it again.")
                )
            total += len(start)
            while total <= limit and (chunk := part.read(_CHUNK)):
                total += len(chunk)
        if total > limit:
            raise too_many_bytes(limit)


def is_spreadsheet(source: Source) -> str | None:
    """Which spreadsheet a ZIP is: `xlsx`, `ods`, `other` for another document, None for none."""
    try:
        with opened(source) as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except _DAMAGED:
        return None
    if "xl/workbook.xml" in names or any(name.startswith("xl/worksheets/") for name in names):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    if "[Content_Types].xml" in names:
        return "other"
    return None
