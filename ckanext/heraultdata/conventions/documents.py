"""Documents of a convention: checked to be a PDF, kept, shown to the public or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

import ckan.model as model
import magic
import sqlalchemy as sa
from ckan.model.types import make_uuid

from ..journal import service as journal
from ..messages import N_, Message, RuleError
from .model import Convention, ConventionDocument

_LONGEST_NAME = 150


class Kind(str, Enum):
    """What a document is."""

    CONVENTION = "convention"
    AMENDMENT = "amendment"
    LETTER = "letter"
    OTHER = "other"


class ConventionNotFoundError(Exception):
    """There is no convention, event or document of that identifier."""


@dataclass(frozen=True)
class NewDocument:
    """A PDF to keep, already checked."""

    kind: Kind
    title: str
    file_name: str
    content: bytes = field(repr=False)
    public: bool = False


@dataclass(frozen=True)
class DocumentSummary:
    """A document without its bytes; `size` in bytes."""

    id: str
    event_id: str | None
    kind: Kind
    title: str
    file_name: str
    size: int
    public: bool
    created_at: datetime


def check_pdf(content: bytes, max_size: int) -> None:
    """Refuse what is not a PDF, or is too large.

    Args:
        content: the bytes of the file.
        max_size: the most bytes.

    Raises:
        RuleError: on the field `upload`.
    """
    if not content:
        raise RuleError("upload", Message(N_("This file is empty: choose a PDF.")))
    refuse_too_large(content, max_size)
    if magic.from_buffer(content[:4096], mime=True) != "application/pdf":
        raise RuleError(
            "upload",
            Message(N_("This file is not a PDF: save or scan the document as PDF and try again.")),
        )


def refuse_too_large(content: bytes, max_size: int) -> None:
    """Refuse more bytes than are kept.

    Args:
        content: the bytes of a file.
        max_size: the most bytes.

    Raises:
        RuleError: on the field `upload`.
    """
    if len(content) > max_size:
        raise RuleError(
            "upload",
            Message(
                N_("This file is too large: the most is {most} MB."),
                {"most": max_size // (1024 * 1024)},
            ),
        )


def kept_name(file_name: str) -> str:
    """The name under which a file is kept and given back: its own, where one can be made of it.

    Args:
        file_name: as the browser sent it, with folders or characters that do not print.
    """
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    printed = "".join(character for character in last if character.isprintable())
    return printed.strip(" .")[-_LONGEST_NAME:] or "document.pdf"


def keep(convention_id: str, event_id: str | None, document: NewDocument, now: datetime) -> str:
    """Add a document to the session; it is written with the transaction of what it belongs to.

    Returns:
        The identifier of the document.
    """
    kept = ConventionDocument(
        id=make_uuid(),
        convention_id=convention_id,
        event_id=event_id,
        kind=document.kind.value,
        title=document.title,
        file_name=document.file_name,
        size=len(document.content),
        public=document.public,
        content=document.content,
        created_at=now,
    )
    model.Session.add(kept)
    return kept.id


def add(convention_id: str, document: NewDocument, actor: journal.Actor, now: datetime) -> str:
    """Keep a document that belongs to no event, such as the convention itself.

    Returns:
        The identifier of the document.

    Raises:
        ConventionNotFoundError: there is no such convention.
    """
    organization_id = _organization_of(convention_id)
    document_id = keep(convention_id, None, document, now)
    journal.record(
        actor,
        "convention.document_added",
        journal.Subject("convention", convention_id, organization_id),
        now,
        after=_for_journal(document_id, document),
    )
    model.Session.commit()
    return document_id


def set_public(document_id: str, public: bool, actor: journal.Actor, now: datetime) -> None:
    """Show a document to the public, or to the parties only.

    Raises:
        ConventionNotFoundError: there is no such document.
    """
    document = model.Session.get(ConventionDocument, document_id, with_for_update=True)
    if document is None:
        raise ConventionNotFoundError(document_id)
    before, document.public = document.public, public
    journal.record(
        actor,
        "convention.document_published" if public else "convention.document_unpublished",
        journal.Subject(
            "convention", document.convention_id, _organization_of(document.convention_id)
        ),
        now,
        before={"document_id": document.id, "public": before},
        after={"document_id": document.id, "public": public},
    )
    model.Session.commit()


def summaries(convention_id: str) -> list[DocumentSummary]:
    """The documents of a convention, the oldest first, without their bytes."""
    columns = [column for column in ConventionDocument.__table__.c if column.name != "content"]
    rows = model.Session.execute(
        sa.select(*columns)
        .where(ConventionDocument.convention_id == convention_id)
        .order_by(ConventionDocument.created_at, ConventionDocument.id)
    ).all()
    return [
        DocumentSummary(
            id=row.id,
            event_id=row.event_id,
            kind=Kind(row.kind),
            title=row.title,
            file_name=row.file_name,
            size=row.size,
            public=row.public,
            created_at=row.created_at,
        )
        for row in rows
    ]


def read(document_id: str) -> ConventionDocument:
    """A document with its bytes.

    Raises:
        ConventionNotFoundError: there is no such document.
    """
    found = model.Session.get(ConventionDocument, document_id)
    if found is None:
        raise ConventionNotFoundError(document_id)
    return found


def _organization_of(convention_id: str) -> str:
    organization_id = model.Session.scalar(
        sa.select(Convention.organization_id).where(Convention.id == convention_id)
    )
    if organization_id is None:
        raise ConventionNotFoundError(convention_id)
    return organization_id


def _for_journal(document_id: str, document: NewDocument) -> dict[str, object]:
    return {
        "document_id": document_id,
        "kind": document.kind.value,
        "title": document.title,
        "size": len(document.content),
        "public": document.public,
    }
