"""Ways round the gate of publication: none of them leads past it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.heraultdata.standards.model import StandardVersion
from ckanext.heraultdata.validation.checks import held, service, taking_place
from tests import factories
from tests.validation.checks.test_gate import BAD, GOOD, TODAY, Desk, sent, standard

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "storage")


@pytest.fixture
def storage(
    tmp_path: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    at(TODAY)


@pytest.fixture
def nothing_at_once(ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)


def stored(desk: Desk) -> model.Package:
    """The dataset as the database has it, whatever a refused change left in the session."""
    model.Session.rollback()
    package = model.Package.get(desk.dataset["id"])
    assert package is not None
    return package


@pytest.mark.parametrize("state", ["draft", "deleted", None])
def test_a_state_that_ckan_ignores_hides_no_publication(state: str | None) -> None:
    standard()
    desk = Desk()
    resource = {"name": "Codes", "standard": "codes", "url": "http://127.0.0.1:9/codes.csv"}
    # CKAN takes any state where the context speaks of `ignore_auth`, as that of tests does.
    with pytest.raises(tk.ValidationError):
        tk.get_action("package_create")(
            {"user": desk.editor.name},
            {
                "name": "autres-codes", "title": "Codes", "notes": "Codes.", "state": state,
                "owner_org": desk.partner["id"], "private": False, "resources": [resource],
            },
        )  # fmt: skip
    assert model.Package.get("autres-codes") is None


@pytest.mark.parametrize("private", ["on", " true", "maybe", "", "0"])
def test_what_ckan_reads_as_public_is_public(private: str) -> None:
    standard()
    desk = Desk(private=True)
    desk.add(BAD)
    with pytest.raises(tk.ValidationError):
        desk.act("package_patch", id=desk.dataset["id"], private=private)
    assert stored(desk).private


@pytest.mark.parametrize("more", [{"state": None}, {"state": "active"}])
def test_a_patch_with_a_state_publishes_no_wrong_file(more: dict[str, Any]) -> None:
    standard()
    desk = Desk(private=True)
    desk.add(BAD)
    with pytest.raises(tk.ValidationError):
        desk.act("package_patch", id=desk.dataset["id"], private=False, **more)
    assert stored(desk).private


def test_a_revision_of_a_dataset_replaces_no_public_file_by_a_wrong_one() -> None:
    standard()
    desk = Desk()
    desk.add(GOOD)
    with pytest.raises(tk.ValidationError):
        desk.act(
            "package_revise",
            match={"id": desk.dataset["id"]},
            update__resources__0__upload=sent(BAD),
        )
    model.Session.rollback()
    (after,) = desk.show()["resources"]
    assert after["size"] == len(GOOD)
    assert len(desk.held()) == 1


@pytest.mark.usefixtures("nothing_at_once")
def test_the_older_of_two_files_kept_aside_does_not_replace_the_newer(at: Any) -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(GOOD)
    (first,) = desk.held()
    taking_place.check_held(first.id)
    (resource,) = desk.show()["resources"]
    newer = GOOD + b"2,Gignac\n"
    for day, content in (("2026-03-02", GOOD), ("2026-03-03", newer)):
        at(day)
        with pytest.raises(tk.ValidationError):
            desk.replace(resource, content)
    younger, older = desk.held()
    taking_place.check_held(younger.id)
    taking_place.check_held(older.id)
    (after,) = desk.show()["resources"]
    assert after["size"] == len(newer)
    assert (younger.state, older.state) == ("accepted", "overtaken")
    assert desk.held() == []


@pytest.mark.usefixtures("nothing_at_once")
def test_a_file_takes_no_place_in_a_dataset_that_was_deleted() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(GOOD)
    (kept,) = desk.held()
    stored(desk).state = model.State.DELETED
    model.Session.commit()
    taking_place.check_held(kept.id)
    assert kept.state == "unplaced"
    assert stored(desk).resources == []


@pytest.mark.usefixtures("nothing_at_once")
def test_the_file_of_a_user_deleted_meanwhile_does_not_wait_for_ever() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(GOOD)
    (kept,) = desk.held()
    call_action("user_delete", id=desk.editor.id)
    taking_place.check_held(kept.id)
    assert kept.state == "unplaced"
    assert desk.show()["resources"] == []


@pytest.mark.usefixtures("nothing_at_once")
def test_the_file_of_a_user_purged_meanwhile_takes_no_place() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(GOOD)
    (kept,) = desk.held()
    model.Session.delete(desk.editor)
    model.Session.commit()
    taking_place.check_held(kept.id)
    assert kept.state == "unplaced"
    assert desk.show()["resources"] == []


@pytest.mark.usefixtures("nothing_at_once")
def test_a_file_whose_dataset_is_purged_does_not_wait_for_ever() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(GOOD)
    (kept,) = desk.held()
    held_id = kept.id
    call_action("dataset_purge", id=desk.dataset["id"])
    taking_place.check_held(held_id)
    after = held.get(held_id)
    assert after is not None
    assert after.state == "unplaced"


@pytest.mark.parametrize("replaces", [False, True])
def test_a_job_killed_once_the_file_is_in_place_leaves_it_accepted(
    replaces: bool, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    standard()
    desk = Desk()
    resource = desk.add(GOOD) if replaces else None
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)
    newer = GOOD + b"2,Gignac\n"
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, newer) if resource else desk.add(newer)
    (kept,) = desk.held()
    put_in_place = taking_place._put_in_place

    def killed(*arguments: Any) -> None:
        put_in_place(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(taking_place, "_put_in_place", killed)
    with pytest.raises(KeyboardInterrupt):
        taking_place.check_held(kept.id)
    model.Session.rollback()
    assert kept.state == "accepted"
    taking_place.check_held(kept.id)
    (after,) = desk.show()["resources"]
    assert (after["size"], kept.state) == (len(newer), "accepted")


@pytest.mark.usefixtures("nothing_at_once")
def test_a_job_run_again_after_it_was_killed_adds_no_second_file() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(GOOD)
    (kept,) = desk.held()
    taking_place.check_held(kept.id)
    kept.state = "waiting"
    model.Session.commit()
    taking_place.check_held(kept.id)
    assert len(desk.show()["resources"]) == 1
    assert kept.state == "accepted"


@pytest.mark.parametrize("sent_as", ["codes.csv", {"a": 1}, 3])
def test_a_file_sent_as_text_is_refused_in_words(sent_as: object) -> None:
    standard()
    with pytest.raises(tk.ValidationError):
        call_action("heraultdata_file_check", upload=sent_as, standard="codes")


def test_a_draft_is_there_for_the_departement_only() -> None:
    found = standard()
    model.Session.add(
        StandardVersion(
            standard_id=found.id, version="3", kind="table", schema={"fields": [{"name": "a"}]},
            created_at=datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(days=1),
        )
    )  # fmt: skip
    model.Session.commit()
    asked = {"standard": "codes", "version": "3"}
    with pytest.raises(tk.ValidationError) as refusal:
        factories.act(factories.user(), "heraultdata_file_check", upload=sent(b"a\n1\n"), **asked)
    assert "3" in factories.sentence_of(refusal, "version")
    officer = factories.user()
    factories.join(officer, factories.department()["id"], "admin")
    report = factories.act(officer, "heraultdata_file_check", upload=sent(b"a\n1\n"), **asked)
    assert (report["valid"], report["version"]) == (True, "3")


@pytest.mark.parametrize("name", [" codes", "codes ", "\tcodes\n"])
def test_blanks_around_the_name_of_a_standard_hide_no_file(name: str) -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.act(
            "resource_create", package_id=desk.dataset["id"], name="Codes", standard=name,
            format="CSV", url="codes.csv", upload=sent(BAD),
        )  # fmt: skip
    model.Session.rollback()
    assert desk.show()["resources"] == []


@pytest.mark.parametrize("clear", ["true", True])
@pytest.mark.parametrize("url_type", ["upload", ""])
def test_an_upload_cleared_for_a_link_of_the_same_name_is_another_file(
    clear: object, url_type: str
) -> None:
    standard()
    desk = Desk()
    resource = desk.add(GOOD)
    with pytest.raises(tk.ValidationError):
        desk.act(
            "resource_patch", id=resource["id"], clear_upload=clear, url_type=url_type,
            url="http://127.0.0.1:9/codes.csv",
        )  # fmt: skip
    model.Session.rollback()
    (after,) = desk.show()["resources"]
    assert (after["url_type"], after["url"]) == ("upload", resource["url"])


def test_a_public_dataset_that_passes_to_a_partner_brings_no_wrong_file() -> None:
    standard()
    desk, organization, dataset = _wrong_file_elsewhere()
    sysadmin = factories.user(sysadmin=True)
    there = desk.partner["id"]
    with pytest.raises(tk.ValidationError):
        desk.act("package_patch", id=dataset["id"], owner_org=there)
    model.Session.rollback()
    with pytest.raises(tk.ValidationError):
        factories.act(sysadmin, "package_owner_org_update", id=dataset["id"], organization_id=there)
    model.Session.rollback()
    assert call_action("package_show", id=dataset["id"])["owner_org"] == organization["id"]


def _wrong_file_elsewhere() -> tuple[Desk, dict[str, Any], dict[str, Any]]:
    """A public dataset with a wrong file, of an organisation that is no partner."""
    desk = Desk(role="admin")
    organization = factories.organization(name="prefecture")
    factories.join(desk.editor, organization["id"], "admin")
    dataset = desk.act(
        "package_create", name="autre", title="Autre", notes="Autre.",
        owner_org=organization["id"], private=False,
    )  # fmt: skip
    desk.act(
        "resource_create", package_id=dataset["id"], name="Codes", standard="codes",
        format="CSV", url="codes.csv", upload=sent(BAD),
    )  # fmt: skip
    return desk, organization, dataset


def test_a_right_dataset_passes_to_a_partner() -> None:
    standard()
    desk, _, dataset = _wrong_file_elsewhere()
    (resource,) = call_action("package_show", id=dataset["id"])["resources"]
    desk.replace(resource, GOOD)
    desk.act("package_patch", id=dataset["id"], owner_org=desk.partner["id"])
    assert call_action("package_show", id=dataset["id"])["owner_org"] == desk.partner["id"]


@pytest.mark.parametrize("datasets", [[3], [None], [{"a": 1}], "x", 3, None, {"a": 1}])
def test_datasets_published_together_that_are_none_are_refused_in_words(datasets: object) -> None:
    desk = Desk(private=True, role="admin")
    with pytest.raises(tk.ValidationError):
        desk.act("bulk_update_public", datasets=datasets, org_id=desk.partner["id"])


def test_a_context_that_serves_twice_shows_each_file_to_the_gate() -> None:
    standard()
    desk = Desk()
    context: Any = {"user": desk.editor.name}
    common = {"package_id": desk.dataset["id"], "name": "Codes", "standard": "codes"}
    tk.get_action("resource_create")(context, {**common, "url": "a.csv", "upload": sent(GOOD)})
    with pytest.raises(tk.ValidationError):
        tk.get_action("resource_create")(context, {**common, "url": "http://127.0.0.1:9/a.csv"})


@pytest.mark.parametrize("url", ["_datastore_only_resource", "codes.csv", "http://[::1"])
@pytest.mark.parametrize("url_type", ["datastore", "upload", "file", ""])
def test_what_has_no_file_behind_it_takes_no_place(url: str, url_type: str) -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.act(
            "resource_create", package_id=desk.dataset["id"], name="Codes", standard="codes",
            format="CSV", url=url, url_type=url_type,
        )  # fmt: skip
    model.Session.rollback()
    assert desk.show()["resources"] == []


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "a\x00b"}, {"name": "\ud800"}, {"standard": "codes\x00"}, {"url": "\x00.csv"},
        {"standard": ["codes"]}, {"standard": {"a": 1}}, {"name": [1]}, {"url": ["a"]},
        {"schema": "[" * 100_000}, {"schema": sent(b"{}")}, {"format": "\x00"},
    ],
)  # fmt: skip
def test_absurd_fields_of_a_file_are_refused_in_words(fields: dict[str, Any]) -> None:
    standard()
    desk = Desk()
    given = {"name": "Codes", "standard": "codes", "url": "codes.csv", "format": "CSV", **fields}
    with pytest.raises(tk.ValidationError):
        desk.act("resource_create", package_id=desk.dataset["id"], upload=sent(BAD), **given)
    model.Session.rollback()
    assert desk.show()["resources"] == []


def test_a_file_name_that_cannot_be_kept_is_refused_in_words() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.act(
            "resource_create", package_id=desk.dataset["id"], name="Codes", standard="codes",
            format="CSV", url="codes.csv", upload=sent(BAD, "a\x00.csv"),
        )  # fmt: skip
    assert desk.held() == []


@pytest.mark.parametrize("cell", ["\x00", "un\x00", "\ud800", "\uffff", "\x1b[31m", "=1+1"])
def test_a_report_keeps_whatever_cell_a_file_holds(cell: str) -> None:
    standard()
    desk = Desk()
    content = f"code,nom\n{cell},A\n".encode("utf-8", "surrogatepass")
    with pytest.raises(tk.ValidationError):
        desk.act(
            "resource_create", package_id=desk.dataset["id"], name="Codes", standard="codes",
            format="CSV", url="codes.csv", upload=sent(content),
        )  # fmt: skip
    (kept,) = desk.held()
    assert service.run(service.last_run_id(kept.resource_id, kept.id)).reports
