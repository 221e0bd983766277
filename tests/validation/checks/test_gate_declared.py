"""The gate before files that no program can check: a person declares that they conform, first."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from tests import factories
from tests.validation.checks.test_gate import BAD, GOOD, TODAY, Desk, sent, standard

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_storage")

TEXT = b"%PDF-1.4 charter"
LINK = {"url": "https://data.example/charter.pdf", "format": "PDF", "standard": "textes"}


@pytest.fixture
def _storage(
    tmp_path: Any, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, at: Any
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    at(TODAY)


def texts(level: str = "territorial", *days: str) -> None:
    """A standard whose versions are texts, published on these days."""
    factories.standard(name="textes", title="Textes", level=level)
    for number, day in enumerate(days or ("2023-01-10",), start=1):
        factories.version(
            standard="textes", version=str(number), kind="document", published_on=day, schema=None
        )


def add(desk: Desk, name: str = "textes", content: bytes = TEXT) -> dict[str, Any]:
    return desk.act(
        "resource_create", package_id=desk.dataset["id"], name="Charter", standard=name,
        format="PDF", url="charter.pdf", upload=sent(content, "charter.pdf"),
    )  # fmt: skip


def declare(desk: Desk, version: str = "1", name: str = "textes") -> None:
    desk.act(
        "heraultdata_declaration_create",
        package_id=desk.dataset["id"],
        standard=name,
        version=version,
        grounds="Read and compared",
    )


@pytest.mark.parametrize("level", ["territorial", "national", "de_facto"])
def test_a_dataset_is_declared_before_it_is_published(level: str) -> None:
    texts(level)
    desk = Desk(private=True)
    add(desk)
    with pytest.raises(tk.ValidationError) as refusal:
        desk.publish()
    sentence = factories.sentence_of(refusal, "private")
    assert "nobody has declared that it conforms to version 1 of “Textes”" in sentence
    address = f"/dataset/{desk.dataset['id']}/declaration/textes/1"
    assert address in sentence
    assert desk.is_private()
    declare(desk)
    desk.publish()
    assert not desk.is_private()


def test_a_new_public_dataset_is_saved_as_private_first() -> None:
    texts()
    desk = Desk(private=True)
    with pytest.raises(tk.ValidationError) as refusal:
        desk.act(
            "package_create", name="charter", title="Charter", notes="Charter.", private=False,
            owner_org=desk.partner["id"],
            resources=[LINK],
        )  # fmt: skip
    assert "save the dataset as private" in factories.sentence_of(refusal, "private")
    assert model.Package.get("charter") is None


def test_a_file_added_to_a_public_dataset_waits_for_a_word() -> None:
    texts()
    desk = Desk()
    with pytest.raises(tk.ValidationError) as refusal:
        add(desk)
    assert "declare it here" in factories.sentence_of(refusal, "upload")
    assert desk.show()["resources"] == []
    assert len(desk.held()) == 1
    declare(desk)
    add(desk)
    assert [each["standard"] for each in desk.show()["resources"]] == ["textes"]


def test_a_word_on_an_older_version_serves_until_the_newer_is_due(at: Any) -> None:
    texts("territorial", "2023-01-10", "2025-06-01")
    desk = Desk(private=True)
    add(desk)
    declare(desk, "1")
    desk.publish()
    sysadmin = factories.user(sysadmin=True)
    factories.act(sysadmin, "package_patch", id=desk.dataset["id"], private=True)
    at("2026-06-02")
    with pytest.raises(tk.ValidationError) as refusal:
        desk.publish()
    assert "version 2 of “Textes”" in factories.sentence_of(refusal, "private")
    declare(desk, "2")
    desk.publish()
    assert not desk.is_private()


def test_a_word_that_is_not_given_yet_does_not_count(at: Any) -> None:
    texts()
    desk = Desk(private=True)
    add(desk)
    at("2026-03-02")
    declare(desk)
    at(TODAY)
    with pytest.raises(tk.ValidationError):
        desk.publish()


def test_a_word_on_one_dataset_does_not_serve_another() -> None:
    texts()
    one = Desk(private=True)
    add(one)
    declare(one)
    made = one.act(
        "package_create", name="other", title="Other", notes="Other.", private=True,
        owner_org=one.partner["id"],
        resources=[LINK],
    )  # fmt: skip
    with pytest.raises(tk.ValidationError):
        one.act("package_patch", id=made["id"], private=False)
    other = model.Package.get("other")
    assert other is not None
    assert other.private


def test_the_check_decides_whatever_was_declared() -> None:
    standard()
    desk = Desk(private=True)
    desk.add(BAD)
    desk.act(
        "resource_create", package_id=desk.dataset["id"], name="Unseen", standard="codes",
        format="CSV", url="https://data.invalid/codes.csv",
    )  # fmt: skip
    declare(desk, "2", "codes")
    with pytest.raises(tk.ValidationError) as refusal:
        desk.publish()
    assert "version 1 of “Codes”" in factories.sentence_of(refusal, "private")


def test_a_file_out_of_reach_of_programs_is_vouched_for() -> None:
    standard()
    desk = Desk(private=True)
    desk.act(
        "resource_create", package_id=desk.dataset["id"], name="Service", standard="codes",
        format="CSV", url="https://data.invalid/codes.csv",
    )  # fmt: skip
    with pytest.raises(tk.ValidationError) as refusal:
        desk.publish()
    assert "cannot be checked" in factories.sentence_of(refusal, "private")
    declare(desk, "2", "codes")
    desk.publish()
    assert not desk.is_private()


def test_a_right_file_needs_no_word() -> None:
    standard()
    desk = Desk()
    desk.add(GOOD)
    assert len(desk.show()["resources"]) == 1


@pytest.mark.parametrize("gate", ["warn", "off"])
def test_an_open_gate_lets_it_by(
    gate: str, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.publication_gate", gate)
    texts()
    desk = Desk(private=True)
    add(desk)
    desk.publish()
    assert not desk.is_private()
