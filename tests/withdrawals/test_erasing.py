from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import uploader
from ckan.tests.helpers import call_action
from ckanext.datastore.backend import postgres

from ckanext.heraultdata import config
from ckanext.heraultdata.dcat.pieces import refreshing
from ckanext.heraultdata.journal import service as journal
from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.validation.checks.model import HeldFile
from ckanext.heraultdata.withdrawals import (
    erasing,
    former_files,
    requests,
    service,
    stores,
    work,
)
from ckanext.heraultdata.withdrawals.kinds import ItemState
from ckanext.heraultdata.withdrawals.model import FormerFile
from tests import factories
from tests.withdrawals import making
from tests.withdrawals.datastore import clean_tables, table  # noqa: F401 - a fixture
from tests.withdrawals.file_stores import Cloud, store  # noqa: F401 - fixtures
from tests.withdrawals.killing import run_killed_at

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_tables")

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
DUE = NOW + timedelta(days=30)
SECRET = "Camille Fabre"
SOMEBODY = journal.Actor("user-1", "camille")


@pytest.fixture(autouse=True)
def _clock(at: Callable[[str], None], ckan_config: dict[str, Any], tmp_path: Path) -> None:
    at("2026-03-02")
    ckan_config["heraultdata.withdrawn_files_path"] = str(tmp_path / "withdrawn")
    ckan_config["heraultdata.erase_delay_days"] = 30


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


@pytest.fixture
def dataset(partner: dict[str, Any]) -> dict[str, Any]:
    """A public dataset with two files, of which one has a table, that holds a person's name."""
    files = {"noms.csv": f"nom\n{SECRET}\n".encode(), "autres.csv": b"nom\nAniane\n"}
    made = making.public_dataset(partner, files, notes=f"With {SECRET}")
    table(made["resources"][0]["id"], aliases=["noms"])
    return made


def ordered(partner: dict[str, Any], *datasets: dict[str, Any]) -> requests.RequestRecord:
    return order(making.executed(partner, *datasets))


def order(request: dict[str, Any]) -> requests.RequestRecord:
    work.run(NOW)
    service.order_erasure(request["id"], request["reference"], SOMEBODY, NOW)
    return requests.get(request["id"])


def states(request: requests.RequestRecord) -> set[ItemState]:
    model.Session.rollback()
    return {item.state for item in requests.get(request.id).items}


def files_on_disk() -> list[Path]:
    """Every file of the file store, and of those kept."""
    folders = (Path(uploader.get_storage_path()) / "resources", config.withdrawn_files_path())
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def holding(what: str) -> list[Path]:
    return [path for path in files_on_disk() if what.encode() in path.read_bytes()]


def rows_holding(what: str) -> dict[str, int]:
    """The tables of CKAN's database of which rows hold some text, but the request's own."""
    found = {}
    with model.meta.engine.connect() as connection:  # pyright: ignore[reportOptionalMemberAccess]
        for name in sa.inspect(connection).get_table_names():
            held = connection.scalar(
                sa.text(f'SELECT count(*) FROM "{name}" AS t WHERE t::text LIKE :what'),  # noqa: S608
                {"what": f"%{what}%"},
            )
            if held:
                found[name] = held
    return found


def tables_named(names: list[str]) -> int:
    with postgres.get_write_engine().connect() as connection:
        return connection.scalar(
            sa.text("SELECT count(*) FROM pg_class WHERE relname = ANY(:names)"), {"names": names}
        )


class TestDataset:
    def test_nothing_goes_before_its_day(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        request = ordered(partner, dataset)
        erasing.erase_due(DUE - timedelta(days=1))
        assert states(request) == {ItemState.WITHDRAWN}
        assert len(holding(SECRET)) == 1

    def test_nothing_is_left_of_it_but_its_title_and_its_identifiers(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        ids = [each["id"] for each in dataset["resources"]]
        assert rows_holding(SECRET)
        request = ordered(partner, dataset)
        erasing.erase_due(DUE)

        assert states(request) == {ItemState.ERASED}
        assert holding(SECRET) == []
        assert rows_holding(SECRET) == {}
        assert tables_named([*ids, "noms"]) == 0
        refreshing.refresh()
        of_dataset = rows_holding(dataset["id"])
        assert set(of_dataset) <= {
            "heraultdata_dcat_change",
            "heraultdata_withdrawal_item",
            "heraultdata_journal_entry",
            "heraultdata_been_public",
        }
        for each in ids:
            assert set(rows_holding(each)) <= {"heraultdata_journal_entry"}
        (item,) = requests.get(request.id).items
        assert (item.title, item.name) == (dataset["title"], dataset["name"])

    def test_the_journal_tells_its_reference_and_how_many_and_nothing_else(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        request = ordered(partner, dataset)
        erasing.erase_due(DUE)
        erasing.erase_due(DUE)
        (entry,) = model.Session.scalars(
            sa.select(JournalEntry).where(JournalEntry.action == "withdrawal.erased")
        )
        assert entry.subject_id == request.id
        assert entry.recorded_at == DUE
        assert entry.after == {"reference": request.reference, "items": 1}

    def test_a_delay_of_nothing_erases_at_once(
        self, partner: dict[str, Any], dataset: dict[str, Any], ckan_config: dict[str, Any]
    ) -> None:
        ckan_config["heraultdata.erase_delay_days"] = 0
        request = ordered(partner, dataset)
        assert states(request) == {ItemState.ERASED}
        assert holding(SECRET) == []

    def test_what_others_ask_for_of_it_is_decided_with_it(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        asked, suspended = (
            requests.get(making.ask_for_files(partner, file, urgent=urgent)["id"])
            for file, urgent in zip(dataset["resources"], (False, True), strict=True)
        )
        ordered(partner, dataset)
        erasing.erase_due(DUE)
        assert (states(asked), states(suspended)) == ({ItemState.RELEASED}, {ItemState.ERASED})
        assert {item.erased_at for item in requests.get(asked.id).items} == {None}
        for request in (asked, suspended):
            service.execute(request.id, SOMEBODY, DUE)
        assert (states(asked), states(suspended)) == ({ItemState.RELEASED}, {ItemState.ERASED})

    def test_what_was_restored_meanwhile_stays(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        request = ordered(partner, dataset)
        service.restore(request.id, [item.id for item in request.items], SOMEBODY, NOW)
        erasing.erase_due(DUE)
        assert states(request) == {ItemState.RESTORED}
        assert len(holding(SECRET)) == 1

    def test_what_has_come_due_is_restored_no_more(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        request = ordered(partner, dataset)
        with pytest.raises(RuleError):
            service.restore(request.id, [item.id for item in request.items], SOMEBODY, DUE)

    def test_files_kept_aside_go_too(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        aside = HeldFile(
            id="0f1e2d3c-held-file",
            package_id=dataset["id"],
            resource_id=dataset["resources"][0]["id"],
            resource={},
            file_name="noms.csv",
            size=10,
            state="refused",
            held_at=NOW,
        )
        model.Session.add(aside)
        model.Session.commit()
        path = Path(stores.of_resource("0f1e2d3c-held-file").address)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
        ordered(partner, dataset)
        erasing.erase_due(DUE)
        assert not path.exists()
        assert model.Session.scalar(sa.select(sa.func.count(HeldFile.id))) == 0

    def test_former_versions_go_too_where_their_file_was_deleted_before(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        gone = FormerFile(
            resource_id="a-file-gone",
            package_id=dataset["id"],
            file_name="noms.csv",
            kept_as="former/of-a-file-gone",
            size=len(SECRET),
            sha256="",
            replaced_at=NOW,
        )
        model.Session.add(gone)
        model.Session.commit()
        path = former_files.path_of(gone)
        path.parent.mkdir(parents=True)
        path.write_text(SECRET)
        ordered(partner, dataset)
        erasing.erase_due(DUE)
        assert not path.exists()
        assert former_files.of_resource("a-file-gone") == []

    def test_a_process_that_is_killed_at_any_step_leaves_the_rest_to_the_next(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        request = ordered(partner, dataset)
        step = 1
        while run_killed_at(step, lambda: erasing.erase_due(DUE)):
            step += 1
            if states(request) == {ItemState.ERASED}:
                assert holding(SECRET) == []
                assert model.Package.get(dataset["id"]) is None
        assert step > 10
        assert states(request) == {ItemState.ERASED}
        assert rows_holding(SECRET) == {}
        assert holding(SECRET) == []


class TestFile:
    def test_its_dataset_and_its_other_file_stay(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        gone, stays = dataset["resources"]
        request = order(making.execute(making.ask_for_files(partner, gone)))
        erasing.erase_due(DUE)
        assert states(request) == {ItemState.ERASED}
        assert holding(SECRET) == []
        assert tables_named([gone["id"], "noms"]) == 0
        assert set(rows_holding(gone["id"])) <= {
            "heraultdata_withdrawal_item",
            "heraultdata_journal_entry",
        }
        shown = call_action("package_show", context=making.site_context(), id=dataset["id"])
        assert [each["id"] for each in shown["resources"]] == [stays["id"]]
        assert stores.of_resource(stays["id"]).exists()


class TestWhatCannotBeErasedYet:
    @pytest.mark.parametrize("store", ["plugin"], indirect=True)
    def test_it_stays_due_and_is_erased_the_next_time(
        self,
        store: str,  # noqa: F811 - the fixture
        partner: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        dataset = making.public_dataset(partner, {"noms.csv": SECRET.encode()})
        request = making.executed(partner, dataset)
        monkeypatch.setattr(Cloud, "keeps", True)
        found = order(request)
        erasing.erase_due(DUE)
        assert states(found) == {ItemState.WITHDRAWN}
        assert {each.error for each in work.left_of(found.id)} == {
            "The file store was told to take “noms.csv” away, and still has it."
        }
        monkeypatch.setattr(Cloud, "keeps", False)
        erasing.erase_due(DUE + timedelta(hours=1))
        assert states(found) == {ItemState.ERASED}
        assert Cloud.objects == {}
        assert holding(SECRET) == []
