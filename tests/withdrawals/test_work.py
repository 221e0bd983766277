from __future__ import annotations

import resource
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.lib.search import common
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.heraultdata import config, database
from ckanext.heraultdata.cli import heraultdata
from ckanext.heraultdata.withdrawals import stores, work
from ckanext.heraultdata.withdrawals.kinds import WorkAim, WorkKind
from ckanext.heraultdata.withdrawals.model import WithdrawalWork
from tests import factories
from tests.searching import stop_search_engine
from tests.withdrawals import making
from tests.withdrawals.datastore import clean_tables, table  # noqa: F401 - a fixture
from tests.withdrawals.file_stores import Cloud, other_disk, store  # noqa: F401 - fixtures
from tests.withdrawals.killing import run_killed_at

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_tables")

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
LATER = NOW + timedelta(hours=1)
CONTENT = b"commune\n" + b"Aniane\n" * 10_000
NEVER = 10**9


@pytest.fixture(autouse=True)
def _clock(at: Callable[[str], None], ckan_config: dict[str, Any], tmp_path: Path) -> None:
    at("2026-03-02")
    ckan_config["heraultdata.withdrawn_files_path"] = str(tmp_path / "withdrawn")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


@pytest.fixture
def dataset(partner: dict[str, Any]) -> dict[str, Any]:
    """A public dataset with a file."""
    return making.public_dataset(partner, {"communes.csv": CONTENT})


def left() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count(WithdrawalWork.id))) or 0


def errors_of(request: dict[str, Any]) -> dict[WorkKind, str | None]:
    model.Session.rollback()
    return {each.kind: each.error for each in work.left_of(request["id"])}


def in_index(dataset: dict[str, Any]) -> int:
    site = tk.config["ckan.site_id"]
    query = f'+site_id:"{site}" +id:{dataset["id"]}'
    return common.make_connection().search("*:*", fq=query, rows=0).hits


def stored(dataset: dict[str, Any]) -> bytes | None:
    place = stores.of_resource(dataset["resources"][0]["id"])
    return b"".join(place.read()) if place.exists() else None


def kept() -> list[Path]:
    return [path for path in config.withdrawn_files_path().rglob("*") if path.is_file()]


class TestRun:
    def test_all_that_an_execution_left_is_done(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        request = making.executed(partner, dataset)
        expected = {WorkKind.FILE, WorkKind.DATASTORE, WorkKind.INDEX}
        assert {each.kind for each in work.left_of(request["id"])} == expected
        assert {each.aim for each in work.left_of(request["id"])} == {WorkAim.CLOSE}
        said: list[str] = []
        assert work.run(NOW, said.append) == 0
        assert work.left_of(request["id"]) == []
        assert (in_index(dataset), stored(dataset)) == (0, None)
        assert "file: 1 done, 0 failed" in said

    def test_what_is_not_due_waits(self, partner: dict[str, Any], dataset: dict[str, Any]) -> None:
        making.executed(partner, dataset)
        assert work.run(NOW - timedelta(days=1)) == left()
        assert stored(dataset) == CONTENT

    def test_a_file_withdrawn_alone_leaves_its_dataset_in_the_index(
        self, partner: dict[str, Any]
    ) -> None:
        made = making.public_dataset(partner, {"a.csv": b"a\n1\n", "b.csv": b"b\n1\n"})
        gone = made["resources"][0]
        making.execute(making.ask_for_files(partner, gone))
        assert work.run(NOW) == 0
        (found,) = call_action("package_search", fq=f"id:{made['id']}")["results"]
        assert [each["name"] for each in found["resources"]] == ["b.csv"]
        assert not stores.of_resource(gone["id"]).exists()

    def test_another_worker_passes_by_what_one_has_claimed(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        making.executed(partner, dataset)
        rows = WithdrawalWork.__table__
        claimed = sa.select(rows.c.id).where(rows.c.kind == WorkKind.FILE.value).with_for_update()
        with database.engine_beside().begin() as other:
            other.execute(claimed)
            assert work.run(NOW) == 1
            assert stored(dataset) == CONTENT
        assert work.run(NOW) == 0
        assert stored(dataset) is None

    @pytest.mark.parametrize("kind", [WorkKind.FILE, WorkKind.DATASTORE])
    def test_whoever_closes_again_waits_for_one_of_its_files_at_most(
        self, partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch, kind: WorkKind
    ) -> None:
        files = {f"{rank}.csv": CONTENT for rank in range(3)}
        dataset = making.public_dataset(partner, files)
        for each in dataset["resources"]:
            table(each["id"])
        making.executed(partner, dataset)
        free: list[int] = []

        def step(_target_id: str, _now: datetime) -> None:
            free.append(_claimable(kind))

        monkeypatch.setitem(work._STEPS[kind], WorkAim.CLOSE, step)
        assert work.run(NOW) == 0
        assert free == [2, 1, 0]


class TestFailures:
    def test_without_the_search_engine_access_is_closed_and_the_index_follows_later(
        self, partner: dict[str, Any], dataset: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = making.ask(partner, dataset)
        with monkeypatch.context() as down:
            stop_search_engine(down)
            making.execute(request)
            assert work.run(NOW) == 1
            assert "search engine does not answer" in (errors_of(request)[WorkKind.INDEX] or "")
        assert in_index(dataset) == 1
        assert call_action("package_search", {"user": "", "ignore_auth": False})["results"] == []
        assert stored(dataset) is None

        assert work.run(LATER) == 0
        assert in_index(dataset) == 0

    def test_a_full_disk_leaves_the_file_where_it_was_and_says_so(
        self,
        partner: dict[str, Any],
        dataset: dict[str, Any],
        ckan_config: dict[str, Any],
        other_disk: Path,  # noqa: F811 - the fixture
    ) -> None:
        ckan_config["heraultdata.withdrawn_files_path"] = str(other_disk)
        request = making.executed(partner, dataset)

        def work_with_little_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (len(CONTENT) // 2, resource.RLIM_INFINITY))
            work.run(NOW)

        assert not run_killed_at(NEVER, work_with_little_room)
        assert left() == 1
        assert "no room left" in (errors_of(request)[WorkKind.FILE] or "")
        assert stored(dataset) == CONTENT
        assert kept() == []

        assert work.run(LATER) == 0
        assert stored(dataset) is None
        assert [path.read_bytes() for path in kept()] == [CONTENT]

    @pytest.mark.parametrize("store", ["plugin"], indirect=True)
    def test_what_fails_is_tried_again_after_longer_and_longer(
        self,
        store: str,  # noqa: F811 - the fixture
        partner: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        dataset = making.public_dataset(partner, {"communes.csv": CONTENT})
        request = making.executed(partner, dataset)
        monkeypatch.setattr(Cloud, "refuses", True)
        moment, waits = NOW, []
        for attempt in range(1, 13):
            assert work.run(moment) == 1
            (row,) = work.left_of(request["id"])
            assert row.attempts == attempt
            assert row.error == "The file store answered 503 when it was asked for a file."
            waits.append(row.next_at - moment)
            moment = row.next_at
            model.Session.rollback()
        assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
        assert waits[-1] == timedelta(hours=6)
        monkeypatch.setattr(Cloud, "refuses", False)
        assert work.run(moment) == 0
        assert Cloud.objects == {}


class TestStart:
    def test_a_job_is_queued(
        self, partner: dict[str, Any], dataset: dict[str, Any], clean_queues: None
    ) -> None:
        making.executed(partner, dataset)
        assert "do_all" in {str(job.func_name).rpartition(".")[2] for job in jobs.get_queue().jobs}

    def test_without_redis_the_rows_stay_for_the_daily_work(
        self, partner: dict[str, Any], dataset: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = making.ask(partner, dataset)
        with monkeypatch.context() as broken:
            broken.setattr(jobs, "_queues", {})
            broken.setitem(tk.config, "ckan.redis.url", "redis://127.0.0.1:1/1")
            broken.setattr("ckan.lib.redis._connection_pool", None)
            making.execute(request)
        # CKAN 2.11 has rq keep the connection of the newest queue.
        jobs._queues.clear()
        jobs.get_queue()
        assert len(work.left_of(request["id"])) == 3
        assert work.run(NOW) == 0


class TestCommand:
    def test_it_does_what_is_left(
        self, cli: Any, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        making.executed(partner, dataset)
        outcome = cli.invoke(heraultdata, ["withdrawal", "work"])
        assert outcome.exit_code == 0, outcome.output
        assert "0 left to do." in outcome.output
        assert stored(dataset) is None

    def test_it_fails_where_something_is_left(
        self,
        cli: Any,
        partner: dict[str, Any],
        dataset: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        making.executed(partner, dataset)
        stop_search_engine(monkeypatch)
        outcome = cli.invoke(heraultdata, ["withdrawal", "work"])
        assert outcome.exit_code == 1
        assert "1 left to do." in outcome.output


def _claimable(kind: WorkKind) -> int:
    """How many rows no worker has claimed."""
    rows = WithdrawalWork.__table__
    query = sa.select(rows.c.id).where(rows.c.kind == kind.value)
    with database.engine_beside().begin() as other:
        return len(other.execute(query.with_for_update(skip_locked=True)).all())
