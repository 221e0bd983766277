"""Set-up that the tests of all rooms share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.isolation import isolate_worker

isolate_worker()

SHARED = Path(__file__).parents[2] / "shared"
APPEND_ONLY = ("heraultdata_journal_entry", "heraultdata_convention_event")


@contextmanager
def _rows_may_go() -> Iterator[None]:
    """Let the set-up empty the tables that the database keeps append-only."""
    from ckan import model

    def switch(what: str) -> None:
        with model.meta.engine.begin() as connection:
            for table in APPEND_ONLY:
                if sa.inspect(connection).has_table(table):
                    connection.execute(sa.text(f"ALTER TABLE {table} {what} TRIGGER USER"))

    model.Session.remove()
    switch("DISABLE")
    try:
        yield
    finally:
        model.Session.remove()
        switch("ENABLE")


@pytest.fixture(scope="session")
def _migrated() -> set[str]:
    """The plugins whose migrations this process has applied: tables stay from test to test."""
    return set()


@pytest.fixture
def clean_db(
    reset_db: Callable[[], None], migrate_db_for: Callable[[str], None], _migrated: set[str]
) -> None:
    """Empty the database, ours included, with the tables of our migrations in place."""
    with _rows_may_go():
        reset_db()
    for plugin in ("heraultdata", "activity"):
        if plugin not in _migrated:
            migrate_db_for(plugin)
            _migrated.add(plugin)


@pytest.fixture
def shared_folder() -> Path:
    """The official material beside the checkout; what reads it does not run where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the official material is not beside this checkout")
    return SHARED
