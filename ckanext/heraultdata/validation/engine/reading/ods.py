"""ODS workbooks, their XML read as it comes.

The reader that frictionless uses builds the whole document, and every cell of the thousands of
empty rows and columns that an ODS file declares by a number: a small file could fill the memory.
"""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ....messages import N_
from .archives import refuse_bomb
from .content import Source, opened
from .model import UnreadableError, too_many_columns, unreadable
from .sheets import Row, Sheet, SheetCell

if TYPE_CHECKING:
    from lxml.etree import _Element

# OpenDocument 1.2, part 1, section 9 (tables) and 19.385 (office:value-type).
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_NUMBERS = frozenset({"float", "percentage", "currency"})


@contextmanager
def ods_sheets(source: Source, limit: int, columns: int) -> Iterator[list[Sheet]]:
    """The sheets of an ODS workbook.

    Args:
        source: the workbook.
        limit: bytes that it may unpack to.
        columns: cells that a row may hold.

    Raises:
        UnreadableError: where it is damaged or beyond the limit.
    """
    with opened(source) as stream:
        with _refusing_damage():
            archive = zipfile.ZipFile(stream)
            refuse_bomb(archive, limit)
            names = _names(archive)
        yield [
            Sheet(name, lambda index=index: _rows(archive, index, columns))
            for index, name in enumerate(names)
        ]


def _names(archive: zipfile.ZipFile) -> list[str]:
    return [table.get(f"{_TABLE}name", "") for event, table in _tables(archive) if event == "start"]


def _tables(archive: zipfile.ZipFile) -> Iterator[tuple[str, _Element]]:
    with archive.open("content.xml") as content:
        for event, element in _parsed(content, ("start", "end"), f"{_TABLE}table"):
            yield event, element
            if event == "end":
                element.clear()


def _parsed(content: object, events: tuple[str, ...], *tags: str) -> Iterator[tuple[str, _Element]]:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    return etree.iterparse(  # pyright: ignore[reportReturnType, reportCallIssue]
        content, events=events, tag=tags, resolve_entities=False, no_network=True
    )


def _rows(archive: zipfile.ZipFile, wanted: int, columns: int) -> Iterator[Row]:
    index = -1
    tags = (f"{_TABLE}table", f"{_TABLE}table-row")
    with archive.open("content.xml") as content, _refusing_damage():
        for event, element in _parsed(content, ("start", "end"), *tags):
            is_table = element.tag == tags[0]
            if is_table and event == "start":
                index += 1
            elif is_table:
                if index == wanted:
                    return
                element.clear()
            elif event == "end":
                if index == wanted:
                    row = _row(element, columns)
                    for _ in range(_repeats(element, "rows")):
                        yield row
                element.clear()
                _forget_before(element)


def _forget_before(element: _Element) -> None:
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _row(element: _Element, columns: int) -> Row:
    row: Row = []
    blank = 0
    for child in element:
        if child.tag not in _CELLS:
            continue
        cell, repeats = _cell(child), _repeats(child, "columns")
        if cell is None:
            blank += repeats
            continue
        if len(row) + blank + repeats > columns:
            raise too_many_columns(columns)
        row += [None] * blank + [cell] * repeats
        blank = 0
    return row


def _repeats(element: _Element, what: str) -> int:
    with contextlib.suppress(ValueError):
        return max(1, int(element.get(f"{_TABLE}number-{what}-repeated", "1")))
    return 1


def _cell(element: _Element) -> SheetCell | None:
    kind = element.get(f"{_OFFICE}value-type")
    if kind in _NUMBERS:
        return SheetCell(_number(element.get(f"{_OFFICE}value", "")), is_number=True)
    if kind == "date":
        return SheetCell(element.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00"))
    if kind == "boolean":
        return SheetCell(element.get(f"{_OFFICE}boolean-value", ""))
    text = "\n".join(_paragraph(part) for part in element.iterchildren(f"{_TEXT}p"))
    return SheetCell(text) if text else None


def _number(written: str) -> str:
    return written.removesuffix(".0")


def _paragraph(element: _Element) -> str:
    return "".join(_inline(element))


def _inline(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            with contextlib.suppress(ValueError):
                yield " " * min(int(child.get(f"{_TEXT}c", "1")), 1_000)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif isinstance(child.tag, str):
            yield from _inline(child)
        yield child.tail or ""


@contextmanager
def _refusing_damage() -> Iterator[None]:
    from lxml.etree import LxmlError

    try:
        yield
    except (UnreadableError, GeneratorExit):
        raise
    except (LxmlError, zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError) as error:
        raise unreadable(
            N_(
                "The spreadsheet cannot be opened: it is damaged or locked by a password. "
                "Save it again."
            )
        ) from error
