"""The pages of the journal: who reads which lines, in which words."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal import service as journal
from tests import factories
from tests.reading import Reader, text_of

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

ADDRESS = "/heraultdata/journal"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 23, 30, tzinfo=timezone.utc))


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(title="Communauté de communes Vallée de l'Hérault")


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def test_nothing(app: CKANTestApp) -> None:
    page = Reader.of(app, factories.user(sysadmin=True)).get(ADDRESS)
    assert "Nothing has been done yet." in text_of(page)


def test_who_reads_what(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    of_partner = f"{ADDRESS}?organization_id={partner['id']}"
    for role in ("sysadmin", "department_admin"):
        by = Reader.of(app, people.of(role))
        by.get(ADDRESS)
        by.get(of_partner)
    by = Reader.of(app, people.partner_admin)
    by.get(ADDRESS, status=403)
    by.get(of_partner)
    for role in ("partner_editor", "partner_member", "other_partner_admin", "visitor"):
        by = Reader.of(app, people.of(role))
        by.get(ADDRESS, status=403)
        assert "The journal is read by" in text_of(by.get(of_partner, status=403))
    assert "please log in" in text_of(Reader(app).get(ADDRESS, status=403))


def test_in_words(app: CKANTestApp, partner: dict[str, Any], people: factories.People) -> None:
    signed = factories.signed_convention(partner["id"])
    referent = factories.referent(partner["id"])
    call_action("heraultdata_referent_delete", id=referent["id"])
    page = Reader.of(app, people.department_admin).get(ADDRESS)
    text = text_of(page)
    assert "November 25, 2026 at 12:30" in text
    assert "Recorded an event: Signature – Communauté de communes Vallée de l'Hérault" in text
    assert "Removed a référent" in text
    assert "Camille" not in text
    assert "State Being signed In force" in text
    assert "In force since — March 12, 2024" in text
    assert page.find("a", href=f"/convention/{signed['id']}")
    assert not [line for line in page.select("ol li") if "convention." in text_of(line)]


def test_in_french(app: CKANTestApp, partner: dict[str, Any], people: factories.People) -> None:
    factories.convention(partner["id"])
    text = text_of(Reader.of(app, people.department_admin).get(f"/fr{ADDRESS}"))
    assert "25 novembre 2026" in text
    assert "00:30" in text


def test_organisations_in_words(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    before = {"name": "aniane", "title": "Aniane", "state": "active", "partner_type": "commune"}
    journal.record(
        journal.Actor(people.sysadmin.id, people.sysadmin.name),
        "organization.deleted",
        journal.Subject("organization", partner["id"], partner["id"]),
        clock.now(),
        before=before,
        after=before | {"state": "deleted", "title": "Aniane-le-Vieux", "partner_type": "other"},
    )
    model.Session.commit()
    page = Reader.of(app, people.sysadmin).get(ADDRESS)
    line = page.select_one(".heraultdata-journal > li")
    assert line is not None
    text = text_of(line)
    assert "Deleted an organisation" in text
    assert "State Active Deleted" in text
    assert "Title Aniane Aniane-le-Vieux" in text
    assert "Type of partner Commune Other body" in text
    assert "Address on the portal" not in text


def test_filters_and_pages(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    for rank in range(51):
        factories.convention(partner["id"], reference=f"C-{rank}")
    factories.convention(factories.partner(title="Aniane")["id"])
    of_partner = call_action("heraultdata_journal_list", organization_id=partner["id"])["count"]
    by = Reader.of(app, people.department_admin)
    assert len(by.get(ADDRESS).select(".heraultdata-journal > li")) == 50
    page = by.get(f"{ADDRESS}?organization_id={partner['id']}&page=2")
    assert len(page.select(".heraultdata-journal > li")) == of_partner - 50
    assert "Journal of Communauté de communes" in text_of(page)
    by.get(f"{ADDRESS}?organization_id=nobody", status=400)
    by.get(f"{ADDRESS}?page=99999999999999999999", status=400)
