"""More time asked for and decided: who may, what the rules refuse, and what it moves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.heraultdata.conformance.model import Extension
from ckanext.heraultdata.journal.model import JournalEntry
from tests import factories
from tests.conformance.test_actions import check, dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

STANDARD = "herault-arbres"
CREATE = "heraultdata_extension_create"
DECIDE = "heraultdata_extension_decide"
LIST = "heraultdata_extension_list"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-01")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner whose dataset is valid for the first of two versions: it owes the second."""
    factories.standard(name=STANDARD, level="territorial")
    first, _ = (
        factories.version(standard=STANDARD, version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    )
    made = factories.partner()
    trees = dataset(made, STANDARD)
    check(trees["resources"][0], first, date(2025, 1, 1), valid=True)
    return made


def _request(partner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "organization_id": partner["id"],
        "standard": STANDARD,
        "version": "2.0.0",
        "due_on": "2026-12-31",
        "reason": "Our software changes in autumn",
        **fields,
    }


def _lines() -> list[JournalEntry]:
    """The lines of the journal about extensions, the oldest first."""
    lines = sa.select(JournalEntry).where(JournalEntry.subject_type == "extension")
    return list(model.Session.scalars(lines.order_by(JournalEntry.id)))


def _kept() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(Extension)) or 0


def _due_on() -> str:
    [found] = call_action("heraultdata_conformance_list", standard=STANDARD)["results"]
    return found["due_on"]


@pytest.mark.parametrize("role", ["partner_admin", "partner_editor", "partner_member"])
def test_a_member_asks_and_the_departement_grants(partner: dict[str, Any], role: str) -> None:
    people = factories.people(partner["id"])
    asked = factories.act(people.of(role), CREATE, **_request(partner))
    assert asked == {
        **_request(partner),
        "id": asked["id"],
        "asked_on": "2026-03-01",
        "asked_by": people.of(role).id,
        "granted": None,
        "decided_on": None,
        "decided_by": None,
        "decision_reason": None,
    }
    assert _due_on() == "2026-06-01"
    granted = factories.act(people.department_admin, DECIDE, id=asked["id"], granted=True)
    assert granted == {
        **asked,
        "granted": True,
        "decided_on": "2026-03-01",
        "decided_by": people.department_admin.id,
    }
    assert _due_on() == "2026-12-31"
    assert [(line.action, line.user_id) for line in _lines()] == [
        ("extension.asked", people.of(role).id),
        ("extension.granted", people.department_admin.id),
    ]
    assert {line.organization_id for line in _lines()} == {partner["id"]}


@pytest.mark.parametrize("role", ["sysadmin", "department_admin"])
def test_what_the_departement_asks_is_granted_at_once(partner: dict[str, Any], role: str) -> None:
    people = factories.people(partner["id"])
    made = factories.act(people.of(role), CREATE, **_request(partner))
    assert (made["granted"], made["decided_on"]) == (True, "2026-03-01")
    assert made["decided_by"] == people.of(role).id
    assert _due_on() == "2026-12-31"
    assert [line.action for line in _lines()] == ["extension.granted"]


def test_nobody_else_asks_decides_or_reads(partner: dict[str, Any]) -> None:
    people = factories.people(partner["id"])
    asked = factories.act(people.partner_admin, CREATE, **_request(partner))
    for who in (people.other_partner_admin, people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, CREATE, **_request(partner))
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, LIST, organization_id=partner["id"])
    for role in ("partner_admin", "partner_editor", "partner_member", "other_partner_admin"):
        with pytest.raises(tk.NotAuthorized):
            factories.act(people.of(role), DECIDE, id=asked["id"], granted=True)
    for who in (people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, LIST)
    assert factories.act(people.other_partner_admin, LIST)["count"] == 0
    assert _kept() == 1
    assert [line.action for line in _lines()] == ["extension.asked"]


def test_a_refusal_needs_a_reason_and_moves_nothing(partner: dict[str, Any]) -> None:
    asked = _asked_by_a_member(partner)
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(DECIDE, id=asked["id"], granted=False)
    assert "Say why" in factories.sentence_of(refusal, "reason")
    refused = call_action(DECIDE, id=asked["id"], granted=False, reason="Two years were enough")
    assert (refused["granted"], refused["decision_reason"]) == (False, "Two years were enough")
    assert _due_on() == "2026-06-01"
    assert [line.action for line in _lines()] == ["extension.asked", "extension.refused"]


@pytest.mark.parametrize("granted", [True, False])
def test_a_request_is_decided_once(partner: dict[str, Any], granted: bool) -> None:
    asked = _asked_by_a_member(partner)
    call_action(DECIDE, id=asked["id"], granted=granted, reason="Heard")
    for again in (True, False):
        with pytest.raises(tk.ValidationError) as refusal:
            call_action(DECIDE, id=asked["id"], granted=again, reason="Heard again")
        assert "already" in factories.sentence_of(refusal, "id")
    assert call_action(LIST)["results"][0]["granted"] is granted
    assert len(_lines()) == 2


def test_a_decision_looks_at_the_rule_again(
    partner: dict[str, Any], at: Callable[[str], None]
) -> None:
    asked = _asked_by_a_member(partner)
    at("2027-01-15")
    factories.signed_convention(partner["id"], "2027-01-05", "2027-01-10")
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(DECIDE, id=asked["id"], granted=True)
    assert "January 10, 2027" in factories.sentence_of(refusal, "granted")
    assert call_action(LIST)["results"][0]["granted"] is None
    call_action(DECIDE, id=asked["id"], granted=False, reason="Due later than that anyway")
    assert _due_on() == "2027-01-10"


def _asked_by_a_member(partner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    member = factories.user()
    factories.join(member, partner["id"], "editor")
    return factories.act(member, CREATE, **_request(partner, **fields))


@pytest.mark.parametrize(
    ("fields", "field", "part"),
    [
        ({"due_on": "2026-06-01"}, "due_on", "give a later date"),
        ({"due_on": "2026-05-31"}, "due_on", "June 1, 2026"),
        ({"due_on": "2025-13-01"}, "due_on", "not a day of the calendar"),
        ({"due_on": "31/12/2026"}, "due_on", "2026-12-31"),
        ({"due_on": "9999-12-31"}, "due_on", "too far ahead"),
        ({"due_on": ""}, "due_on", "Missing value"),
        ({"reason": "  "}, "reason", "Missing value"),
        ({"reason": "<b>more</b>"}, "reason", "plain text"),
        ({"version": "3.0.0"}, "version", "choose one of 2.0.0, 1.0.0"),
        ({"version": "draft"}, "version", "choose one of 2.0.0, 1.0.0"),
        ({"version": "ahead"}, "version", "choose one of 2.0.0, 1.0.0"),
        ({"standard": "none"}, "standard", "There is no standard"),
        ({"standard": "nothing-published"}, "version", "no published version yet"),
        ({"organization_id": "nowhere"}, "organization_id", "no organisation"),
        ({"unknown": "1"}, "unknown", "Unknown field"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    partner: dict[str, Any], fields: dict[str, str], field: str, part: str
) -> None:
    factories.standard(name="nothing-published", level="territorial")
    factories.version(standard=STANDARD, version="draft")
    factories.version(standard=STANDARD, version="ahead", published_on="2026-03-02")
    member = factories.user()
    factories.join(member, partner["id"], "member")
    for who in (member, factories.user(sysadmin=True)):
        with pytest.raises(tk.ValidationError) as refusal:
            factories.act(who, CREATE, **_request(partner, **fields))
        assert part in factories.sentence_of(refusal, field)
    assert _kept() == 0
    assert _lines() == []


def test_a_standard_that_the_partner_does_not_follow_has_no_date_to_move(
    partner: dict[str, Any],
) -> None:
    other = factories.partner()
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_request(other))
    assert "no dataset that follows" in factories.sentence_of(refusal, "standard")
    factories.signed_convention(other["id"], "2026-01-01", "2026-02-01")
    assert call_action(CREATE, **_request(other))["granted"] is True


def test_an_organisation_that_is_no_partner_has_no_deadlines(partner: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_request(factories.department()))
    assert "not a partner" in factories.sentence_of(refusal, "organization_id")


@pytest.mark.parametrize(
    ("level", "fields", "part"),
    [
        ("national", {"due_on": "2026-12-31", "legal_reference": "Décret"}, "A text sets"),
        ("national", {}, "Nothing sets a due date"),
        ("de_facto", {}, "Nothing sets a due date"),
    ],
)
def test_only_the_dates_of_the_departement_move(
    level: str, fields: dict[str, str], part: str
) -> None:
    factories.standard(name="national-bancs", level=level)
    factories.version(standard="national-bancs", published_on="2026-01-01", **fields)
    partner = factories.partner()
    dataset(partner, "national-bancs")
    request = _request(partner, standard="national-bancs", version="1.0.0", due_on="2030-01-01")
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **request)
    assert part in factories.sentence_of(refusal, "version")
    assert _kept() == 0


def test_an_adopted_version_is_extended() -> None:
    factories.standard(name="national-bancs")
    factories.version(standard="national-bancs", published_on="2024-01-01", adopted_on="2025-02-01")
    partner = factories.partner()
    dataset(partner, "national-bancs")
    request = _request(partner, standard="national-bancs", version="1.0.0")
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **{**request, "due_on": "2026-02-01"})
    assert "February 1, 2026" in factories.sentence_of(refusal, "due_on")
    assert call_action(CREATE, **request)["granted"] is True


def test_an_extension_is_moved_by_a_later_one_only(partner: dict[str, Any]) -> None:
    call_action(CREATE, **_request(partner))
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **_request(partner, due_on="2026-12-31"))
    assert "December 31, 2026" in factories.sentence_of(refusal, "due_on")
    call_action(CREATE, **_request(partner, due_on="2027-03-01"))
    assert _due_on() == "2027-03-01"


def test_the_due_date_of_a_new_partner_is_its_first_day_in_force(partner: dict[str, Any]) -> None:
    factories.signed_convention(partner["id"], "2025-01-01", "2025-02-01")
    request = _request(partner, version="1.0.0")
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(CREATE, **{**request, "due_on": "2025-02-01"})
    assert "February 1, 2025" in factories.sentence_of(refusal, "due_on")


def test_one_request_waits_at_a_time(partner: dict[str, Any]) -> None:
    _asked_by_a_member(partner)
    for ask in (
        lambda: _asked_by_a_member(partner, due_on="2027-01-31"),
        lambda: call_action(CREATE, **_request(partner)),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            ask()
        assert "must be decided" in factories.sentence_of(refusal, "version")
    assert _kept() == 1


def test_of_two_requests_at_once_one_is_kept(partner: dict[str, Any]) -> None:
    members = [factories.user() for _ in range(4)]
    for member in members:
        factories.join(member, partner["id"], "editor")
    names = [member.name for member in members]
    model.Session.commit()
    together = threading.Barrier(len(names))
    outcomes: list[str] = []

    def ask(name: str) -> None:
        try:
            together.wait()
            context = {"user": name, "ignore_auth": False}
            call_action(CREATE, context=context, **_request(partner))
            outcomes.append("kept")
        except tk.ValidationError as refusal:
            outcomes.append(str(refusal.error_dict["version"]))
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("kept") == 1
    assert sum("must be decided" in outcome for outcome in outcomes) == len(names) - 1
    assert _kept() == 1


def test_the_list_filters(partner: dict[str, Any]) -> None:
    asked = _asked_by_a_member(partner)
    other = factories.partner()
    dataset(other, STANDARD)
    granted = call_action(CREATE, **_request(other))

    def ids(**filters: Any) -> list[str]:
        found = call_action(LIST, **filters)
        assert found["count"] == len(found["results"])
        return sorted(each["id"] for each in found["results"])

    assert ids() == sorted([asked["id"], granted["id"]])
    assert ids(waiting=True) == [asked["id"]]
    assert ids(waiting="false") == [granted["id"]]
    assert ids(organization_id=other["name"]) == [granted["id"]]
    assert ids(standard=STANDARD, waiting=True) == [asked["id"]]
    page = call_action(LIST, limit=1, offset=1)
    assert (page["count"], len(page["results"])) == (2, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [("waiting", "perhaps"), ("standard", "none"), ("organization_id", "none"), ("limit", "-1")],
)
def test_bad_filters_are_told(field: str, value: str) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(LIST, **{field: value})
    assert factories.sentence_of(refusal, field)


def test_a_request_that_is_not_there_is_not_found() -> None:
    with pytest.raises(tk.ObjectNotFound):
        call_action(DECIDE, id="none", granted=True)
