"""The matrix of partners and standards: who sees it, what its cells tell, nothing and a lot."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import CKANTestApp, call_action

from tests import factories
from tests.conformance import board_site
from tests.conformance.board_site import ALL_ROLES, DEPARTMENT, BoardSite
from tests.conformance.test_actions import dataset
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")


@pytest.fixture
def _today(at: Any) -> None:
    at(board_site.TODAY)


@pytest.fixture
def site(clean_db: None, _today: None) -> BoardSite:
    return board_site.make()


@pytest.fixture
def department(app: CKANTestApp, site: BoardSite) -> Reader:
    return Reader.of(app, site.people.department_admin)


def cells(page: BeautifulSoup) -> dict[str, list[str]]:
    """What the cells of each partner tell, by its title."""
    rows = page.select(".heraultdata-matrix tbody tr")
    return {text_of(row.th): [text_of(td) for td in row.select("td")] for row in rows if row.th}


@pytest.mark.parametrize("role", ALL_ROLES)
def test_the_departement_alone_sees_it(app: CKANTestApp, site: BoardSite, role: str | None) -> None:
    reader = Reader.of(app, site.reader(role))
    page = reader.get("/conformance/matrix", status=200 if role in DEPARTMENT else 403)
    assert ("Gignac" in text_of(page)) is (role in DEPARTMENT)


def test_each_cell_tells_a_status_and_leads_to_why(department: Reader) -> None:
    page = department.get("/conformance/matrix")
    assert cells(page) == {
        "Gignac": ["▲ late"],
        "Lodève": ["✕ missing"],
        "Vallée de l'Hérault": ["○ to do"],
    }
    links = [str(a["href"]) for a in page.select(".heraultdata-matrix td a")]
    assert links[1] == "explain/lodeve/arbres"
    assert "Lodève" in text_of(department.get(f"/conformance/{links[1]}"))


def test_the_most_urgent_of_several_datasets_counts(department: Reader, site: BoardSite) -> None:
    dataset(site.partner | {"name": "second"}, "arbres")
    page = department.get("/conformance/matrix")
    assert cells(page)["Vallée de l'Hérault"] == ["? unchecked"]


def test_an_absence_and_what_is_not_expected_are_told(department: Reader) -> None:
    call_action(
        "heraultdata_absence_create", organization_id="lodeve", standard="arbres", reason="Aucun."
    )
    factories.standard(name="quais", title="Quais", level="territorial", concerns=["epci"])
    factories.version(standard="quais", version="1.0.0", published_on="2024-01-10")
    page = department.get("/conformance/matrix")
    assert cells(page)["Lodève"] == ["∅ no data", "–"]
    assert [text_of(th) for th in page.select("thead th")] == ["Partner", "Arbres urbains", "Quais"]


@pytest.mark.parametrize(
    ("query", "partners"),
    [
        ("q=lodeve", ["Lodève"]),
        ("partner_type=epci", ["Vallée de l'Hérault"]),
        ("status=missing", ["Lodève"]),
        ("status=conforming", []),
    ],
)
def test_filters(department: Reader, query: str, partners: list[str]) -> None:
    page = department.get(f"/conformance/matrix?{query}")
    assert list(cells(page)) == partners
    if not partners:
        assert "No partner is found with these filters" in text_of(page)


def test_a_bad_status_is_told(department: Reader) -> None:
    assert "none of" in text_of(department.get("/conformance/matrix?status=late", status=400))


def test_it_says_so_where_there_is_nothing(app: CKANTestApp) -> None:
    page = Reader.of(app, factories.user(sysadmin=True)).get("/conformance/matrix")
    assert "There is nothing to show yet" in text_of(page)


def test_what_partners_are_called_is_no_html(department: Reader) -> None:
    partner = factories.partner(name="mark")
    factories.signed_convention(partner["id"])
    model.Session.query(model.Group).filter_by(id=partner["id"]).update(
        {"title": "<i id=mark>Aniane</i>"}
    )
    model.Session.commit()
    page = department.get("/conformance/matrix")
    assert page.find(id="mark") is None
    assert "<i id=mark>Aniane</i>" in cells(page)


def test_it_speaks_french(department: Reader) -> None:
    page = department.get("/fr/conformance/matrix")
    assert page.select_one("html[lang=fr]")
    assert "Lodève" in cells(page)


def test_queries_do_not_grow(department: Reader) -> None:
    department.get("/conformance/matrix")
    with counted_queries() as few:
        department.get("/conformance/matrix")
    board_site.make_many(10)
    # Conventions are folded anew once an event was recorded.
    department.get("/conformance/matrix")
    with counted_queries() as many:
        page = department.get("/conformance/matrix")
    assert len(many) == len(few)
    assert len(cells(page)) == 13
