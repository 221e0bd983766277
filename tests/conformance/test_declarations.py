"""Conformity declared: who may, what the rules refuse, and what it counts for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.heraultdata.conformance.model import Declaration
from ckanext.heraultdata.journal.model import JournalEntry
from tests import factories
from tests.conformance.test_actions import check, dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

STANDARD = "textes"
CREATE = "heraultdata_declaration_create"
LIST = "heraultdata_declaration_list"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-01")


@pytest.fixture
def versions() -> list[dict[str, Any]]:
    """A standard of two texts that no program can check."""
    factories.standard(name=STANDARD, title="Textes", level="territorial")
    return [
        factories.version(
            standard=STANDARD, version=number, kind="document", published_on=day, schema=None
        )
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    ]


@pytest.fixture
def partner(versions: list[dict[str, Any]]) -> dict[str, Any]:
    """A partner without any dataset."""
    return factories.partner()


def _word(package: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "package_id": package["id"],
        "standard": STANDARD,
        "version": "2.0.0",
        "grounds": "Compared with the text, paragraph by paragraph",
        **fields,
    }


def _standing() -> dict[str, Any]:
    [found] = call_action("heraultdata_conformance_list", standard=STANDARD)["results"]
    return found


def _kept() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(Declaration)) or 0


def _lines() -> list[JournalEntry]:
    lines = sa.select(JournalEntry).where(JournalEntry.subject_type == "declaration")
    return list(model.Session.scalars(lines.order_by(JournalEntry.id)))


@pytest.mark.parametrize(
    "role",
    ["partner_admin", "partner_editor", "partner_member", "department_admin", "sysadmin"],
)
def test_a_word_makes_a_dataset_conforming_as_declared(partner: dict[str, Any], role: str) -> None:
    people = factories.people(partner["id"])
    made = dataset(partner, STANDARD, files=2)
    assert (_standing()["status"], _standing()["declared"]) == ("unchecked", False)
    declared = factories.act(people.of(role), CREATE, **_word(made, package_id=made["name"]))
    assert declared == {
        **_word(made),
        "id": declared["id"],
        "organization_id": partner["id"],
        "declared_on": "2026-03-01",
        "declared_by": people.of(role).id,
    }
    assert (_standing()["status"], _standing()["declared"]) == ("conforming", True)
    [line] = _lines()
    assert (line.action, line.user_id, line.organization_id) == (
        "declaration.created",
        people.of(role).id,
        partner["id"],
    )
    assert line.after == {
        "standard": STANDARD,
        "version": "2.0.0",
        "grounds": "Compared with the text, paragraph by paragraph",
    }


def test_nobody_else_declares_or_reads(partner: dict[str, Any]) -> None:
    people = factories.people(partner["id"])
    made = dataset(partner, STANDARD)
    for who in (people.other_partner_admin, people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, CREATE, **_word(made))
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, LIST, organization_id=partner["id"])
    for who in (people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, LIST)
    assert factories.act(people.other_partner_admin, LIST)["count"] == 0
    assert _kept() == 0
    assert _lines() == []


def test_a_word_counts_from_its_day_for_its_version(
    partner: dict[str, Any], at: Callable[[str], None]
) -> None:
    made = dataset(partner, STANDARD)
    call_action(CREATE, **_word(made, version="1.0.0"))
    assert (_standing()["status"], _standing()["valid_version"]) == ("pending", "1.0.0")
    at("2026-03-02")
    call_action(CREATE, **_word(made))
    assert _standing()["status"] == "conforming"
    [before] = call_action("heraultdata_conformance_list", on="2026-03-01")["results"]
    assert before["status"] == "pending"


@pytest.mark.parametrize(
    ("fields", "field", "part"),
    [
        ({"version": "3.0.0"}, "version", "choose one of 2.0.0, 1.0.0"),
        ({"version": "draft"}, "version", "choose one of 2.0.0, 1.0.0"),
        ({"standard": "none"}, "standard", "There is no standard"),
        ({"standard": "arbres"}, "standard", "No file of this dataset follows"),
        ({"standard": "nothing-published"}, "version", "no published version yet"),
        ({"grounds": " "}, "grounds", "Missing value"),
        ({"grounds": "<i>seen</i>"}, "grounds", "plain text"),
        ({"package_id": ""}, "package_id", "Missing value"),
        ({"unknown": "1"}, "unknown", "Unknown field"),
    ],
)
def test_a_word_that_makes_no_sense_is_refused(
    partner: dict[str, Any], fields: dict[str, str], field: str, part: str
) -> None:
    factories.standard(name="nothing-published")
    factories.version(standard=STANDARD, version="draft", kind="document", schema=None)
    factories.standard(name="arbres")
    factories.version(standard="arbres", version="2.0.0", published_on="2025-01-01")
    made = dataset(partner, STANDARD)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_word(made, **fields))
    assert part in factories.sentence_of(refusal, field)
    assert _kept() == 0
    assert _lines() == []


def test_the_check_decides_where_there_is_one(partner: dict[str, Any]) -> None:
    factories.standard(name="arbres", title="Arbres", level="territorial")
    version = factories.version(standard="arbres", published_on="2025-01-01")
    made = dataset(partner, "arbres", files=2)
    first, second = made["resources"]
    word = _word(made, standard="arbres", version="1.0.0")
    check(first, version, date(2026, 2, 1), valid=True)
    assert call_action(CREATE, **word)["version"] == "1.0.0"
    check(second, version, date(2026, 2, 1), valid=False)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **word)
    assert "the check decides" in factories.sentence_of(refusal, "version")
    assert _kept() == 1


def test_a_dataset_that_is_not_there_is_not_found(partner: dict[str, Any]) -> None:
    made = dataset(partner, STANDARD)
    factories.act(factories.user(sysadmin=True), "package_delete", id=made["id"])
    for package_id in ("none", made["id"]):
        with pytest.raises(tk.ObjectNotFound):
            call_action(CREATE, **_word(made, package_id=package_id))
    assert _kept() == 0


def test_a_draft_is_declared_before_it_is_published(partner: dict[str, Any]) -> None:
    made = dataset(partner, STANDARD)
    factories.act(factories.user(sysadmin=True), "package_patch", id=made["id"], state="draft")
    assert call_action(CREATE, **_word(made))["package_id"] == made["id"]


def test_a_dataset_that_the_convention_leaves_alone_is_refused(
    versions: list[dict[str, Any]],
) -> None:
    plain = factories.organization(name="plain", title="Plain")
    made = dataset(plain, STANDARD)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_word(made))
    assert "belongs to no partner" in factories.sentence_of(refusal, "package_id")
    department = dataset(factories.department(), STANDARD)
    assert call_action(CREATE, **_word(department))["package_id"] == department["id"]


def test_the_list_filters(partner: dict[str, Any]) -> None:
    made = dataset(partner, STANDARD)
    other = factories.partner()
    theirs = dataset(other, STANDARD)
    first = call_action(CREATE, **_word(made))
    second = call_action(CREATE, **_word(theirs))

    def ids(**filters: Any) -> list[str]:
        found = call_action(LIST, **filters)
        assert found["count"] == len(found["results"])
        return sorted(each["id"] for each in found["results"])

    assert ids() == sorted([first["id"], second["id"]])
    assert ids(organization_id=other["id"]) == [second["id"]]
    assert ids(package_id=made["name"]) == [first["id"]]
    assert ids(standard=STANDARD, organization_id=partner["name"]) == [first["id"]]
    page = call_action(LIST, limit=1, offset=1)
    assert (page["count"], len(page["results"])) == (2, 1)
    with pytest.raises(tk.ObjectNotFound):
        call_action(LIST, package_id="none")


def test_a_member_lists_its_own(partner: dict[str, Any]) -> None:
    people = factories.people(partner["id"])
    made = call_action(CREATE, **_word(dataset(partner, STANDARD)))
    call_action(CREATE, **_word(dataset(factories.partner(), STANDARD)))
    for role in ("partner_admin", "partner_editor", "partner_member"):
        found = factories.act(people.of(role), LIST)
        assert [each["id"] for each in found["results"]] == [made["id"]]
    for role in ("department_admin", "sysadmin"):
        assert factories.act(people.of(role), LIST)["count"] == 2


@pytest.mark.parametrize(
    ("field", "value"), [("standard", "none"), ("organization_id", "none"), ("offset", "x")]
)
def test_bad_filters_are_told(field: str, value: str) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(LIST, **{field: value})
    assert factories.sentence_of(refusal, field)
