"""Withdrawals while the server of their databases is stopped: run by `test_restarted.py`."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.heraultdata.journal import service as journal
from ckanext.heraultdata.withdrawals import requests, service, tables, work
from tests import factories
from tests.withdrawals import making
from tests.withdrawals.datastore import clean_tables  # noqa: F401 - a fixture
from tests.withdrawals.restarting import FOLDER, RestartedPostgres
from tests.withdrawals.states import (
    FILES,
    assert_all_or_nothing,
    assert_nothing_is_lost,
    full_datasets,
    in_index,
    in_stores,
    kept_bytes,
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
def server() -> RestartedPostgres:
    """The server that has the databases of this process."""
    return RestartedPostgres(Path(os.environ[FOLDER]))


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


@pytest.fixture
def datasets(partner: dict[str, Any]) -> list[dict[str, Any]]:
    """Two public datasets with all that follows them."""
    return full_datasets(partner)


def is_refused(do: Callable[[], object]) -> bool:
    """Do something as a request of the web does it, of which nothing stays open when it fails."""
    try:
        do()
    except DBAPIError:
        return True
    finally:
        model.Session.remove()
    return False


def assert_followed(datasets: list[dict[str, Any]]) -> None:
    """All that follows the database has, and is kept."""
    assert left() == 0
    assert packages(datasets) == {"deleted"}
    assert in_stores(datasets) == [False] * 4
    assert kept_bytes() == sorted([*FILES.values()] * 2)
    assert schemas_of(datasets) == [tables.SCHEMA] * 2
    assert in_index(datasets) == 0


def is_square(step: int) -> bool:
    """Choose steps ever further apart: the longest of what is done anew after a cut has an end."""
    return math.isqrt(step) ** 2 == step


class TestExecution:
    def test_all_the_datasets_are_withdrawn_or_none(
        self, server: RestartedPostgres, partner: dict[str, Any], datasets: list[dict[str, Any]]
    ) -> None:
        request = making.ask(partner, *datasets)
        refused = 0
        for chosen in range(1, MOST_STEPS):
            with server.restarted_at(lambda step, chosen=chosen: step == chosen):
                refused += is_refused(lambda: service.execute(request["id"], SOMEBODY, NOW))
            if assert_all_or_nothing(request, datasets):
                break
        assert refused > 10
        assert assert_all_or_nothing(request, datasets)
        # The server goes down after the commit, before anything has followed.
        server.restart()
        assert work.run(NOW) == 0
        assert_followed(datasets)

    def test_it_is_refused_while_the_server_is_down_and_done_afterwards(
        self, server: RestartedPostgres, partner: dict[str, Any], datasets: list[dict[str, Any]]
    ) -> None:
        request = making.ask(partner, *datasets)
        with server.down_for(0.5):
            assert is_refused(lambda: service.execute(request["id"], SOMEBODY, NOW))
        assert not assert_all_or_nothing(request, datasets)
        assert not is_refused(lambda: service.execute(request["id"], SOMEBODY, NOW))
        assert assert_all_or_nothing(request, datasets)


class TestWork:
    def test_it_goes_to_the_end_through_many_restarts_and_comes_back(
        self,
        server: RestartedPostgres,
        partner: dict[str, Any],
        datasets: list[dict[str, Any]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(work, "DATABASE_WAITS", (0, 0, 0, 0))
        before = seen(datasets)
        request = making.executed(partner, *datasets)
        server.restart()
        with server.restarted_at(is_square):
            assert work.run(NOW) == 0
        assert server.stops > 5
        assert_followed(datasets)
        assert_nothing_is_lost(datasets)

        items = [item.id for item in requests.get(request["id"]).items]
        service.restore(request["id"], items, SOMEBODY, NOW)
        server.restart()
        with server.restarted_at(is_square):
            assert work.run(NOW) == 0
        assert server.stops > 10
        assert kept_bytes() == []
        assert seen(datasets) == before

    def test_it_waits_for_a_server_that_is_down(
        self, server: RestartedPostgres, partner: dict[str, Any], datasets: list[dict[str, Any]]
    ) -> None:
        making.executed(partner, *datasets)
        with server.down_for(1.5):
            assert work.run(NOW) == 0
        assert_followed(datasets)
