"""The page of what harvesters miss: each role, both languages, filters, nothing and a lot."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import Tag
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.dcat.quality.scored import many_scored, scored
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

PAGE = "/heraultdata/catalogue/quality"


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(name="aniane", title="Commune d'Aniane")


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def main(page: Tag) -> str:
    found = page.find(role="main")
    assert isinstance(found, Tag)
    return text_of(found)


def test_the_departement_reads_all_worst_first(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    scored(partner, "Bancs", 405)
    scored(partner, "Arbres", 95, "temporal", "licence", "known_licence", "files", name="arbres")
    for role in ("sysadmin", "department_admin"):
        page = Reader.of(app, people.of(role)).get(PAGE)
        text = main(page)
        assert text.index("Arbres") < text.index("Bancs")
        assert "250 points on average, for 2 datasets" in text
        assert "95 Bad" in text
        assert "405 Excellent" in text
        assert "Commune d'Aniane" in text
        assert "– up to 30 points Choose a licence." in text
        assert text.index("– up to 220 points") < text.index("– up to 30 points")
        assert "Choose a licence that Europe knows" not in text
        assert "Nothing: harvesters have all that they count." in text


def test_who_may_mend_a_dataset_is_led_to_its_forms(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    scored(partner, "Arbres", 95, "temporal", "licence", "files", "format", name="arbres")
    places = (
        "/dataset/edit/arbres/2#field-temporal_coverage",
        "/dataset/edit/arbres/1#field-license_id",
        "/dataset/arbres/resource/new",
        "/dataset/resources/arbres",
    )
    for role in ("sysadmin", "partner_editor"):
        page = Reader.of(app, people.of(role)).get(PAGE)
        for place in places:
            assert page.find("a", href=place), place
    # The administrators of the département read all, and change what is their own alone.
    page = Reader.of(app, people.department_admin).get(PAGE)
    assert not any(page.find("a", href=place) for place in places)


def test_in_french(app: CKANTestApp, partner: dict[str, Any], people: factories.People) -> None:
    scored(partner, "Arbres", 95, "keywords")
    page = Reader.of(app, people.department_admin).get(f"/fr{PAGE}")
    html = page.find("html")
    assert isinstance(html, Tag)
    assert html["lang"] == "fr"
    assert "Arbres" in main(page)


def test_editors_read_their_own_and_others_nothing(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    scored(partner, "Arbres", 95, "keywords")
    scored(factories.partner(title="Gignac"), "Bancs", 100)
    for role in ("partner_admin", "partner_editor"):
        reader = Reader.of(app, people.of(role))
        text = main(reader.get(PAGE))
        assert "Arbres" in text
        assert "Bancs" not in text
        assert "Gignac" not in text
    for who in (people.partner_member, people.visitor, None):
        Reader.of(app, who).get(PAGE, status=403)


def test_filters_keep_what_they_say(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    scored(partner, "Arbres", 95, "keywords")
    gignac = factories.partner(title="Gignac")
    scored(gignac, "Bancs", 100, "theme")
    reader = Reader.of(app, people.department_admin)
    of_gignac = main(reader.get(f"{PAGE}?organization_id={gignac['id']}"))
    assert "Bancs" in of_gignac
    assert "Arbres" not in of_gignac
    without_keywords = main(reader.get(f"{PAGE}?gap=keywords"))
    assert "Arbres" in without_keywords
    assert "Bancs" not in without_keywords
    assert "No dataset answers to these filters." in main(reader.get(f"{PAGE}?gap=files"))
    assert "licorne is none of" in text_of(reader.get(f"{PAGE}?gap=licorne", status=400))


def test_nothing(app: CKANTestApp, people: factories.People) -> None:
    text = main(Reader.of(app, people.department_admin).get(PAGE))
    assert "The catalogue has no public dataset yet, or none that has been counted." in text
    assert "Filter" not in text


def test_a_lot_has_pages_and_no_more_queries(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    reader = Reader.of(app, people.department_admin)

    def queries() -> int:
        with counted_queries() as made:
            reader.get(PAGE)
        return len(made)

    scored(partner, "Arbres", 95, "keywords")
    reader.get(PAGE)
    for_one = queries()
    many_scored(partner, 200, 200, "theme", "temporal")
    assert queries() == for_one
    first, fifth = reader.get(PAGE), reader.get(f"{PAGE}?page=5&gap=theme")
    assert "201 datasets" in main(first)
    assert len(first.select("tbody tr")) == 50
    assert "200 datasets" in main(fifth)
    assert "No dataset" in main(fifth) or not fifth.select("tbody tr")
    assert first.find("a", href=f"{PAGE}?page=2")
    assert reader.get(f"{PAGE}?page=4&gap=theme").find("a", href=f"{PAGE}?gap=theme&page=1")


def test_the_menu_of_the_departement_leads_to_it(
    app: CKANTestApp, people: factories.People
) -> None:
    page = Reader.of(app, people.department_admin).get("/partners")
    assert page.find("a", href=PAGE)
