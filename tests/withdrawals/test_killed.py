"""What is withdrawn or restored while processes are killed, and the end that comes after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.datastore.backend import postgres

from ckanext.heraultdata import config
from ckanext.heraultdata.journal import service as journal
from ckanext.heraultdata.withdrawals import requests, service, stores, tables, work
from ckanext.heraultdata.withdrawals.kinds import ItemState, State
from ckanext.heraultdata.withdrawals.model import WithdrawalWork
from tests import factories
from tests.withdrawals import making
from tests.withdrawals.datastore import clean_tables, table  # noqa: F401 - a fixture
from tests.withdrawals.file_stores import other_disk  # noqa: F401 - a fixture
from tests.withdrawals.killing import run_killed_at

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_tables")

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
FILES = {"communes.csv": b"commune\nAniane\n", "image.png": bytes(range(256)) * 99}
DATES = ("metadata_modified",)
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
    """Two public datasets with files, a table, a view and a follower."""
    made = [making.public_dataset(partner, FILES) for _ in range(2)]
    follower = factories.user()
    for dataset in made:
        table(dataset["resources"][0]["id"], aliases=[f"alias-{dataset['name']}"])
        call_action(
            "resource_view_create",
            context=making.site_context(),
            resource_id=dataset["resources"][1]["id"],
            title="Image",
            view_type="image_view",
        )
        call_action("follow_dataset", context={"user": follower.name}, id=dataset["id"])
    return made


def seen(datasets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All that is to be as it was once the datasets are restored."""
    model.Session.rollback()
    return [_seen_of(dataset["id"]) for dataset in datasets]


def _seen_of(package_id: str) -> dict[str, Any]:
    shown = call_action("package_show", context=making.site_context(), id=package_id)
    files = shown["resources"]
    with_table = files[0]["id"]
    return {
        "package": {key: value for key, value in shown.items() if key not in DATES},
        "bytes": {each["id"]: b"".join(stores.of_resource(each["id"]).read()) for each in files},
        "rows": call_action("datastore_search", resource_id=with_table)["records"],
        "aliases": call_action("datastore_info", id=with_table)["meta"]["aliases"],
        "views": [call_action("resource_view_list", id=each["id"]) for each in files],
        "followers": call_action("dataset_follower_count", id=package_id),
        "found": call_action("package_search", fq=f"id:{package_id}")["count"],
    }


def packages(datasets: list[dict[str, Any]]) -> set[str]:
    """The states of the datasets in the database."""
    model.Session.rollback()
    ids = [dataset["id"] for dataset in datasets]
    query = sa.select(model.Package.state).where(model.Package.id.in_(ids))
    return set(model.Session.scalars(query))


def left() -> int:
    return model.Session.scalar(sa.select(sa.func.count(WithdrawalWork.id))) or 0


def kinds_left() -> set[str]:
    """What follows the database and has not yet."""
    model.Session.rollback()
    return set(model.Session.scalars(sa.select(WithdrawalWork.kind)))


def in_stores(datasets: list[dict[str, Any]]) -> list[bool]:
    ids = [each["id"] for dataset in datasets for each in dataset["resources"]]
    return [stores.of_resource(each).exists() for each in ids]


def schemas_of(datasets: list[dict[str, Any]]) -> list[str]:
    """The schemas in which the tables of the datasets are, one for each."""
    names = [dataset["resources"][0]["id"] for dataset in datasets]
    with postgres.get_write_engine().connect() as connection:
        return list(
            connection.scalars(
                sa.text("SELECT schemaname FROM pg_tables WHERE tablename = ANY(:names)"),
                {"names": names},
            )
        )


def kept_bytes() -> list[bytes]:
    """The bytes that are kept whole."""
    folder = config.withdrawn_files_path()
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part"]
    return sorted(path.read_bytes() for path in paths)


def assert_nothing_is_lost(datasets: list[dict[str, Any]]) -> None:
    """Each file is whole at one place at least, and each table in one schema."""
    ids = [each["id"] for dataset in datasets for each in dataset["resources"]]
    there = [store for store in map(stores.of_resource, ids) if store.exists()]
    whole = {*kept_bytes(), *(b"".join(store.read()) for store in there)}
    assert whole == set(FILES.values())
    assert len(kept_bytes()) + len(there) >= len(ids)
    assert len(schemas_of(datasets)) == len(datasets)


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
            model.Session.rollback()
            found = requests.get(request["id"])
            states = (found.state, {item.state for item in found.items}, packages(datasets))
            nothing = (State.RECEIVED, {ItemState.ASKED}, {"active"})
            if states == nothing:
                assert left() == 0
            else:
                assert states == (State.CLOSED, {ItemState.WITHDRAWN}, {"deleted"})
                assert left() == len(datasets) * (1 + 2 * len(FILES))
            assert all(in_stores(datasets))

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
        assert _in_index(datasets) == 0

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


def _in_index(datasets: list[dict[str, Any]]) -> int:
    named = " OR ".join(dataset["id"] for dataset in datasets)
    site = tk.config["ckan.site_id"]
    return make_connection().search("*:*", fq=f'+site_id:"{site}" +id:({named})', rows=0).hits
