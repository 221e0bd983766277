"""Journal, and the function by which the database keeps a table append-only.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE OR REPLACE FUNCTION heraultdata_refuse_change() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
                USING ERRCODE = 'restrict_violation';
        END
        $$
        """
    )
    op.create_table(
        "heraultdata_journal_entry",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("user_name", sa.UnicodeText),
        sa.Column("action", sa.UnicodeText, nullable=False),
        sa.Column("subject_type", sa.UnicodeText, nullable=False),
        sa.Column("subject_id", sa.UnicodeText, nullable=False),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("before", JSONB),
        sa.Column("after", JSONB),
    )
    op.create_index(
        "heraultdata_journal_entry_organization",
        "heraultdata_journal_entry",
        ["organization_id", "id"],
    )
    op.create_index(
        "heraultdata_journal_entry_subject",
        "heraultdata_journal_entry",
        ["subject_type", "subject_id", "id"],
    )
    op.execute(
        """
        CREATE TRIGGER heraultdata_journal_entry_append_only
        BEFORE UPDATE OR DELETE OR TRUNCATE ON heraultdata_journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION heraultdata_refuse_change()
        """
    )


def downgrade() -> None:
    op.drop_table("heraultdata_journal_entry")
    op.execute("DROP FUNCTION heraultdata_refuse_change()")
