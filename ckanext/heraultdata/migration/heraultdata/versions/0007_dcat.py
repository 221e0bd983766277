"""The catalogue: each dataset as it is served, the changes, and the triggers that see them all.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}

# What ckanext-dcat leaves out of the catalogue too.
_IN_CATALOGUE = "coalesce(p.type, 'dataset') NOT IN ('harvest', 'showcase')"
_IS_PUBLIC = "(p.state = 'active' AND p.private IS NOT TRUE)"

# For each table, the datasets that what changes in it is told of.
_OF_ROWS = "SELECT {column} AS id FROM changed"
_OF_ORGANIZATION = (
    "SELECT p.id FROM package AS p JOIN changed ON p.owner_org = changed.{column} "
    "WHERE p.state = 'active'"
)
# The département stands in for partners that say of themselves nothing public.
_OF_PARTNER = (
    f"{_OF_ORGANIZATION} UNION "
    "SELECT unnest(heraultdata_dcat_relying_on(ARRAY(SELECT {column} FROM changed)))"
)
# An address that is a référent's is told to nobody, from the moment that it is.
_OF_REFERENT = (
    f"{_OF_ORGANIZATION} UNION "
    "SELECT unnest(heraultdata_dcat_naming(ARRAY(SELECT email FROM changed WHERE email <> '')))"
)
_OF_STANDARD = (
    "SELECT r.package_id AS id FROM resource AS r JOIN {standards} "
    "ON strpos(r.extras::text, '\"' || s.name || '\"') > 0 WHERE r.state = 'active' UNION "
    "SELECT unnest(heraultdata_dcat_naming(ARRAY(SELECT s.name FROM {standards})))"
)
_SOURCES = {
    "package": _OF_ROWS.format(column="id"),
    "package_extra": _OF_ROWS.format(column="package_id"),
    "package_tag": _OF_ROWS.format(column="package_id"),
    "resource": _OF_ROWS.format(column="package_id"),
    '"group"': _OF_PARTNER.format(column="id"),
    "group_extra": _OF_PARTNER.format(column="group_id"),
    "heraultdata_check": _OF_ROWS.format(column="package_id"),
    "heraultdata_declaration": _OF_ROWS.format(column="package_id"),
    "heraultdata_referent": _OF_REFERENT.format(column="organization_id"),
    "heraultdata_standard": _OF_STANDARD.format(standards="changed AS s"),
    "heraultdata_standard_version": _OF_STANDARD.format(
        standards="(heraultdata_standard AS s JOIN changed ON changed.standard_id = s.id)"
    ),
}

# CKAN 2.12 has put the extras into columns: which branch is read is decided as it runs, so that
# the functions outlive the upgrade of CKAN.
_HAS_COLUMN = (
    "EXISTS (SELECT FROM pg_attribute WHERE attrelid = '{table}'::regclass "
    "AND attname = 'extras' AND NOT attisdropped)"
)
_NAMING = f"""
    CREATE OR REPLACE FUNCTION heraultdata_dcat_naming(words text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
        IF {_HAS_COLUMN.format(table="package")} THEN
            RETURN ARRAY(
                SELECT p.id FROM package AS p WHERE EXISTS (
                    SELECT FROM unnest(words) AS w WHERE strpos(lower(p.extras::text), lower(w)) > 0
                )
            );
        END IF;
        RETURN ARRAY(
            SELECT e.package_id FROM package_extra AS e WHERE EXISTS (
                SELECT FROM unnest(words) AS w WHERE strpos(lower(e.value), lower(w)) > 0
            )
        );
    END $$
"""
_RELYING_ON = f"""
    CREATE OR REPLACE FUNCTION heraultdata_dcat_relying_on(organizations text[]) RETURNS text[]
    LANGUAGE plpgsql STABLE AS $$
    DECLARE
        is_department boolean;
    BEGIN
        IF {_HAS_COLUMN.format(table='"group"')} THEN
            is_department := EXISTS (
                SELECT FROM "group" AS g WHERE g.id = ANY (organizations)
                AND g.extras->>'partner_type' = 'department'
            );
        ELSE
            is_department := EXISTS (
                SELECT FROM group_extra AS e WHERE e.group_id = ANY (organizations)
                AND e.key = 'partner_type' AND e.value = 'department'
            );
        END IF;
        IF NOT is_department THEN
            RETURN ARRAY[]::text[];
        END IF;
        RETURN ARRAY(SELECT p.id FROM package AS p WHERE p.state = 'active');
    END $$
"""


def upgrade() -> None:
    _make_tables()
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION heraultdata_dcat_touch(ids text[]) RETURNS void
        LANGUAGE sql AS $$
            -- In one order, so that two transactions never wait for each other.
            INSERT INTO heraultdata_dcat_piece AS piece (package_id, is_public, changes, serialised)
            SELECT p.id, {_IS_PUBLIC}, 1, 0 FROM package AS p
            WHERE p.id = ANY (ids) AND {_IN_CATALOGUE} ORDER BY p.id
            ON CONFLICT (package_id) DO UPDATE SET
                changes = piece.changes + 1,
                is_public = excluded.is_public,
                slot = CASE WHEN excluded.is_public THEN piece.slot END,
                modified = CASE WHEN excluded.is_public THEN piece.modified END;
            -- What harvesters were never told of leaves nothing.
            DELETE FROM heraultdata_dcat_piece WHERE package_id = ANY (ids) AND digest IS NULL
            AND NOT EXISTS (SELECT 1 FROM package WHERE package.id = package_id);
            UPDATE heraultdata_dcat_piece
            SET changes = changes + 1, is_public = false, slot = NULL, modified = NULL
            WHERE package_id = ANY (ids)
            AND NOT EXISTS (SELECT 1 FROM package WHERE package.id = package_id);
        $$
        """
    )
    op.execute(_NAMING)
    op.execute(_RELYING_ON)
    for table in _tables():
        _watch(table, _SOURCES[table])
    # What is public as this is installed was changed when CKAN says, not now.
    op.execute(
        f"""
        INSERT INTO heraultdata_dcat_piece (package_id, is_public, changes, serialised, modified)
        SELECT p.id, {_IS_PUBLIC}, 1, 0,
            CASE WHEN {_IS_PUBLIC} THEN p.metadata_modified AT TIME ZONE 'UTC' END
        FROM package AS p WHERE {_IN_CATALOGUE}
        """
    )


def downgrade() -> None:
    for table in _tables():
        for event in _EVENTS:
            op.execute(f"DROP TRIGGER heraultdata_dcat_{event.lower()} ON {table}")
    for table in _SOURCES:
        op.execute(f"DROP FUNCTION IF EXISTS {_function(table)}()")
    for name in ("naming", "relying_on", "touch"):
        op.execute(f"DROP FUNCTION heraultdata_dcat_{name}(text[])")
    op.drop_table("heraultdata_dcat_change")
    op.drop_table("heraultdata_dcat_piece")


def _tables() -> list[str]:
    """Those of the tables that are there: CKAN 2.12 has put the extras into columns."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    return [table for table in _SOURCES if table.strip('"') in there]


def _watch(table: str, datasets: str) -> None:
    op.execute(
        f"""
        CREATE OR REPLACE FUNCTION {_function(table)}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM heraultdata_dcat_touch(
                ARRAY(SELECT DISTINCT d.id::text FROM ({datasets}) AS d)
            );
            RETURN NULL;
        END $$
        """
    )
    for event, rows in _EVENTS.items():
        name = f"heraultdata_dcat_{event.lower()}"
        # A table of CKAN outlives ours: what was left of an earlier one goes.
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} "
            f"REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT "
            f"EXECUTE FUNCTION {_function(table)}()"
        )


def _function(table: str) -> str:
    name = table.strip('"').removeprefix("heraultdata_")
    return f"heraultdata_dcat_of_{name}"


def _make_tables() -> None:
    op.create_table(
        "heraultdata_dcat_piece",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("slot", sa.Integer, unique=True),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.Column("serialised", sa.BigInteger, nullable=False),
        sa.Column("made_with", sa.UnicodeText),
        sa.Column("uri", sa.UnicodeText),
        sa.Column("title", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("digest", sa.UnicodeText),
        sa.Column("modified", sa.DateTime(timezone=True)),
        sa.Column("turtle", sa.UnicodeText),
        sa.Column("rdf_xml", sa.UnicodeText),
        sa.Column("json_ld", sa.UnicodeText),
        sa.Column("score", sa.Integer),
        sa.Column("gaps", JSONB(none_as_null=True)),
    )
    _index("piece", "score", ["score", "package_id"])
    _index("piece", "modified", ["modified"])
    _index("piece", "waiting", ["package_id"], "is_public AND slot IS NULL")
    _index("piece", "stale", ["package_id"], "is_public AND serialised <> changes")
    _index("piece", "left", ["package_id"], "NOT is_public AND digest IS NOT NULL")
    op.create_table(
        "heraultdata_dcat_change",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("uri", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.UnicodeText),
    )
    _index("change", "at", ["at", "id"])
    _index("change", "package", ["package_id"])


def _index(table: str, name: str, columns: list[str], where: str | None = None) -> None:
    op.create_index(
        f"heraultdata_dcat_{table}_{name}_idx",
        f"heraultdata_dcat_{table}",
        columns,
        postgresql_where=sa.text(where) if where else None,
    )
