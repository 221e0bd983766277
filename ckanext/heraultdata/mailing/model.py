"""Tables of the lines that were sent, each once by its key, and of what readers wish."""

from __future__ import annotations

from datetime import date, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped


class SentNotice(tk.BaseModel):
    """A notice that went to one address about one subject and one date."""

    __table__ = sa.Table(
        "heraultdata_sent_notice",
        tk.BaseModel.metadata,
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("subject_id", sa.UnicodeText, primary_key=True),
        sa.Column("due_on", sa.Date, primary_key=True),
        sa.Column("address", sa.UnicodeText, primary_key=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )

    kind: Mapped[str]
    subject_id: Mapped[str]
    due_on: Mapped[date]
    address: Mapped[str]
    sent_at: Mapped[datetime]


class MailPreference(tk.BaseModel):
    """What the reader of an address wishes; `address` in small letters.

    Attributes:
        stopped_at: since when it wants no more mails than the law asks for; None where it does.
        language: the language that it reads; None for that of the site.
    """

    __table__ = sa.Table(
        "heraultdata_mail_preference",
        tk.BaseModel.metadata,
        sa.Column("address", sa.UnicodeText, primary_key=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("language", sa.UnicodeText),
    )

    address: Mapped[str]
    stopped_at: Mapped[datetime | None]
    language: Mapped[str | None]
