"""Conventions, their events and their documents.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heraultdata_convention",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "organization_id",
            sa.UnicodeText,
            sa.ForeignKey("group.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("reference", sa.UnicodeText),
        sa.Column("deliberation_number", sa.UnicodeText),
        sa.Column("deliberation_date", sa.Date),
        sa.Column("representative", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "heraultdata_convention_organization", "heraultdata_convention", ["organization_id"]
    )
    op.create_table(
        "heraultdata_convention_event",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("sequence", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column(
            "convention_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_convention.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("party", sa.UnicodeText),
        sa.Column("deadline", sa.Date),
        sa.Column("breaches", sa.UnicodeText),
        sa.Column("authorisations", JSONB),
        sa.Column(
            "voids",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_convention_event.id", ondelete="RESTRICT"),
        ),
        sa.Column("note", sa.UnicodeText),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.UnicodeText),
    )
    op.create_index(
        "heraultdata_convention_event_order",
        "heraultdata_convention_event",
        ["convention_id", "sequence"],
        unique=True,
    )
    op.execute(
        """
        CREATE TRIGGER heraultdata_convention_event_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON heraultdata_convention_event
        FOR EACH STATEMENT EXECUTE FUNCTION heraultdata_refuse_change()
        """
    )
    op.create_table(
        "heraultdata_convention_document",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
        ),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "heraultdata_convention_document_convention",
        "heraultdata_convention_document",
        ["convention_id"],
    )


def downgrade() -> None:
    op.drop_table("heraultdata_convention_document")
    op.drop_table("heraultdata_convention_event")
    op.drop_table("heraultdata_convention")
