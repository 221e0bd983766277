from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.datastore.backend import postgres
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ProgrammingError

from ckanext.heraultdata.withdrawals import tables
from ckanext.heraultdata.withdrawals.work_errors import WorkError
from tests import factories
from tests.withdrawals import making
from tests.withdrawals.datastore import ROWS, clean_tables, table  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_tables")

ALIASES = ["zones", "l'eau: ça; --", "aires"]


@pytest.fixture
def resource_id() -> str:
    """The identifier of a resource whose table has aliases, an index and a key."""
    made = a_resource()
    table(made, aliases=ALIASES)
    return made


def a_resource() -> str:
    dataset = making.private_dataset(factories.partner())
    return making.add_file(dataset["id"], "communes.csv", b"commune,habitants\n")["id"]


@contextmanager
def reader() -> Iterator[Connection]:
    with postgres.get_read_engine().connect() as connection:
        yield connection


def names() -> list[tuple[str, str | None]]:
    with reader() as connection:
        rows = connection.execute(sa.text('SELECT name, alias_of FROM "_table_metadata"'))
        return [(row.name, row.alias_of) for row in rows]


def described(resource_id: str) -> dict[str, Any]:
    """All that PostgreSQL says of a table, whatever the schema it is in."""
    asked = {
        "indexes": "SELECT c.relname FROM pg_index JOIN pg_class AS c ON c.oid = indexrelid "
        "WHERE indrelid = t.oid",
        "triggers": "SELECT pg_get_triggerdef(g.oid) FROM pg_trigger AS g WHERE tgrelid = t.oid",
        "constraints": "SELECT pg_get_constraintdef(k.oid) FROM pg_constraint AS k "
        "WHERE conrelid = t.oid",
        "permissions": "SELECT a::text FROM unnest(t.relacl) AS a",
    }
    with postgres.get_write_engine().connect() as connection:
        return {
            key: connection.scalar(
                sa.text(
                    f"SELECT array(SELECT * FROM ({query}) AS q ORDER BY 1) "  # noqa: S608 - ours
                    "FROM pg_class AS t WHERE t.relname = :id"
                ),
                {"id": resource_id},
            )
            for key, query in asked.items()
        }


def read(resource_id: str) -> tuple[Any, ...]:
    """All that CKAN and PostgreSQL say of a table and its aliases."""
    info = call_action("datastore_info", id=resource_id)
    # Sizes of the whole database, of which other tables are.
    for size in ("db_size", "idx_size", "size"):
        del info["meta"][size]
    return (
        names(),
        described(resource_id),
        info,
        [call_action("datastore_search", resource_id=name) for name in (resource_id, *ALIASES)],
        call_action("datastore_search", resource_id=resource_id, q="lodève"),
    )


class TestWithdraw:
    def test_the_reader_of_the_datastore_reads_nothing_of_it(self, resource_id: str) -> None:
        tables.withdraw(resource_id)

        assert names() == []
        for name in (f'"{resource_id}"', f'{tables.SCHEMA}."{resource_id}"'):
            with reader() as connection, pytest.raises(ProgrammingError):
                connection.execute(sa.text(f"SELECT * FROM {name}"))  # noqa: S608 - ours

    def test_no_alias_reads_it_either(self, resource_id: str) -> None:
        tables.withdraw(resource_id)
        with postgres.get_write_engine().connect() as connection:
            left = connection.scalars(
                sa.text("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
            ).all()
        assert set(left) == {"_table_metadata"}

    def test_the_actions_of_the_datastore_know_it_no_more(self, resource_id: str) -> None:
        tables.withdraw(resource_id)
        with pytest.raises(tk.ObjectNotFound):
            call_action("datastore_search", resource_id=resource_id)
        with pytest.raises(tk.ObjectNotFound):
            call_action("datastore_search", resource_id="zones")

    def test_doing_it_again_changes_nothing(self, resource_id: str) -> None:
        tables.withdraw(resource_id)
        tables.withdraw(resource_id)
        tables.put_back(resource_id)
        assert len(call_action("datastore_search", resource_id=resource_id)["records"]) == len(ROWS)

    def test_a_resource_without_a_table_has_nothing_to_move(self) -> None:
        tables.withdraw("none")
        tables.put_back("none")

    def test_other_tables_stay(self, resource_id: str) -> None:
        other = a_resource()
        table(other)
        tables.withdraw(resource_id)
        assert names() == [(other, None)]

    def test_two_tables_may_have_had_one_alias(self, resource_id: str) -> None:
        tables.withdraw(resource_id)
        other = a_resource()
        table(other, aliases=["zones"])
        tables.withdraw(other)
        assert names() == []
        tables.put_back(other)
        assert call_action("datastore_search", resource_id="zones")["total"] == len(ROWS)

    def test_a_table_that_is_locked_for_long_is_left_where_it_is(
        self, resource_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tables, "LOCK_TIMEOUT", "50ms")
        with reader() as connection:
            connection.execute(sa.text(f'SELECT * FROM "{resource_id}"'))  # noqa: S608 - ours
            with pytest.raises(WorkError, match="in use"):
                tables.withdraw(resource_id)
        assert (resource_id, None) in names()


class TestPutBack:
    def test_everything_is_as_it_was(self, resource_id: str) -> None:
        before = read(resource_id)
        tables.withdraw(resource_id)
        tables.put_back(resource_id)
        assert read(resource_id) == before
        described_before = before[1]
        assert described_before["indexes"]
        assert any("populate_full_text" in each for each in described_before["triggers"])
        role = str(postgres.get_read_engine().url.username)
        assert any(role in each for each in described_before["permissions"])

    def test_new_rows_are_numbered_and_searched_as_before(self, resource_id: str) -> None:
        tables.withdraw(resource_id)
        tables.put_back(resource_id)
        call_action(
            "datastore_upsert",
            context=making.site_context(),
            resource_id=resource_id,
            force=True,
            method="insert",
            records=[{"commune": "Aniane", "habitants": 2964}],
        )
        found = call_action("datastore_search", resource_id=resource_id, q="aniane")["records"]
        assert [row["_id"] for row in found] == [3]

    def test_an_alias_that_was_given_to_other_data_keeps_all_of_it_back(
        self, resource_id: str
    ) -> None:
        tables.withdraw(resource_id)
        other = a_resource()
        table(other, aliases=["zones"])

        with pytest.raises(WorkError, match="“zones”"):
            tables.put_back(resource_id)
        assert names() == [("zones", other), (other, None)]

        call_action(
            "datastore_create",
            context=making.site_context(),
            resource_id=other,
            force=True,
            aliases=["others"],
        )
        tables.put_back(resource_id)
        assert ("zones", resource_id) in names()


class TestDestroy:
    @pytest.mark.parametrize("withdrawn", [True, False])
    def test_no_table_and_no_alias_is_left(self, resource_id: str, withdrawn: bool) -> None:
        if withdrawn:
            tables.withdraw(resource_id)
        tables.destroy(resource_id)
        tables.destroy(resource_id)
        with postgres.get_write_engine().connect() as connection:
            left = connection.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_class WHERE relname LIKE :id OR relname = ANY(:a)"
                ),
                {"id": f"{resource_id}%", "a": ALIASES},
            )
            views = connection.scalars(
                sa.text("SELECT viewname FROM pg_views WHERE schemaname = :schema"),
                {"schema": tables.SCHEMA},
            ).all()
        assert left == 0
        assert views == []
