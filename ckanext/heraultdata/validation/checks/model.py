"""Tables of the checks made, and of the files kept aside because theirs failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped


class Check(tk.BaseModel):
    """One file against one version of its standard; the checks of one run share `run_id`.

    Attributes:
        held_file_id: the file kept aside that was checked, None for the file that is in place.
        facts: what was checked (`FileFacts`), so that a check of an older file is known as such.
        report: the report with at most 1 000 errors, as the engine keeps it.
    """

    __table__ = sa.Table(
        "heraultdata_check",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("run_id", sa.UnicodeText, nullable=False),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column(
            "version_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_standard_version.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("held_file_id", sa.UnicodeText),
        sa.Column("valid", sa.Boolean, nullable=False),
        sa.Column("error_count", sa.BigInteger, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Column("report", JSONB, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    run_id: Mapped[str]
    resource_id: Mapped[str]
    package_id: Mapped[str]
    version_id: Mapped[str]
    held_file_id: Mapped[str | None]
    valid: Mapped[bool]
    error_count: Mapped[int]
    facts: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class HeldFile(tk.BaseModel):
    """A file that the publication gate keeps aside; its bytes stand in CKAN's store under its id.

    Attributes:
        resource: the fields of the resource as its editor sent them.
        size: of its bytes; 0 for a link, and once the bytes are dropped.
        state: a value of `held.State`.
    """

    __table__ = sa.Table(
        "heraultdata_held_file",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("resource", JSONB, nullable=False),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    package_id: Mapped[str]
    resource_id: Mapped[str]
    resource: Mapped[dict[str, Any]]
    file_name: Mapped[str]
    size: Mapped[int]
    state: Mapped[str]
    user_id: Mapped[str | None]
    held_at: Mapped[datetime]
