"""What a partner has to do, in a browser: the pages hold at 390 pixels, the buttons lead on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from playwright.sync_api import Page, expect

from ckanext.heraultdata import clock
from tests import factories
from tests.conformance.test_actions import check
from tests.conformance.test_freshness_tracker import dataset as updated_dataset
from tests.e2e.conftest import Member
from tests.e2e.test_accessibility import NARROW, OpenPage, faults, open_all

PAGE = "/partner/aniane/conformance"


@pytest.fixture
def partner(registry: None) -> dict[str, Any]:
    """A commune that is late with a standard and an update, and has more to do."""
    made = factories.partner(
        name="aniane", title="Commune d'Aniane", partner_type="commune", population="900"
    )
    factories.signed_convention(made["id"])
    factories.standard(name="herault-arbres", title="Arbres remarquables", level="territorial")
    today = clock.today()
    first, second = (
        factories.version(
            standard="herault-arbres", version=number, published_on=str(today - timedelta(days=age))
        )
        for number, age in (("1.0.0", 900), ("2.0.0", 320))
    )
    arbres = _dataset(made, "arbres-aniane", "Arbres remarquables d'Aniane", "herault-arbres")
    check(arbres["resources"][0], first, today - timedelta(days=600), valid=True)
    budget = _dataset(made, "budget-aniane", "Budget primitif de la commune", "scdl-budget")
    factories.standard(name="charte", title="Charte des données", level="territorial")
    factories.version(
        standard="charte",
        kind="document",
        schema=None,
        published_on=str(today - timedelta(days=200)),
    )
    charte = _dataset(made, "charte-aniane", "Charte des données d'Aniane", "charte")
    haies = _dataset(made, "haies-aniane", "Haies et alignements", "herault-arbres")
    for version in (first, second):
        check(haies["resources"][0], version, today - timedelta(days=30), valid=False)
    jeux = _dataset(made, "parcs-aniane", "Parcs et jardins", "herault-arbres")
    for version in (first, second):
        check(jeux["resources"][0], version, today - timedelta(days=30), valid=True)
    updated_dataset(made, "agenda-des-manifestations", "MONTHLY")
    updated_dataset(made, "voirie-communale", changed=(f"{today - timedelta(days=20)}T12:00:00",))
    assert budget["id"] != charte["id"]
    return made


def _dataset(partner: dict[str, Any], name: str, title: str, standard: str) -> dict[str, Any]:
    return call_action(
        "package_create",
        context={"user": factories.user(sysadmin=True).name},
        name=name,
        title=title,
        notes="Données de la commune",
        owner_org=partner["id"],
        private=True,
        resources=[
            {
                "name": title,
                "url": f"https://data.example/{name}.pdf",
                "format": "PDF",
                "standard": standard,
            }
        ],
    )


@pytest.fixture
def editor(partner: dict[str, Any], member: Any, page_of: OpenPage) -> Page:
    """The window of the secretary of the commune."""
    secretary: Member = member(partner["id"], "editor")
    model.Session.commit()
    return page_of(secretary)


def _faults_at_both_widths(page: Page) -> list[str]:
    open_all(page)
    found = faults(page)
    page.set_viewport_size(NARROW)
    return found + faults(page)


def test_they_can_be_read_by_everybody(
    editor: Page, department_admin: Member, page_of: OpenPage
) -> None:
    found: list[str] = []
    for address in (PAGE, "/conformance/freshness", "/dataset/arbres-aniane"):
        editor.goto(address)
        found += _faults_at_both_widths(editor)
    editor.locator("a[href*='/dataset/arbres-aniane/resource/']").first.click()
    editor.wait_for_url("**/resource/*")
    expect(editor.locator(".heraultdata-badges")).to_contain_text("1.0.0")
    found += _faults_at_both_widths(editor)
    department = page_of(department_admin)
    for address in (PAGE, "/conformance/freshness", "/conformance/freshness?status=late"):
        department.goto(address)
        found += _faults_at_both_widths(department)
    assert found == [], "\n".join(found)


def test_a_secretary_answers_that_there_is_no_such_data_and_takes_it_back(editor: Page) -> None:
    editor.goto("/")
    editor.locator(".account a[href$='/conformance']").click()
    editor.wait_for_url(f"**{PAGE}")
    answer = editor.locator("a[href$='/partner/aniane/absence/scdl-deliberations']")
    answer.click()
    editor.locator("[role=main] textarea").fill("Le conseil ne délibère pas.")
    editor.locator("[role=main] form button[type=submit]").first.click()
    editor.goto(PAGE)
    expect(answer).to_have_count(0)
    taken_back = editor.locator("form[action*='/absence/'] button")
    expect(taken_back).to_have_count(1)
    taken_back.click()
    editor.goto(PAGE)
    expect(answer).to_have_count(1)
