"""The platforms that copy the catalogue: who handles them, what is refused, their pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.withdrawals import platforms
from ckanext.heraultdata.withdrawals.kinds import PlatformKind
from ckanext.heraultdata.withdrawals.model import Platform
from tests import factories
from tests.factories import act, sentence_of
from tests.reading import Reader, error_of, text_of, value_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

REGION = {
    "name": "Occitanie",
    "kind": "ckan",
    "url": "https://data.region.example",
    "contact_email": "donnees@region.example",
}
ACTIONS = {
    "heraultdata_platform_list": {},
    "heraultdata_platform_create": REGION,
    "heraultdata_platform_update": {**REGION, "id": "none"},
    "heraultdata_platform_delete": {"id": "none"},
    "heraultdata_followup_update": {"id": "none", "state": "confirmed"},
}


def platform(**fields: Any) -> dict[str, Any]:
    """A platform."""
    return call_action("heraultdata_platform_create", **{**REGION, **fields})


def test_only_the_departement_handles_platforms() -> None:
    people = factories.people(factories.partner()["id"])
    for user in (people.partner_admin, people.partner_editor, people.visitor, None):
        for action, fields in ACTIONS.items():
            with pytest.raises(tk.NotAuthorized):
                act(user, action, **fields)


@pytest.mark.parametrize("role", ["sysadmin", "department_admin"])
def test_the_departement_makes_corrects_and_deletes_a_platform(role: str) -> None:
    user = factories.people(factories.partner()["id"]).of(role)
    made = act(user, "heraultdata_platform_create", **REGION)
    assert {key: made[key] for key in REGION} == REGION
    assert (made["pending"], made["seen"], made["deleted_at"]) == (0, 0, None)

    fields = {**REGION, "name": "Région", "kind": "dcat", "url": "https://r.example/catalog.ttl"}
    del fields["contact_email"]
    corrected = act(user, "heraultdata_platform_update", id=made["id"], **fields)
    assert {key: corrected[key] for key in fields} == fields
    assert corrected["contact_email"] is None

    assert act(user, "heraultdata_platform_list") == {"count": 1, "results": [corrected]}
    act(user, "heraultdata_platform_delete", id=made["id"])
    assert act(user, "heraultdata_platform_list") == {"count": 0, "results": []}
    assert platforms.get(made["id"]).deleted_at is not None


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "data.region.example", "is not an address of a platform"),
        ("url", "ftp://data.region.example", "is not an address of a platform"),
        ("url", "https://", "is not an address of a platform"),
        ("url", "https://[::1", "is not an address of a platform"),
        ("url", "https://data.region.example:99999", "is not an address of a platform"),
        ("url", "https://user:secret@data.region.example", "is not an address of a platform"),
        ("url", "https://data region.example", "is not an address of a platform"),
        ("url", "file:///etc/passwd", "is not an address of a platform"),
        ("url", "https://data.region.example/" + "a" * 500, "is not an address of a platform"),
        ("url", "", "Missing value"),
        ("kind", "socrata", "socrata is none of: ckan, opendatasoft, udata, dcat."),
        ("kind", "", "Missing value"),
        ("name", "", "Missing value"),
        ("name", "x" * 101, "Too long"),
        ("name", "<b>Region</b>", "HTML is not accepted"),
        ("contact_email", "region.example", "is not an e-mail address"),
        ("contact_email", "a@region.example, b@region.example", "is not an e-mail address"),
    ],
)
def test_bad_details_are_refused_in_a_sentence(field: str, value: str, words: str) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        platform(**{field: value})
    assert words in sentence_of(refusal, field)
    assert model.Session.scalar(sa.select(sa.func.count(Platform.id))) == 0


def test_a_name_is_given_once_in_capitals_or_not() -> None:
    platform()
    other = platform(name="Other")
    for action, fields in (
        ("heraultdata_platform_create", {}),
        ("heraultdata_platform_update", {"id": other["id"]}),
    ):
        with pytest.raises(tk.ValidationError) as refusal:
            call_action(action, **{**REGION, **fields, "name": "OCCITANIE"})
        assert "a platform of the name Occitanie already" in sentence_of(refusal, "name")
    assert model.Session.scalar(sa.select(sa.func.count(Platform.id))) == 2


def test_a_platform_may_keep_its_name() -> None:
    made = platform()
    call_action("heraultdata_platform_update", **{**REGION, "id": made["id"], "name": "occitanie"})
    assert platforms.get(made["id"]).name == "occitanie"


def test_a_deleted_platform_comes_back_under_its_name() -> None:
    made = platform()
    call_action("heraultdata_platform_delete", id=made["id"])
    again = platform(kind="udata", url="https://new.example")
    assert again["id"] == made["id"]
    assert platforms.get(made["id"]).kind is PlatformKind.UDATA
    assert [each.id for each in platforms.find()] == [made["id"]]


@pytest.mark.parametrize("action", ["heraultdata_platform_update", "heraultdata_platform_delete"])
def test_a_platform_that_is_not_there_or_deleted_is_said_so(action: str) -> None:
    made = platform()
    call_action("heraultdata_platform_delete", id=made["id"])
    for platform_id in ("none", made["id"]):
        fields = {"id": platform_id} if action.endswith("delete") else {**REGION, "id": platform_id}
        with pytest.raises(tk.ObjectNotFound, match="There is no such platform"):
            call_action(action, **fields)


def test_the_journal_tells_of_platforms_without_their_contacts() -> None:
    made = platform()
    call_action("heraultdata_platform_delete", id=made["id"])
    lines = call_action("heraultdata_journal_list", subject_type="platform")["results"]
    assert [line["action"] for line in lines] == ["platform.deleted", "platform.created"]
    assert "region.example" in str(lines)
    assert "donnees@" not in str(lines)


@pytest.fixture
def department(app: CKANTestApp) -> Reader:
    """An admin of the département in front of the pages."""
    return Reader.of(app, factories.people(factories.partner()["id"]).department_admin)


def test_platforms_are_handled_on_pages(department: Reader) -> None:
    assert "No platform is known yet" in text_of(department.get("/platforms"))
    assert value_of(department.get("/platforms/new"), "field-kind") == ""
    page = text_of(department.post("/platforms/new", REGION))
    assert "The platform Occitanie is added." in page
    assert "donnees@region.example" in page

    made = platforms.find()[0]
    assert value_of(department.get(f"/platforms/{made.id}"), "field-kind") == "ckan"
    page = department.post(f"/platforms/{made.id}", {**REGION, "name": "Région"})
    assert "The platform Région is corrected." in text_of(page)
    assert "Delete Région?" in text_of(department.get(f"/platforms/{made.id}/delete"))
    assert "is deleted" in text_of(department.post(f"/platforms/{made.id}/delete"))
    assert platforms.find() == []


def test_a_form_comes_back_with_what_was_typed_and_its_errors(department: Reader) -> None:
    page = department.post("/platforms/new", {**REGION, "url": "region.example"}, status=400)
    assert value_of(page, "field-url") == "region.example"
    assert value_of(page, "field-name") == "Occitanie"
    assert "is not an address of a platform" in error_of(page, "field-url")
    made = platform()
    wrong = {**REGION, "contact_email": "nobody"}
    page = department.post(f"/platforms/{made['id']}", wrong, status=400)
    assert "is not an e-mail address" in error_of(page, "field-contact_email")
    assert platforms.get(made["id"]).contact_email == REGION["contact_email"]


@pytest.mark.parametrize("path", ["/platforms", "/platforms/new"])
def test_pages_are_for_the_departement(app: CKANTestApp, path: str) -> None:
    people = factories.people(factories.partner()["id"])
    Reader.of(app, people.partner_admin).get(path, status=403)
    Reader(app).get(path, status=403)


def test_a_platform_that_is_not_there_has_no_page(department: Reader) -> None:
    for path in ("/platforms/none", "/platforms/none/delete"):
        assert "There is no such platform" in text_of(department.get(path, status=404))
    department.post("/platforms/none/delete", status=404)
    department.post("/platforms/copy/none", {"state": "confirmed"}, status=404)
