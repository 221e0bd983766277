"""The encoding of a text: UTF-8, UTF-16, else the Windows-1252 of old exports."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ....messages import N_
from .content import Source, opened, start_of
from .kinds import not_a_table
from .model import unreadable

_CHUNK = 4 * 1024 * 1024
_SAMPLE = 64 * 1024
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SOUND_FOR_ONE_BROKEN = 3


@dataclass(frozen=True)
class Encoding:
    """How to decode a text.

    Attributes:
        name: for Python, never one that looks for a byte order mark.
        mark: bytes of the byte order mark, to be left out.
        is_contradicted: the mark announces UTF-8 and the bytes are not.
    """

    name: str
    mark: int = 0
    is_contradicted: bool = False


def encoding_of(source: Source, is_whole: bool = True) -> Encoding:
    """The encoding of a text.

    The detectors of encodings take short French files for Thai or for DOS: what is not UTF-8 is
    read as Windows-1252, which all the files seen were.

    Args:
        source: the bytes.
        is_whole: whether every byte is tried, or UTF-8 is believed on the start of the text:
            whoever then meets a `UnicodeDecodeError` must ask again.

    Raises:
        UnreadableError: where neither fits (`encoding-error`), or the bytes are no text.
    """
    start = start_of(source, _SAMPLE)
    if start.startswith(_UTF16_MARKS):
        is_little = start.startswith(codecs.BOM_UTF16_LE)
        return _proved(source, Encoding("utf-16-le" if is_little else "utf-16-be", 2))
    unmarked = _unmarked_utf16(start)
    if unmarked:
        return _proved(source, Encoding(unmarked))
    if b"\x00" in start:
        raise not_a_table()
    mark = len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0
    if not is_whole and _starts_in_utf8(start):
        return Encoding("utf-8", mark)
    if _position_of_fault(source, "utf-8") is None:
        return Encoding("utf-8", mark)
    _refuse_broken_utf8(source)
    return _proved(source, Encoding("cp1252", mark, is_contradicted=bool(mark)))


def _starts_in_utf8(start: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of a Latin text is zero."""
    even, odd = start[0::2], start[1::2]
    if not odd:
        return None
    if odd.count(0) > len(odd) * 0.7 and not even.count(0):
        return "utf-16-le"
    if even.count(0) > len(even) * 0.7 and not odd.count(0):
        return "utf-16-be"
    return None


def _proved(source: Source, encoding: Encoding) -> Encoding:
    position = _position_of_fault(source, encoding.name)
    if position is None:
        return encoding
    raise unreadable(
        N_(
            "The text is neither in UTF-8 nor in Windows-1252 (byte {position}): save the file "
            "again as “CSV UTF-8”."
        ),
        code="encoding-error",
        position=str(position + 1),
    )


def _position_of_fault(source: Source, name: str) -> int | None:
    """Where the bytes cease to be of this encoding, from 0; None where they are throughout."""
    decoder = codecs.getincrementaldecoder(name)("strict")
    is_ascii_kept = not name.startswith("utf-16")
    read = 0
    with opened(source) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            pending = len(decoder.getstate()[0])
            try:
                if not (is_ascii_kept and not pending and chunk.isascii()) or not chunk:
                    decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return read - pending + fault.start
            if not chunk:
                return None
            read += len(chunk)


def _refuse_broken_utf8(source: Source) -> None:
    """Refuse a text of UTF-8 with a few bytes that are not: read otherwise, it would be garbled."""
    sound = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with opened(source) as stream:
        while chunk := stream.read(_CHUNK):
            text = decoder.decode(chunk)
            here = len(text.encode("utf-8", "ignore")) - len(text)
            lost = sum(map(text.count, _escapes(text)))
            broken += lost
            sound += here + lost
    if sound < _SOUND_FOR_ONE_BROKEN * broken:
        return
    position = _position_of_fault(source, "utf-8") or 0
    raise unreadable(
        N_(
            "The text is in UTF-8 but for byte {position}, which is in another encoding: save "
            "the file again as “CSV UTF-8”."
        ),
        code="encoding-error",
        position=str(position + 1),
    )


def _escapes(text: str) -> set[str]:
    return {character for character in set(text) if "\udc80" <= character <= "\udcff"}
