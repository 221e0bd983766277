"""What callers of the API send that it cannot take: a sentence on the field, nothing written."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.heraultdata.conformance import calendar_schemas as of_calendars
from ckanext.heraultdata.conformance import freshness_schemas as of_freshness
from ckanext.heraultdata.conformance import schemas as of_conformance
from ckanext.heraultdata.conventions import schemas as of_conventions
from ckanext.heraultdata.dcat.changes import schemas as of_changes
from ckanext.heraultdata.dcat.harvesters import schemas as of_harvesters
from ckanext.heraultdata.dcat.quality import schemas as of_quality
from ckanext.heraultdata.journal import schemas as of_journal
from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.partners import schemas as of_partners
from ckanext.heraultdata.standards import comment_schemas as of_comments
from ckanext.heraultdata.standards import schemas as of_standards
from ckanext.heraultdata.validation.checks import schemas as of_checks
from ckanext.heraultdata.withdrawals import former_file_schemas as of_former_files
from ckanext.heraultdata.withdrawals import platform_schemas as of_platforms
from ckanext.heraultdata.withdrawals import register_schemas as of_register
from ckanext.heraultdata.withdrawals import schemas as of_withdrawals
from tests import factories
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

SCHEMAS = {
    "heraultdata_former_file_list": of_former_files.listed,
    "heraultdata_partner_list": of_partners.listed,
    "heraultdata_partner_show": of_partners.show,
    "heraultdata_referent_create": of_partners.referent_create,
    "heraultdata_referent_update": of_partners.referent_update,
    "heraultdata_referent_delete": of_partners.referent_delete,
    "heraultdata_referent_list": of_partners.referent_list,
    "heraultdata_convention_create": of_conventions.create,
    "heraultdata_convention_update": of_conventions.update,
    "heraultdata_convention_show": of_conventions.show,
    "heraultdata_convention_list": of_conventions.listed,
    "heraultdata_convention_event_create": of_conventions.event_create,
    "heraultdata_convention_document_create": of_conventions.document_create,
    "heraultdata_convention_document_update": of_conventions.document_update,
    "heraultdata_journal_list": of_journal.listed,
    "heraultdata_standard_list": of_standards.listed,
    "heraultdata_standard_show": of_standards.show,
    "heraultdata_standard_create": of_standards.create,
    "heraultdata_standard_update": of_standards.update,
    "heraultdata_standard_version_list": of_standards.version_listed,
    "heraultdata_standard_version_show": of_standards.version_show,
    "heraultdata_standard_version_create": of_standards.version_create,
    "heraultdata_standard_version_update": of_standards.version_update,
    "heraultdata_file_check": of_checks.file_check,
    "heraultdata_resource_check": of_checks.resource_check,
    "heraultdata_check_show": of_checks.check_show,
    "heraultdata_check_list": of_checks.check_list,
    "heraultdata_conformance_list": of_conformance.listed,
    "heraultdata_conformance_summary": of_conformance.summary,
    "heraultdata_extension_create": of_conformance.extension_create,
    "heraultdata_extension_decide": of_conformance.extension_decide,
    "heraultdata_extension_list": of_conformance.extension_listed,
    "heraultdata_declaration_create": of_conformance.declaration_create,
    "heraultdata_declaration_list": of_conformance.declaration_listed,
    "heraultdata_absence_create": of_conformance.absence_create,
    "heraultdata_absence_delete": of_conformance.absence_delete,
    "heraultdata_absence_list": of_conformance.absence_listed,
    "heraultdata_freshness_list": of_freshness.listed,
    "heraultdata_standard_comment_list": of_comments.listed,
    "heraultdata_standard_comment_create": of_comments.create,
    "heraultdata_standard_comment_answer": of_comments.answer,
    "heraultdata_calendar_show": of_calendars.of_partner,
    "heraultdata_calendar_create": of_calendars.of_partner,
    "heraultdata_calendar_delete": of_calendars.of_partner,
    "heraultdata_withdrawal_create": of_withdrawals.create,
    "heraultdata_withdrawal_show": of_withdrawals.of_one,
    "heraultdata_withdrawal_list": of_withdrawals.listed,
    "heraultdata_withdrawal_confirm": of_withdrawals.confirm,
    "heraultdata_withdrawal_execute": of_withdrawals.of_one,
    "heraultdata_withdrawal_reject": of_withdrawals.reject,
    "heraultdata_withdrawal_cancel": of_withdrawals.of_one,
    "heraultdata_withdrawal_restore": of_withdrawals.restore,
    "heraultdata_withdrawal_erase": of_withdrawals.erase,
    "heraultdata_withdrawal_register": of_register.listed,
    "heraultdata_catalogue_change_list": of_changes.listed,
    "heraultdata_catalogue_score_list": of_quality.listed,
    "heraultdata_harvester_list": of_harvesters.listed,
    "heraultdata_platform_list": of_platforms.listed,
    "heraultdata_platform_create": of_platforms.create,
    "heraultdata_platform_update": of_platforms.update,
    "heraultdata_platform_delete": of_platforms.delete,
    "heraultdata_followup_update": of_platforms.followup_update,
}
DATES = ("2024-02-30", "26/02/2024", "2024-13-01", "0000-00-00", "0001-01-01", "9999-12-31")
TEXTS = st.one_of(
    st.sampled_from(["", " ", "\x00", "\ud800", "x" * 300, "<script>", "%s", "{date}", *DATES]),
    st.text(st.characters(), max_size=20),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)


class Caller:
    """A sysadmin in front of the API, with a partner, its convention and its référent."""

    def __init__(self, app: CKANTestApp) -> None:
        partner = factories.partner()
        convention = factories.signed_convention(partner["id"])
        referent = factories.referent(partner["id"])
        self._app = app
        self._token = factories.token(factories.user(sysadmin=True))
        names = {"organization_id": partner["id"], "name": "A", "email": "a@partner.example"}
        event = {"convention_id": convention["id"], "date": "2024-06-01"}
        draft = {"standard": "herault-arbres", "version": "1.0.0"}
        factories.standard(name=draft["standard"])
        factories.version(**draft)
        datasets = making.many_datasets(partner, 2)
        withdrawal = making.ask(partner, scope="datasets", package_ids=datasets[:1])
        self.proper: dict[str, dict[str, Any]] = {
            "heraultdata_partner_list": {},
            "heraultdata_partner_show": {"id": partner["id"]},
            "heraultdata_referent_create": names,
            "heraultdata_referent_update": {
                "id": referent["id"],
                "name": "A",
                "email": "a@partner.example",
            },
            "heraultdata_referent_delete": {"id": "none"},
            "heraultdata_referent_list": {"organization_id": partner["id"]},
            "heraultdata_convention_create": {"organization_id": partner["id"]},
            "heraultdata_convention_update": {"id": convention["id"]},
            "heraultdata_convention_show": {"id": convention["id"]},
            "heraultdata_convention_list": {},
            "heraultdata_convention_event_create": {
                **event,
                "kind": "formal_notice",
                "party": "partner",
                "deadline": "2024-07-01",
                "breaches": "No data",
            },
            "heraultdata_convention_document_create": {
                "convention_id": convention["id"],
                "kind": "other",
                "upload": "not a file",
            },
            "heraultdata_convention_document_update": {"id": "none", "public": True},
            "heraultdata_journal_list": {},
            "heraultdata_standard_list": {},
            "heraultdata_standard_show": {"id": "herault-arbres"},
            "heraultdata_standard_create": {"name": "a", "title": "A", "level": "national"},
            "heraultdata_standard_update": {"id": "herault-arbres"},
            "heraultdata_standard_version_list": {},
            "heraultdata_standard_version_show": draft,
            "heraultdata_standard_version_create": {
                "standard": "herault-arbres",
                "version": "2.0.0",
                "kind": "table",
                "schema": {"fields": [{"name": "nom"}]},
            },
            "heraultdata_standard_version_update": draft,
            "heraultdata_file_check": {"url": "ftp://data.example", "schema": "{}"},
            "heraultdata_resource_check": {"resource_id": "none"},
            "heraultdata_check_show": {"resource_id": "none"},
            "heraultdata_check_list": {"resource_id": "none"},
            "heraultdata_conformance_list": {},
            "heraultdata_conformance_summary": {},
            "heraultdata_extension_create": {
                **draft,
                "organization_id": partner["id"],
                "due_on": "2030-01-01",
                "reason": "A",
            },
            "heraultdata_extension_decide": {"id": "none", "granted": True},
            "heraultdata_extension_list": {},
            "heraultdata_declaration_create": {**draft, "package_id": "none", "grounds": "A"},
            "heraultdata_declaration_list": {},
            "heraultdata_absence_create": {
                "organization_id": partner["id"],
                "standard": draft["standard"],
                "reason": "A",
            },
            "heraultdata_absence_delete": {"id": "none"},
            "heraultdata_absence_list": {},
            "heraultdata_freshness_list": {},
            "heraultdata_standard_comment_list": draft,
            "heraultdata_standard_comment_create": {**draft, "text": "A"},
            "heraultdata_standard_comment_answer": {"id": "none", "answer": "A"},
            "heraultdata_calendar_show": {"organization_id": partner["id"]},
            "heraultdata_calendar_create": {"organization_id": partner["id"]},
            "heraultdata_calendar_delete": {"organization_id": partner["id"]},
            "heraultdata_former_file_list": {"resource_id": "none"},
            "heraultdata_withdrawal_create": {
                "organization_id": partner["id"],
                "scope": "datasets",
                "package_ids": datasets[1:],
                "reason_class": "error",
            },
            "heraultdata_withdrawal_show": {"id": withdrawal["id"]},
            "heraultdata_withdrawal_list": {},
            "heraultdata_withdrawal_confirm": {"id": "none"},
            "heraultdata_withdrawal_execute": {"id": "none"},
            "heraultdata_withdrawal_reject": {"id": "none", "reason": "A"},
            "heraultdata_withdrawal_cancel": {"id": "none"},
            "heraultdata_withdrawal_restore": {"id": withdrawal["id"], "item_ids": ["none"]},
            "heraultdata_withdrawal_erase": {"id": "none", "reference": "R-2026-0001"},
            "heraultdata_withdrawal_register": {},
            "heraultdata_catalogue_change_list": {},
            "heraultdata_catalogue_score_list": {},
            "heraultdata_harvester_list": {},
            "heraultdata_platform_list": {},
            "heraultdata_platform_create": {
                "name": "A",
                "kind": "ckan",
                "url": "https://data.region.example",
            },
            "heraultdata_platform_update": {
                "id": "none",
                "name": "A",
                "kind": "ckan",
                "url": "https://data.region.example",
            },
            "heraultdata_platform_delete": {"id": "none"},
            "heraultdata_followup_update": {"id": "none", "state": "confirmed"},
        }
        self.amendment = {
            **event,
            "kind": "amended",
            "authorisations": [
                {"party": party, "number": "12", "date": "2024-05-01"}
                for party in ("partner", "department")
            ],
        }

    def send(self, action: str, data: object) -> tuple[int, dict[str, Any]]:
        """What the API answers: the status, and the error where it refuses, else the result."""
        answer = self._app.post(
            f"/api/3/action/{action}", json=data, headers={"Authorization": self._token}
        )
        body = answer.get_json()
        if isinstance(body, str):
            return answer.status_code, {"message": body}
        return answer.status_code, body["result"] if body["success"] else body["error"]


@pytest.fixture
def caller(app: CKANTestApp) -> Caller:
    """A sysadmin in front of the API."""
    return Caller(app)


def _journal_count() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) or 0


def test_no_value_of_any_key_is_an_error_of_the_server(caller: Caller) -> None:
    keys = [(action, key) for action, schema in SCHEMAS.items() for key in schema()]

    @settings(max_examples=600, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(keys), VALUES)
    def send(action_and_key: tuple[str, str], value: object) -> None:
        action, key = action_and_key
        status, _ = caller.send(action, {**caller.proper[action], key: value})
        assert status in (200, 404, 409)

    send()


@pytest.mark.parametrize("body", [None, [], "text", 1, [1]])
@pytest.mark.parametrize("action", ["heraultdata_partner_show", "heraultdata_convention_list"])
def test_a_body_that_is_no_object_is_refused_or_empty(
    caller: Caller, action: str, body: object
) -> None:
    status, _ = caller.send(action, body)
    assert status < 500


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", ["a"], {"a": 1}, [{"a": 1}]])
def test_what_no_field_can_hold_is_refused_on_it(caller: Caller, value: object) -> None:
    before = _journal_count()
    for action, schema in SCHEMAS.items():
        for key in set(schema()) - {"authorisations"}:
            status, error = caller.send(action, {**caller.proper[action], key: value})

            assert (status, key in error) == (409, True), f"{action} {key}"
    assert _journal_count() == before


@pytest.mark.parametrize("value", ["text", None, 1, {"party": "partner"}, ["text"], [[]]])
def test_authorisations_are_a_list_of_objects(caller: Caller, value: object) -> None:
    status, error = caller.send(
        "heraultdata_convention_event_create", {**caller.amendment, "authorisations": value}
    )

    assert status == 409
    assert error["authorisations"]


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", ["a"], {"a": 1}, 12, ""])
@pytest.mark.parametrize("key", ["party", "number", "date", "unknown", "__extras"])
def test_an_authorisation_is_checked_key_by_key(caller: Caller, key: str, value: object) -> None:
    first, second = caller.amendment["authorisations"]
    before = _journal_count()

    status, error = caller.send(
        "heraultdata_convention_event_create",
        {**caller.amendment, "authorisations": [first, {**second, key: value}]},
    )

    assert status == 409
    assert error["authorisations"][1][key]
    assert _journal_count() == before


def test_a_proper_amendment_is_taken(caller: Caller) -> None:
    status, convention = caller.send("heraultdata_convention_event_create", caller.amendment)

    assert status == 200
    assert convention["events"][-1]["authorisations"] == caller.amendment["authorisations"]


@pytest.mark.parametrize(
    "action",
    [
        "heraultdata_convention_show",
        "heraultdata_convention_list",
        "heraultdata_partner_show",
        "heraultdata_partner_list",
    ],
)
@pytest.mark.parametrize("day", [0, False, 20240226, "9999-12-31", "9001-01-01", "2024-02-30"])
def test_a_day_that_cannot_be_reckoned_with_is_refused(
    caller: Caller, action: str, day: object
) -> None:
    status, error = caller.send(action, {**caller.proper[action], "on": day})

    assert status == 409
    assert error["on"]


def test_the_first_and_the_last_day_have_a_state(caller: Caller) -> None:
    asked = caller.proper["heraultdata_convention_show"]

    _, first = caller.send("heraultdata_convention_show", {**asked, "on": "0001-01-01"})
    _, last = caller.send("heraultdata_convention_show", {**asked, "on": "9000-12-31"})

    assert first["state"] == "draft"
    assert (last["state"], last["term_ends_on"]) == ("active", "9001-03-12")


def test_a_name_of_blanks_is_no_name(caller: Caller) -> None:
    for action in ("heraultdata_referent_create", "heraultdata_referent_update"):
        status, error = caller.send(action, {**caller.proper[action], "name": "  "})

        assert status == 409
        assert error["name"]


def test_a_page_of_no_results_has_none(caller: Caller) -> None:
    for action in ("heraultdata_partner_list", "heraultdata_convention_list"):
        _, found = caller.send(action, {"limit": 0})

        assert (found["count"], found["results"]) == (1, [])


@pytest.mark.parametrize("value", ["perhaps", "1", 1, 0, 1.5])
def test_a_flag_is_true_or_false(caller: Caller, value: object) -> None:
    for action in ("heraultdata_convention_event_create", "heraultdata_convention_document_update"):
        status, error = caller.send(action, {**caller.proper[action], "public": value})

        assert status == 409
        assert error["public"]
