"""Withdrawals: requests, items, papers, work left to do, names left, platforms, copies followed.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = (
    "heraultdata_withdrawal",
    "heraultdata_withdrawal_item",
    "heraultdata_withdrawal_paper",
    "heraultdata_withdrawal_work",
    "heraultdata_withdrawn_file",
    "heraultdata_former_file",
    "heraultdata_former_name",
    "heraultdata_been_public",
    "heraultdata_platform",
    "heraultdata_followup",
    "heraultdata_withdrawal_message",
)


def upgrade() -> None:
    op.create_table(
        "heraultdata_withdrawal",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("reference", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("organization_title", sa.UnicodeText, nullable=False),
        sa.Column("scope", sa.UnicodeText, nullable=False),
        sa.Column("reason_class", sa.UnicodeText, nullable=False),
        sa.Column("reason", sa.UnicodeText),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("channel", sa.UnicodeText, nullable=False),
        sa.Column("initiative", sa.UnicodeText, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_on", sa.Date),
        sa.Column("confirmation_note", sa.UnicodeText),
        sa.Column("executed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("decision_reason", sa.UnicodeText),
        sa.Column("erase_on", sa.Date),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.UnicodeText),
    )
    op.create_table(
        "heraultdata_withdrawal_item",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _request(),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("resource_id", sa.UnicodeText),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("resource_name", sa.UnicodeText),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("was_state", sa.UnicodeText, nullable=False),
        sa.Column("was_public", sa.Boolean, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("restored_at", sa.DateTime(timezone=True)),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "heraultdata_withdrawal_paper",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _request(),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("media_type", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "heraultdata_withdrawal_work",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _item(),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("aim", sa.UnicodeText, nullable=False),
        sa.Column("target_id", sa.UnicodeText, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.UnicodeText),
        sa.UniqueConstraint("kind", "target_id", name="heraultdata_withdrawal_work_target"),
    )
    op.create_table(
        "heraultdata_withdrawn_file",
        sa.Column("resource_id", sa.UnicodeText, primary_key=True),
        sa.Column("address", sa.UnicodeText, nullable=False),
        sa.Column("kept_as", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "heraultdata_former_file",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("kept_as", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.UnicodeText),
    )
    op.create_table(
        "heraultdata_former_name",
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "heraultdata_been_public",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "heraultdata_platform",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("name", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("url", sa.UnicodeText, nullable=False),
        sa.Column("contact_email", sa.UnicodeText),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "heraultdata_followup",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        _item(),
        sa.Column(
            "platform_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_platform.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.Column("next_probe_at", sa.DateTime(timezone=True)),
        sa.Column("evidence", JSONB(none_as_null=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.UnicodeText),
        sa.Column("note", sa.UnicodeText),
        sa.UniqueConstraint("item_id", "platform_id", name="heraultdata_followup_copy"),
    )
    op.create_table(
        "heraultdata_withdrawal_message",
        sa.Column("id", sa.UnicodeText, primary_key=True),
        sa.Column("fingerprint", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("sender", sa.UnicodeText, nullable=False),
        sa.Column("subject", sa.UnicodeText, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("why", JSONB(none_as_null=True)),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column(
            "withdrawal_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_withdrawal.id", ondelete="RESTRICT"),
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.UnicodeText),
    )
    op.create_index(
        "heraultdata_withdrawal_queue", "heraultdata_withdrawal", ["state", "received_on"]
    )
    op.create_index(
        "heraultdata_withdrawal_partner",
        "heraultdata_withdrawal",
        ["organization_id", "received_on"],
    )
    op.create_index(
        "heraultdata_withdrawal_item_of", "heraultdata_withdrawal_item", ["withdrawal_id"]
    )
    op.create_index("heraultdata_withdrawal_item_name", "heraultdata_withdrawal_item", ["name"])
    op.create_index(
        "heraultdata_withdrawal_item_resource", "heraultdata_withdrawal_item", ["resource_id"]
    )
    op.create_index(
        "heraultdata_withdrawal_item_package", "heraultdata_withdrawal_item", ["package_id"]
    )
    op.create_index(
        "heraultdata_withdrawal_item_live",
        "heraultdata_withdrawal_item",
        ["package_id", sa.text("coalesce(resource_id, '')")],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'suspended', 'withdrawn')"),
    )
    op.create_index(
        "heraultdata_withdrawal_paper_of", "heraultdata_withdrawal_paper", ["withdrawal_id"]
    )
    op.create_index("heraultdata_withdrawal_work_item", "heraultdata_withdrawal_work", ["item_id"])
    op.create_index("heraultdata_withdrawal_work_next", "heraultdata_withdrawal_work", ["next_at"])
    op.create_index(
        "heraultdata_former_file_of", "heraultdata_former_file", ["resource_id", "replaced_at"]
    )
    op.create_index("heraultdata_former_file_package", "heraultdata_former_file", ["package_id"])
    op.create_index("heraultdata_former_name_package", "heraultdata_former_name", ["package_id"])
    op.create_index(
        "heraultdata_followup_next",
        "heraultdata_followup",
        ["next_probe_at"],
        postgresql_where=sa.text("next_probe_at IS NOT NULL"),
    )
    op.create_index(
        "heraultdata_withdrawal_message_tray",
        "heraultdata_withdrawal_message",
        ["received_at"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    # By triggers: a dataset becomes public, or changes its name, in many ways of CKAN.
    op.execute(
        """
        CREATE OR REPLACE FUNCTION heraultdata_note_public() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO heraultdata_been_public (package_id, since) VALUES (NEW.id, now())
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END $$;
        DROP TRIGGER IF EXISTS heraultdata_note_public ON package;
        CREATE TRIGGER heraultdata_note_public AFTER INSERT OR UPDATE OF state, private ON package
        FOR EACH ROW WHEN (NEW.state = 'active' AND NEW.private IS NOT TRUE)
        EXECUTE FUNCTION heraultdata_note_public();
        CREATE OR REPLACE FUNCTION heraultdata_note_name() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO heraultdata_former_name (name, package_id, left_at)
            VALUES (OLD.name, OLD.id, now())
            ON CONFLICT (name, package_id) DO UPDATE SET left_at = excluded.left_at;
            RETURN NULL;
        END $$;
        DROP TRIGGER IF EXISTS heraultdata_note_name ON package;
        CREATE TRIGGER heraultdata_note_name AFTER UPDATE OF name ON package
        FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)
        EXECUTE FUNCTION heraultdata_note_name();
        """
    )
    # What is public as this is installed has been public.
    op.execute(
        "INSERT INTO heraultdata_been_public (package_id, since) "
        "SELECT id, now() FROM package WHERE state = 'active' AND private IS NOT TRUE"
    )


def downgrade() -> None:
    for trigger in ("heraultdata_note_public", "heraultdata_note_name"):
        op.execute(f"DROP TRIGGER {trigger} ON package; DROP FUNCTION {trigger}()")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _request() -> sa.Column:
    return sa.Column(
        "withdrawal_id",
        sa.UnicodeText,
        sa.ForeignKey("heraultdata_withdrawal.id", ondelete="RESTRICT"),
        nullable=False,
    )


def _item() -> sa.Column:
    return sa.Column(
        "item_id",
        sa.UnicodeText,
        sa.ForeignKey("heraultdata_withdrawal_item.id", ondelete="RESTRICT"),
        nullable=False,
    )
