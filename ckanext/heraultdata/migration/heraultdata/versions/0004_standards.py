"""Standards and their versions; checks of files and files kept aside.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heraultdata_standard",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
    op.create_index("heraultdata_standard_name", "heraultdata_standard", ["name"], unique=True)
    op.create_table(
        "heraultdata_standard_version",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
        sa.Column("schema", sa.JSON),
        sa.Column("source_url", sa.UnicodeText),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "heraultdata_standard_version_name",
        "heraultdata_standard_version",
        ["standard_id", "version"],
        unique=True,
    )
    op.create_index(
        "heraultdata_standard_version_day",
        "heraultdata_standard_version",
        ["standard_id", "published_on"],
        unique=True,
    )
    op.create_table(
        "heraultdata_check",
        sa.Column("id", sa.UnicodeText, primary_key=True),
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
    op.create_index(
        "heraultdata_check_resource", "heraultdata_check", ["resource_id", sa.text("made_at DESC")]
    )
    op.create_index(
        "heraultdata_check_package",
        "heraultdata_check",
        ["package_id", "version_id", "resource_id", sa.text("made_at DESC")],
    )
    op.create_table(
        "heraultdata_held_file",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("resource", JSONB, nullable=False),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("user_id", sa.UnicodeText),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(
        "heraultdata_held_file_package", "heraultdata_held_file", ["package_id", "resource_id"]
    )


def downgrade() -> None:
    op.drop_table("heraultdata_held_file")
    op.drop_table("heraultdata_check")
    op.drop_table("heraultdata_standard_version")
    op.drop_table("heraultdata_standard")
