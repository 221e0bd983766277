"""A file kept aside gives way to the next one sent for its place: bytes go, reports stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.validation.checks import held, service, taking_place
from ckanext.heraultdata.validation.checks.model import HeldFile
from tests.validation.checks.test_gate import BAD, GOOD, OLD, TODAY, Desk, sent, standard

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "storage")


@pytest.fixture
def storage(
    tmp_path: Path, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, at: Any
) -> Path:
    """A store of its own, and the day."""
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    at(TODAY)
    return tmp_path


@pytest.fixture
def desk() -> Desk:
    """An editor with a public dataset, where the standard obliges."""
    standard()
    return Desk()


def all_held(desk: Desk) -> list[HeldFile]:
    """All the files kept aside of the dataset, the oldest first."""
    model.Session.rollback()
    query = model.Session.query(HeldFile).filter_by(package_id=desk.dataset["id"])
    return query.order_by(held.HeldFile.held_at).all()


def bytes_in(storage: Path, kept: HeldFile) -> bytes | None:
    """What the store has of a file kept aside."""
    place = storage / kept.id[:3] / kept.id[3:6] / kept.id[6:]
    places = [place, storage / "resources" / place.relative_to(storage)]
    return next((each.read_bytes() for each in places if each.exists()), None)


def refused(desk: Desk, resource: dict[str, Any] | None, content: bytes, at: Any, day: int) -> None:
    """Send a wrong file, which is kept aside."""
    at(f"2026-03-{day:02}")
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, content) if resource else desk.add(content)


@pytest.mark.parametrize("replaces", [True, False])
def test_a_newer_file_takes_the_bytes_of_those_refused_before(
    desk: Desk, storage: Path, at: Any, replaces: bool
) -> None:
    resource = desk.add(GOOD) if replaces else None
    for day in (2, 3, 4):
        refused(desk, resource, BAD + b"x,%d\n" % day, at, day)
    first, second, third = all_held(desk)
    assert [each.state for each in (first, second, third)] == ["overtaken"] * 2 + ["refused"]
    assert [bytes_in(storage, each) for each in (first, second)] == [None, None]
    assert bytes_in(storage, third) == BAD + b"x,4\n"
    assert [each.id for each in desk.held()] == [third.id]
    for each in (first, second, third):
        assert service.run(service.last_run_id(each.resource_id, each.id)).reports
    told = model.Session.query(JournalEntry.subject_id).filter_by(action="file.overtaken")
    assert sorted(row.subject_id for row in told) == sorted([first.id, second.id])


def test_other_files_of_the_dataset_keep_theirs(desk: Desk, storage: Path, at: Any) -> None:
    one, other = desk.add(GOOD), desk.add(OLD)
    refused(desk, one, BAD, at, 2)
    refused(desk, other, BAD, at, 3)
    with pytest.raises(tk.ValidationError):
        desk.act(
            "resource_create", package_id=desk.dataset["id"], name="Autres", standard="codes",
            format="CSV", url="autres.csv", upload=sent(BAD, "autres.csv"),
        )  # fmt: skip
    refused(desk, None, BAD, at, 5)
    assert [each.state for each in all_held(desk)] == ["refused"] * 4
    assert [bytes_in(storage, each) for each in all_held(desk)] == [BAD] * 4


def test_two_new_files_of_one_change_stand_beside_each_other(desk: Desk, at: Any) -> None:
    new = {"name": "Codes", "standard": "codes", "format": "CSV", "url": "codes.csv"}
    with pytest.raises(tk.ValidationError):
        desk.act(
            "package_patch", id=desk.dataset["id"],
            resources=[{**new, "upload": sent(BAD)}, {**new, "upload": sent(BAD)}],
        )  # fmt: skip
    assert [each.state for each in all_held(desk)] == ["refused"] * 2


def test_a_file_that_waited_and_is_wrong_gives_way_to_the_one_sent_meanwhile(
    desk: Desk, storage: Path, at: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = desk.add(GOOD)
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)
    refused(desk, resource, BAD, at, 2)
    refused(desk, resource, BAD + b"x,y\n", at, 3)
    older, newer = all_held(desk)
    assert (older.state, bytes_in(storage, older)) == ("waiting", BAD)
    taking_place.check_held(older.id)
    taking_place.check_held(newer.id)
    assert (older.state, bytes_in(storage, older)) == ("overtaken", None)
    assert (newer.state, bytes_in(storage, newer)) == ("refused", BAD + b"x,y\n")


def test_bytes_left_by_a_process_that_was_killed_go_next_time(
    desk: Desk, storage: Path, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = desk.add(GOOD)
    refused(desk, resource, BAD, at, 2)

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    at("2026-03-03")
    with monkeypatch.context() as until_killed:
        until_killed.setattr(held, "drop_bytes", killed)
        with pytest.raises(KeyboardInterrupt):
            desk.replace(resource, BAD)
    assert [each.state for each in all_held(desk)] == ["overtaken", "refused"]
    assert bytes_in(storage, all_held(desk)[0]) == BAD
    refused(desk, resource, BAD, at, 4)
    assert [bytes_in(storage, each) for each in all_held(desk)] == [None, None, BAD]


def test_the_page_of_a_file_overtaken_offers_no_bytes(
    desk: Desk, app: CKANTestApp, at: Any
) -> None:
    resource = desk.add(GOOD)
    refused(desk, resource, BAD, at, 2)
    refused(desk, resource, BAD, at, 3)
    overtaken, kept = all_held(desk)
    headers = {"Authorization": _token(desk)}
    page = app.get(f"/held-file/{overtaken.id}", headers=headers)
    assert f"/held-file/{overtaken.id}/download" not in page.get_data(as_text=True)
    assert app.get(f"/held-file/{overtaken.id}/download", headers=headers, status=404)
    assert app.get(f"/held-file/{overtaken.id}/report.xlsx", headers=headers, status=200)
    page = app.get(f"/held-file/{kept.id}", headers=headers)
    assert f"/held-file/{kept.id}/download" in page.get_data(as_text=True)


def _token(desk: Desk) -> str:
    return call_action("api_token_create", user=desk.editor.name, name="essai")["token"]


def test_a_link_tried_each_night_is_listed_once(desk: Desk, at: Any) -> None:
    link = {"name": "Codes", "standard": "codes", "url": "http://127.0.0.1:9/codes.csv"}
    for day in (2, 3, 4):
        at(f"2026-03-{day:02}")
        with pytest.raises(tk.ValidationError):
            desk.act("resource_create", package_id=desk.dataset["id"], **link)
    assert [each.state for each in all_held(desk)] == ["overtaken", "overtaken", "refused"]
    assert len(desk.held()) == 1
