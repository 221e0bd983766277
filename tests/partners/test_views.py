"""The pages of partners and référents: every role, both languages, nothing and a lot, bad input."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from bs4 import Tag
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.partners import territory
from ckanext.heraultdata.partners.helpers import heraultdata_is_web_address
from tests import factories
from tests.reading import Reader, counted_queries, error_of, text_of, value_of

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

ALL_ROLES = [
    "sysadmin",
    "department_admin",
    "partner_admin",
    "partner_editor",
    "partner_member",
    "other_partner_admin",
    "visitor",
    None,
]
DEPARTMENT = ["sysadmin", "department_admin"]
WRITERS = [*DEPARTMENT, "partner_admin"]
MEMBERS = [*WRITERS, "partner_editor", "partner_member"]
SCRIPT = "<script>alert(1)</script>"
MARK = "<i id=mark>"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 10, tzinfo=timezone.utc))


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        name="vallee-herault",
        title="Communauté de communes Vallée de l'Hérault",
        siren=factories.VALLEE_DE_L_HERAULT,
        portal_url="https://data.vallee.example",
    )


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def reader(app: CKANTestApp, people: factories.People, role: str | None) -> Reader:
    return Reader.of(app, people.of(role) if role else None)


def titles(page: Tag) -> list[str]:
    return [text_of(heading) for heading in page.select(".heraultdata-card h3")]


class TestList:
    def test_nothing(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/partners")
        assert "There is no partner yet" in text_of(page)

    def test_what_it_says_of_a_partner(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        page = text_of(Reader(app).get("/partners"))
        assert "Communauté de communes Vallée de l'Hérault In force" in page
        assert "Grouping of communes (EPCI) · 42,520 inhabitants" in page
        assert "0 public datasets" in page

    def test_the_two_figures_say_what_is_counted(
        self, app: CKANTestApp, partner: dict[str, Any]
    ) -> None:
        factories.signed_convention(partner["id"])
        page = text_of(Reader(app).get("/partners"))
        whole = len(territory.epci())
        assert f"1 of the {whole} EPCI of the département has a convention in force." in page
        assert "collectivités that the law obliges to open their data" in page

    def test_for_each_role(self, app: CKANTestApp, people: factories.People) -> None:
        marked, with_menu = [], []
        for role in ALL_ROLES:
            page = reader(app, people, role).get("/partners?q=vallee")
            assert titles(page) == ["Communauté de communes Vallée de l'Hérault"]
            if "No référent" in text_of(page):
                marked.append(role)
            if page.select(".heraultdata-menu"):
                with_menu.append(role)
        assert marked == MEMBERS
        assert with_menu == DEPARTMENT

    def test_filters(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        factories.partner(partner_type="commune", title="Aniane", population="2937")
        for query, kept in (
            ("q=herault", ["Communauté de communes Vallée de l'Hérault"]),
            ("partner_type=commune", ["Aniane"]),
            ("convention_state=none", ["Aniane"]),
            ("convention_state=active", ["Communauté de communes Vallée de l'Hérault"]),
            ("obligation=no", ["Aniane"]),
            ("q=nobody", []),
        ):
            page = Reader(app).get(f"/partners?{query}")
            assert titles(page) == kept
        assert "No partner is found with these filters" in text_of(page)

    def test_filters_stay_in_the_form_and_in_the_pager(self, app: CKANTestApp) -> None:
        for _ in range(30):
            factories.partner()
        page = Reader(app).get("/partners?q=partner&partner_type=epci")
        assert "30 partners" in text_of(page)
        assert len(titles(page)) == 20
        assert value_of(page, "filter-q") == "partner"
        assert value_of(page, "filter-type") == "epci"
        links = [link["href"] for link in page.select(".pagination a")]
        assert any("q=partner" in link and "page=2" in link for link in links)
        second = Reader(app).get("/partners?q=partner&partner_type=epci&page=2")
        assert len(titles(second)) == 10

    def test_bad_filters_are_told(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/partners?partner_type=x", status=400)
        assert "x is none of: epci, commune, other." in text_of(page)
        for query in ("convention_state=x", "obligation=x", "page=0", "page=x"):
            Reader(app).get(f"/partners?{query}", status=400)

    def test_as_many_queries_for_many_as_for_two(self, app: CKANTestApp) -> None:
        for _ in range(2):
            factories.signed_convention(factories.partner()["id"])
        Reader(app).get("/partners")
        with counted_queries() as for_two:
            Reader(app).get("/partners")
        for _ in range(28):
            factories.signed_convention(factories.partner()["id"])
        with counted_queries() as for_thirty:
            Reader(app).get("/partners")
        assert len(for_thirty) == len(for_two)

    def test_in_french(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        page = Reader(app).get("/fr/partners")
        assert page.html is not None
        assert page.html["lang"] == "fr"
        assert "42\u202f520" in page.get_text()

    def test_scripts_are_words(self, app: CKANTestApp, people: factories.People) -> None:
        # The API refuses HTML, but a site may hold organisations from before the extension.
        organization = model.Group.get("vallee-herault")
        assert organization is not None
        organization.title = f"{MARK} & 'S'"
        model.Session.commit()
        by = reader(app, people, "department_admin")
        for address in (
            "/partners",
            "/partners?q=" + MARK,
            "/partners?partner_type=" + MARK,
            "/partner/new?q=" + MARK,
            "/partner/new?q=243400694",
            "/organization/vallee-herault",
            "/partner/vallee-herault/referents",
            "/conventions?state=" + MARK,
            f"/conventions?organization_id={organization.id}",
            "/conventions?organization_id=" + MARK,
            f"/heraultdata/journal?organization_id={organization.id}",
            "/partner/" + MARK + "/referents",
            "/convention/" + MARK,
        ):
            answer = app.get(address, headers=by.headers)
            assert answer.status_code in (200, 400, 404), address
            assert MARK not in answer.get_data(as_text=True), address
        assert f"{MARK} & 'S'" in titles(by.get("/partners"))


class TestNew:
    def test_who(self, app: CKANTestApp, people: factories.People) -> None:
        for role in ALL_ROLES:
            status = 200 if role in DEPARTMENT else 403
            reader(app, people, role).get("/partner/new", status=status)

    def test_a_place_fills_in_the_form_of_an_organisation(
        self, app: CKANTestApp, people: factories.People
    ) -> None:
        by = reader(app, people, "department_admin")
        page = by.get("/partner/new?q=aniane")
        places = page.select(".heraultdata-places li")
        assert len(places) == 1
        link = places[0].select_one("a.btn")
        assert link is not None
        form = by.get(str(link["href"]))
        aniane = next(place for place in territory.communes() if place.name == "Aniane")
        assert value_of(form, "field-title") == "Aniane"
        assert value_of(form, "field-name") == "aniane"
        assert value_of(form, "field-partner_type") == "commune"
        assert value_of(form, "field-siren") == aniane.siren
        assert value_of(form, "field-insee_code") == aniane.insee_code
        assert value_of(form, "field-population") == str(aniane.population)
        assert value_of(form, "field-epci_siren") == aniane.epci_siren

    def test_a_partner_is_not_offered_again(
        self, app: CKANTestApp, people: factories.People
    ) -> None:
        page = reader(app, people, "sysadmin").get(
            f"/partner/new?q={factories.VALLEE_DE_L_HERAULT}"
        )
        (place,) = page.select(".heraultdata-places li")
        assert "Partner already" in text_of(place)
        assert not place.select("a.btn")

    def test_by_insee_code_by_nothing_and_by_what_is_not_there(
        self, app: CKANTestApp, people: factories.People
    ) -> None:
        by = reader(app, people, "department_admin")
        assert "Abeilhan" in text_of(by.get("/partner/new?q=34001"))
        assert "Abeilhan" in text_of(by.get("/partner/new?q=213 400 013"))
        assert "are shown" in text_of(by.get("/partner/new"))
        page = by.get(f"/partner/new?q={SCRIPT}")
        assert "No commune or EPCI" in text_of(page)
        assert value_of(page, "filter-q") == SCRIPT


class TestOrganisationPage:
    def test_of_a_partner(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        page = Reader(app).get("/organization/vallee-herault")
        card = page.select_one(".heraultdata-partner")
        assert card is not None
        text = text_of(card)
        assert "In force since March 12, 2024" in text
        assert "SIREN 243400694" in text
        assert "Population 42,520" in text
        assert "Obligation to be confirmed" in text
        assert "number of agents unknown" in text
        assert card.find("a", href="https://data.vallee.example")

    def test_only_the_web_is_linked(self) -> None:
        assert heraultdata_is_web_address("https://data.vallee.example")
        assert heraultdata_is_web_address("HTTP://data.vallee.example")
        assert not heraultdata_is_web_address("javascript:alert(1)")

    def test_of_a_partner_without_convention(
        self, app: CKANTestApp, partner: dict[str, Any]
    ) -> None:
        page = Reader(app).get("/organization/vallee-herault")
        assert "No convention" in text_of(page)

    def test_links_for_those_who_may(self, app: CKANTestApp, people: factories.People) -> None:
        for role in ALL_ROLES:
            page = reader(app, people, role).get("/organization/vallee-herault")
            nav = [text_of(link) for link in page.select(".page-header .nav a")]
            assert "Conventions" in nav
            assert ("Référents" in nav) == (role in MEMBERS), role
            assert ("Journal" in nav) == (role in WRITERS), role
            assert ("article 5 asks for one" in text_of(page)) == (role in MEMBERS), role

    def test_another_organisation_is_as_ckan_has_it(self, app: CKANTestApp) -> None:
        factories.organization(name="musee", title="Musée")
        page = Reader(app).get("/organization/musee")
        assert not page.select(".heraultdata-partner")
        assert "Conventions" not in [text_of(link) for link in page.select(".page-header .nav a")]

    def test_in_french(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        assert "12 mars 2024" in text_of(Reader(app).get("/fr/organization/vallee-herault"))


class TestReferents:
    ADDRESS = "/partner/vallee-herault/referents"
    GOOD = {"name": "Camille Fabre", "email": "camille@vallee.example", "phone": "04 67 57 01 01"}

    def found(self, partner: dict[str, Any]) -> list[dict[str, Any]]:
        return call_action("heraultdata_referent_list", organization_id=partner["id"])["results"]

    def test_who_reads(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        factories.referent(partner["id"], email="camille@vallee.example")
        for role in ALL_ROLES:
            status = 200 if role in MEMBERS else 403
            page = reader(app, people, role).get(self.ADDRESS, status=status)
            assert ("camille@vallee.example" in text_of(page)) == (role in MEMBERS), role
            assert bool(page.select(".heraultdata-form")) == (role in WRITERS), role
        refused = text_of(reader(app, people, "visitor").get(self.ADDRESS, status=403))
        assert "shown to the partner's members and the département only" in refused
        assert "please log in" in text_of(Reader(app).get(self.ADDRESS, status=403))

    def test_none_is_told_with_article_5(self, app: CKANTestApp, people: factories.People) -> None:
        page = reader(app, people, "partner_member").get(self.ADDRESS)
        assert "No référent is named yet" in text_of(page)
        assert "article 5" in text_of(page)

    def test_who_adds(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        for role in ALL_ROLES:
            before = len(self.found(partner))
            form = self.GOOD | {"email": f"{role}@vallee.example"}
            status = 200 if role in WRITERS else 403
            page = reader(app, people, role).post(self.ADDRESS, form, status=status)
            assert len(self.found(partner)) == before + (role in WRITERS), role
            if role in WRITERS:
                assert "The référent is added." in text_of(page)
                assert "04 67 57 01 01" in text_of(page)

    def test_a_bad_form_comes_back_as_it_was_typed(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        page = reader(app, people, "partner_admin").post(
            self.ADDRESS,
            {"name": SCRIPT, "email": "nowhere", "phone": "12", "position": "x" * 201},
            status=400,
        )
        assert "HTML is not accepted" in error_of(page, "field-name")
        assert "not an e-mail address" in error_of(page, "field-email")
        assert "not a telephone number" in error_of(page, "field-phone")
        assert "the most is 200" in error_of(page, "field-position")
        assert value_of(page, "field-name") == SCRIPT
        assert value_of(page, "field-email") == "nowhere"
        assert self.found(partner) == []

    def test_correct(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        user = people.partner_editor.name
        kept = factories.referent(partner["id"], user=user)
        by = reader(app, people, "partner_admin")
        address = f"/partner/vallee-herault/referent/{kept['id']}"
        assert value_of(by.get(address), "field-name") == "Camille Fabre"
        page = by.post(address, self.GOOD | {"name": ""}, status=400)
        assert error_of(page, "field-name")
        page = by.post(address, self.GOOD | {"name": "Dominique Roux"})
        assert "The référent is corrected." in text_of(page)
        (found,) = self.found(partner)
        assert found["name"] == "Dominique Roux"
        assert found["user"] == kept["user"]

    def test_remove_asks_first(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        kept = factories.referent(partner["id"])
        by = reader(app, people, "department_admin")
        address = f"/partner/vallee-herault/referent/{kept['id']}/delete"
        assert "Remove Camille Fabre?" in text_of(by.get(address))
        assert len(self.found(partner)) == 1
        assert "The référent is removed" in text_of(by.post(address))
        assert self.found(partner) == []

    def test_who_neither_corrects_nor_removes(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        kept = factories.referent(partner["id"])
        address = f"/partner/vallee-herault/referent/{kept['id']}"
        for role in ALL_ROLES:
            if role in WRITERS:
                continue
            by = reader(app, people, role)
            for end in ("", "/delete"):
                by.get(address + end, status=403)
                by.post(address + end, self.GOOD, status=403)
        assert self.found(partner) == [kept]

    def test_what_is_not_there(self, app: CKANTestApp, people: factories.People) -> None:
        by = reader(app, people, "sysadmin")
        other = factories.referent(factories.partner()["id"])
        by.get("/partner/nobody/referents", status=404)
        by.post("/partner/nobody/referents", self.GOOD, status=404)
        by.get(f"/partner/vallee-herault/referent/{other['id']}", status=404)
        by.post(f"/partner/vallee-herault/referent/{other['id']}/delete", status=404)

    def test_every_form_carries_a_token_against_forgery(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        kept = factories.referent(partner["id"])
        by = reader(app, people, "partner_admin")
        for address in (
            self.ADDRESS,
            f"/partner/vallee-herault/referent/{kept['id']}",
            f"/partner/vallee-herault/referent/{kept['id']}/delete",
        ):
            forms = by.get(address).select(".heraultdata form[method=post]")
            assert forms
            assert all(form.find("input", attrs={"name": "_csrf_token"}) for form in forms)
