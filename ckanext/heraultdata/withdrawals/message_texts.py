"""The texts of a message of MIME: what it says, and apart from it what it quotes; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message as Mail
from html.parser import HTMLParser

_MOST_PARTS = 200
_MOST_TEXT = 200_000
_QUOTE_BEGINS = re.compile(
    r"^[ \t]*-{2,} ?(?:original message|message d['’]origine|message transféré|forwarded message)"
    r"|^[ \t*]*(?:de|from)[*\s]{0,3}:[^\n]*\n{1,2}[ \t*]*(?:envoyé|sent|date)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Programs that write no sign before each line put one of these above all of them."""


def texts_of(mail: Mail) -> tuple[str, str]:
    """What a message says, and what it quotes.

    Args:
        mail: as Python's library parsed it; what it raises for what is no MIME goes through.
    """
    said: list[str] = []
    quoted: list[str] = []
    for part in _text_parts(mail):
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        text = clean(as_text(payload, _charset(part)))[:_MOST_TEXT]
        if part.get_content_subtype() == "html":
            own, other = _text_of_html(text)
        else:
            own, other = _apart(text)
        said.append(own)
        quoted.append(other)
    return "\n\n".join(said).strip()[:_MOST_TEXT], "\n".join(quoted)[:_MOST_TEXT]


def _charset(part: Mail) -> str | None:
    charset = part.get_content_charset()
    # Seven bits are told of texts that have eight.
    return None if charset in (None, "us-ascii", "ascii") else charset


def _text_parts(mail: Mail) -> Iterator[Mail]:
    """The parts to read: of an alternative the plain one, never an attached message or file."""
    left = [mail]
    for _ in range(_MOST_PARTS):
        if not left:
            return
        part = left.pop(0)
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            inner = [each for each in payload if isinstance(each, Mail)]
            if part.get_content_subtype() == "alternative":
                inner = _best(inner)
            left[:0] = inner[:_MOST_PARTS]
        elif _is_text(part):
            yield part


def _best(parts: list[Mail]) -> list[Mail]:
    plain = [
        part
        for part in parts
        if part.get_content_type() == "text/plain" and str(part.get_payload()).strip()
    ]
    return plain or parts


def _is_text(part: Mail) -> bool:
    return (
        part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
    )


def _apart(text: str) -> tuple[str, str]:
    """A plain text without the lines that it quotes, and those."""
    lines = text.replace("\r\n", "\n")
    begins = _QUOTE_BEGINS.search(lines)
    own, below = (lines[: begins.start()], lines[begins.start() :]) if begins else (lines, "")
    said: list[str] = []
    quoted: list[str] = []
    for line in own.splitlines():
        (quoted if line.lstrip().startswith(">") else said).append(line)
    return "\n".join(said), "\n".join([*quoted, below])


class _Text(HTMLParser):
    """The text of a page, with the addresses behind its links beside them."""

    _HIDDEN = frozenset({"script", "style", "title"})
    _BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "table", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.quoted: list[str] = []
        self._hidden = 0
        self._quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += 1
        if tag in self._BLOCKS:
            self._write("\n")
        if tag == "blockquote":
            self._quotes += 1
        address = dict(attrs).get("href") if tag == "a" else None
        if address:
            self._write(f" {address} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1
        if tag == "blockquote" and self._quotes:
            self._quotes -= 1
        if tag in self._BLOCKS:
            self._write("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._write(data)

    def _write(self, text: str) -> None:
        (self.quoted if self._quotes else self.said).append(text)


def _text_of_html(source: str) -> tuple[str, str]:
    page = _Text()
    page.feed(source)
    page.close()
    own, other = _apart(_lines("".join(page.said)))
    return own, other + "\n" + _lines("".join(page.quoted))


def _lines(text: str) -> str:
    lines: Iterable[str] = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def as_text(part: bytes | str, charset: str | None) -> str:
    """Bytes as a text, whatever charset they say: else UTF-8, else that of Windows.

    Args:
        part: the bytes; a text comes back as it is.
        charset: the charset that they say, None where they say none.
    """
    if isinstance(part, str):
        return part
    for name in (charset, "utf-8"):
        try:
            return part.decode(name or "ascii")
        except (LookupError, ValueError):
            continue
    return part.decode("cp1252", errors="replace")


def clean(text: str) -> str:
    """Without what a database does not hold: half characters and NUL."""
    return text.encode("utf-8", errors="replace").decode("utf-8").replace("\0", "")
