"""The pages that record: more time, declared conformity, no such data; by role and language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.conformance.model import Absence, Declaration, Extension
from tests import factories
from tests.conformance.test_actions import dataset
from tests.reading import Reader, counted_queries, error_of, text_of, value_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

DEPARTMENT = ["sysadmin", "department_admin"]
MEMBERS = ["partner_admin", "partner_editor", "partner_member"]
OTHERS = ["other_partner_admin", "visitor", None]
ARBRES = "herault-arbres"
TEXTES = "textes"
ASK = f"/partner/vallee/extension/{ARBRES}/1.0.0"
DECLARE = f"/dataset/dataset-{TEXTES}-vallee/declaration/{TEXTES}/1.0.0"
ANSWER = f"/partner/vallee/absence/{ARBRES}"
REQUESTS = "/conformance/extensions"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-01")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner in force that owes a dataset of trees, and has one of texts never declared."""
    made = factories.partner(name="vallee", title="Vallée de l'Hérault")
    factories.signed_convention(made["id"])
    factories.standard(name=ARBRES, title="Arbres", level="territorial")
    factories.version(standard=ARBRES, published_on="2025-06-01")
    factories.standard(name=TEXTES, title="Textes", level="de_facto")
    factories.version(standard=TEXTES, kind="document", published_on="2025-06-01", schema=None)
    dataset(made, TEXTES)
    return made


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


@pytest.fixture
def by(app: CKANTestApp, people: factories.People) -> Callable[[str | None], Reader]:
    """The reader of a role."""
    return lambda role: Reader.of(app, people.of(role) if role else None)


ReaderOf = Callable[[str | None], Reader]


def _kept(table: Any) -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _asked(people: factories.People, due_on: str = "2026-12-31") -> dict[str, Any]:
    return factories.act(
        people.partner_editor,
        "heraultdata_extension_create",
        organization_id="vallee",
        standard=ARBRES,
        version="1.0.0",
        due_on=due_on,
        reason="New software",
    )


@pytest.mark.parametrize("address", [ASK, DECLARE, ANSWER])
def test_forms_are_for_members_and_the_departement(by: ReaderOf, address: str) -> None:
    for role in (*MEMBERS, *DEPARTMENT):
        assert by(role).get(address).find("textarea")
    for role in OTHERS:
        by(role).get(address, status=403)
        by(role).post(address, {"reason": "A", "grounds": "A", "due_on": "2027-01-01"}, status=403)
    assert (_kept(Extension), _kept(Declaration), _kept(Absence)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("address", "heading", "french"),
    [
        (ASK, "Ask for more time", "Demander un délai"),
        (DECLARE, "Declare conformity", "Déclarer la conformité"),
        (ANSWER, "We hold no such data", "Nous n’avons pas ces données"),
        (REQUESTS, "Requests for more time", "Demandes de délai"),
    ],
)
def test_in_both_languages(by: ReaderOf, address: str, heading: str, french: str) -> None:
    for prefix, words in (("/en", heading), ("/fr", french)):
        page = by("partner_editor").get(prefix + address)
        assert [text_of(title) for title in page.select("h1")] == [words]
        assert page.select(f"html[lang={prefix[1:]}]")


class TestMoreTime:
    @pytest.mark.parametrize("role", MEMBERS)
    def test_a_member_asks(self, by: ReaderOf, role: str) -> None:
        page = by(role).get(ASK)
        assert "Arbres, version 1.0.0" in text_of(page)
        assert "June 1, 2026" in text_of(page)
        page = by(role).post(ASK, {"due_on": "2026-12-31", "reason": "New software"})
        assert "Your request is sent to the département" in text_of(page)
        [made] = call_action("heraultdata_extension_list")["results"]
        assert (made["due_on"], made["granted"]) == ("2026-12-31", None)

    @pytest.mark.parametrize("role", DEPARTMENT)
    def test_the_departement_grants_at_once(self, by: ReaderOf, role: str) -> None:
        assert "Grant more time" in text_of(by(role).get(ASK))
        page = by(role).post(ASK, {"due_on": "2026-12-31", "reason": "New software"})
        assert "More time is granted." in text_of(page)
        assert "December 31, 2026" in text_of(by(role).get(ASK))

    def test_a_bad_form_comes_back(self, by: ReaderOf) -> None:
        sent = {"due_on": "2026-06-01", "reason": "<b>Slow</b>"}
        page = by("partner_editor").post(ASK, sent, status=400)
        assert "plain text" in error_of(page, "field-reason")
        assert value_of(page, "field-due_on") == "2026-06-01"
        page = by("partner_editor").post(ASK, {**sent, "reason": "Slow"}, status=400)
        assert "June 1, 2026" in error_of(page, "field-due_on")
        assert value_of(page, "field-reason") == "Slow"
        page = by("partner_editor").post(ASK, {}, status=400)
        assert error_of(page, "field-due_on")
        assert error_of(page, "field-reason")
        assert _kept(Extension) == 0

    def test_a_form_that_makes_no_sense_says_why(
        self, by: ReaderOf, people: factories.People
    ) -> None:
        reader = by("partner_editor")
        page = reader.get(f"/partner/vallee/extension/{ARBRES}/9.0.0", status=400)
        assert "choose one of 1.0.0" in text_of(page)
        page = reader.get(f"/partner/vallee/extension/{TEXTES}/1.0.0", status=400)
        assert "Nothing sets a due date" in text_of(page)
        reader.get("/partner/vallee/extension/none/1.0.0", status=404)
        reader.get(f"/partner/none/extension/{ARBRES}/1.0.0", status=404)
        _asked(people)
        for page in (
            reader.get(ASK, status=400),
            reader.post(ASK, {"due_on": "2027-01-31", "reason": "More"}, status=400),
        ):
            assert "must be decided before another one" in text_of(page)
        assert _kept(Extension) == 1


class TestRequests:
    def test_nothing(self, by: ReaderOf) -> None:
        assert "Nobody asked for more time." in text_of(by("sysadmin").get(REQUESTS))
        page = by("sysadmin").get(f"{REQUESTS}?waiting=true")
        assert "No request awaits a decision." in text_of(page)

    def test_each_role(self, by: ReaderOf, people: factories.People) -> None:
        _asked(people)
        for role in DEPARTMENT:
            page = by(role).get(REQUESTS)
            assert "New software" in text_of(page)
            assert page.find("button", value="true")
            assert page.find("button", value="false")
        for role in MEMBERS:
            page = by(role).get(REQUESTS)
            assert "New software" in text_of(page)
            assert not page.find("button", value="true")
        assert "Nobody asked" in text_of(by("other_partner_admin").get(REQUESTS))
        for role in ("visitor", None):
            by(role).get(REQUESTS, status=403)

    def test_only_the_departement_decides(self, by: ReaderOf, people: factories.People) -> None:
        address = f"/conformance/extension/{_asked(people)['id']}"
        for role in (*MEMBERS, *OTHERS):
            by(role).post(address, {"granted": "true"}, status=403)
        [made] = call_action("heraultdata_extension_list")["results"]
        assert made["granted"] is None
        page = by("department_admin").post(address, {"granted": "true", "reason": "Heard"})
        assert "More time is granted." in text_of(page)
        page = by("partner_member").get(REQUESTS)
        assert "Granted on March 1, 2026" in text_of(page)
        assert "Heard" in text_of(page)

    def test_a_refusal_needs_a_reason(self, by: ReaderOf, people: factories.People) -> None:
        made = _asked(people)
        address = f"/conformance/extension/{made['id']}"
        page = by("department_admin").post(address, {"granted": "false"}, status=400)
        assert "Say why more time is refused" in text_of(page)
        assert page.find("a", href=f"#request-{made['id']}")
        assert page.find(id=f"request-{made['id']}")
        page = by("department_admin").post(address, {}, status=400)
        assert "Missing value" in text_of(page)
        page = by("department_admin").post(address, {"granted": "false", "reason": "Too late"})
        assert "More time is refused." in text_of(page)
        page = by("department_admin").post(address, {"granted": "true"}, status=400)
        assert "refused on March 1, 2026 already" in text_of(page)
        by("department_admin").post("/conformance/extension/none", {"granted": "true"}, status=404)

    def test_filters(self, by: ReaderOf, people: factories.People) -> None:
        made = _asked(people)
        call_action("heraultdata_extension_decide", id=made["id"], granted=True)
        _asked(people, "2027-06-01")
        reader = by("department_admin")
        assert "2 requests" in text_of(reader.get(REQUESTS))
        waiting = text_of(reader.get(f"{REQUESTS}?waiting=true"))
        assert "1 request" in waiting
        assert "June 1, 2027" in waiting
        decided = text_of(reader.get(f"{REQUESTS}?waiting=false&standard={ARBRES}"))
        assert "Granted on March 1, 2026" in decided
        assert "June 1, 2027" not in decided
        for query in ("waiting=x", "standard=x", "organization_id=x"):
            reader.get(f"{REQUESTS}?{query}", status=400)

    def test_as_many_queries_for_many_as_for_two(
        self, by: ReaderOf, people: factories.People
    ) -> None:
        reader = by("department_admin")

        def queries(more: int) -> int:
            for _ in range(more):
                other = factories.partner()
                factories.signed_convention(other["id"])
                asker = factories.user()
                factories.join(asker, other["id"], "editor")
                factories.act(
                    asker,
                    "heraultdata_extension_create",
                    organization_id=other["id"],
                    standard=ARBRES,
                    version="1.0.0",
                    due_on="2026-12-31",
                    reason="New software",
                )
            reader.get(REQUESTS)
            with counted_queries() as found:
                reader.get(REQUESTS)
            return len(found)

        assert queries(2) == queries(13)


class TestDeclaration:
    @pytest.mark.parametrize("role", [*MEMBERS, *DEPARTMENT])
    def test_a_person_vouches(self, by: ReaderOf, people: factories.People, role: str) -> None:
        page = by(role).post(DECLARE, {"grounds": "Read and compared"})
        assert "The conformity of this dataset is declared." in text_of(page)
        assert "Read and compared" in text_of(page)
        page = by("partner_member").get(DECLARE)
        assert f"March 1, 2026, by {people.of(role).display_name}" in text_of(page)
        assert "Read and compared" in text_of(page)

    def test_a_bad_form_comes_back(self, by: ReaderOf) -> None:
        page = by("partner_editor").post(DECLARE, {}, status=400)
        assert error_of(page, "field-grounds")
        page = by("partner_editor").post(DECLARE, {"grounds": "<b>Read</b>"}, status=400)
        assert "plain text" in error_of(page, "field-grounds")
        assert value_of(page, "field-grounds") == "<b>Read</b>"
        assert _kept(Declaration) == 0

    def test_a_form_that_makes_no_sense_says_why(self, by: ReaderOf) -> None:
        reader = by("partner_editor")
        place = f"/dataset/dataset-{TEXTES}-vallee/declaration"
        page = reader.get(f"{place}/{TEXTES}/9.0.0", status=400)
        assert "choose one of 1.0.0" in text_of(page)
        page = reader.get(f"{place}/{ARBRES}/1.0.0", status=400)
        assert "No file of this dataset follows" in text_of(page)
        reader.get(f"{place}/none/1.0.0", status=404)
        reader.get(f"/dataset/none/declaration/{TEXTES}/1.0.0", status=404)


class TestAbsence:
    @pytest.mark.parametrize("role", [*MEMBERS, *DEPARTMENT])
    def test_an_answer_is_given_and_taken_back(self, by: ReaderOf, role: str) -> None:
        page = by(role).post(ANSWER, {"reason": "The département has them"})
        assert "nothing is asked about this for a year" in text_of(page)
        page = by(role).get(ANSWER)
        assert "The département has them" in text_of(page)
        assert "until March 1, 2027" in text_of(page)
        [form] = page.select("form[action$='/delete']")
        page = by(role).post(str(form["action"]))
        assert "The answer is taken back" in text_of(page)
        assert by(role).get(ANSWER).find(id="field-reason")

    def test_nobody_else_takes_it_back(self, by: ReaderOf, partner: dict[str, Any]) -> None:
        made = call_action(
            "heraultdata_absence_create",
            organization_id=partner["id"],
            standard=ARBRES,
            reason="None here",
        )
        for role in OTHERS:
            by(role).post(f"/partner/vallee/absence/{made['id']}/delete", status=403)
        assert call_action("heraultdata_absence_list")["results"][0]["running"]
        by("partner_editor").post("/partner/vallee/absence/none/delete", status=404)
        page = by("partner_editor").post(ANSWER, {"reason": "Again"}, status=400)
        assert "answered already" in text_of(page)

    def test_a_bad_form_comes_back(self, by: ReaderOf) -> None:
        page = by("partner_editor").post(ANSWER, {"reason": "<i>none</i>"}, status=400)
        assert "plain text" in error_of(page, "field-reason")
        assert value_of(page, "field-reason") == "<i>none</i>"
        assert _kept(Absence) == 0

    def test_a_form_that_makes_no_sense_says_why(self, by: ReaderOf) -> None:
        reader = by("partner_editor")
        page = reader.get(f"/partner/vallee/absence/{TEXTES}", status=400)
        assert "has a dataset that follows" in text_of(page)
        reader.get("/partner/vallee/absence/none", status=404)
        reader.get(f"/partner/none/absence/{ARBRES}", status=404)
