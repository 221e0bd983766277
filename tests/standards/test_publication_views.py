"""The pages by which the département records, publishes and adopts: nothing before it confirms."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import CKANTestApp, call_action

from tests import factories
from tests.reading import Reader, counted_queries, error_of, text_of, value_of
from tests.standards.test_obliged import dataset
from tests.standards.test_views import (
    ALL_ROLES,
    DEPARTMENT,
    NEW_SCHEMA,
    OLD_SCHEMA,
    reader,
    standard,
    version,
)

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")]

GOOD = {
    "name": "parcs",
    "title": "Parcs et jardins",
    "level": "territorial",
    "priority": "true",
    "concerns": ["epci", "commune"],
    "description": "Les parcs ouverts au public.",
    "issuer": "Département de l'Hérault",
    "homepage": "https://standard.example/parcs",
}


@pytest.fixture
def _today(at: Any) -> None:
    at("2026-03-01")


@pytest.fixture
def people() -> factories.People:
    return factories.people(factories.partner(name="vallee", title="Vallée")["id"])


@pytest.fixture
def department(app: CKANTestApp, people: factories.People) -> Reader:
    return reader(app, people, "department_admin")


def shown(name: str = "parcs") -> dict[str, Any]:
    return call_action("heraultdata_standard_show", id=name)


def send(
    by: Reader, number: str, schema: object, status: int = 200, name: str = "parcs"
) -> BeautifulSoup:
    """The page after a version was sent with its file."""
    content = schema if isinstance(schema, bytes) else json.dumps(schema).encode()
    form = {"version": number, "schema": (BytesIO(content), "schema.json")}
    return by.post(f"/standard/{name}/version/new", form, status=status)


def due_of(page: BeautifulSoup) -> str:
    section = page.find(id="due")
    assert section is not None
    return " ".join(section.get_text(" ").split())


class TestNew:
    def test_who(self, app: CKANTestApp, people: factories.People) -> None:
        standard()
        version("1.0.0", published_on="2025-06-01")
        version("2.0.0")
        for role in ALL_ROLES:
            status = 200 if role in DEPARTMENT else 403
            for address in (
                "/standard/new",
                "/standard/parcs/edit",
                "/standard/parcs/version/new",
            ):
                reader(app, people, role).get(address, status=status)
                reader(app, people, role).get(f"/fr{address}", status=status)
            publish = "/standard/parcs/version/2.0.0/publish"
            reader(app, people, role).get(publish, status=status)
            if role not in DEPARTMENT:
                by = reader(app, people, role)
                by.post("/standard/new", GOOD, status=403)
                by.post("/standard/parcs/edit", GOOD, status=403)
                by.post(publish, {"published_on": "2026-03-01"}, status=403)
                send(by, "3.0.0", OLD_SCHEMA, status=403)
        assert [one["version"] for one in shown()["versions"]] == ["2.0.0", "1.0.0"]

    def test_described_then_sent_then_published(self, department: Reader) -> None:
        page = department.get("/standard/new")
        assert value_of(page, "field-level") == "territorial"
        page = department.post("/standard/new", GOOD)
        assert "Add a version of Parcs et jardins" in text_of(page)
        assert shown()["concerns"] == ["epci", "commune"]
        assert shown()["priority"] is True
        assert shown()["scdl"] is False

        page = send(department, "1.0.0", NEW_SCHEMA)
        assert "Publish version 1.0.0 of Parcs et jardins" in text_of(page)
        assert "Published on March 1, 2026, it makes files conform by March 1, 2027." in due_of(
            page
        )
        assert "No dataset of a partner follows this standard yet." in due_of(page)
        assert len(page.select(".heraultdata-columns tbody tr")) == 4
        assert shown()["versions"][0]["published_on"] is None

        page = department.post(
            "/standard/parcs/version/1.0.0/publish", {"published_on": "2026-03-01"}
        )
        assert "The version is published." in text_of(page)
        assert shown()["versions"][0]["falls_due_on"] == "2027-03-01"

    def test_a_bad_form_comes_back_as_it_was_typed(self, department: Reader) -> None:
        page = department.post(
            "/standard/new",
            {
                "name": "Not A Name",
                "title": "<b>",
                "level": "x",
                "homepage": "javascript:alert(1)",
                "concerns": ["commune"],
            },
            status=400,
        )
        for name in ("name", "title", "level", "homepage"):
            assert error_of(page, f"field-{name}"), name
        assert value_of(page, "field-name") == "Not A Name"
        ticked = [box["value"] for box in page.select("input[name=concerns][checked]")]
        assert ticked == ["commune"]
        assert call_action("heraultdata_standard_list")["count"] == 0

    def test_nothing_typed(self, department: Reader) -> None:
        page = department.post("/standard/new", {}, status=400)
        assert error_of(page, "field-concerns") == "Tick one type of partner at least."
        page = department.post("/standard/new", {"concerns": "epci"}, status=400)
        for name in ("name", "title", "level"):
            assert error_of(page, f"field-{name}"), name

    def test_a_name_that_is_taken(self, department: Reader) -> None:
        standard()
        page = department.post("/standard/new", GOOD, status=400)
        assert "There is a standard parcs already" in error_of(page, "field-name")


class TestEdit:
    def test_what_is_emptied_is_emptied(self, department: Reader) -> None:
        standard(description="Ancien", issuer="Ancien", concerns=["epci"])
        page = department.get("/standard/parcs/edit")
        assert value_of(page, "field-description") == "Ancien"
        assert [box["value"] for box in page.select("input[name=concerns][checked]")] == ["epci"]
        form = {"title": "Parcs", "level": "territorial", "concerns": ["commune", "other"]}
        page = department.post("/standard/parcs/edit", form)
        assert "The description is corrected." in text_of(page)
        kept = shown()
        assert kept["title"] == "Parcs"
        assert kept["description"] is None
        assert kept["issuer"] is None
        assert kept["priority"] is False
        assert kept["concerns"] == ["commune", "other"]

    def test_refusals(self, department: Reader) -> None:
        standard()
        form = {"title": "", "level": "national", "concerns": ["epci"]}
        page = department.post("/standard/parcs/edit", {**form, "title": "<b>"}, status=400)
        assert error_of(page, "field-title")
        page = department.post("/standard/parcs/edit", {"title": "Parcs"}, status=400)
        assert error_of(page, "field-concerns")
        assert shown()["title"] == "Parcs parcs"
        department.get("/standard/nothing/edit", status=404)
        department.post("/standard/nothing/edit", form, status=404)


class TestVersion:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "not JSON"),
            (b"%PDF-1.7", "not JSON"),
            (b"\xff\xfe\x00", "not JSON"),
            (b"[1, 2]", "not a JSON object"),
            (b"{}", "no columns"),
            (b'{"fields": []}', "no columns"),
            (b"[" * 100_000, "not JSON"),
        ],
    )
    def test_what_is_no_schema(self, department: Reader, content: bytes, told: str) -> None:
        standard()
        page = send(department, "1.0.0", content, status=400)
        assert told in error_of(page, "field-schema")
        assert value_of(page, "field-version") == "1.0.0"
        assert shown()["versions"] == []

    def test_without_a_file_or_a_number(self, department: Reader) -> None:
        standard()
        page = department.post("/standard/parcs/version/new", {"version": "1.0.0"}, status=400)
        assert error_of(page, "field-schema")
        page = send(department, "", OLD_SCHEMA, status=400)
        assert error_of(page, "field-version")
        page = send(department, "one/two", OLD_SCHEMA, status=400)
        assert "is not the number of a version" in error_of(page, "field-version")

    def test_too_long_a_schema(self, department: Reader) -> None:
        standard()
        long = {"fields": [{"name": "a", "description": "x" * 6_000_000}]}
        page = send(department, "1.0.0", long, status=400)
        assert "too long" in error_of(page, "field-schema")

    def test_a_number_that_is_taken(self, department: Reader) -> None:
        standard()
        version("1.0.0")
        page = send(department, "1.0.0", OLD_SCHEMA, status=400)
        assert "has a version 1.0.0 already" in error_of(page, "field-version")

    def test_a_byte_order_mark_and_odd_keys_are_taken(self, department: Reader) -> None:
        standard()
        odd = {"fields": [{"name": "NOM", "type": "texte", "règle de saisie": "x"}]}
        page = send(department, "1.0.0", b"\xef\xbb\xbf" + json.dumps(odd).encode())
        assert "What is odd in the schema" in text_of(page)

    def test_a_json_schema_makes_a_document(self, department: Reader) -> None:
        standard()
        schema = {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {"nom": {"type": "string"}},
        }
        page = send(department, "1.0.0", schema)
        assert "The file is a JSON document." in text_of(page)
        assert shown()["versions"][0]["kind"] == "json"

    def test_of_no_standard(self, department: Reader) -> None:
        send(department, "1.0.0", OLD_SCHEMA, status=404, name="nothing")
        department.get("/standard/nothing/version/new", status=404)


class TestPublish:
    ADDRESS = "/standard/parcs/version/2.0.0/publish"

    @pytest.fixture
    def _draft(self, clean_db: None, _today: None) -> None:
        standard(concerns=["epci"])
        version("1.0.0", published_on="2023-01-10")
        version("2.0.0", schema=NEW_SCHEMA)

    @pytest.mark.usefixtures("_draft")
    def test_what_changes_and_whom_it_obliges(self, department: Reader) -> None:
        partner = factories.partner(name="aniane", title="Aniane")
        dataset(partner, "parcs", title="Les parcs d'Aniane")
        without = factories.partner(title="Sans parcs")
        factories.signed_convention(without["id"])
        page = department.get(self.ADDRESS)
        assert "1 dataset follows this standard" in due_of(page)
        assert "Aniane Les parcs d'Aniane" in due_of(page)
        assert "1 partner under convention" in due_of(page)
        assert "Sans parcs" in due_of(page)
        assert "What changes since version 1.0.0" in text_of(page)
        assert page.select(".heraultdata-breaking")

    @pytest.mark.usefixtures("_draft")
    def test_the_date_that_is_asked_for(self, department: Reader) -> None:
        page = department.get(f"{self.ADDRESS}?published_on=2026-09-15")
        assert "conform by September 15, 2027" in due_of(page)
        assert value_of(page, "field-published_on") == "2026-09-15"
        page = department.get(f"{self.ADDRESS}?published_on=yesterday")
        assert "conform by March 1, 2027" in due_of(page)

    @pytest.mark.usefixtures("_draft")
    def test_refusals(self, department: Reader) -> None:
        for typed, told in (
            ({"published_on": "2023-01-10"}, "was published on January 10, 2023 already"),
            ({"published_on": "x"}, "x"),
            ({"published_on": ""}, "Missing value"),
        ):
            page = department.post(self.ADDRESS, typed, status=400)
            assert told in error_of(page, "field-published_on")
        assert shown()["versions"][0]["published_on"] is None

    @pytest.mark.usefixtures("_draft")
    def test_once(self, department: Reader) -> None:
        department.post(self.ADDRESS, {"published_on": "2026-03-01"})
        department.get(self.ADDRESS, status=404)
        department.post(self.ADDRESS, {"published_on": "2026-04-01"}, status=404)
        assert shown()["versions"][0]["published_on"] == "2026-03-01"
        department.get("/standard/parcs/version/9/publish", status=404)
        department.post(
            "/standard/parcs/version/9/publish", {"published_on": "2026-03-01"}, status=404
        )

    def test_a_national_one_has_the_date_of_a_text(self, department: Reader) -> None:
        standard(level="national")
        version("2.0.0")
        page = department.get(self.ADDRESS)
        assert "it sets no date: it obliges nobody for now" in due_of(page)
        page = department.get(f"{self.ADDRESS}?due_on=2027-01-01")
        assert "conform by January 1, 2027" in due_of(page)
        form = {
            "published_on": "2026-03-01",
            "due_on": "2027-01-01",
            "legal_reference": "Décret 2026-1",
        }
        page = department.post(self.ADDRESS, form)
        assert "Files must conform by January 1, 2027. Décret 2026-1" in text_of(page)

    @pytest.mark.usefixtures("_draft")
    def test_as_many_queries_for_many_as_for_two(self, department: Reader) -> None:
        partner = factories.partner()

        def fill(count: int) -> None:
            for _ in range(count):
                dataset(partner, "parcs")
                factories.signed_convention(factories.partner()["id"])

        fill(2)
        department.get(self.ADDRESS)
        with counted_queries() as for_two:
            department.get(self.ADDRESS)
        fill(8)
        with counted_queries() as for_ten:
            department.get(self.ADDRESS)
        assert len(for_ten) == len(for_two)


class TestAdopt:
    ADDRESS = "/standard/parcs/version/1.0.0/adopt"

    @pytest.fixture
    def _national(self, clean_db: None, _today: None) -> None:
        standard(level="national", scdl=True)
        version("1.0.0", published_on="2025-06-01")

    @pytest.mark.usefixtures("_national")
    def test_who(self, app: CKANTestApp, people: factories.People) -> None:
        for role in ALL_ROLES:
            by = reader(app, people, role)
            writes = role in DEPARTMENT
            by.get(self.ADDRESS, status=200 if writes else 403)
            by.get(f"/fr{self.ADDRESS}", status=200 if writes else 403)
            links = [link["href"] for link in by.get("/standard/parcs").select("a[href]")]
            assert (self.ADDRESS in links) == writes, role
            if not writes:
                by.post(self.ADDRESS, {"adopted_on": "2026-03-01"}, status=403)
        assert shown()["versions"][0]["adopted_on"] is None

    @pytest.mark.usefixtures("_national")
    def test_from_the_preview(self, department: Reader) -> None:
        partner = factories.partner(name="aniane", title="Aniane")
        dataset(partner, "parcs", title="Les parcs d'Aniane")
        page = department.get(f"{self.ADDRESS}?adopted_on=2026-02-01")
        assert "Adopted on February 1, 2026" in due_of(page)
        assert "February 1, 2027" in due_of(page)
        assert "Les parcs d'Aniane" in due_of(page)
        page = department.post(self.ADDRESS, {"adopted_on": "2026-02-01"})
        assert "The version is adopted as territorial." in text_of(page)
        assert "files must conform by February 1, 2027" in text_of(page)
        department.get(self.ADDRESS, status=404)

    @pytest.mark.usefixtures("_national")
    def test_refusals(self, department: Reader) -> None:
        for day, told in (("2025-05-31", "cannot be adopted before"), ("x", "x"), ("", "Missing")):
            page = department.post(self.ADDRESS, {"adopted_on": day}, status=400)
            assert told in error_of(page, "field-adopted_on")
        department.get("/standard/parcs/version/9/adopt", status=404)

    def test_what_has_a_date_of_its_own_is_not_adopted(self, department: Reader) -> None:
        standard()
        version("1.0.0", published_on="2025-06-01")
        department.get(self.ADDRESS, status=404)
        assert not department.get("/standard/parcs").select("a[href$='/adopt']")
