"""What the portal tells of the files that it keeps, whatever the way in and what editors say."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, BinaryIO, cast

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.datasets import file_facts
from ckanext.heraultdata.datasets.file_facts import SHA256
from ckanext.heraultdata.journal import service as journal
from ckanext.heraultdata.validation.checks import taking_place
from ckanext.heraultdata.withdrawals import requests, service, stores, work
from tests import factories
from tests.datasets.api import act, dataset
from tests.validation.checks import test_gate as gate
from tests.withdrawals import making
from tests.withdrawals.file_stores import NAMES, Cloud, cloud, store  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "storage_folder")

CSV = b"nom;essence\nAniane;platane\n"
LONGER = CSV + b"Gignac;tilleul\n"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIES = {"size": 3, "hash": "0" * 64, "hash_algorithm": SHA256, "mimetype": "image/png"}
NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
LINK = "https://www.aniane.example/arbres.csv"

AddedFile = dict[str, Any]
Way = Callable[[dict[str, Any], bytes], AddedFile]


@pytest.fixture
def storage_folder(
    tmp_path: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))


@pytest.fixture
def package(commune: dict[str, Any]) -> dict[str, Any]:
    """A private dataset of a commune."""
    return dataset(commune)


def sent(content: bytes, name: str = "arbres.csv") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(io.BytesIO(content), filename=name)


def workbook() -> bytes:
    """What a spreadsheet of today looks like from outside."""
    return zipped("[Content_Types].xml", "xl/workbook.xml")


def zipped(*names: str) -> bytes:
    """A ZIP of empty files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), "")
    return packed.getvalue()


def add(package: dict[str, Any], content: bytes = CSV, **fields: Any) -> AddedFile:
    """A file added to a dataset, as the database has it."""
    name = fields.pop("file_name", "arbres.csv")
    made = act("resource_create", package_id=package["id"], upload=sent(content, name), **fields)
    return shown(made["id"])


def shown(resource_id: str) -> AddedFile:
    """A file as the database has it."""
    model.Session.rollback()
    return act("resource_show", id=resource_id)


def tells(resource: AddedFile, content: bytes) -> bool:
    """Whether the fields of a file are those of its bytes."""
    return (resource["size"], resource["hash"], resource["hash_algorithm"]) == (
        len(content),
        hashlib.sha256(content).hexdigest(),
        SHA256,
    )


def timeless(resource: AddedFile) -> AddedFile:
    """A file without the date that CKAN 2.11 sets anew with each change of its dataset."""
    if tk.check_ckan_version(min_version="2.12.0"):
        return resource
    return {name: value for name, value in resource.items() if name != "metadata_modified"}


# --------------------------------------------------------------------------- ways in


def _by_create(package: dict[str, Any], content: bytes) -> AddedFile:
    return add(package, content, name="Arbres", **LIES)


def _by_create_with_identifier(package: dict[str, Any], content: bytes) -> AddedFile:
    return add(package, content, id="5f1e5b1a-3a3e-4f3b-9b57-0d8a4d4d0b11", **LIES)


def _by_update(package: dict[str, Any], content: bytes) -> AddedFile:
    made = add(package, b"a\n1\n")
    act("resource_update", id=made["id"], upload=sent(content), url_type="upload", **LIES)
    return shown(made["id"])


def _by_patch(package: dict[str, Any], content: bytes) -> AddedFile:
    made = add(package, b"a\n1\n")
    act("resource_patch", id=made["id"], upload=sent(content), **LIES)
    return shown(made["id"])


def _by_patch_of_a_link(package: dict[str, Any], content: bytes) -> AddedFile:
    made = act("resource_create", package_id=package["id"], url=LINK, size=12, hash="a" * 32)
    act("resource_patch", id=made["id"], upload=sent(content))
    return shown(made["id"])


def _by_package_update(package: dict[str, Any], content: bytes) -> AddedFile:
    change = act("package_show", id=package["id"])
    change["resources"] = [{"name": "Arbres", "upload": sent(content), **LIES}]
    return shown(act("package_update", **change)["resources"][0]["id"])


def _by_package_patch(package: dict[str, Any], content: bytes) -> AddedFile:
    first = add(package, b"a\n1\n")
    second = add(package, b"b\n2\n")
    resources = [first, {**second, "upload": sent(content), **LIES}]
    act("package_patch", id=package["id"], resources=resources)
    assert tells(shown(first["id"]), b"a\n1\n")
    return shown(second["id"])


def _by_revise(package: dict[str, Any], content: bytes) -> AddedFile:
    made = add(package, b"a\n1\n")
    act(
        "package_revise",
        match={"id": package["id"]},
        update__resources__0__upload=sent(content),
        update__resources__0__size=3,
        update__resources__0__hash="0" * 64,
    )
    return shown(made["id"])


def _by_revise_adding(package: dict[str, Any], content: bytes) -> AddedFile:
    act(
        "package_revise",
        match={"id": package["id"]},
        update={"resources": [{"name": "Arbres", "url": "", **LIES}]},
        update__resources__0__upload=sent(content),
    )
    model.Session.rollback()
    return act("package_show", id=package["id"])["resources"][0]


WAYS = [
    _by_create,
    _by_create_with_identifier,
    _by_update,
    _by_patch,
    _by_patch_of_a_link,
    _by_package_update,
    _by_package_patch,
    _by_revise,
    _by_revise_adding,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_in_tells_what_the_file_is(package: dict[str, Any], way: Way) -> None:
    before = datetime.utcnow().isoformat()  # noqa: DTZ003 - as CKAN keeps moments

    made = way(package, LONGER)

    assert tells(made, LONGER)
    assert (made["format"], made["mimetype"]) == ("CSV", "text/csv")
    assert made["url"].endswith("/arbres.csv")
    assert made["last_modified"] >= before
    assert made["created"] <= made["last_modified"] or made["created"] >= before
    kept = stores.of_resource(made["id"])
    assert b"".join(kept.read()) == LONGER


def test_forms_tell_what_the_file_is(
    app: CKANTestApp, commune: dict[str, Any], package: dict[str, Any]
) -> None:
    editor = factories.people(commune["id"]).partner_editor
    headers = {"Authorization": factories.token(editor)}
    fields = {"name": "Arbres", "url": "", "url_type": "upload", "hash": "", "hash_algorithm": ""}
    files = f"/fr/dataset/{package['name']}/resource"
    answer = app.post(
        f"{files}/new",
        headers=headers,
        data={**fields, "id": "", "save": "go-metadata", "upload": (io.BytesIO(CSV), "A.CSV")},
        content_type="multipart/form-data",
        follow_redirects=False,
    )
    assert answer.status_code == 302, answer.text
    (made,) = act("package_show", id=package["id"])["resources"]
    assert tells(made, CSV)
    assert (made["format"], made["mimetype"]) == ("CSV", "text/csv")

    told = {**fields, "id": made["id"], "url": made["url"], "save": "go-metadata"}
    for more, content in (({"hash": "0" * 64}, CSV), ({"upload": True}, LONGER)):
        sent_now = {**told, **more, "format": "CSV", "mimetype": "image/png"}
        if "upload" in more:
            sent_now["upload"] = (io.BytesIO(content), "arbres.csv")
        answer = app.post(
            f"{files}/{made['id']}/edit",
            headers=headers,
            data=sent_now,
            content_type="multipart/form-data",
            follow_redirects=False,
        )
        assert answer.status_code == 302, answer.text
        after = shown(made["id"])
        assert tells(after, content)
        assert after["mimetype"] == "text/csv"


# --------------------------------------------------------------------------- what a file is


@pytest.mark.parametrize(
    ("name", "content", "format_", "mimetype"),
    [
        ("ARBRES.CSV", CSV, "CSV", "text/csv"),
        ("arbres.csv", workbook(), "XLSX", XLSX),
        ("arbres.zip", zipped("arbres.csv"), "CSV", "application/zip"),
        ("arbres.zip", zipped("a.shp", "a.dbf", "a.shx"), "SHP", "application/zip"),
        ("arbres.json", b'{"type": "FeatureCollection"}', "GeoJSON", "application/geo+json"),
        ("arbres.zip", b"PK\x03\x04 damaged", "ZIP", "application/zip"),
        ("arbres.zip", zipped("a.csv")[:-1], "ZIP", "application/zip"),
        ("arbres.csv", b"", "CSV", "text/csv"),
    ],
)
def test_kind_comes_from_name_and_content(
    package: dict[str, Any], name: str, content: bytes, format_: str, mimetype: str
) -> None:
    made = add(package, content, file_name=name)

    assert tells(made, content)
    assert (made["format"], made["mimetype"]) == (format_, mimetype)


def test_a_file_that_nothing_tells_is_measured_all_the_same(package: dict[str, Any]) -> None:
    made = add(package, b"\x00\x01\x02", file_name="arbres", format="Secret")

    assert tells(made, b"\x00\x01\x02")
    assert (made["format"], made["mimetype"]) == ("Secret", "")


def test_contents_of_a_zip_that_are_too_long_are_not_read() -> None:
    packed = zipped("a.csv")
    end = packed.rindex(b"PK\x05\x06")
    long = packed[: end + 12] + (1 << 30).to_bytes(4, "little") + packed[end + 16 :]
    large = packed[:end] + b"PK\x06\x07" + bytes(16) + packed[end:]

    for content in (long, large):
        facts = file_facts.measure(io.BytesIO(content), "a.zip")
        assert facts.kind is not None
        assert facts.kind.format == "ZIP"


def test_a_large_file_is_read_part_by_part() -> None:
    class Watched(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            part = super().read(size)
            self.largest = max(self.largest, len(part))
            return part

    stream = Watched(b"PK\x03\x04" + bytes(5_000_000))
    stream.seek(7)

    facts = file_facts.measure(cast("BinaryIO", stream), "a.zip")

    assert (facts.size, stream.tell()) == (5_000_004, 0)
    assert stream.largest <= 1 << 20


def test_format_typed_by_hand_stays(package: dict[str, Any]) -> None:
    made = add(package, format="SCDL")
    assert (made["format"], made["mimetype"]) == ("SCDL", "text/csv")

    act("resource_patch", id=made["id"], upload=sent(LONGER))
    assert shown(made["id"])["format"] == "SCDL"

    act("resource_patch", id=made["id"], format="Arbres")
    assert shown(made["id"])["format"] == "Arbres"

    act("resource_patch", id=made["id"], format="")
    assert shown(made["id"])["format"] == "CSV"


def test_format_follows_a_file_of_another_kind(package: dict[str, Any]) -> None:
    made = add(package)

    act("resource_patch", id=made["id"], upload=sent(workbook(), "arbres.xlsx"))
    after = shown(made["id"])
    assert tells(after, workbook())
    assert (after["format"], after["mimetype"]) == ("XLSX", XLSX)

    act("resource_patch", id=made["id"], upload=sent(CSV), format="Tableau")
    after = shown(made["id"])
    assert (after["format"], after["mimetype"]) == ("Tableau", "text/csv")

    act("resource_patch", id=made["id"], upload=sent(workbook(), "arbres.xlsx"))
    assert shown(made["id"])["format"] == "XLSX"

    packed = zipped("a.csv")
    act("resource_patch", id=made["id"], upload=sent(packed, "a.zip"))
    packed_shape = zipped("a.shp", "a.dbf")
    act("resource_patch", id=made["id"], upload=sent(packed_shape, "a.zip"))
    assert shown(made["id"])["format"] == "SHP"


# --------------------------------------------------------------------------- what editors say


def test_lies_about_a_file_that_stays_are_ignored(package: dict[str, Any]) -> None:
    made = add(package)

    act("resource_patch", id=made["id"], created="1999-01-01", last_modified="1999-01-01", **LIES)
    after = shown(made["id"])

    assert tells(after, CSV)
    for name in ("mimetype", "format", "created", "last_modified", "url"):
        assert after[name] == made[name]


def test_a_change_of_the_dataset_changes_nothing_of_its_files(package: dict[str, Any]) -> None:
    made = add(package)
    link = shown(act("resource_create", package_id=package["id"], url=LINK)["id"])

    act("package_patch", id=package["id"], title="Arbres d’alignement")

    assert timeless(shown(made["id"])) == timeless(made)
    assert timeless(shown(link["id"])) == timeless(link)


def test_fields_left_out_stay_those_of_the_file(package: dict[str, Any]) -> None:
    made = add(package)

    act("resource_update", id=made["id"], url=made["url"], url_type="upload", name="Arbres")
    after = shown(made["id"])

    assert tells(after, CSV)
    assert (after["format"], after["mimetype"]) == ("CSV", "text/csv")


@pytest.mark.parametrize("before", [None, LINK])
def test_a_file_that_never_came_has_no_size(package: dict[str, Any], before: str | None) -> None:
    told = {"url": "arbres.csv", "url_type": "upload", **LIES}
    if before is None:
        made = act("resource_create", package_id=package["id"], **told)
    else:
        made = act("resource_create", package_id=package["id"], url=before, size=12)
        act("resource_patch", id=made["id"], **told)

    after = shown(made["id"])

    assert not after.get("size")
    assert not after.get("hash")
    assert not after.get("hash_algorithm")


# --------------------------------------------------------------------------- links


def test_nothing_is_invented_about_a_link(package: dict[str, Any]) -> None:
    made = act("resource_create", package_id=package["id"], url=LINK)
    made = shown(made["id"])

    assert (made["format"], made["mimetype"]) == ("CSV", "text/csv")
    assert not made.get("size")
    assert not made.get("hash")
    assert "hash_algorithm" not in made


def test_what_is_said_of_a_link_is_left_as_it_is(package: dict[str, Any]) -> None:
    said = {"size": 2048, "hash": "a" * 32, "format": "SCDL", "mimetype": "text/plain"}
    made = act("resource_create", package_id=package["id"], url=LINK, **said)

    act("resource_patch", id=made["id"], name="Arbres")
    after = shown(made["id"])

    assert {name: after[name] for name in said} == said


def test_format_of_a_link_follows_its_address(package: dict[str, Any]) -> None:
    made = act("resource_create", package_id=package["id"], url=LINK)

    act("resource_patch", id=made["id"], url="https://www.aniane.example/arbres.xlsx")
    after = shown(made["id"])
    assert (after["format"], after["mimetype"]) == ("XLSX", XLSX)

    act("resource_patch", id=made["id"], url="https://www.aniane.example/export/12")
    assert shown(made["id"])["format"] == "XLSX"


@pytest.mark.parametrize("by_patch", [True, False])
def test_a_link_keeps_nothing_of_the_file_whose_place_it_takes(
    package: dict[str, Any], by_patch: bool
) -> None:
    made = add(package)
    address = "https://www.aniane.example/arbres.xlsx"

    change = (
        {"clear_upload": True} if by_patch else {**made, "url_type": "", "size": str(made["size"])}
    )
    change = {**change, "id": made["id"], "url": address}
    act("resource_patch" if by_patch else "resource_update", **change)
    after = shown(made["id"])

    assert after["url"] == address
    assert (after["format"], after["mimetype"]) == ("XLSX", XLSX)
    assert not after.get("size")
    assert not after.get("hash")
    assert not after.get("hash_algorithm")


@pytest.mark.parametrize("type_of_table", ["datastore", "tabledesigner"])
def test_tables_without_a_file_are_left_as_they_are(
    package: dict[str, Any], type_of_table: str
) -> None:
    told = {"url": "_datastore_only_resource", "url_type": type_of_table, "format": "Table"}
    resource = {**told, "size": 12}

    change = file_facts.filled(None, {}, {"resources": [resource, "no file"], "name": "a"})

    assert change == {"resources": [resource, "no file"], "name": "a"}
    assert file_facts.filled(None, {}, {"resources": "none"}) == {"resources": "none"}


# --------------------------------------------------------------------------- what fails


def test_a_file_that_cannot_be_read_is_refused_in_words(package: dict[str, Any]) -> None:
    made = add(package)
    gone = sent(CSV)
    gone.stream.close()

    with pytest.raises(tk.ValidationError) as refusal:
        act("resource_patch", id=made["id"], upload=gone)

    assert "could not be read" in factories.sentence_of(refusal, "upload")


# --------------------------------------------------------------------------- files of before


def forget(resource: AddedFile, **more: Any) -> None:
    """Put a file as it would be had it come before anything was told."""
    row = model.Session.get(model.Resource, resource["id"])
    assert row is not None
    extras = {name: value for name, value in row.extras.items() if name != "hash_algorithm"}
    values = {"size": None, "hash": "", "mimetype": None, "extras": extras, **more}
    table = model.resource_table
    model.Session.execute(sa.update(table).where(table.c.id == row.id).values(**values))
    model.Session.commit()


@pytest.mark.parametrize("store", NAMES, indirect=True)
def test_files_of_before_are_filled_in(package: dict[str, Any], store: str) -> None:  # noqa: F811
    made = add(package)
    known = add(package, LONGER)
    link = shown(act("resource_create", package_id=package["id"], url=LINK)["id"])
    forget(made, format="")
    before = act("package_show", id=package["id"])
    said: list[str] = []

    assert file_facts.fill_missing(said.append) == 1

    after = act("package_show", id=package["id"])
    assert tells(after["resources"][0], CSV)
    assert (after["resources"][0]["format"], after["resources"][0]["mimetype"]) == (
        "CSV",
        "text/csv",
    )
    changed = {"size", "hash", "hash_algorithm", "format", "mimetype"}
    for resource, was in zip(after["resources"], before["resources"], strict=True):
        assert {k: v for k, v in resource.items() if k not in changed} == {
            k: v for k, v in was.items() if k not in changed
        }
    assert after["metadata_modified"] == before["metadata_modified"]
    assert [timeless(each) for each in after["resources"][1:]] == [timeless(known), timeless(link)]
    assert said == ["Files measured: 1"]
    assert file_facts.fill_missing(said.append) == 0


def test_format_that_a_check_depends_on_stays(package: dict[str, Any]) -> None:
    made = add(package)
    row = model.Session.get(model.Resource, made["id"])
    assert row is not None
    forget(made, format="", extras={**row.extras, "standard": "scdl-arbres"})

    assert file_facts.fill_missing(print) == 1

    after = shown(made["id"])
    assert tells(after, CSV)
    assert (after["format"], after["standard"]) == ("", "scdl-arbres")


def test_files_that_vanished_stop_nothing(package: dict[str, Any]) -> None:
    lost, broken, there = add(package), add(package), add(package, LONGER)
    for each in (lost, broken, there):
        forget(each)
    for resource, becomes_folder in ((lost, False), (broken, True)):
        path = stores.of_resource(resource["id"])
        assert isinstance(path, stores.DiskStore)
        path.path.unlink()
        if becomes_folder:
            path.path.mkdir()
    said: list[str] = []

    assert file_facts.fill_missing(said.append) == 1

    assert tells(shown(there["id"]), LONGER)
    assert not shown(lost["id"]).get("hash")
    assert sum("not in the file store" in each for each in said) == 2


def test_a_silent_store_stops_nothing(
    package: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with cloud(monkeypatch):
        made = add(package)
        forget(made)
        Cloud.refuses = True
        said: list[str] = []

        assert file_facts.fill_missing(said.append) == 0

    assert any("cannot be read" in each for each in said)


def test_a_file_replaced_meanwhile_keeps_its_own(
    package: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(package)
    forget(made)
    (row,) = file_facts._rows_to_fill("")
    facts = file_facts.measure(io.BytesIO(CSV), "arbres.csv")
    act("resource_patch", id=made["id"], upload=sent(LONGER))

    assert not file_facts._write(row, facts)

    model.Session.rollback()
    assert tells(shown(made["id"]), LONGER)


def test_deleted_files_and_datasets_are_left(package: dict[str, Any]) -> None:
    made = add(package)
    forget(made, state=model.State.DELETED)

    assert file_facts.fill_missing(print) == 0


def test_more_files_than_are_done_at_once(
    package: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_facts, "_FILES_AT_ONCE", 2)
    made = [add(package) for _ in range(3)]
    for each in made:
        forget(each)
    said: list[str] = []

    assert file_facts.fill_missing(said.append) == 3
    assert said == ["Files measured: 2", "Files measured: 3"]


# --------------------------------------------------------------------------- gate, withdrawals


def test_a_file_kept_aside_tells_its_own_once_let_in(
    ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, at: Callable[[str], None]
) -> None:
    at(gate.TODAY)
    gate.standard()
    desk = gate.Desk()
    made = desk.add(gate.GOOD)
    assert tells(shown(made["id"]), gate.GOOD)
    newer = gate.GOOD + b"2,Gignac\n"
    monkeypatch.setitem(ckan_config, "heraultdata.check_at_once_bytes", 5)

    with pytest.raises(tk.ValidationError):
        desk.replace(made, newer)
    assert tells(shown(made["id"]), gate.GOOD)
    (kept,) = desk.held()
    taking_place.check_held(kept.id)
    assert tells(shown(made["id"]), newer)

    with pytest.raises(tk.ValidationError):
        desk.add(gate.GOOD, size=3, hash="0" * 64)
    (kept,) = desk.held()
    taking_place.check_held(kept.id)
    model.Session.rollback()
    assert tells(desk.show()["resources"][-1], gate.GOOD)


def test_withdrawn_and_restored_files_keep_theirs(
    at: Callable[[str], None], ckan_config: dict[str, Any], tmp_path: Any
) -> None:
    at("2026-03-02")
    ckan_config["heraultdata.withdrawn_files_path"] = str(tmp_path / "withdrawn")
    partner = factories.partner()
    package = making.public_dataset(partner, {"arbres.csv": CSV})
    (made,) = package["resources"]
    request = making.executed(partner, package)
    assert work.run(NOW) == 0
    forget(made)
    assert file_facts.fill_missing(print) == 0

    items = [item.id for item in requests.get(request["id"]).items]
    service.restore(request["id"], items, journal.Actor("user-1", "camille"), NOW)
    assert work.run(NOW) == 0

    assert file_facts.fill_missing(print) == 1
    assert tells(shown(made["id"]), CSV)
    act("package_patch", id=package["id"], title="Arbres d’alignement")
    assert tells(shown(made["id"]), CSV)
