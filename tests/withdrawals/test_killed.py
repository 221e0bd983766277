"""What is withdrawn or restored while processes are killed, and the end that comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from ckanext.heraultdata.journal import service as journal
from ckanext.heraultdata.withdrawals import requests, service, tables, work
from ckanext.heraultdata.withdrawals.kinds import State
from tests import factories
from tests.withdrawals import making
from tests.withdrawals.datastore import clean_tables  # noqa: F401 - a fixture
from tests.withdrawals.file_stores import other_disk  # noqa: F401 - a fixture
from tests.withdrawals.killing import run_killed_at
from tests.withdrawals.states import (
    FILES,
    assert_all_or_nothing,
    assert_nothing_is_lost,
    full_datasets,
    in_index,
    in_stores,
    kept_bytes,
    kinds_left,
    left,
    packages,
    schemas_of,
    seen,
)

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_tables")

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
SOMEBODY = journal.Actor("user-1", "camille")
MOST_STEPS = 400


@pytest.fixture(autouse=True)
def _clock(at: Callable[[str], None], ckan_config: dict[str, Any], tmp_path: Path) -> None:
    at("2026-03-02")
    ckan_config["heraultdata.withdrawn_files_path"] = str(tmp_path / "withdrawn")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


@pytest.fixture
def datasets(partner: dict[str, Any]) -> list[dict[str, Any]]:
    """Two public datasets with all that follows them."""
    return full_datasets(partner)


def killed_at_each_step(do: Callable[[], object], check: Callable[[], object]) -> int:
    """Do something in processes killed one step later each, until one is not.

    Returns:
        How many were killed.
    """
    for step in range(1, MOST_STEPS):
        if not run_killed_at(step, do):
            return step - 1
        check()
    raise AssertionError("It does not come to an end")


class TestExecution:
    def test_all_the_datasets_are_withdrawn_or_none(
        self, partner: dict[str, Any], datasets: list[dict[str, Any]]
    ) -> None:
        request = making.ask(partner, *datasets)

        def execute() -> None:
            if requests.get(request["id"]).state is State.RECEIVED:
                service.execute(request["id"], SOMEBODY, NOW)

        def check() -> None:
            assert_all_or_nothing(request, datasets)

        assert killed_at_each_step(execute, check) > 10
        check()
        assert packages(datasets) == {"deleted"}

        # The process was killed after the commit, before any job was queued.
        assert work.run(NOW) == 0
        assert in_stores(datasets) == [False] * 4
        assert schemas_of(datasets) == [tables.SCHEMA] * 2


class TestWork:
    def test_files_tables_and_the_index_follow_to_the_end_and_come_back(
        self, partner: dict[str, Any], datasets: list[dict[str, Any]]
    ) -> None:
        before = seen(datasets)
        request = making.executed(partner, *datasets)

        killed_while: set[str] = set()

        def check_closed() -> None:
            killed_while.add(" ".join(sorted(kinds_left())))
            assert packages(datasets) == {"deleted"}
            assert_nothing_is_lost(datasets)

        killed_at_each_step(lambda: work.run(NOW), check_closed)
        assert {"datastore file index", "datastore index", "index"} <= killed_while
        assert left() == 0
        assert in_stores(datasets) == [False] * 4
        assert kept_bytes() == sorted([*FILES.values()] * 2)
        assert schemas_of(datasets) == [tables.SCHEMA] * 2
        assert in_index(datasets) == 0

        items = [item.id for item in requests.get(request["id"]).items]
        service.restore(request["id"], items, SOMEBODY, NOW)

        def check_open() -> None:
            killed_while.add(" ".join(sorted(kinds_left())))
            assert packages(datasets) == {"active"}
            assert_nothing_is_lost(datasets)

        killed_while.clear()
        killed_at_each_step(lambda: work.run(NOW), check_open)
        assert {"datastore file index", "datastore index", "index"} <= killed_while
        assert left() == 0
        assert kept_bytes() == []
        assert seen(datasets) == before

    def test_files_go_to_another_disk_and_come_back(
        self,
        partner: dict[str, Any],
        datasets: list[dict[str, Any]],
        ckan_config: dict[str, Any],
        other_disk: Path,  # noqa: F811 - the fixture
    ) -> None:
        ckan_config["heraultdata.withdrawn_files_path"] = str(other_disk)
        before = seen(datasets)
        request = making.executed(partner, *datasets)
        killed_at_each_step(lambda: work.run(NOW), lambda: assert_nothing_is_lost(datasets))
        assert in_stores(datasets) == [False] * 4
        assert kept_bytes() == sorted([*FILES.values()] * 2)

        items = [item.id for item in requests.get(request["id"]).items]
        service.restore(request["id"], items, SOMEBODY, NOW)
        killed_at_each_step(lambda: work.run(NOW), lambda: assert_nothing_is_lost(datasets))
        assert seen(datasets) == before
        assert [path for path in other_disk.rglob("*") if path.is_file()] == []
