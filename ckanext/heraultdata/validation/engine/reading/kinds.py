"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from enum import Enum

from ....messages import N_
from .model import UnreadableError, unreadable


class Kind(Enum):
    """What holds a table, or may."""

    TEXT = "csv"
    ZIP = "zip"
    GZIP = "gz"
    XLS = "xls"


_TABLES = {b"PK\x03\x04": Kind.ZIP, b"\x1f\x8b": Kind.GZIP, b"\xd0\xcf\x11\xe0": Kind.XLS}

_PDF = N_("This file is a PDF document, not a table: give the data as CSV, XLSX or ODS.")
_IMAGE = N_("This file is an image, not a table: give the data as CSV, XLSX or ODS.")
_ARCHIVE = N_("This archive cannot be opened here: give the CSV itself, or a ZIP of it.")
_HTML = N_(
    "This file is a web page, not a table: it may be an error page of the site it came from, or "
    "an export in HTML under another name. Save the data as CSV, XLSX or ODS."
)
_XML = N_("This file is XML, not a table: give the data as CSV, XLSX or ODS.")
_OTHER = N_("This file is not a table of text: give the data as CSV, XLSX or ODS.")

_REFUSED = {
    b"%PDF": _PDF,
    b"\x89PNG": _IMAGE,
    b"\xff\xd8\xff": _IMAGE,
    b"GIF8": _IMAGE,
    b"II*\x00": _IMAGE,
    b"MM\x00*": _IMAGE,
    b"RIFF": _IMAGE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"Rar!": _ARCHIVE,
    b"BZh": _ARCHIVE,
    b"\xfd7zXZ": _ARCHIVE,
    b"{\\rtf": _OTHER,
    b"PAR1": _OTHER,
    b"SQLite format 3": _OTHER,
    b"\x7fELF": _OTHER,
    b"MZ\x90": _OTHER,
}
_MARKUP = re.compile(rb"\s*<(?P<tag>!doctype html|html|head|body|table|\?xml|!--|svg)", re.I)
_JSON = re.compile(rb'\s*(\{\s*"[^"]*"\s*:|\[\s*\{\s*"[^"]*"\s*:)')


def kind_of(start: bytes) -> Kind:
    """What the file is.

    Args:
        start: the first kilobyte or so.

    Raises:
        UnreadableError: where it is known for something else than a table.
    """
    for magic, kind in _TABLES.items():
        if start.startswith(magic):
            return kind
    for magic, sentence in _REFUSED.items():
        if start.startswith(magic):
            raise unreadable(sentence)
    _refuse_markup(start.removeprefix(b"\xef\xbb\xbf"))
    return Kind.TEXT


def _refuse_markup(start: bytes) -> None:
    markup = _MARKUP.match(start)
    if markup:
        tag = markup["tag"].lower()
        is_html = tag not in (b"?xml", b"svg") or b"<html" in start.lower()
        raise unreadable(_HTML if is_html else _XML)
    if _JSON.match(start):
        raise unreadable(
            N_("This file is JSON, and this standard is a table: give CSV, XLSX or ODS.")
        )


def not_a_table() -> UnreadableError:
    """The refusal of bytes that are no text."""
    return unreadable(_OTHER)
