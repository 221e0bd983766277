"""Tables of the conventions: the convention, its events (append-only), its documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped


class Convention(tk.BaseModel):
    """A convention between the département and one partner.

    An organisation that has one cannot be purged: the foreign key refuses it.
    """

    __table__ = sa.Table(
        "heraultdata_convention",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column(
            "organization_id",
            sa.UnicodeText,
            sa.ForeignKey("group.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("reference", sa.UnicodeText, nullable=True),
        sa.Column("deliberation_number", sa.UnicodeText, nullable=True),
        sa.Column("deliberation_date", sa.Date, nullable=True),
        sa.Column("representative", sa.UnicodeText, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    organization_id: Mapped[str]
    reference: Mapped[str | None]
    deliberation_number: Mapped[str | None]
    deliberation_date: Mapped[date | None]
    representative: Mapped[str | None]
    created_at: Mapped[datetime]


class ConventionEvent(tk.BaseModel):
    """An event of a convention; `sequence` is the order of recording.

    The database refuses UPDATE, DELETE and TRUNCATE on this table (migration 0003).
    """

    __table__ = sa.Table(
        "heraultdata_convention_event",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("sequence", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column(
            "convention_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_convention.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("party", sa.UnicodeText, nullable=True),
        sa.Column("deadline", sa.Date, nullable=True),
        sa.Column("breaches", sa.UnicodeText, nullable=True),
        sa.Column("authorisations", JSONB(none_as_null=True), nullable=True),
        sa.Column(
            "voids",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_convention_event.id", ondelete="RESTRICT"),
            nullable=True,
        ),
        sa.Column("note", sa.UnicodeText, nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.UnicodeText, nullable=True),
    )

    id: Mapped[str]
    sequence: Mapped[int]
    convention_id: Mapped[str]
    kind: Mapped[str]
    date: Mapped[date]
    party: Mapped[str | None]
    deadline: Mapped[date | None]
    breaches: Mapped[str | None]
    authorisations: Mapped[list[dict[str, Any]] | None]
    voids: Mapped[str | None]
    note: Mapped[str | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str | None]


class ConventionDocument(tk.BaseModel):
    """A PDF of a convention; its bytes stand in the database.

    There they are private by nature, and written with the event or not at all.
    """

    __table__ = sa.Table(
        "heraultdata_convention_document",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column(
            "convention_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_convention.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column(
            "event_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_convention_event.id", ondelete="RESTRICT"),
            nullable=True,
        ),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False, default=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    convention_id: Mapped[str]
    event_id: Mapped[str | None]
    kind: Mapped[str]
    title: Mapped[str]
    file_name: Mapped[str]
    size: Mapped[int]
    public: Mapped[bool]
    content: Mapped[bytes]
    created_at: Mapped[datetime]
