"""The page that explains a cell: each role, each reason, both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp, call_action
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.conformance.due_origins import due_origins
from ckanext.heraultdata.standards.rules import Dates, Level, due_date
from tests import factories
from tests.conformance import board_site
from tests.conformance.board_site import ALL_ROLES, DEPARTMENT, OWN, BoardSite
from tests.conformance.test_actions import check, dataset
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")

VALLEE = "/conformance/explain/vallee/arbres"
GIGNAC = "/conformance/explain/gignac/arbres"
LODEVE = "/conformance/explain/lodeve/arbres"
WRONG = b"hauteur\nhaut\n"

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
SOME_DAY = st.none() | DAYS


@pytest.fixture
def _today(at: Any) -> None:
    at(board_site.TODAY)


@pytest.fixture
def site(clean_db: None, _today: None) -> BoardSite:
    return board_site.make()


@pytest.fixture
def department(app: CKANTestApp, site: BoardSite) -> Reader:
    return Reader.of(app, site.people.department_admin)


@pytest.mark.parametrize("role", ALL_ROLES)
@pytest.mark.ckan_config("heraultdata.public_conformance", True)
def test_members_and_the_departement_read_it_whatever_is_public(
    app: CKANTestApp, site: BoardSite, role: str | None
) -> None:
    allowed = role in (*DEPARTMENT, *OWN)
    page = Reader.of(app, site.reader(role)).get(VALLEE, status=200 if allowed else 403)
    assert ("2.0.0" in text_of(page)) is allowed


def test_what_is_pending_names_the_versions_and_the_date(department: Reader) -> None:
    text = text_of(department.get(VALLEE))
    assert "Due on June 1, 2026, in 92 days" in text
    assert "The version to meet is 2.0.0, published on June 1, 2025." in text
    assert "All its files that follow the standard meet version 1.0.0." in text
    assert (
        "Published on June 1, 2025: a territorial standard is due one year after, on June 1, 2026 "
        "(article 5 of the convention)." in text
    )
    assert "took effect on March 12, 2024: nothing is due before" in text
    assert "(not public)" in text
    page = department.get(VALLEE)
    assert page.find("a", href="/standard/arbres/differences?from=1.0.0&to=2.0.0")
    assert page.find("a", href="/standard/arbres/model.xlsx")


def test_a_failed_file_shows_its_first_errors_and_its_report(
    department: Reader, site: BoardSite
) -> None:
    [file] = site.public_dataset["resources"]
    rows = b"\n".join(b"haut%d" % rank for rank in range(9))
    board_site.give_report(file, b"hauteur\n" + rows + b"\n")
    page = department.get(GIGNAC)
    text = text_of(page)
    assert "Version 2.0.0: 9 errors. Version 1.0.0: 9 errors." in text
    assert "There is no published version that all its files meet." in text
    assert "haut2" in text
    assert "haut3" not in text
    address = f"/dataset/{site.public_dataset['name']}/resource/{file['id']}"
    assert page.find("a", href=f"{address}/check")
    assert page.find("a", href=f"{address}/edit")


def test_what_is_missing_leads_to_the_form(department: Reader) -> None:
    page = department.get(LODEVE)
    assert "Missing" in text_of(page)
    assert page.find("a", href="/dataset/new?standard=arbres&group=lodeve")
    assert page.find("a", href="/partner/lodeve/absence/arbres")


def test_an_absence_says_until_when(department: Reader) -> None:
    call_action(
        "heraultdata_absence_create",
        organization_id="lodeve",
        standard="arbres",
        reason="La commune n'a pas d'arbres.",
    )
    text = text_of(department.get(LODEVE))
    assert "said on March 1, 2026 that it holds no such data" in text
    assert "until March 1, 2027" in text
    assert "La commune n'a pas d'arbres." in text


def test_an_extension_moves_the_date_and_says_so(department: Reader, site: BoardSite) -> None:
    page = department.get(VALLEE)
    assert page.find("a", href="/partner/vallee/extension/arbres/2.0.0")
    factories.act(
        site.people.department_admin,
        "heraultdata_extension_create",
        organization_id=site.partner["id"],
        standard="arbres",
        version="2.0.0",
        due_on="2026-09-01",
        reason="Marché en cours.",
    )
    text = text_of(department.get(VALLEE))
    assert "The département granted more time, to September 1, 2026." in text
    assert "Marché en cours." in text
    assert "Version 2.0.0, due on September 1, 2026" in text


def test_a_document_is_declared(department: Reader, site: BoardSite) -> None:
    factories.standard(name="charte", title="Charte", level="territorial")
    factories.version(
        standard="charte", version="1.0", kind="document", schema=None, published_on="2025-06-01"
    )
    made = dataset(site.partner, "charte")
    address = "/conformance/explain/vallee/charte"
    page = department.get(address)
    assert "No program can check it." in text_of(page)
    assert page.find("a", href=f"/dataset/{made['name']}/declaration/charte/1.0")
    factories.act(
        site.people.partner_admin,
        "heraultdata_declaration_create",
        package_id=made["id"],
        standard="charte",
        version="1.0",
        grounds="Relu par le service juridique.",
    )
    text = text_of(department.get(address))
    assert "Declared to conform to the standard, not checked" in text
    assert site.people.partner_admin.display_name in text
    assert "Relu par le service juridique." in text


@pytest.mark.parametrize(
    ("standard", "says"),
    [
        ({"level": "territorial", "priority": True, "concerns": ["epci"]}, "does not concern"),
        ({"level": "territorial", "priority": False}, "is no priority"),
    ],
)
def test_why_nothing_is_expected(department: Reader, standard: dict[str, Any], says: str) -> None:
    factories.standard(name="quais", **standard)
    address = "/conformance/explain/lodeve/quais"
    assert "No version of this standard is published" in text_of(department.get(address))
    factories.version(standard="quais", version="1.0.0", published_on="2024-01-10")
    assert says in text_of(department.get(address))


def test_a_partner_without_a_convention_owes_nothing(department: Reader) -> None:
    factories.partner(name="aniane", title="Aniane")
    text = text_of(department.get("/conformance/explain/aniane/arbres"))
    assert "No convention with this partner is in force" in text


@pytest.mark.parametrize(
    "address",
    [
        "/conformance/explain/nobody/arbres",
        "/conformance/explain/vallee/nothing",
        f"/conformance/explain/{factories.DEPARTMENT}/arbres",
    ],
)
def test_what_is_not_there_is_not_found(department: Reader, address: str) -> None:
    assert department.get(address, status=404)


def test_it_speaks_french(department: Reader) -> None:
    page = department.get(f"/fr{VALLEE}")
    assert page.select_one("html[lang=fr]")
    assert "1er juin 2026" in text_of(page)


def test_queries_do_not_grow(department: Reader, site: BoardSite) -> None:
    made = dataset(site.partner | {"name": "first"}, "arbres", files=2)
    check(made["resources"][0], site.versions[1], date(2026, 1, 1), valid=False)
    board_site.give_report(made["resources"][0], WRONG)
    department.get(VALLEE)
    with counted_queries() as few:
        department.get(VALLEE)
    for rank in range(5):
        made = dataset(site.partner | {"name": f"more-{rank}"}, "arbres", files=3)
        for file in made["resources"]:
            check(file, site.versions[1], date(2026, 1, 1), valid=False)
            board_site.give_report(file, WRONG)
    with counted_queries() as many:
        page = department.get(VALLEE)
    assert len(many) == len(few)
    assert len(page.select(".heraultdata-files > li")) == 18


@given(
    st.sampled_from(Level),
    st.builds(Dates, DAYS, st.just(None), SOME_DAY),
    SOME_DAY,
    st.none() | st.just("Décret"),
    SOME_DAY,
    SOME_DAY,
)
def test_the_last_origin_is_the_one_that_decides(
    level: Level,
    dates: Dates,
    decreed: date | None,
    reference: str | None,
    floor: date | None,
    extended_to: date | None,
) -> None:
    if level is Level.NATIONAL and dates.adopted_on is None:
        dates = Dates(dates.published_on, decreed)
    due_on = due_date(level, dates, floor, extended_to)
    origins = due_origins(level, dates, reference, floor, extended_to)
    last = origins[-1].values
    if due_on is None:
        assert len(origins) == 1
        assert not last
    else:
        assert due_on in (last.get("due_on"), last.get("day"))
