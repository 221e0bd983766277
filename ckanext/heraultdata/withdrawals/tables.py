"""Taking DataStore tables out of the schema that people read, putting them back, destroying them.

A table moves with its indexes, triggers and permissions, and with the views that are its aliases;
each function is one transaction of the DataStore's database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
import sqlalchemy as sa
from ckan.plugins import plugin_loaded
from psycopg2 import sql
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from ..messages import N_, Message
from .work_errors import WorkError

SCHEMA = "heraultdata_withdrawn"
"""The schema that nobody but the DataStore's writer may use."""
PUBLIC = "public"
_LOCK = 0x68657274
"""The key of the lock under which the schema is made."""
LOCK_TIMEOUT = "10s"
"""A table that is read for longer is tried again later."""


@dataclass(frozen=True)
class _View:
    """An alias of a table.

    Attributes:
        oid: its number in PostgreSQL, which moving leaves as it is.
        name: its name where it is now.
        alias: the name under which people know it.
    """

    oid: int
    name: str
    alias: str


def withdraw(resource_id: str) -> None:
    """Move the table of a resource, and its aliases, where only the DataStore's writer reads.

    Args:
        resource_id: the resource; nothing where it has no table.
    """
    with _connection() as connection:
        if connection is None or not _exists(connection, PUBLIC, resource_id):
            return
        _make_schema(connection)
        views = _views_of(connection, PUBLIC, resource_id)
        _move(connection, "TABLE", resource_id, PUBLIC, SCHEMA)
        for view in views:
            # Another table may take the alias meanwhile, and be withdrawn too.
            kept_name = f"alias_{view.oid}"
            _run(connection, "ALTER VIEW {}.{} RENAME TO {}", PUBLIC, view.name, kept_name)
            _move(connection, "VIEW", kept_name, PUBLIC, SCHEMA)
            _comment(connection, SCHEMA, kept_name, view.alias)


def put_back(resource_id: str) -> None:
    """Move the table of a resource, and its aliases, back where people read them.

    Args:
        resource_id: the resource; nothing where it has no withdrawn table.

    Raises:
        WorkError: another table has taken its place, or one of its aliases.
    """
    with _connection() as connection:
        if connection is None or not _exists(connection, SCHEMA, resource_id):
            return
        views = _views_of(connection, SCHEMA, resource_id)
        taken = [
            n for n in (resource_id, *(v.alias for v in views)) if _exists(connection, PUBLIC, n)
        ]
        if taken:
            raise WorkError(Message(_TAKEN, {"name": taken[0]}))
        _move(connection, "TABLE", resource_id, SCHEMA, PUBLIC)
        for view in views:
            _comment(connection, SCHEMA, view.name, None)
            _move(connection, "VIEW", view.name, SCHEMA, PUBLIC)
            _run(connection, "ALTER VIEW {}.{} RENAME TO {}", PUBLIC, view.name, view.alias)


def destroy(resource_id: str) -> None:
    """Destroy the table of a resource, wherever it is, with its aliases.

    Args:
        resource_id: the resource.
    """
    with _connection() as connection:
        if connection is None:
            return
        for schema in (PUBLIC, SCHEMA):
            _run(connection, "DROP TABLE IF EXISTS {}.{} CASCADE", schema, resource_id)
        if _exists(connection, PUBLIC, "_table_stats"):
            connection.execute(
                sa.text('DELETE FROM public."_table_stats" WHERE resource_id = :id'),
                {"id": resource_id},
            )


_IN_USE = N_("The DataStore is in use, or refuses: {reason}.")
_TAKEN = N_(
    "The name “{name}” in the DataStore was given to other data since: give that one another name."
)


@contextmanager
def _connection() -> Iterator[Connection | None]:
    """A transaction of the DataStore; None where the site has none."""
    if not plugin_loaded("datastore"):
        yield None
        return
    try:
        with _engine().begin() as connection:
            connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            yield connection
    except (DBAPIError, psycopg2.Error) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise WorkError(Message(_IN_USE, {"reason": reason})) from error


def _engine() -> Engine:
    from ckanext.datastore.backend.postgres import get_write_engine

    return get_write_engine()


def _make_schema(connection: Connection) -> None:
    if connection.scalar(sa.text("SELECT to_regnamespace(:name)"), {"name": SCHEMA}):
        return
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    _run(connection, "CREATE SCHEMA IF NOT EXISTS {}", SCHEMA)
    _run(connection, "REVOKE ALL ON SCHEMA {} FROM PUBLIC", SCHEMA)


def _exists(connection: Connection, schema: str, name: str) -> bool:
    found = connection.scalar(
        sa.text(
            "SELECT 1 FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace "
            "WHERE nspname = :schema AND relname = :name"
        ),
        {"schema": schema, "name": name},
    )
    return found is not None


def _views_of(connection: Connection, schema: str, resource_id: str) -> list[_View]:
    """The views that read a table, and those that read them, in the order of their making."""
    rows = connection.execute(
        sa.text(
            """
            WITH RECURSIVE reader (oid) AS (
                SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                WHERE n.nspname = :schema AND c.relname = :name
                UNION
                SELECT r.ev_class FROM reader
                JOIN pg_depend AS d ON d.refobjid = reader.oid
                    AND d.refclassid = 'pg_class'::regclass
                    AND d.classid = 'pg_rewrite'::regclass
                JOIN pg_rewrite AS r ON r.oid = d.objid
            )
            SELECT c.oid, c.relname,
                coalesce(obj_description(c.oid, 'pg_class'), c.relname) AS alias
            FROM reader JOIN pg_class AS c ON c.oid = reader.oid
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind = 'v' AND n.nspname = :schema ORDER BY c.oid
            """
        ),
        {"schema": schema, "name": resource_id},
    )
    return [_View(row.oid, row.relname, row.alias) for row in rows]


def _move(connection: Connection, kind: str, name: str, source: str, target: str) -> None:
    _run(connection, f"ALTER {kind} {{}}.{{}} SET SCHEMA {{}}", source, name, target)


def _comment(connection: Connection, schema: str, view: str, text: str | None) -> None:
    statement = sql.SQL("COMMENT ON VIEW {}.{} IS {}").format(
        sql.Identifier(schema), sql.Identifier(view), sql.Literal(text)
    )
    _execute(connection, statement)


def _run(connection: Connection, statement: str, *names: str) -> None:
    """Run a statement with its names quoted: an alias may hold any character."""
    _execute(connection, sql.SQL(statement).format(*map(sql.Identifier, names)))


def _execute(connection: Connection, statement: sql.Composed) -> None:
    # SQLAlchemy would take a colon or a percent sign of a name for a value to put in.
    connection.connection.cursor().execute(statement)
