"""The API of withdrawals: who may do what, what is refused, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.withdrawals.model import WithdrawalPaper
from tests import factories
from tests.factories import People, act, sentence_of
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

CREATE = "heraultdata_withdrawal_create"
SHOW = "heraultdata_withdrawal_show"
LIST = "heraultdata_withdrawal_list"
CONFIRM = "heraultdata_withdrawal_confirm"
EXECUTE = "heraultdata_withdrawal_execute"
REJECT = "heraultdata_withdrawal_reject"
CANCEL = "heraultdata_withdrawal_cancel"
RESTORE = "heraultdata_withdrawal_restore"
ERASE = "heraultdata_withdrawal_erase"

DEPARTMENT = ("sysadmin", "department_admin")
MEMBERS = ("partner_admin", "partner_editor", "partner_member")
OTHERS = ("other_partner_admin", "visitor", "nobody")
EVERYBODY = (*DEPARTMENT, *MEMBERS, *OTHERS)


@dataclass(frozen=True)
class Site:
    """A partner with a public dataset, and the people around it."""

    partner: dict[str, Any]
    dataset: dict[str, Any]

    @cached_property
    def people(self) -> People:
        """Somebody in each role, made once somebody acts."""
        return factories.people(self.partner["id"])

    def act(self, role: str, action: str, **arguments: Any) -> Any:
        """Call an action in a role; `nobody` has no account, `portal` is the site itself."""
        if role == "portal":
            return call_action(action, making.site_context(), **arguments)
        user = None if role == "nobody" else self.people.of(role)
        return act(user, action, **arguments)

    @property
    def proper(self) -> dict[str, Any]:
        """A request as anybody would make it."""
        return {
            "organization_id": self.partner["id"],
            "scope": "datasets",
            "package_ids": [self.dataset["name"]],
            "reason_class": "error",
        }

    def another(self, **fields: Any) -> dict[str, Any]:
        """A request for one more dataset."""
        names = making.many_datasets(self.partner, 1)
        return making.ask(self.partner, scope="datasets", package_ids=names, **fields)

    def waiting(self) -> dict[str, Any]:
        """A request that waits."""
        return making.ask(self.partner, self.dataset)

    def called(self) -> dict[str, Any]:
        """A call that waits for its writing."""
        return making.ask(self.partner, self.dataset, channel="phone")

    def done(self) -> dict[str, Any]:
        """A request that was executed."""
        return making.executed(self.partner, self.dataset)


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def site() -> Site:
    """A partner with a public dataset, and the people around it."""
    partner = factories.partner()
    dataset = making.public_dataset(partner, title="Trees", files={"trees.csv": b"name\noak\n"})
    return Site(partner, dataset)


class TestWhoMay:
    """Each action for each role: those who may not are refused, those who may are served."""

    def test_ask(self, site: Site) -> None:
        def step(role: str) -> None:
            names = making.many_datasets(site.partner, 1)
            site.act(role, CREATE, **{**site.proper, "package_ids": names})

        self._only((*DEPARTMENT, *MEMBERS), step)

    @pytest.mark.parametrize(
        "changes",
        [
            {"channel": "letter"},
            {"channel": "phone"},
            {"channel": "mail"},
            {"initiative": "department", "reason": "It names people"},
            {"received_on": "2026-02-12"},
        ],
    )
    def test_record_for_the_partner(self, site: Site, changes: dict[str, str]) -> None:
        def step(role: str) -> None:
            names = making.many_datasets(site.partner, 1)
            site.act(role, CREATE, **{**site.proper, "package_ids": names, **changes})

        self._only(DEPARTMENT, step)

    def test_show(self, site: Site) -> None:
        made = site.waiting()
        self._only((*DEPARTMENT, *MEMBERS), lambda role: site.act(role, SHOW, id=made["reference"]))

    def test_list_of_the_partner(self, site: Site) -> None:
        filters = {"organization_id": site.partner["id"]}
        self._only((*DEPARTMENT, *MEMBERS), lambda role: site.act(role, LIST, **filters))

    @pytest.mark.parametrize(
        ("action", "allowed", "arguments", "fields"),
        [
            (CONFIRM, DEPARTMENT, {}, {"channel": "phone"}),
            (EXECUTE, DEPARTMENT, {}, {}),
            (REJECT, DEPARTMENT, {"reason": "These are not yours"}, {}),
            (CANCEL, (*DEPARTMENT, *MEMBERS), {}, {}),
            (CANCEL, DEPARTMENT, {}, {"initiative": "department"}),
        ],
    )
    def test_handle(
        self,
        site: Site,
        action: str,
        allowed: tuple[str, ...],
        arguments: dict[str, str],
        fields: dict[str, str],
    ) -> None:
        def step(role: str) -> None:
            made = site.another(**fields)
            site.act(role, action, id=made["id"], **arguments)

        self._only(allowed, step)

    def test_restore(self, site: Site) -> None:
        def step(role: str) -> None:
            made = making.execute(site.another())
            site.act(role, RESTORE, id=made["id"], item_ids=[made["items"][0]["id"]])

        self._only(DEPARTMENT, step)

    def test_erase(self, site: Site) -> None:
        def step(role: str) -> None:
            made = making.execute(site.another())
            site.act(role, ERASE, id=made["id"], reference=made["reference"])

        self._only(("sysadmin",), step)

    def _only(self, allowed: tuple[str, ...], step: Callable[[str], Any]) -> None:
        for role in set(EVERYBODY) - set(allowed):
            with pytest.raises(tk.NotAuthorized):
                step(role)
        for role in allowed:
            step(role)

    def test_lists_hold_what_is_the_readers_own(self, site: Site) -> None:
        own = site.waiting()
        other = factories.partner()
        foreign = making.ask(other, making.public_dataset(other))

        def seen(role: str) -> set[str]:
            return {each["id"] for each in site.act(role, LIST)["results"]}

        for role in DEPARTMENT:
            assert seen(role) == {own["id"], foreign["id"]}
        for role in MEMBERS:
            assert seen(role) == {own["id"]}
        assert seen("other_partner_admin") == set()
        for role in ("visitor", "nobody"):
            with pytest.raises(tk.NotAuthorized):
                site.act(role, LIST)

    def test_the_sentence_names_the_field(self, site: Site) -> None:
        for changes, field in (
            ({"channel": "letter"}, "channel"),
            ({"initiative": "department", "reason": "A"}, "initiative"),
            ({"received_on": "2026-03-02"}, "received_on"),
        ):
            with pytest.raises(tk.NotAuthorized) as refusal:
                site.act("partner_editor", CREATE, **{**site.proper, **changes})
            assert str(refusal.value.message).startswith(f"{field}: ")


class TestAnswers:
    """What the API answers."""

    def test_a_request(self, site: Site) -> None:
        made = site.act("partner_editor", CREATE, **site.proper, reason="The figures are wrong")

        (item,) = made.pop("items")
        (event,) = made.pop("events")
        identifier = made.pop("id")
        assert made == {
            "reference": "R-2026-0001",
            "state": "received",
            "organization_id": site.partner["id"],
            "organization_title": site.partner["title"],
            "scope": "datasets",
            "reason_class": "error",
            "reason": "The figures are wrong",
            "urgent": False,
            "channel": "portal",
            "initiative": "partner",
            "received_on": "2026-03-02",
            "due_on": "2026-03-09",
            "suspended_on": None,
            "confirmed_on": None,
            "executed_on": None,
            "closed_on": None,
            "decision_reason": None,
            "erase_on": None,
            "followups": [],
        }
        assert item["id"] != identifier
        assert {key: item[key] for key in item if key != "id"} == {
            "package_id": site.dataset["id"],
            "resource_id": None,
            "name": site.dataset["name"],
            "title": "Trees",
            "resource_name": None,
            "state": "asked",
            "withdrawn_on": None,
            "restored_on": None,
            "erased_on": None,
        }
        assert (event["action"], event["date"]) == ("withdrawal.received", "2026-03-02")
        assert event["user"] == site.people.partner_editor.name

    def test_days_of_the_steps(self, site: Site, at: Callable[[str], None]) -> None:
        made = making.ask(site.partner, site.dataset, urgent=True)
        at("2026-03-04")
        executed = making.execute(made)

        assert executed["suspended_on"] == "2026-03-02"
        assert (executed["executed_on"], executed["closed_on"]) == ("2026-03-04", "2026-03-04")
        assert executed["items"][0]["withdrawn_on"] == "2026-03-02"

        at("2026-03-06")
        restored = site.act(
            "department_admin", RESTORE, id=made["id"], item_ids=executed["items"][0]["id"]
        )
        assert restored["items"][0]["restored_on"] == "2026-03-06"

    def test_what_is_only_suspended_is_not_withdrawn(self, site: Site) -> None:
        made = making.ask(site.partner, site.dataset, urgent=True)
        assert made["items"][0]["withdrawn_on"] is None

    def test_notes_are_the_departements_own(self, site: Site) -> None:
        made = site.called()
        site.act("department_admin", CONFIRM, id=made["id"], note="The mayor's office is sorry")

        assert "sorry" in str(site.act("department_admin", SHOW, id=made["id"]))
        told = site.act("partner_admin", SHOW, id=made["id"])
        assert "sorry" not in str(told)
        assert told["confirmed_on"] == "2026-03-02"
        assert "work_left" not in told

    def test_the_reason_of_a_decision_reaches_the_partner(self, site: Site) -> None:
        made = making.ask(
            site.partner, site.dataset, initiative="department", reason="It names people"
        )
        assert site.act("partner_member", SHOW, id=made["id"])["reason"] == "It names people"

    def test_a_member_reads_the_titles_of_what_is_withdrawn(self, site: Site) -> None:
        made = site.done()
        assert site.act("partner_member", SHOW, id=made["id"])["items"][0]["title"] == "Trees"

    def test_the_form_sends_one_identifier_and_a_letter(self, site: Site, app: CKANTestApp) -> None:
        letter = (BytesIO(b"%PDF-1.7 letter"), "letter.pdf")
        answer = app.post(
            f"/api/3/action/{CREATE}",
            data={**site.proper, "package_ids": site.dataset["id"], "upload": letter},
            headers={"Authorization": factories.token(site.people.partner_editor)},
        )
        assert answer.status_code == 200, answer.text
        kept = model.Session.query(WithdrawalPaper).one()
        assert kept.file_name == "letter.pdf"

    def test_a_reference_does_for_every_step(self, site: Site) -> None:
        reference = site.waiting()["reference"]
        site.act("department_admin", EXECUTE, id=reference)
        assert site.act("sysadmin", ERASE, id=reference, reference=reference)["erase_on"]


class TestList:
    """Filters, order, pages, and a constant number of queries."""

    def test_filters(self, site: Site) -> None:
        waiting = site.waiting()
        urgent = making.ask(site.partner, making.public_dataset(site.partner), urgent=True)
        other = factories.partner()
        executed = making.executed(other, making.public_dataset(other))

        def found(**filters: Any) -> list[str]:
            answer = site.act("department_admin", LIST, **filters)
            assert answer["count"] == len(answer["results"])
            return [each["reference"] for each in answer["results"]]

        assert found() == [each["reference"] for each in (urgent, waiting, executed)]
        assert found(organization_id=other["name"]) == [executed["reference"]]
        assert found(state="received") == [urgent["reference"], waiting["reference"]]
        assert found(state="closed") == [executed["reference"]]
        assert found(urgent=True) == [urgent["reference"]]
        assert found(urgent="false") == [waiting["reference"], executed["reference"]]
        assert found(dataset=site.dataset["name"]) == [waiting["reference"]]
        assert found(dataset=site.dataset["id"]) == [waiting["reference"]]
        assert found(dataset="none") == []

    def test_what_waits_longest_comes_first_and_what_is_over_last(self, site: Site) -> None:
        def ask(day: str, **fields: Any) -> str:
            dataset = making.public_dataset(site.partner)
            return making.ask(site.partner, dataset, channel="letter", received_on=day, **fields)[
                "reference"
            ]

        new, old = ask("2026-02-20"), ask("2026-01-10")
        urgent = ask("2026-02-25", urgent=True)
        over = [ask("2025-12-01"), ask("2026-02-01")]
        for reference in over:
            site.act("department_admin", EXECUTE, id=reference)

        found = site.act("department_admin", LIST)["results"]

        assert [each["reference"] for each in found] == [urgent, old, new, over[1], over[0]]

    def test_pages(self, site: Site) -> None:
        site.waiting()
        making.ask(site.partner, making.public_dataset(site.partner))
        first = site.act("department_admin", LIST, limit=1)
        second = site.act("department_admin", LIST, limit=1, offset=1)
        assert (first["count"], second["count"]) == (2, 2)
        assert first["results"][0]["id"] != second["results"][0]["id"]

    def test_queries_do_not_grow(self, site: Site) -> None:
        def queries() -> int:
            with counted_queries() as sent:
                site.act("portal", LIST)
            return len(sent)

        site.waiting()
        few = queries()
        for _ in range(3):
            making.executed(site.partner, making.public_dataset(site.partner))
        assert queries() == few

    def test_queries_of_a_request_do_not_grow_with_its_items(self, site: Site) -> None:
        def queries(made: dict[str, Any]) -> int:
            with counted_queries() as sent:
                site.act("portal", SHOW, id=made["id"])
            return len(sent)

        few = queries(site.waiting())
        other = factories.partner()
        making.many_datasets(other, 50)
        assert queries(making.ask(other)) == few


class TestBadInput:
    """A sentence on the field, and nothing written."""

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"organization_id": "nobody"}, "organization_id"),
            ({"scope": "half"}, "scope"),
            ({"scope": None}, "scope"),
            ({"scope": "all"}, "package_ids"),
            ({"package_ids": []}, "package_ids"),
            ({"package_ids": None}, "package_ids"),
            ({"package_ids": "nothing"}, "package_ids"),
            ({"package_ids": [1]}, "package_ids"),
            ({"package_ids": [None]}, "package_ids"),
            ({"package_ids": {"a": 1}}, "package_ids"),
            ({"package_ids": [" ", ""]}, "package_ids"),
            ({"package_ids": ["a\x00b"]}, "package_ids"),
            ({"resource_ids": ["a"]}, "resource_ids"),
            ({"scope": "resources"}, "resource_ids"),
            ({"scope": "resources", "resource_ids": ["a"]}, "resource_ids"),
            ({"reason_class": None}, "reason_class"),
            ({"reason_class": "whim"}, "reason_class"),
            ({"reason": "<script>"}, "reason"),
            ({"reason": "x" * 4001}, "reason"),
            ({"urgent": "perhaps"}, "urgent"),
            ({"channel": "pigeon"}, "channel"),
            ({"received_on": "2026-03-03"}, "received_on"),
            ({"received_on": "12/02/2026"}, "received_on"),
            ({"received_on": "2026-02-30"}, "received_on"),
            ({"initiative": "visitor"}, "initiative"),
            ({"initiative": "department"}, "reason"),
            ({"initiative": "department", "reason": "  "}, "reason"),
            ({"upload": "a letter"}, "upload"),
            ({"approved": True}, "approved"),
            ({"state": "executed"}, "state"),
        ],
    )
    def test_asking(self, site: Site, changes: dict[str, object], field: str) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", CREATE, **{**site.proper, **changes})
        assert list(refusal.value.error_dict) == [field]
        assert sentence_of(refusal, field)
        assert site.act("portal", LIST)["count"] == 0

    def test_a_letter_that_is_none(self, site: Site) -> None:
        upload = FileStorage(BytesIO(b"MZ\x00\x01"), filename="letter.pdf")
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", CREATE, **site.proper, upload=upload)
        assert sentence_of(refusal, "upload")
        assert site.act("portal", LIST)["count"] == 0

    @pytest.mark.parametrize("action", [SHOW, CONFIRM, EXECUTE, REJECT, CANCEL, RESTORE, ERASE])
    def test_a_request_that_is_none(self, site: Site, action: str) -> None:
        arguments = {
            REJECT: {"reason": "A"},
            RESTORE: {"item_ids": ["a"]},
            ERASE: {"reference": "R-2026-0001"},
        }
        with pytest.raises(tk.ObjectNotFound):
            site.act("portal", action, id="R-2026-0001", **arguments.get(action, {}))

    @pytest.mark.parametrize("action", [SHOW, CONFIRM, EXECUTE, REJECT, CANCEL, RESTORE, ERASE])
    def test_no_request_named(self, site: Site, action: str) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", action)
        assert sentence_of(refusal, "id")


class TestBadSteps:
    """A step that the rules do not allow is refused on the field, and changes nothing."""

    @pytest.mark.parametrize(
        ("action", "arguments", "field"),
        [
            (CONFIRM, {}, "id"),
            (CONFIRM, {"confirmed_on": "tomorrow"}, "confirmed_on"),
            (CONFIRM, {"upload": "text"}, "upload"),
            (REJECT, {}, "reason"),
            (REJECT, {"reason": " "}, "reason"),
            (RESTORE, {}, "item_ids"),
            (RESTORE, {"item_ids": []}, "item_ids"),
            (RESTORE, {"item_ids": ["none"]}, "item_ids"),
            (RESTORE, {"item_ids": {"a": 1}}, "item_ids"),
            (ERASE, {}, "reference"),
            (ERASE, {"reference": "R-2026-0002"}, "reference"),
            (ERASE, {"reference": "R-2026-0001"}, "id"),
            (EXECUTE, {"force": True}, "force"),
        ],
    )
    def test_on_what_waits(
        self, site: Site, action: str, arguments: dict[str, object], field: str
    ) -> None:
        made = site.waiting()
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", action, id=made["id"], **arguments)
        assert sentence_of(refusal, field)
        assert site.act("portal", SHOW, id=made["id"]) == made

    @pytest.mark.parametrize(
        ("action", "arguments"),
        [(EXECUTE, {}), (CANCEL, {}), (CONFIRM, {}), (REJECT, {"reason": "A"})],
    )
    def test_on_what_is_executed(
        self, site: Site, action: str, arguments: dict[str, object]
    ) -> None:
        made = site.done()
        before = site.act("portal", SHOW, id=made["id"])
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", action, id=made["id"], **arguments)
        assert "executed on March 2, 2026 already" in sentence_of(refusal, "id")
        after = site.act("portal", SHOW, id=made["id"])
        assert {**after, "work_left": []} == {**before, "work_left": []}

    @pytest.mark.parametrize(
        ("confirmed_on", "sentence"),
        [("2026-03-01", "cannot be older"), ("2026-03-03", "lies ahead")],
    )
    def test_the_day_of_a_confirmation(self, site: Site, confirmed_on: str, sentence: str) -> None:
        made = site.called()
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", CONFIRM, id=made["id"], confirmed_on=confirmed_on)
        assert sentence in sentence_of(refusal, "confirmed_on")

    def test_a_call_is_executed_once_confirmed(self, site: Site) -> None:
        made = site.called()
        with pytest.raises(tk.ValidationError) as refusal:
            site.act("portal", EXECUTE, id=made["id"])
        assert "by telephone" in sentence_of(refusal, "id")

        site.act("portal", CONFIRM, id=made["id"])
        assert site.act("portal", EXECUTE, id=made["id"])["state"] == "closed"
