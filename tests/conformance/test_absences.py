"""The answer "We hold no such data": who may give it, what is refused, how long it counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.heraultdata.conformance.model import Absence
from ckanext.heraultdata.journal.model import JournalEntry
from tests import factories
from tests.conformance.test_actions import dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

STANDARD = "herault-arbres"
CREATE = "heraultdata_absence_create"
DELETE = "heraultdata_absence_delete"
LIST = "heraultdata_absence_list"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-01")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner in force that owes a dataset of a territorial standard."""
    factories.standard(name=STANDARD, level="territorial")
    factories.version(standard=STANDARD, published_on="2023-01-10")
    made = factories.partner()
    factories.signed_convention(made["id"])
    return made


def _answer(partner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "organization_id": partner["id"],
        "standard": STANDARD,
        "reason": "The département looks after our trees",
        **fields,
    }


def _missing(partner: dict[str, Any]) -> bool:
    found = call_action("heraultdata_conformance_list", organization_id=partner["id"])
    return [each["status"] for each in found["results"]] == ["missing"]


def _kept() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(Absence)) or 0


def _lines() -> list[tuple[str, str | None]]:
    lines = sa.select(JournalEntry).where(JournalEntry.subject_type == "absence")
    return [
        (line.action, line.organization_id)
        for line in model.Session.scalars(lines.order_by(JournalEntry.id))
    ]


@pytest.mark.parametrize(
    "role",
    ["partner_admin", "partner_editor", "partner_member", "department_admin", "sysadmin"],
)
def test_an_answer_is_given_and_taken_back(partner: dict[str, Any], role: str) -> None:
    user = factories.people(partner["id"]).of(role)
    assert _missing(partner)
    made = factories.act(user, CREATE, **_answer(partner, organization_id=partner["name"]))
    assert made == {
        **_answer(partner),
        "id": made["id"],
        "declared_on": "2026-03-01",
        "declared_by": user.id,
        "ended_on": None,
        "ends_on": "2027-03-01",
        "running": True,
    }
    assert not _missing(partner)
    ended = factories.act(user, DELETE, id=made["id"])
    assert ended == {
        **made,
        "ended_on": "2026-03-01",
        "ends_on": "2026-03-01",
        "running": False,
    }
    assert _missing(partner)
    assert _lines() == [("absence.created", partner["id"]), ("absence.deleted", partner["id"])]


def test_nobody_else_answers_or_reads(partner: dict[str, Any]) -> None:
    people = factories.people(partner["id"])
    made = factories.act(people.partner_editor, CREATE, **_answer(partner))
    for who in (people.other_partner_admin, people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, CREATE, **_answer(partner))
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, DELETE, id=made["id"])
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, LIST, organization_id=partner["id"])
    for who in (people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, LIST)
    assert factories.act(people.other_partner_admin, LIST)["count"] == 0
    assert factories.act(people.partner_member, LIST)["count"] == 1
    assert _lines() == [("absence.created", partner["id"])]


def test_an_answer_counts_for_a_year(partner: dict[str, Any], at: Callable[[str], None]) -> None:
    made = call_action(CREATE, **_answer(partner))
    at("2027-02-28")
    assert not _missing(partner)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_answer(partner))
    assert "until March 1, 2027" in factories.sentence_of(refusal, "standard")
    at("2027-03-01")
    assert _missing(partner)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(DELETE, id=made["id"])
    assert "counts no more since March 1, 2027" in factories.sentence_of(refusal, "id")
    assert call_action(CREATE, **_answer(partner))["ends_on"] == "2028-03-01"
    assert _kept() == 2


def test_an_answer_is_taken_back_once(partner: dict[str, Any]) -> None:
    made = call_action(CREATE, **_answer(partner))
    call_action(DELETE, id=made["id"])
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(DELETE, id=made["id"])
    assert "counts no more" in factories.sentence_of(refusal, "id")
    with pytest.raises(tk.ObjectNotFound):
        call_action(DELETE, id="none")
    assert len(_lines()) == 2


@pytest.mark.parametrize(
    ("fields", "field", "part"),
    [
        ({"standard": "none"}, "standard", "There is no standard"),
        ({"standard": "drafted"}, "standard", "no published version yet"),
        ({"standard": "of-communes"}, "standard", "does not concern"),
        ({"reason": " "}, "reason", "Missing value"),
        ({"reason": "x" * 4001}, "reason", "Too long"),
        ({"organization_id": "none"}, "organization_id", "no organisation"),
        ({"unknown": "1"}, "unknown", "Unknown field"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(
    partner: dict[str, Any], fields: dict[str, str], field: str, part: str
) -> None:
    factories.standard(name="drafted")
    factories.version(standard="drafted")
    factories.standard(name="of-communes", concerns="commune")
    factories.version(standard="of-communes", published_on="2025-01-01")
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_answer(partner, **fields))
    assert part in factories.sentence_of(refusal, field)
    assert _kept() == 0
    assert _lines() == []


def test_a_partner_with_such_a_dataset_holds_such_data(partner: dict[str, Any]) -> None:
    dataset(partner, STANDARD)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_answer(partner))
    assert "has a dataset that follows" in factories.sentence_of(refusal, "standard")
    assert _kept() == 0


def test_an_organisation_that_is_no_partner_owes_no_answer(partner: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_answer(factories.department()))
    assert "not a partner" in factories.sentence_of(refusal, "organization_id")


def test_of_two_answers_at_once_one_is_kept(partner: dict[str, Any]) -> None:
    maker = factories.user(sysadmin=True).name
    model.Session.commit()
    together = threading.Barrier(3)
    outcomes: list[str] = []

    def answer() -> None:
        try:
            together.wait()
            call_action(CREATE, context={"user": maker}, **_answer(partner))
            outcomes.append("kept")
        except tk.ValidationError as refusal:
            outcomes.append(str(refusal.error_dict["standard"]))
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=answer) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("kept") == 1
    assert sum("answered already" in outcome for outcome in outcomes) == 2
    assert _kept() == 1


def test_the_list_filters(partner: dict[str, Any]) -> None:
    other = factories.partner()
    first = call_action(CREATE, **_answer(partner))
    second = call_action(CREATE, **_answer(other))

    def ids(**filters: Any) -> list[str]:
        found = call_action(LIST, **filters)
        assert found["count"] == len(found["results"])
        return sorted(each["id"] for each in found["results"])

    assert ids() == sorted([first["id"], second["id"]])
    assert ids(organization_id=other["name"]) == [second["id"]]
    assert ids(standard=STANDARD, organization_id=partner["id"]) == [first["id"]]
    page = call_action(LIST, limit=1, offset=1)
    assert (page["count"], len(page["results"])) == (2, 1)


@pytest.mark.parametrize(
    ("field", "value"), [("standard", "none"), ("organization_id", "none"), ("limit", "1001")]
)
def test_bad_filters_are_told(field: str, value: str) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(LIST, **{field: value})
    assert factories.sentence_of(refusal, field)
