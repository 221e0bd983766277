"""The register and what stands at the addresses of what is withdrawn, in a browser."""

from __future__ import annotations

from ckan import model
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import OpenPage, faults
from tests.withdrawals import making

FILES = {"2024.csv": b"nom\nplatane\n", "2025.csv": b"nom\nmicocoulier\n"}
LONG = "Arbres d'alignement du domaine routier et des jardins de la communauté de communes"


def test_pages_of_the_register_and_of_what_is_gone(
    empty_portal: Portal, department_admin: Member, page_of: OpenPage
) -> None:
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    trees = making.public_dataset(partner, FILES, name="arbres", title=LONG)
    benches = making.public_dataset(partner, FILES, name="bancs", title="Bancs publics")
    people = making.public_dataset(partner, FILES, name="gens", title="Doléances")
    making.executed(partner, trees)
    making.executed(partner, people, reason_class="personal_data")
    making.execute(making.ask_for_files(partner, benches["resources"][0]))
    model.Session.commit()
    page = page_of(None)
    found: list[str] = []
    file_address = f"/dataset/bancs/resource/{benches['resources'][0]['id']}"
    for address in ("/dataset/arbres", "/dataset/gens", file_address):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 410
        found += faults(page)
    page.locator("[role=main]").get_by_role("link", name="Bancs publics").click()
    page.wait_for_url("**/dataset/bancs")
    page.goto("/dataset/arbres")
    page.locator("[role=main] a[href$='/register']").first.click()
    page.wait_for_url("**/register")
    found += faults(page)
    _narrow_to_personal_data(page)
    found += faults(page)
    assert found == [], "\n".join(found)


def _narrow_to_personal_data(page: Page) -> None:
    page.locator("#filter-reason").select_option("personal_data")
    page.locator(".heraultdata-filters button[type=submit]").click()
    page.wait_for_url("**reason_class=personal_data**")
    expect(page.locator(".heraultdata-items > li")).to_have_count(1)
    expect(page.locator("[role=main]")).not_to_contain_text("Doléances")
