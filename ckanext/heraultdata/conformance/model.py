"""Tables of what is recorded about deadlines: extensions, declarations, absences, calendars."""

from __future__ import annotations

from datetime import date, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.orm import Mapped


def _organization() -> sa.Column:
    return sa.Column(
        "organization_id",
        sa.UnicodeText,
        sa.ForeignKey("group.id", ondelete="CASCADE"),
        nullable=False,
    )


def _version() -> sa.Column:
    return sa.Column(
        "version_id",
        sa.UnicodeText,
        sa.ForeignKey("heraultdata_standard_version.id", ondelete="RESTRICT"),
        nullable=False,
    )


class Extension(tk.BaseModel):
    """More time for one partner and one version; `granted` is None until somebody decides."""

    __table__ = sa.Table(
        "heraultdata_extension",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        _organization(),
        _version(),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("asked_on", sa.Date, nullable=False),
        sa.Column("asked_by", sa.UnicodeText),
        sa.Column("granted", sa.Boolean),
        sa.Column("decided_on", sa.Date),
        sa.Column("decided_by", sa.UnicodeText),
        sa.Column("decision_reason", sa.UnicodeText),
    )

    id: Mapped[str]
    organization_id: Mapped[str]
    version_id: Mapped[str]
    due_on: Mapped[date]
    reason: Mapped[str]
    asked_on: Mapped[date]
    asked_by: Mapped[str | None]
    granted: Mapped[bool | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[str | None]
    decision_reason: Mapped[str | None]


class Declaration(tk.BaseModel):
    """A person's word that a dataset conforms to a version, where no program has checked it."""

    __table__ = sa.Table(
        "heraultdata_declaration",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column(
            "package_id",
            sa.UnicodeText,
            sa.ForeignKey("package.id", ondelete="CASCADE"),
            nullable=False,
        ),
        _version(),
        sa.Column("grounds", sa.UnicodeText, nullable=False),
        sa.Column("declared_on", sa.Date, nullable=False),
        sa.Column("declared_by", sa.UnicodeText),
    )

    id: Mapped[str]
    package_id: Mapped[str]
    version_id: Mapped[str]
    grounds: Mapped[str]
    declared_on: Mapped[date]
    declared_by: Mapped[str | None]


class Absence(tk.BaseModel):
    """A partner's answer that it holds no data of a standard; it runs for a year at most."""

    __table__ = sa.Table(
        "heraultdata_absence",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        _organization(),
        sa.Column(
            "standard_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_standard.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("declared_on", sa.Date, nullable=False),
        sa.Column("declared_by", sa.UnicodeText),
        sa.Column("ended_on", sa.Date),
    )

    id: Mapped[str]
    organization_id: Mapped[str]
    standard_id: Mapped[str]
    reason: Mapped[str]
    declared_on: Mapped[date]
    declared_by: Mapped[str | None]
    ended_on: Mapped[date | None]


class CalendarFeed(tk.BaseModel):
    """The private address of a partner's calendar; a new token makes the old address void."""

    __table__ = sa.Table(
        "heraultdata_calendar_feed",
        tk.BaseModel.metadata,
        sa.Column(
            "organization_id",
            sa.UnicodeText,
            sa.ForeignKey("group.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("token", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

    organization_id: Mapped[str]
    token: Mapped[str]
    created_at: Mapped[datetime]
