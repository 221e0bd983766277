"""A PDF of one page with a few lines of text, small enough to be made here."""

from __future__ import annotations

from collections.abc import Sequence

_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 5 0 R >> >> >>"
)
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def page(lines: Sequence[str]) -> bytes:
    """Make the PDF.

    Args:
        lines: the text, in characters of Windows-1252; a line does not wrap.

    Returns:
        The bytes of the file.
    """
    shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
    text = b"BT /F1 12 Tf 18 TL 57 780 Td\n" + shown + b"ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text)
    return _file([_CATALOGUE, _PAGES, _PAGE, stream, _FONT])


def _escaped(line: str) -> bytes:
    encoded = line.encode("cp1252")
    for special in (b"\\", b"(", b")"):
        encoded = encoded.replace(special, b"\\" + special)
    return encoded


def _file(objects: Sequence[bytes]) -> bytes:
    content = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    size = len(objects) + 1
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, entries)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return content + table + trailer % (size, len(content))
