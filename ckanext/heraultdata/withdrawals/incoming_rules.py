"""What a mail asks for: reading a message that anybody may have written, and trusting none of it.

Pure: RFC 5322 and MIME in, data out; whatever the bytes are, reading never raises.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message as Mail
from email.utils import getaddresses
from urllib.parse import unquote, urlsplit

from ..messages import N_, Message
from .message_texts import as_text, clean, texts_of

MOST_BYTES = 64 * 1024 * 1024
"""Of a larger message only the beginning is kept."""
BEGINNING = 1024 * 1024
_READ_BYTES = 8 * 1024 * 1024
"""Texts stand before attachments: what lies further is kept, and not searched."""
_MOST_LINE = 500
_MOST_ADDRESSES = 1000
_BROKEN = (MessageError, ValueError, LookupError, RecursionError, AttributeError, TypeError)
"""What the parser of Python's library raises for what is no MIME."""
_SIGNED = ("From", "Date", "Message-ID", "Subject")
"""Headers that are the same each time that a message comes; those of its way are not."""

AUTOMATIC = Message(
    N_("A program wrote this message (an absence, a failed delivery, a list): nobody asks here.")
)
UNREADABLE = Message(
    N_("The parts of this message could not be taken apart: open it in a mail program.")
)
TOO_LARGE = Message(
    N_(
        "This message is too large: only its beginning is kept. Ask the sender to send it again "
        "without its attachments."
    )
)
NO_SENDER = Message(N_("This message does not say who wrote it, or names several people."))
DOUBTED = Message(
    N_(
        "The mail server doubts that this message comes from its sender (DMARC): call this person "
        "before you do anything."
    )
)
NO_ADDRESS = Message(
    N_(
        "This message holds no address of a dataset or of a file of the portal: find what it is "
        "about, or ask the sender for the addresses."
    )
)
ONLY_QUOTED = Message(
    N_(
        "The addresses of this message stand only in what it quotes of another message: read what "
        "is asked."
    )
)

_URGENT = re.compile(
    r"\b(?:urgent\w*|urgence|immédiatement|immediately|asap|rgpd|gdpr"
    r"|données personnelles|personal data)\b",
    re.IGNORECASE,
)
_AUTOMATIC_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Response",
    "X-Failed-Recipients",
    "List-Id",
    "List-Unsubscribe",
)
_AUTOMATIC_PRECEDENCE = frozenset({"bulk", "junk", "list", "auto_reply"})
_PAGES_OF_DATASET = (
    "activity|changes|edit|followers|groups|history|resources|collaborators|dictionary"
)


@dataclass(frozen=True)
class Portal:
    """Where the portal is.

    Attributes:
        url: its address, with the path below which it is served where there is one.
        languages: the languages that may begin a path.
    """

    url: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """An address of the portal in a message.

    Attributes:
        dataset: identifier or name, None where the address tells the file alone.
        file: identifier of the file, None where it is of a whole dataset.
    """

    dataset: str | None
    file: str | None = None

    def __str__(self) -> str:
        """What of the address tells which one it is."""
        return "/".join(part for part in (self.dataset, self.file) if part)


@dataclass(frozen=True)
class Incoming:
    """What was read of a message.

    Attributes:
        fingerprint: SHA-256 of what is the same each time that it comes.
        sender: the address of the one who wrote it in small letters, empty where there is not one.
        subject: on one line.
        text: what it says, without what it quotes.
        found: the addresses of datasets and files in it, each once.
        says_urgent: whether it speaks of urgency or of personal data.
        refusal: why nothing can be made of it by itself, None where something may.
    """

    fingerprint: str
    sender: str
    subject: str
    text: str
    found: tuple[Found, ...]
    says_urgent: bool
    refusal: Message | None


def read(content: bytes, portal: Portal) -> Incoming:
    """Read a message.

    Args:
        content: its bytes, at most one more than `MOST_BYTES`.
        portal: where the portal is.
    """
    refusal = None
    mail, said, quoted = Mail(), "", ""
    try:
        mail = message_from_bytes(content[:_READ_BYTES], policy=policy.compat32)
        said, quoted = texts_of(mail)
    except _BROKEN:
        refusal = UNREADABLE
    sender, subject = _sender(mail), _subject(mail)
    found = addresses_in(said, portal)
    return Incoming(
        fingerprint=_fingerprint(mail, content),
        sender=sender,
        subject=subject,
        text=said,
        found=found,
        says_urgent=bool(_URGENT.search(f"{subject}\n{said}")),
        refusal=refusal
        or _refusal(mail, sender, len(content))
        or _no_address(found, quoted, portal),
    )


def addresses_in(text: str, portal: Portal) -> tuple[Found, ...]:
    """The addresses of datasets and files of the portal in a text, each once, in their order.

    Also those within another address, as programs that guard their readers write them.

    Args:
        text: the text.
        portal: where the portal is.
    """
    pattern = _pattern(portal)
    found: dict[Found, None] = {}
    for each in (text, unquote(text)):
        for match in pattern.finditer(each):
            if match["dumped"]:
                found[Found(None, match["dumped"].lower())] = None
            else:
                file = match["file"]
                found[Found(match["dataset"].lower(), file.lower() if file else None)] = None
            if len(found) >= _MOST_ADDRESSES:
                return tuple(found)
    return tuple(found)


def _pattern(portal: Portal) -> re.Pattern[str]:
    parts = urlsplit(portal.url)
    languages = "|".join(map(re.escape, portal.languages))
    before, _, after = parts.path.partition("{{LANG}}")
    path = "".join(re.escape(part.rstrip("/")) for part in (before, after))
    return re.compile(
        rf"https?://{re.escape(parts.netloc)}{path}(?:/(?:{languages}))?/(?:"
        rf"datastore/dump/(?P<dumped>[\w-]{{1,100}})"
        rf"|dataset/(?:(?:{_PAGES_OF_DATASET})/)?(?P<dataset>[\w-]{{1,100}})"
        rf"(?:/(?:resource|dictionary)/(?P<file>[\w-]{{1,100}}))?)",
        re.IGNORECASE | re.ASCII,
    )


def _refusal(mail: Mail, sender: str, size: int) -> Message | None:
    if size > MOST_BYTES:
        return TOO_LARGE
    if _is_automatic(mail):
        return AUTOMATIC
    if not sender:
        return NO_SENDER
    if any(
        re.search(r"\bdmarc=fail\b", _header(each), re.IGNORECASE)
        for each in mail.get_all("Authentication-Results", [])
    ):
        return DOUBTED
    return None


def _no_address(found: tuple[Found, ...], quoted: str, portal: Portal) -> Message | None:
    if found:
        return None
    return ONLY_QUOTED if addresses_in(quoted, portal) else NO_ADDRESS


def _is_automatic(mail: Mail) -> bool:
    """Whether a program wrote it (RFC 3834, RFC 3464)."""
    submitted = _header(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _header(mail.get("Precedence", "")).strip().lower() in _AUTOMATIC_PRECEDENCE
        or _header(mail.get("Return-Path", "-")).strip() == "<>"
        or mail.get_content_type() == "multipart/report"
        or any(name in mail for name in _AUTOMATIC_HEADERS)
    )


def _sender(mail: Mail) -> str:
    headers = [_header(each) for each in mail.get_all("From", [])]
    try:
        found = {address.strip().lower() for _, address in getaddresses(headers)}
    except (ValueError, IndexError, TypeError, RecursionError):
        return ""
    if len(headers) != 1 or len(found) != 1:
        return ""
    [address] = found
    is_one = re.fullmatch(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+", address)
    return address if is_one and len(address) <= _MOST_LINE else ""


def _subject(mail: Mail) -> str:
    return " ".join(_decoded(mail.get("Subject", "")).split())[:_MOST_LINE]


def _header(value: object) -> str:
    """A header as it came, on one line; bytes of no known charset become a sign."""
    return clean(str(value)).replace("\r", "").replace("\n", "")


def _decoded(value: object) -> str:
    try:
        parts = decode_header(_header(value))
    except (MessageError, ValueError):
        return _header(value)
    return clean("".join(as_text(part, charset) for part, charset in parts))


def _fingerprint(mail: Mail, content: bytes) -> str:
    digest = hashlib.sha256()
    for name in _SIGNED:
        for value in mail.get_all(name, []):
            digest.update(f"{name}:{_header(value)}\n".encode())
    starts = [content.find(blank) for blank in (b"\r\n\r\n", b"\n\n")]
    digest.update(content[min((start for start in starts if start >= 0), default=0) :])
    return digest.hexdigest()
