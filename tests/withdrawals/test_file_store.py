from __future__ import annotations

import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.heraultdata import config
from ckanext.heraultdata.withdrawals import file_store, stores
from ckanext.heraultdata.withdrawals.model import WithdrawnFile
from ckanext.heraultdata.withdrawals.work_errors import WorkError
from tests import factories
from tests.withdrawals import file_stores, making
from tests.withdrawals.file_stores import Cloud, other_disk, store  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
CONTENT = bytes(range(256)) * 5000
NAME = "arbres.csv"

on_each_store = pytest.mark.parametrize("store", file_stores.NAMES, indirect=True)


@pytest.fixture
def resource_id() -> str:
    """A resource with an uploaded file."""
    return uploaded(CONTENT)


def uploaded(content: bytes) -> str:
    dataset = making.private_dataset(factories.partner())
    return making.add_file(dataset["id"], NAME, content)["id"]


def stored(resource_id: str) -> bytes | None:
    """The bytes in the file store."""
    place = stores.of_resource(resource_id)
    return b"".join(place.read()) if place.exists() else None


def kept() -> list[bytes]:
    """The bytes of each file that is kept, or half written."""
    folder = config.withdrawn_files_path()
    return [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]


def row(resource_id: str) -> WithdrawnFile | None:
    model.Session.rollback()
    return model.Session.scalars(
        sa.select(WithdrawnFile).where(WithdrawnFile.resource_id == resource_id)
    ).first()


@pytest.fixture(autouse=True)
def _own_folder(ckan_config: dict[str, Any], tmp_path: Path) -> None:
    ckan_config["heraultdata.withdrawn_files_path"] = str(tmp_path / "withdrawn")


@pytest.mark.usefixtures("store")
class TestKeepAndPutBack:
    @on_each_store
    def test_the_bytes_leave_the_store_and_come_back(self, resource_id: str) -> None:
        file_store.keep(resource_id, NOW)
        assert stored(resource_id) is None
        assert kept() == [CONTENT]
        found = row(resource_id)
        assert found is not None
        assert (found.size, found.kept_at) == (len(CONTENT), NOW)

        file_store.put_back(resource_id)
        assert stored(resource_id) == CONTENT
        assert kept() == []
        assert row(resource_id) is None

    @on_each_store
    def test_doing_it_twice_changes_nothing(self, resource_id: str) -> None:
        for _ in range(2):
            file_store.keep(resource_id, NOW)
        assert kept() == [CONTENT]
        for _ in range(2):
            file_store.put_back(resource_id)
        assert stored(resource_id) == CONTENT

    @on_each_store
    def test_what_was_copied_and_not_taken_away_yet_is_taken_away(self, resource_id: str) -> None:
        file_store.keep(resource_id, NOW)
        path = config.withdrawn_files_path() / _kept_as(resource_id)
        stores.of_resource(resource_id).put(_copy_of(path))
        file_store.keep(resource_id, NOW)
        assert stored(resource_id) is None
        assert kept() == [CONTENT]

    @on_each_store
    def test_a_version_that_was_uploaded_since_is_what_is_kept(self, resource_id: str) -> None:
        file_store.keep(resource_id, NOW)
        stores.of_resource(resource_id).put(_written(b"newer"))

        file_store.put_back(resource_id)
        assert stored(resource_id) == b"newer"
        assert kept() == [CONTENT]

        file_store.keep(resource_id, NOW)
        assert stored(resource_id) is None
        assert kept() == [b"newer"]

    @pytest.mark.parametrize("store", [n for n in file_stores.NAMES if n != "disk"], indirect=True)
    def test_what_was_put_back_in_part_is_put_back_whole(self, resource_id: str) -> None:
        file_store.keep(resource_id, NOW)
        stores.of_resource(resource_id).put(_written(CONTENT[:1000]))
        file_store.put_back(resource_id)
        assert stored(resource_id) == CONTENT

    @pytest.mark.parametrize("store", [n for n in file_stores.NAMES if n != "disk"], indirect=True)
    def test_what_was_put_back_in_part_does_not_replace_what_is_kept(
        self, resource_id: str
    ) -> None:
        file_store.keep(resource_id, NOW)
        stores.of_resource(resource_id).put(_written(CONTENT[:1000]))
        file_store.keep(resource_id, NOW)
        assert kept() == [CONTENT]
        assert stored(resource_id) is None

    def test_an_empty_file_is_kept_too(self) -> None:
        resource_id = uploaded(b"")
        file_store.keep(resource_id, NOW)
        assert stored(resource_id) is None
        file_store.put_back(resource_id)
        assert stored(resource_id) == b""

    def test_a_file_whose_bytes_were_lost_before_has_nothing_to_move(
        self, resource_id: str
    ) -> None:
        stores.of_resource(resource_id).remove()
        file_store.keep(resource_id, NOW)
        file_store.put_back(resource_id)
        assert stored(resource_id) is None

    def test_bytes_that_are_lost_while_they_are_kept_are_told(self, resource_id: str) -> None:
        file_store.keep(resource_id, NOW)
        (config.withdrawn_files_path() / _kept_as(resource_id)).unlink()
        with pytest.raises(WorkError, match="neither in the file store nor among"):
            file_store.put_back(resource_id)
        assert row(resource_id) is not None

    def test_bytes_that_changed_while_they_were_kept_are_not_put_back(
        self, resource_id: str
    ) -> None:
        file_store.keep(resource_id, NOW)
        (config.withdrawn_files_path() / _kept_as(resource_id)).write_bytes(b"other")
        with pytest.raises(WorkError, match="not those that were withdrawn"):
            file_store.put_back(resource_id)
        assert stored(resource_id) is None

    def test_the_date_of_the_file_comes_back(self, resource_id: str) -> None:
        before = Path(stores.of_resource(resource_id).address).stat()
        file_store.keep(resource_id, NOW)
        file_store.put_back(resource_id)
        after = Path(stores.of_resource(resource_id).address).stat()
        assert (after.st_mtime_ns, after.st_mode) == (before.st_mtime_ns, before.st_mode)


class TestOtherDisk:
    @pytest.fixture(autouse=True)
    def _kept_on_another_disk(
        self,
        _own_folder: None,
        ckan_config: dict[str, Any],
        other_disk: Path,  # noqa: F811
    ) -> None:
        ckan_config["heraultdata.withdrawn_files_path"] = str(other_disk)

    def test_the_bytes_and_their_date_go_and_come_back(self, resource_id: str) -> None:
        path = Path(stores.of_resource(resource_id).address)
        before = path.stat()
        file_store.keep(resource_id, NOW)
        assert not path.exists()
        assert kept() == [CONTENT]
        file_store.put_back(resource_id)
        assert path.read_bytes() == CONTENT
        assert path.stat().st_mtime_ns == before.st_mtime_ns
        assert kept() == []
        assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("store", ["plugin"], indirect=True)
class TestStoreThatFails:
    def test_one_that_does_not_answer_is_told(
        self, resource_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Cloud, "refuses", True)
        with pytest.raises(WorkError, match="answered 503"):
            file_store.keep(resource_id, NOW)
        monkeypatch.setattr(Cloud, "address", "http://127.0.0.1:1")
        with pytest.raises(WorkError, match="does not answer: ConnectionError"):
            file_store.keep(resource_id, NOW)
        assert list(Cloud.objects.values()) == [CONTENT]

    def test_one_that_keeps_what_it_is_told_to_take_away_is_told(
        self, resource_id: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Cloud, "keeps", True)
        with pytest.raises(WorkError, match="still has it"):
            file_store.keep(resource_id, NOW)
        monkeypatch.setattr(Cloud, "keeps", False)
        file_store.keep(resource_id, NOW)
        assert stored(resource_id) is None
        assert kept() == [CONTENT]


@pytest.mark.usefixtures("store")
class TestDestroy:
    @on_each_store
    @pytest.mark.parametrize("withdrawn", [True, False])
    def test_no_bytes_are_left(self, resource_id: str, withdrawn: bool) -> None:
        if withdrawn:
            file_store.keep(resource_id, NOW)
        for _ in range(2):
            file_store.destroy(resource_id)
        assert stored(resource_id) is None
        assert kept() == []
        assert row(resource_id) is None


def _kept_as(resource_id: str) -> str:
    found = row(resource_id)
    assert found is not None
    return found.kept_as


def _copy_of(path: Path) -> Path:
    return _written(path.read_bytes())


def _written(content: bytes) -> Path:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(content)
    return Path(file.name)
