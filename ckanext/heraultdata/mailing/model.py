"""Table of the notices that were sent: its key is what makes each of them go once."""

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
