"""The page of the freshness of data: each role, both languages, filters, nothing and a lot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import Tag
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.conformance.test_freshness_tracker import dataset
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

PAGE = "/conformance/freshness"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-11-24")


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(name="aniane", title="Commune d'Aniane", partner_type="commune")


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def main(page: Tag) -> str:
    found = page.find(role="main")
    assert isinstance(found, Tag)
    return text_of(found)


def test_the_departement_reads_all_late_first(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    dataset(partner, "budget")
    dataset(factories.partner(title="Gignac"), "arbres", changed=("2026-10-01T12:00:00",))
    for role in ("sysadmin", "department_admin"):
        page = Reader.of(app, people.of(role)).get(PAGE)
        text = main(page)
        assert "2 datasets" in text
        assert text.index("Update late") < text.index("Arbres")
        assert "288 days late: it was due on February 9, 2026" in text
        assert "Frequency of update: Yearly. Last change of the data: January 10, 2025." in text
        assert page.find("a", href="/partner/aniane/conformance")
        assert page.find("a", href="/conformance/export/freshness.csv")


def test_members_read_their_own_and_the_public_nothing(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    dataset(partner, "budget")
    dataset(factories.partner(title="Gignac"), "arbres")
    for role in ("partner_admin", "partner_editor", "partner_member"):
        text = main(Reader.of(app, people.of(role)).get(PAGE))
        assert "Budget" in text
        assert "Gignac" not in text
    assert "Budget" not in main(Reader.of(app, people.other_partner_admin).get(PAGE))
    for who in (people.visitor, None):
        Reader.of(app, who).get(PAGE, status=403)


def test_filters_keep_what_they_say(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    dataset(partner, "budget")
    gignac = factories.partner(title="Gignac")
    dataset(gignac, "arbres", changed=("2026-10-01T12:00:00",))
    reader = Reader.of(app, people.department_admin)
    late = main(reader.get(f"{PAGE}?status=late"))
    assert "Budget" in late
    assert "Arbres" not in late
    page = reader.get(f"{PAGE}?organization_id={gignac['id']}")
    assert "Budget" not in main(page)
    assert page.find("a", href=f"/conformance/export/freshness.xlsx?organization_id={gignac['id']}")
    assert "No dataset answers" in main(
        reader.get(f"{PAGE}?status=late&organization_id={gignac['id']}")
    )
    for bad in ("status=overdue", "organization_id=none"):
        reader.get(f"{PAGE}?{bad}", status=400)


def test_nothing_is_said_in_both_languages(app: CKANTestApp, people: factories.People) -> None:
    reader = Reader.of(app, people.department_admin)
    assert "No dataset promises updates yet." in main(reader.get(PAGE))
    assert "Fraîcheur des données" in main(reader.get(f"/fr{PAGE}"))


def test_a_lot_comes_by_pages_with_as_many_queries(
    app: CKANTestApp, people: factories.People
) -> None:
    reader = Reader.of(app, people.department_admin)
    dataset(factories.partner(), "first")
    reader.get(PAGE)
    with counted_queries() as with_one:
        reader.get(PAGE)
    for rank in range(21):
        dataset(factories.partner(), f"more-{rank}")
    with counted_queries() as with_many:
        page = reader.get(PAGE)
    assert "22 datasets" in main(page)
    assert page.find("a", string="Next")
    assert len(with_many) == len(with_one)
