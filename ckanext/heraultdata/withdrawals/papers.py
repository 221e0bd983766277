"""The papers of a request: the letter, the scan or the message, checked, kept and given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy

import ckan.model as model
import magic
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ..conventions.documents import kept_name, refuse_too_large
from ..messages import N_, Message, RuleError
from .model import WithdrawalPaper
from .service import NewPaper

MESSAGE = "message/rfc822"
_MEDIA_TYPES = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp", "image/tiff"})
_HEADERS = ("From", "Date", "Subject", "Received", "Message-ID")


class PaperNotFoundError(Exception):
    """There is no paper of that identifier."""


@dataclass(frozen=True)
class PaperSummary:
    """A paper without its bytes; `size` in bytes."""

    id: str
    file_name: str
    media_type: str
    size: int
    created_at: datetime


def from_upload(upload: FileStorage, max_size: int) -> NewPaper:
    """The paper that an uploaded file is.

    Args:
        upload: the file of the form.
        max_size: the most bytes.

    Raises:
        RuleError: on the field `upload`: empty, too large, no PDF, no image and no message.
    """
    content = upload.stream.read(max_size + 1)
    if not content:
        raise RuleError("upload", Message(N_("This file is empty: choose another one.")))
    refuse_too_large(content, max_size)
    return NewPaper(kept_name(upload.filename or ""), _media_type(content), content)


def of_request(withdrawal_id: str) -> list[PaperSummary]:
    """The papers of a request, the oldest first, without their bytes."""
    columns = [column for column in WithdrawalPaper.__table__.c if column.name != "content"]
    rows = model.Session.execute(
        sa.select(*columns)
        .where(WithdrawalPaper.withdrawal_id == withdrawal_id)
        .order_by(WithdrawalPaper.created_at, WithdrawalPaper.id)
    ).all()
    return [
        PaperSummary(row.id, row.file_name, row.media_type, row.size, row.created_at)
        for row in rows
    ]


def read(withdrawal_id: str, paper_id: str) -> WithdrawalPaper:
    """A paper of a request with its bytes.

    Raises:
        PaperNotFoundError: the request has no such paper.
    """
    found = model.Session.get(WithdrawalPaper, paper_id)
    if found is None or found.withdrawal_id != withdrawal_id:
        raise PaperNotFoundError(paper_id)
    return found


def _media_type(content: bytes) -> str:
    found = magic.from_buffer(content[:4096], mime=True)
    if found in _MEDIA_TYPES:
        return found
    if found == MESSAGE or _is_message(content):
        return MESSAGE
    raise RuleError(
        "upload",
        Message(
            N_(
                "This file is neither a PDF, nor an image (JPEG, PNG, WebP, TIFF), nor a saved "
                "message (.eml): scan the letter or save the message, and try again."
            )
        ),
    )


def _is_message(content: bytes) -> bool:
    """Whether the bytes begin with headers as a message of RFC 5322 does."""
    if b"\0" in content[:4096]:
        return False
    headers = message_from_bytes(content, policy=policy.compat32)
    return sum(name in headers for name in _HEADERS) >= 2
