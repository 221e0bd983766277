"""The public pages of standards: every role, both languages, nothing and a lot, bad input."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.standards.model import Standard
from tests import factories
from tests.reading import Reader, counted_queries, text_of, value_of

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")]

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
MARK = "<i id=mark>"

OLD_SCHEMA = {
    "fields": [
        {"name": "NOM", "type": "string", "title": "Nom du parc", "example": "Bosquet"},
        {"name": "SURFACE", "type": "number", "constraints": {"minimum": 0}},
    ]
}
NEW_SCHEMA = {
    "fields": [
        {
            "name": "NOM",
            "type": "string",
            "title": "Nom du parc",
            "description": "Nom d'usage du parc.",
            "constraints": {"required": True},
            "example": "Bosquet",
        },
        {"name": "SURFACE", "type": "number", "constraints": {"minimum": 0}},
        {"name": "SIRET", "type": "string", "constraints": {"pattern": "^\\d{14}$"}},
        {
            "name": "GENRE",
            "type": "string",
            "constraints": {"enum": [f"genre {rank}" for rank in range(12)]},
        },
    ],
    "custom_checks": [
        {"name": "one-of-required", "params": {"column1": "NOM", "column2": "SIRET"}}
    ],
}


@pytest.fixture
def _today(at: Any) -> None:
    at("2026-03-01")


def standard(name: str = "parcs", **fields: Any) -> dict[str, Any]:
    """A territorial standard without versions."""
    values = {"name": name, "title": f"Parcs {name}", "level": "territorial"}
    return call_action("heraultdata_standard_create", **{**values, **fields})


def version(number: str, standard: str = "parcs", **fields: Any) -> dict[str, Any]:
    """A version of a standard, a draft unless told otherwise."""
    values = {"standard": standard, "version": number, "kind": "table", "schema": OLD_SCHEMA}
    return call_action("heraultdata_standard_version_create", **{**values, **fields})


@pytest.fixture
def parks(clean_db: None, _today: None) -> dict[str, Any]:
    made = standard(
        title="Parcs et jardins",
        issuer="Département de l'Hérault",
        homepage="https://standard.example/parcs",
        description="Les parcs ouverts au public.",
    )
    version("1.0.0", published_on="2023-01-10")
    version("2.0.0", published_on="2025-06-01", schema=NEW_SCHEMA)
    return made


@pytest.fixture
def people() -> factories.People:
    return factories.people(factories.partner()["id"])


def reader(app: CKANTestApp, people: factories.People, role: str | None) -> Reader:
    return Reader.of(app, people.of(role) if role else None)


def titles(page: Any) -> list[str]:
    return [text_of(heading) for heading in page.select(".heraultdata-card h3")]


class TestList:
    def test_nothing(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standards")
        assert "There is no standard in the registry yet." in text_of(page)

    @pytest.mark.usefixtures("parks")
    def test_what_it_says_of_a_standard(self, app: CKANTestApp) -> None:
        page = text_of(Reader(app).get("/standards"))
        assert "Parcs et jardins Territorial standard Priority" in page
        assert "Version 2.0.0, published on June 1, 2025" in page
        assert "Files must conform by June 1, 2026." in page
        assert "0 public datasets follow it" in page
        assert "1 standard in the registry" in page

    def test_a_standard_without_versions(self, app: CKANTestApp) -> None:
        standard()
        version("0.1.0")
        assert "No version is published yet" in text_of(Reader(app).get("/standards"))

    def test_a_version_that_is_to_come_is_not_the_current_one(self, app: CKANTestApp) -> None:
        standard()
        version("1.0.0", published_on="2023-01-10")
        version("2.0.0", published_on="2026-09-01")
        page = text_of(Reader(app).get("/standards"))
        assert "Version 1.0.0, published on January 10, 2023" in page

    @pytest.mark.usefixtures("parks")
    def test_for_each_role(self, app: CKANTestApp, people: factories.People) -> None:
        for role in ALL_ROLES:
            page = reader(app, people, role).get("/standards")
            assert titles(page) == ["Parcs et jardins"]
            links = [link["href"] for link in page.select(".heraultdata-menu a")]
            assert ("/standard/new" in links) == (role in DEPARTMENT), role

    @pytest.mark.usefixtures("parks")
    def test_filters(self, app: CKANTestApp) -> None:
        standard("arbres", title="Arbres", level="national", scdl=True)
        standard("bornes", title="Bornes", level="de_facto")
        for query, kept in (
            ("q=parcs", ["Parcs et jardins"]),
            ("level=national", ["Arbres"]),
            ("scdl=true", ["Arbres"]),
            ("scdl=false", ["Bornes", "Parcs et jardins"]),
            ("priority=true", ["Arbres", "Parcs et jardins"]),
            ("priority=false", ["Bornes"]),
            ("q=nothing", []),
        ):
            page = Reader(app).get(f"/standards?{query}")
            assert titles(page) == kept, query
        assert "No standard is found with these filters" in text_of(page)

    def test_bad_filters_are_told(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standards?level=x", status=400)
        assert "national, territorial, de_facto" in text_of(page)
        for query in ("scdl=x", "priority=x", "page=0", "page=x"):
            Reader(app).get(f"/standards?{query}", status=400)

    def test_a_lot_in_as_many_queries(self, app: CKANTestApp) -> None:
        def add(ranks: range) -> None:
            for rank in ranks:
                standard(f"parcs-{rank:02}")
                version("1.0.0", f"parcs-{rank:02}", published_on="2025-06-01")

        add(range(2))
        Reader(app).get("/standards")
        with counted_queries() as for_two:
            Reader(app).get("/standards")
        add(range(2, 25))
        with counted_queries() as for_many:
            page = Reader(app).get("/standards?level=territorial")
        assert len(for_many) == len(for_two)
        assert len(titles(page)) == 20
        assert value_of(page, "filter-level") == "territorial"
        links = [link["href"] for link in page.select(".pagination a")]
        assert any("level=territorial" in link and "page=2" in link for link in links)
        assert len(titles(Reader(app).get("/standards?page=2"))) == 5

    @pytest.mark.usefixtures("parks")
    def test_in_french(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/fr/standards")
        assert page.html is not None
        assert page.html["lang"] == "fr"
        assert "1er juin 2026" in text_of(page)


class TestStandard:
    @pytest.mark.usefixtures("parks")
    def test_what_it_says(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standard/parcs")
        text = text_of(page)
        assert "Les parcs ouverts au public." in text
        assert "Issued by Département de l'Hérault" in text
        assert page.find("a", href="https://standard.example/parcs")
        assert titles(page) == ["Version 2.0.0 Newest", "Version 1.0.0"]
        assert "Files must conform by June 1, 2026." in text
        assert "Files must conform by January 10, 2024." in text

    @pytest.mark.usefixtures("parks")
    def test_columns_are_explained(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standard/parcs")
        rows = {
            text_of(code): row
            for row in page.select(".heraultdata-columns tbody tr")
            for code in row.select("th code")
        }
        assert list(rows) == ["NOM", "SURFACE", "SIRET", "GENRE"]
        assert "Nom du parc" in text_of(rows["NOM"])
        assert "Compulsory" in text_of(rows["NOM"])
        assert "Nom d'usage du parc." in text_of(rows["NOM"])
        assert "Bosquet" in text_of(rows["NOM"])
        assert "Optional" in text_of(rows["SURFACE"])
        assert "0 at least" in text_of(rows["SURFACE"])
        assert "14 digits, leading zeros kept" in text_of(rows["SIRET"])
        assert "12 values allowed" in text_of(rows["GENRE"])
        assert "4 columns, 1 of which is compulsory" in text_of(page)
        assert "One at least of NOM and SIRET is filled in" in text_of(page)

    @pytest.mark.usefixtures("parks")
    def test_another_version(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standard/parcs?version=1.0.0")
        assert len(page.select(".heraultdata-columns tbody tr")) == 2
        Reader(app).get("/standard/parcs?version=9.9.9", status=404)

    @pytest.mark.usefixtures("parks")
    def test_where_to_go_from_it(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standard/parcs")
        links = [link["href"] for link in page.select("[role=main] a")]
        assert "/standard/parcs/model.csv?version=2.0.0" in links
        assert "/standard/parcs/model.xlsx?version=2.0.0" in links
        assert "/dataset/new?standard=parcs" in links
        assert "/check?standard=parcs" in links
        assert "/standard/parcs/2.0.0/schema.json" in links
        assert "/standard/parcs/differences?from=1.0.0&to=2.0.0" in links

    @pytest.mark.usefixtures("parks")
    def test_for_each_role(self, app: CKANTestApp, people: factories.People) -> None:
        version("3.0.0")
        for role in ALL_ROLES:
            page = reader(app, people, role).get("/standard/parcs")
            links = [link["href"] for link in page.select("[role=main] a")]
            writes = role in DEPARTMENT
            assert ("/standard/parcs/edit" in links) == writes, role
            assert ("/standard/parcs/version/new" in links) == writes, role
            assert ("/standard/parcs/version/3.0.0/publish" in links) == writes, role
            assert ("Version 3.0.0 Draft, not published" in titles(page)) == writes, role
            status = 200 if writes else 404
            reader(app, people, role).get("/standard/parcs?version=3.0.0", status=status)
            reader(app, people, role).get("/standard/parcs/3.0.0/schema.json", status=status)

    def test_what_is_odd_in_a_schema_is_for_the_department(
        self, app: CKANTestApp, people: factories.People
    ) -> None:
        standard()
        odd = {"fields": [{"name": "NOM", "type": "texte"}]}
        version("1.0.0", published_on="2025-06-01", schema=odd)
        for role in ALL_ROLES:
            page = text_of(reader(app, people, role).get("/standard/parcs"))
            assert ("What is odd in the schema" in page) == (role in DEPARTMENT), role

    def test_without_versions(self, app: CKANTestApp) -> None:
        standard()
        page = Reader(app).get("/standard/parcs")
        assert "No version is published yet" in text_of(page)
        assert not page.select(".heraultdata-columns")

    def test_of_a_document(self, app: CKANTestApp) -> None:
        standard(level="national")
        version("1.0.0", kind="document", schema="", published_on="2025-06-01")
        page = Reader(app).get("/standard/parcs")
        assert "a text that no program can check" in text_of(page)
        assert "No date: no text sets one" in text_of(page)
        Reader(app).get("/standard/parcs/1.0.0/schema.json", status=404)

    def test_of_a_json_document(self, app: CKANTestApp) -> None:
        standard(level="de_facto")
        schema = {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {"marches": {"type": "array", "items": {"properties": {"id": {}}}}},
        }
        version("1.0.0", kind="json", schema=schema, published_on="2025-06-01")
        page = Reader(app).get("/standard/parcs")
        names = [text_of(one) for one in page.select(".heraultdata-columns th code")]
        assert names == ["marches", "marches[].id"]
        assert "a de facto standard obliges nobody" in text_of(page)
        assert not page.select("a[href*='model.csv']")

    def test_dates_of_a_decree_and_of_an_adoption(self, app: CKANTestApp) -> None:
        standard(level="national")
        version(
            "1.0.0",
            published_on="2023-01-10",
            due_on="2024-01-01",
            legal_reference="Décret 2023-1",
        )
        version("2.0.0", published_on="2025-06-01", adopted_on="2025-09-01")
        text = text_of(Reader(app).get("/standard/parcs"))
        assert "Files must conform by January 1, 2024. Décret 2023-1" in text
        assert (
            "Adopted by the département on September 1, 2025: "
            "files must conform by September 1, 2026." in text
        )

    def test_none_of_that_name(self, app: CKANTestApp) -> None:
        for address in (
            "/standard/nothing",
            "/standard/nothing/differences",
            "/standard/nothing/1.0.0/schema.json",
        ):
            Reader(app).get(address, status=404)

    @pytest.mark.usefixtures("parks")
    def test_in_french(self, app: CKANTestApp) -> None:
        text = text_of(Reader(app).get("/fr/standard/parcs"))
        assert "1er juin 2025" in text

    def test_scripts_are_words(self, app: CKANTestApp, people: factories.People) -> None:
        standard(description="x")
        kept = model.Session.scalars(sa.select(Standard)).one()
        kept.title = MARK
        model.Session.commit()
        field = {
            "name": MARK,
            "title": MARK,
            "description": MARK,
            "example": MARK,
            "constraints": {"pattern": MARK, "enum": [MARK]},
        }
        version("1.0.0", published_on="2023-01-10", schema={"fields": [field]})
        version("2.0.0", published_on="2025-06-01")
        version("3.0.0", schema={"fields": [field]})
        by = reader(app, people, "department_admin")
        for address in (
            "/standards",
            f"/standards?q={MARK}",
            "/standard/parcs?version=1.0.0",
            f"/standard/parcs?version={MARK}",
            "/standard/parcs/differences",
            f"/standard/parcs/differences?from={MARK}",
            "/standard/parcs/edit",
            "/standard/parcs/version/new",
            "/standard/parcs/version/3.0.0/publish",
            f"/standard/parcs/version/3.0.0/publish?published_on={MARK}",
            f"/standard/{MARK}",
        ):
            answer = app.get(address, headers=by.headers)
            assert answer.status_code in (200, 400, 404), address
            assert MARK not in answer.get_data(as_text=True), address


class TestDifferences:
    @pytest.mark.usefixtures("parks")
    def test_between_the_last_two(self, app: CKANTestApp, people: factories.People) -> None:
        for role in ALL_ROLES:
            page = reader(app, people, role).get("/standard/parcs/differences")
            assert value_of(page, "filter-from") == "1.0.0"
            assert value_of(page, "filter-to") == "2.0.0"
            breaking = page.select_one(".heraultdata-breaking")
            assert breaking is not None
            assert "NOM" in text_of(breaking)
            assert "GENRE" not in text_of(breaking)
            assert "GENRE" in text_of(page)

    @pytest.mark.usefixtures("parks")
    def test_the_other_way_round(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standard/parcs/differences?from=2.0.0&to=1.0.0")
        assert "From version 2.0.0 to version 1.0.0" in text_of(page)
        assert "GENRE" in text_of(page)

    @pytest.mark.usefixtures("parks")
    def test_with_itself(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/standard/parcs/differences?from=2.0.0&to=2.0.0")
        assert "Nothing changes in the columns" in text_of(page)

    def test_one_version_or_none(self, app: CKANTestApp) -> None:
        standard()
        for _ in range(2):
            page = Reader(app).get("/standard/parcs/differences")
            assert "There is no earlier version to compare with." in text_of(page)
            if not call_action("heraultdata_standard_show", id="parcs")["versions"]:
                version("1.0.0", published_on="2023-01-10")

    @pytest.mark.usefixtures("parks")
    def test_with_a_document(self, app: CKANTestApp) -> None:
        version("3.0.0", kind="document", schema="", published_on="2026-01-01")
        page = Reader(app).get("/standard/parcs/differences")
        assert "These versions are not tables both" in text_of(page)

    @pytest.mark.usefixtures("parks")
    def test_versions_that_are_not_there(self, app: CKANTestApp) -> None:
        for query in ("from=9", "to=9", "from=9&to=8"):
            Reader(app).get(f"/standard/parcs/differences?{query}", status=404)


class TestSchema:
    @pytest.mark.usefixtures("parks")
    def test_as_it_was_published(self, app: CKANTestApp) -> None:
        answer = app.get("/standard/parcs/2.0.0/schema.json")
        assert answer.content_type == "application/json"
        assert json.loads(answer.data) == NEW_SCHEMA
        Reader(app).get("/standard/parcs/9/schema.json", status=404)
