"""Make roles and databases as ordered on standard input (runs in the virtual environment).

Not imported by the stack: it needs psycopg2 and CKAN, which the system's Python does not have.
"""

from __future__ import annotations

import json
import sys
from typing import TypedDict

import psycopg2
from ckanext.datastore.cli import permissions_sql  # pyright: ignore[reportMissingImports]
from psycopg2 import sql
from psycopg2.extensions import connection, make_dsn


class Order(TypedDict):
    """What is to be there when the program ends."""

    admin_url: str
    owner: str
    reader: str
    password: str
    pairs: list[tuple[str, str]]
    empty: bool


def connect(url: str, database: str | None = None) -> connection:
    """Open a connection where each statement stands for itself, as CREATE DATABASE wants it."""
    opened = psycopg2.connect(make_dsn(url, dbname=database) if database else url)
    opened.autocommit = True
    return opened


def exists(admin: connection, query: str, name: str) -> bool:
    """Tell whether the catalogue query finds the name."""
    with admin.cursor() as cursor:
        cursor.execute(query, (name,))
        return cursor.fetchone() is not None


def execute(admin: connection, statement: str, **names: sql.Composable) -> None:
    """Run a statement with quoted names in it."""
    with admin.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(**names))


def ensure_role(admin: connection, name: str, password: str) -> None:
    """Make a role that may log in with the password."""
    known = exists(admin, "SELECT 1 FROM pg_roles WHERE rolname = %s", name)
    verb = "ALTER" if known else "CREATE"
    execute(
        admin,
        verb + " ROLE {name} LOGIN PASSWORD {password}",
        name=sql.Identifier(name),
        password=sql.Literal(password),
    )


def ensure_database(admin: connection, name: str, owner: str, *, empty: bool) -> bool:
    """Make a database; tell whether it is new."""
    if empty:
        execute(admin, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=sql.Identifier(name))
    if exists(admin, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        return False
    execute(
        admin,
        "CREATE DATABASE {name} OWNER {owner} ENCODING 'UTF8' TEMPLATE template0",
        name=sql.Identifier(name),
        owner=sql.Identifier(owner),
    )
    return True


def set_permissions(order: Order, main: str, datastore: str) -> None:
    """Give the DataStore the permissions that CKAN wants."""
    script = permissions_sql(main, datastore, order["owner"], order["owner"], order["reader"])
    # `\connect` is for psql; we are connected to the right database already.
    statements = "\n".join(line for line in script.splitlines() if not line.startswith("\\"))
    opened = connect(order["admin_url"], datastore)
    with opened.cursor() as cursor:
        cursor.execute(statements)
    opened.close()


def main() -> None:
    """Carry out the order, and print the names of the main databases that are new."""
    order: Order = json.load(sys.stdin)
    admin = connect(order["admin_url"])
    ensure_role(admin, order["owner"], order["password"])
    ensure_role(admin, order["reader"], order["password"])
    # A server of others: its administrator may be no superuser, and then must belong to the owner.
    execute(admin, "GRANT {owner} TO CURRENT_USER", owner=sql.Identifier(order["owner"]))
    fresh: list[str] = []
    for main_database, datastore in order["pairs"]:
        if ensure_database(admin, main_database, order["owner"], empty=order["empty"]):
            fresh.append(main_database)
        if ensure_database(admin, datastore, order["owner"], empty=order["empty"]):
            set_permissions(order, main_database, datastore)
    admin.close()
    json.dump(fresh, sys.stdout)


if __name__ == "__main__":
    main()
