"""Référents of the partners, and the notices that were sent.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heraultdata_referent",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column(
            "organization_id",
            sa.UnicodeText,
            sa.ForeignKey("group.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("email", sa.UnicodeText, nullable=False),
        sa.Column("phone", sa.UnicodeText),
        sa.Column("position", sa.UnicodeText),
        sa.Column("user_id", sa.UnicodeText, sa.ForeignKey("user.id", ondelete="SET NULL")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "heraultdata_referent_organization", "heraultdata_referent", ["organization_id"]
    )
    op.create_table(
        "heraultdata_sent_notice",
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("subject_id", sa.UnicodeText, primary_key=True),
        sa.Column("due_on", sa.Date, primary_key=True),
        sa.Column("address", sa.UnicodeText, primary_key=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("heraultdata_sent_notice")
    op.drop_table("heraultdata_referent")
