"""Deadlines: extensions, declarations, absences, comments on drafts, calendars, wishes about mails.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heraultdata_extension",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
    op.create_index(
        "heraultdata_extension_version",
        "heraultdata_extension",
        ["organization_id", "version_id", "decided_on"],
    )
    op.create_index(
        "heraultdata_extension_waiting",
        "heraultdata_extension",
        ["organization_id", "version_id"],
        unique=True,
        postgresql_where=sa.text("granted IS NULL"),
    )
    op.create_table(
        "heraultdata_declaration",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
    op.create_index(
        "heraultdata_declaration_package",
        "heraultdata_declaration",
        ["package_id", "version_id"],
    )
    op.create_table(
        "heraultdata_absence",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
    op.create_index(
        "heraultdata_absence_standard", "heraultdata_absence", ["organization_id", "standard_id"]
    )
    op.add_column("heraultdata_standard_version", sa.Column("comments_until", sa.Date))
    op.create_table(
        "heraultdata_standard_comment",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _version(),
        sa.Column("column_name", sa.UnicodeText),
        sa.Column("text", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.UnicodeText),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answered_by", sa.UnicodeText),
    )
    op.create_index(
        "heraultdata_standard_comment_version",
        "heraultdata_standard_comment",
        ["version_id", "made_at"],
    )
    op.create_table(
        "heraultdata_calendar_feed",
        sa.Column(
            "organization_id",
            sa.UnicodeText,
            sa.ForeignKey("group.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("token", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "heraultdata_mail_preference",
        sa.Column("address", sa.UnicodeText, primary_key=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("language", sa.UnicodeText),
    )
    op.create_index("heraultdata_sent_notice_due", "heraultdata_sent_notice", ["due_on"])
    op.create_index(
        "heraultdata_check_last",
        "heraultdata_check",
        ["resource_id", "version_id", sa.text("made_at DESC")],
        postgresql_include=["valid"],
        postgresql_where=sa.text("held_file_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("heraultdata_check_last", "heraultdata_check")
    op.drop_index("heraultdata_sent_notice_due", "heraultdata_sent_notice")
    op.drop_table("heraultdata_mail_preference")
    op.drop_table("heraultdata_calendar_feed")
    op.drop_table("heraultdata_standard_comment")
    op.drop_column("heraultdata_standard_version", "comments_until")
    op.drop_table("heraultdata_absence")
    op.drop_table("heraultdata_declaration")
    op.drop_table("heraultdata_extension")


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
