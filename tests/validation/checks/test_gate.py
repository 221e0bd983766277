"""The gate of publication: what is let in, what is refused, what is kept aside."""

from __future__ import annotations

import io
from datetime import date, datetime, timezone
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, call_action
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.standards.model import Standard, StandardVersion
from ckanext.heraultdata.validation.checks import held, service, taking_place
from tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_storage")

SCHEMA = {"fields": [{"name": "code", "type": "integer", "constraints": {"required": True}}]}
STRICTER = {"fields": [*SCHEMA["fields"], {"name": "nom", "constraints": {"required": True}}]}
GOOD = b"code,nom\n1,Aniane\n"
OLD = b"code\n1\n"
BAD = b"code,nom\nun,Aniane\n"
TODAY = "2026-03-01"


@pytest.fixture
def with_storage(
    tmp_path: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    at(TODAY)


def standard(level: str = "territorial", *, first: date = date(2023, 1, 10)) -> Standard:
    """A standard of two versions, due a year after each publication where it is territorial."""
    made = datetime(2023, 1, 1, tzinfo=timezone.utc)
    found = Standard(
        name="codes", title="Codes", level=level, scdl=False, priority=True,
        concerns=["epci", "commune", "other"], dataset_defaults={}, created_at=made,
    )  # fmt: skip
    model.Session.add(found)
    model.Session.flush()
    for version, day, schema in (("1", first, SCHEMA), ("2", date(2025, 6, 1), STRICTER)):
        model.Session.add(
            StandardVersion(
                standard_id=found.id,
                version=version,
                kind="table",
                published_on=day,
                schema=schema,
                created_at=made,
            )
        )
    model.Session.commit()
    return found


def sent(content: bytes, name: str = "codes.csv") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(io.BytesIO(content), filename=name, content_type="text/csv")


class Desk:
    """An editor of a partner in convention, with a dataset."""

    def __init__(self, *, private: bool = False, role: str = "editor") -> None:
        self.partner = factories.partner(partner_type="commune")
        factories.signed_convention(self.partner["id"])
        self.editor = factories.user()
        factories.join(self.editor, self.partner["id"], role)
        self.dataset = self.act(
            "package_create", name="codes-aniane", title="Codes", notes="Codes.",
            owner_org=self.partner["id"], private=private,
        )  # fmt: skip

    def act(self, action: str, **data: Any) -> Any:
        return factories.act(self.editor, action, **data)

    def add(self, content: bytes, **more: Any) -> dict[str, Any]:
        return self.act(
            "resource_create", package_id=self.dataset["id"], name="Codes", standard="codes",
            format="CSV", url="codes.csv", upload=sent(content), **more,
        )  # fmt: skip

    def replace(self, resource: dict[str, Any], content: bytes) -> dict[str, Any]:
        return self.act("resource_patch", id=resource["id"], upload=sent(content))

    def publish(self) -> dict[str, Any]:
        return self.act("package_patch", id=self.dataset["id"], private=False)

    def show(self) -> dict[str, Any]:
        return call_action("package_show", id=self.dataset["id"])

    def is_private(self) -> bool:
        package = model.Package.get(self.dataset["id"])
        assert package is not None
        return bool(package.private)

    def held(self) -> list[held.HeldFile]:
        return held.not_let_in(self.dataset["id"])


def test_a_right_file_becomes_public() -> None:
    standard()
    desk = Desk()
    desk.add(GOOD)
    assert [resource["standard"] for resource in desk.show()["resources"]] == ["codes"]
    assert desk.held() == []


def test_a_file_of_a_version_that_still_serves_becomes_public() -> None:
    standard()
    desk = Desk()
    desk.add(OLD)
    assert len(desk.show()["resources"]) == 1


def test_a_wrong_file_is_kept_aside_with_its_report() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError) as refusal:
        desk.add(BAD)
    (kept,) = desk.held()
    sentence = factories.sentence_of(refusal, "upload")
    assert "codes.csv" in sentence
    assert "version 1" in sentence
    assert kept.id in sentence
    assert desk.show()["resources"] == []
    with held.opened(kept) as path:
        assert path.read_bytes() == BAD
    run = service.run(service.last_run_id(kept.resource_id, kept.id))
    assert [report.valid for report in run.reports] == [False, False]
    entry = model.Session.query(JournalEntry).filter_by(subject_id=kept.id).one()
    assert (entry.action, entry.organization_id) == ("file.refused", desk.partner["id"])


def test_a_right_file_sent_after_it_settles_a_refused_one() -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError):
        desk.add(BAD)
    assert len(desk.held()) == 1
    resource = desk.add(GOOD)
    assert desk.held() == []
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, BAD)
    assert len(desk.held()) == 1
    desk.replace(resource, OLD)
    assert desk.held() == []


def test_the_public_file_stays_when_a_later_one_is_wrong() -> None:
    standard()
    desk = Desk()
    resource = desk.add(GOOD)
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, BAD)
    (after,) = desk.show()["resources"]
    assert after == resource | {"package_id": after["package_id"]} | {
        key: after[key] for key in ("validation_status", "validation_timestamp") if key in after
    }
    (kept,) = desk.held()
    assert held.replaces(kept) == resource["id"]


def test_a_draft_and_a_private_dataset_take_any_file() -> None:
    standard()
    desk = Desk(private=True)
    desk.add(BAD)
    assert len(desk.act("package_show", id=desk.dataset["id"])["resources"]) == 1
    assert desk.held() == []


def test_a_private_dataset_with_a_wrong_file_cannot_be_published() -> None:
    standard()
    desk = Desk(private=True)
    desk.add(BAD)
    with pytest.raises(tk.ValidationError) as refusal:
        desk.publish()
    assert "Keep the dataset private" in factories.sentence_of(refusal, "private")
    assert desk.is_private()


def test_datasets_published_together_pass_the_same_gate() -> None:
    standard()
    desk = Desk(private=True, role="admin")
    desk.add(BAD)
    with pytest.raises(tk.ValidationError):
        desk.act("bulk_update_public", datasets=[desk.dataset["id"]], org_id=desk.partner["id"])
    assert desk.is_private()


def test_a_dataset_is_not_public_from_the_start_with_a_wrong_file() -> None:
    standard()
    desk = Desk()
    resource = {"name": "Codes", "standard": "codes", "url": "codes.csv", "upload": sent(BAD)}
    with pytest.raises(tk.ValidationError):
        desk.act(
            "package_create", name="autres-codes", title="Codes", notes="Codes.",
            owner_org=desk.partner["id"], private=False, resources=[resource],
        )  # fmt: skip
    assert model.Package.get("autres-codes") is None


def test_what_is_public_stays_editable_with_a_file_that_has_become_late(at: Any) -> None:
    standard()
    desk = Desk()
    desk.add(OLD)
    at("2026-06-02")
    desk.act("package_patch", id=desk.dataset["id"], notes="Mieux dit.")
    assert desk.show()["notes"] == "Mieux dit."


@pytest.mark.parametrize("gate", ["warn", "off"])
def test_a_site_may_let_wrong_files_by(
    gate: str, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.publication_gate", gate)
    standard()
    desk = Desk()
    desk.add(BAD)
    assert len(desk.show()["resources"]) == 1


def test_an_organisation_without_a_type_passes_no_gate() -> None:
    standard()
    organization = factories.organization(name="prefecture")
    editor = factories.user()
    factories.join(editor, organization["id"], "editor")
    dataset = factories.act(
        editor, "package_create", name="autre", title="Autre", notes="Autre.",
        owner_org=organization["id"], private=False,
    )  # fmt: skip
    factories.act(
        editor, "resource_create", package_id=dataset["id"], name="Codes", standard="codes",
        url="codes.csv", upload=sent(BAD),
    )  # fmt: skip
    assert held.not_let_in(dataset["id"]) == []


def test_the_departement_passes_the_gate_too() -> None:
    standard()
    department = factories.department()
    editor = factories.user()
    factories.join(editor, department["id"], "editor")
    dataset = factories.act(
        editor, "package_create", name="codes-34", title="Codes", notes="Codes.",
        owner_org=department["id"], private=False,
    )  # fmt: skip
    with pytest.raises(tk.ValidationError):
        factories.act(
            editor, "resource_create", package_id=dataset["id"], name="Codes",
            standard="codes", url="codes.csv", upload=sent(BAD),
        )  # fmt: skip


def test_a_de_facto_standard_obliges_nobody() -> None:
    standard("de_facto")
    desk = Desk()
    desk.add(BAD)
    assert len(desk.show()["resources"]) == 1


def test_a_national_standard_without_a_date_wants_one_version_met() -> None:
    standard("national")
    desk = Desk()
    with pytest.raises(tk.ValidationError) as refusal:
        desk.add(BAD)
    assert "no published version" in factories.sentence_of(refusal, "upload")
    desk.add(OLD)


@pytest.fixture
def nothing_at_once(ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)


@pytest.mark.usefixtures("nothing_at_once")
@pytest.mark.parametrize(("content", "taken"), [(GOOD, True), (BAD, False)])
def test_a_large_file_waits_for_the_worker_and_takes_its_place_if_right(
    content: bytes, taken: bool
) -> None:
    standard()
    desk = Desk()
    with pytest.raises(tk.ValidationError) as refusal:
        desk.add(content)
    assert "takes its place by itself" in factories.sentence_of(refusal, "upload")
    (kept,) = desk.held()
    assert kept.state == "waiting"
    taking_place.check_held(kept.id)
    model.Session.expire_all()
    resources = desk.show()["resources"]
    assert len(resources) == taken
    assert kept.state == ("accepted" if taken else "refused")
    taking_place.check_held(kept.id)
    assert len(desk.show()["resources"]) == taken


def test_a_large_right_file_takes_the_place_of_the_public_one(
    ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    standard()
    desk = Desk()
    resource = desk.add(OLD)
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, GOOD)
    (kept,) = desk.held()
    taking_place.check_held(kept.id)
    (after,) = desk.show()["resources"]
    assert (after["id"], after["size"]) == (resource["id"], len(GOOD))


def test_an_older_file_never_takes_the_place_of_a_later_one(
    at: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    standard()
    desk = Desk()
    resource = desk.add(OLD)
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)
    sent_files = []
    for day, content in (("2026-03-02", GOOD), ("2026-03-03", GOOD + b"2,Gignac\n")):
        at(day)
        with pytest.raises(tk.ValidationError):
            desk.replace(resource, content)
        sent_files.append(desk.held()[0])
    older, later = sent_files
    for kept in (later, older):
        taking_place.check_held(kept.id)
    (after,) = desk.show()["resources"]
    assert after["size"] == later.size
    assert (older.state, later.state) == ("overtaken", "accepted")


def test_a_file_that_waits_does_not_undo_what_was_sent_meanwhile(
    ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    standard()
    desk = Desk()
    resource = desk.add(OLD)
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, GOOD)
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 2_000_000)
    desk.replace(resource, GOOD + b"2,Gignac\n")
    (kept,) = desk.held()
    taking_place.check_held(kept.id)
    (after,) = desk.show()["resources"]
    assert after["size"] == len(GOOD + b"2,Gignac\n")
    assert kept.state == "overtaken"


class TestPages:
    """The page of a file kept aside."""

    def test_the_editor_sees_what_to_mend_and_has_the_file_back(self, app: CKANTestApp) -> None:
        standard()
        desk = Desk()
        with pytest.raises(tk.ValidationError):
            desk.add(BAD)
        (kept,) = desk.held()
        headers = {"Authorization": factories.token(desk.editor)}
        page = app.get(f"/held-file/{kept.id}", headers=headers)
        assert "codes.csv" in page.get_data(as_text=True)
        assert "code" in page.get_data(as_text=True)
        assert app.get(f"/held-file/{kept.id}/download", headers=headers).data == BAD
        as_csv = app.get(f"/held-file/{kept.id}/report.csv", headers=headers)
        assert "un" in as_csv.data.decode("utf-8-sig")
        as_xlsx = app.get(f"/held-file/{kept.id}/report.xlsx", headers=headers)
        assert as_xlsx.data.startswith(b"PK")
        assert kept.id in app.get("/dataset/codes-aniane", headers=headers).get_data(as_text=True)

    def test_nobody_else_does(self, app: CKANTestApp) -> None:
        standard()
        desk = Desk()
        with pytest.raises(tk.ValidationError):
            desk.add(BAD)
        (kept,) = desk.held()
        stranger = {"Authorization": factories.token(factories.user())}
        for part in ("", "/download", "/report.csv", "/report.xlsx"):
            assert app.get(f"/held-file/{kept.id}{part}", headers=stranger, status=403)
        assert kept.id not in app.get("/dataset/codes-aniane").get_data(as_text=True)
        assert app.get("/held-file/none", headers=stranger, status=404)
