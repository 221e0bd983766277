"""Tables of the standards and of their versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped


class Standard(tk.BaseModel):
    """A standard of the registry, national, territorial or de facto."""

    __table__ = sa.Table(
        "heraultdata_standard",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("level", sa.UnicodeText, nullable=False),
        sa.Column("scdl", sa.Boolean, nullable=False),
        sa.Column("priority", sa.Boolean, nullable=False),
        sa.Column("concerns", ARRAY(sa.UnicodeText), nullable=False),
        sa.Column("issuer", sa.UnicodeText),
        sa.Column("homepage", sa.UnicodeText),
        sa.Column("description", sa.UnicodeText),
        sa.Column("dataset_defaults", JSONB, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    level: Mapped[str]
    scdl: Mapped[bool]
    priority: Mapped[bool]
    concerns: Mapped[list[str]]
    issuer: Mapped[str | None]
    homepage: Mapped[str | None]
    description: Mapped[str | None]
    dataset_defaults: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class StandardVersion(tk.BaseModel):
    """A version of a standard; a draft until it has a publication date, never edited afterwards."""

    __table__ = sa.Table(
        "heraultdata_standard_version",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column(
            "standard_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_standard.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("version", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("published_on", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("adopted_on", sa.Date),
        sa.Column("legal_reference", sa.UnicodeText),
        sa.Column("schema", sa.JSON(none_as_null=True)),
        sa.Column("source_url", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comments_until", sa.Date),
    )

    id: Mapped[str]
    standard_id: Mapped[str]
    version: Mapped[str]
    kind: Mapped[str]
    published_on: Mapped[date | None]
    due_on: Mapped[date | None]
    adopted_on: Mapped[date | None]
    legal_reference: Mapped[str | None]
    schema: Mapped[dict[str, Any] | None]
    source_url: Mapped[str | None]
    created_at: Mapped[datetime]
    comments_until: Mapped[date | None]


class StandardComment(tk.BaseModel):
    """What a partner says of a draft that is out for comment, and the département's answer."""

    __table__ = sa.Table(
        "heraultdata_standard_comment",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column(
            "version_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_standard_version.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("column_name", sa.UnicodeText),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.UnicodeText),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.UnicodeText),
    )

    id: Mapped[str]
    version_id: Mapped[str]
    column_name: Mapped[str | None]
    text: Mapped[str]
    organization_id: Mapped[str | None]
    user_id: Mapped[str | None]
    made_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
