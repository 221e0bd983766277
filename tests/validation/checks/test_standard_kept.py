"""A public file keeps the standard that it follows: taking it off would leave the gate open."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.heraultdata.standards.model import Standard, StandardVersion
from tests import factories
from tests.validation.checks.test_gate import BAD, GOOD, SCHEMA, TODAY, Desk, sent, standard

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "storage")


@pytest.fixture
def storage(
    tmp_path: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    monkeypatch.setitem(ckan_config, "heraultdata.department_email", "opendata@herault.example")
    at(TODAY)


def another_standard(name: str, level: str, kind: str = "table") -> None:
    made = datetime(2023, 1, 1, tzinfo=timezone.utc)
    found = Standard(
        name=name, title=name, level=level, scdl=False, priority=False,
        concerns=["commune"], dataset_defaults={}, created_at=made,
    )  # fmt: skip
    model.Session.add(found)
    model.Session.flush()
    schema = None if kind == "document" else SCHEMA
    model.Session.add(
        StandardVersion(
            standard_id=found.id, version="1", kind=kind, published_on=date(2023, 1, 10),
            schema=schema, created_at=made,
        )
    )  # fmt: skip
    model.Session.commit()


def standard_of(desk: Desk) -> str | None:
    model.Session.rollback()
    (after,) = desk.show()["resources"]
    return after.get("standard")


@pytest.mark.parametrize("name", ["", None, "  ", "bancs", "habitudes"])
def test_a_member_of_the_partner_cannot_take_it_off(name: str | None) -> None:
    standard()
    another_standard("habitudes", "de_facto")
    desk = Desk(role="admin")
    resource = desk.add(GOOD)
    with pytest.raises(tk.ValidationError) as refusal:
        desk.act("resource_patch", id=resource["id"], standard=name)
    sentence = str(refusal.value.error_dict)
    assert "standard" in refusal.value.error_dict
    assert "opendata@herault.example" in sentence
    assert standard_of(desk) == "codes"


def test_leaving_it_out_of_an_update_takes_it_off_too() -> None:
    standard()
    desk = Desk()
    desk.add(GOOD)
    dataset = desk.act("package_show", id=desk.dataset["id"])
    del dataset["resources"][0]["standard"]
    with pytest.raises(tk.ValidationError):
        desk.act("package_update", **dataset)
    assert standard_of(desk) == "codes"


def test_a_wrong_file_does_not_come_with_its_removal() -> None:
    standard()
    desk = Desk()
    resource = desk.add(GOOD)
    with pytest.raises(tk.ValidationError):
        desk.act("resource_patch", id=resource["id"], standard="", upload=sent(BAD))
    assert standard_of(desk) == "codes"


def test_the_departement_takes_it_off() -> None:
    standard()
    desk = Desk()
    resource = desk.add(GOOD)
    officer = factories.user()
    factories.join(officer, factories.department()["id"], "admin")
    factories.join(officer, desk.partner["id"], "admin")
    factories.act(officer, "resource_patch", id=resource["id"], standard="")
    assert not standard_of(desk)


def test_another_standard_that_the_file_meets_takes_its_place() -> None:
    standard()
    another_standard("numeros", "territorial")
    desk = Desk()
    resource = desk.add(GOOD)
    desk.act("resource_patch", id=resource["id"], standard="numeros")
    assert standard_of(desk) == "numeros"


def test_a_text_that_nobody_declared_does_not_take_its_place() -> None:
    standard()
    another_standard("textes", "territorial", "document")
    desk = Desk()
    resource = desk.add(GOOD)
    with pytest.raises(tk.ValidationError) as refusal:
        desk.act("resource_patch", id=resource["id"], standard="textes")
    assert "nobody has declared" in str(refusal.value.error_dict)
    assert standard_of(desk) == "codes"


def test_a_text_that_somebody_declared_keeps_its_standard() -> None:
    another_standard("textes", "territorial", "document")
    desk = Desk(private=True)
    resource = desk.act(
        "resource_create", package_id=desk.dataset["id"], name="Texte", standard="textes",
        format="PDF", url="https://data.example/texte.pdf",
    )  # fmt: skip
    desk.act(
        "heraultdata_declaration_create",
        package_id=desk.dataset["id"],
        standard="textes",
        version="1",
        grounds="Relu article par article",
    )
    desk.act("package_patch", id=desk.dataset["id"], private=False)
    with pytest.raises(tk.ValidationError) as refusal:
        desk.act("resource_patch", id=resource["id"], standard="")
    assert "opendata@herault.example" in str(refusal.value.error_dict)


@pytest.mark.parametrize("name", ["habitudes", "bancs"])
def test_a_standard_that_obliges_nobody_may_go(name: str) -> None:
    standard()
    another_standard("habitudes", "de_facto")
    desk = Desk()
    resource = desk.act(
        "resource_create", package_id=desk.dataset["id"], name="Codes", standard=name,
        format="CSV", url="codes.csv", upload=sent(BAD),
    )  # fmt: skip
    desk.act("resource_patch", id=resource["id"], standard="")
    assert not standard_of(desk)


def test_a_private_dataset_may_lose_it() -> None:
    standard()
    desk = Desk(private=True)
    resource = desk.add(BAD)
    desk.act("resource_patch", id=resource["id"], standard="")
    assert not standard_of(desk)


@pytest.mark.parametrize("gate", ["warn", "off"])
def test_a_site_with_an_open_gate_does_not_mind(
    gate: str, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.publication_gate", gate)
    standard()
    desk = Desk()
    resource = desk.add(GOOD)
    desk.act("resource_patch", id=resource["id"], standard="")
    assert not standard_of(desk)


def test_the_departement_may_take_it_off_its_own_files() -> None:
    standard()
    department = factories.department()
    editor = factories.user()
    factories.join(editor, department["id"], "editor")
    dataset = factories.act(
        editor, "package_create", name="codes-34", title="Codes", notes="Codes.",
        owner_org=department["id"], private=False,
    )  # fmt: skip
    resource = factories.act(
        editor, "resource_create", package_id=dataset["id"], name="Codes", standard="codes",
        format="CSV", url="codes.csv", upload=sent(GOOD),
    )  # fmt: skip
    factories.act(editor, "resource_patch", id=resource["id"], standard="")
