"""The pages hold at 390 pixels and pass axe-core (WCAG 2.2 AA)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from tests import factories
from tests.e2e.conftest import WIDE, Member
from tests.e2e.dataset_form import FILES, choose_standard, finish, go_on_to_file
from tests.e2e.processes import Portal

NARROW: ViewportSize = {"width": 390, "height": 844}
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# Elements that CKAN makes, which the extension leaves as they are: rule, then CSS selectors.
CKAN_OWN: dict[str, tuple[str, ...]] = {
    # The box that its `autocomplete` module puts over the field of the format is named by its
    # value alone, which is empty; the field under it has its label.
    "aria-input-field-name": (".select2-selection--single", ".select2-selection__rendered"),
    # The same box on CKAN 2.11, and the crosses of the keywords.
    "link-name": (".select2-choice", ".select2-search-choice-close"),
    # The name of the file that a resource has, and the button that takes it away.
    "label": ("#resource-edit input[readonly]",),
    "target-size": (".btn-remove-url",),
}
PAGES = (
    "/partners",
    "/organization/vallee",
    "/partner/new?q=gignac",
    "/partner/vallee/referents",
    "/conventions",
    "/partner/gignac/convention/new",
    "/heraultdata/journal",
)

OpenPage = Callable[[Member | None], Page]


@pytest.fixture
def admin(empty_portal: Portal, department_admin: Member, page_of: OpenPage) -> Page:
    """The window of an administrator of the département, who may see and do everything."""
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    factories.partner(name="gignac", title="Gignac", partner_type="commune")
    convention = factories.signed_convention(partner["id"])
    factories.event(
        convention["id"],
        "formal_notice",
        "2025-01-10",
        party="department",
        deadline="2025-03-10",
        breaches="Les fichiers ne sont plus mis à jour.",
    )
    factories.referent(partner["id"])
    return page_of(department_admin)


def test_pages_of_partners_and_conventions(admin: Page) -> None:
    found: list[str] = []
    for address in PAGES:
        admin.goto(address)
        found += faults(admin)
    admin.goto("/conventions")
    admin.locator("[role=main] a[href*='/convention/']").first.click()
    admin.wait_for_url("**/convention/*")
    open_all(admin)
    found += faults(admin)
    assert found == [], "\n".join(found)


def test_pages_of_datasets(admin: Page, registry: None) -> None:
    found: list[str] = []
    for address in ("/dataset/new", "/dataset/new?q=licorne", "/dataset/new?standard=licorne"):
        admin.goto(address)
        found += faults(admin)
    choose_standard(admin, "Délibérations")
    name = admin.locator("[name=name]").input_value()
    go_on_to_file(admin, on_each=lambda: found.extend(faults(admin)))
    open_all(admin)
    found += faults(admin)
    finish(admin, FILES / "deliberations-vallee-herault.csv")
    admin.goto(f"/dataset/{name}")
    found += faults(admin)
    admin.locator("a[href^='/dataset/'][href*='/resource/']").first.click()
    admin.wait_for_url("**/resource/*")
    found += faults(admin)
    assert found == [], "\n".join(found)


def open_all(page: Page) -> None:
    """Open what is folded: what nobody sees is not judged."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def faults(page: Page) -> list[str]:
    """What is wrong with a page: violations by rule and element, and its width where too wide."""
    # What a form answers is there before its style sheets are.
    page.wait_for_load_state("load")
    path = page.evaluate("location.pathname")
    violations = Axe().run(page, options=OPTIONS).response["violations"]
    found = [
        f"{path} {violation['id']}: {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"]
        if not is_of_ckan(page, violation["id"], node["target"][0])
    ]
    page.set_viewport_size(NARROW)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(WIDE)
    return found + ([f"{path} is {width} pixels wide"] if width > NARROW["width"] else [])


def is_of_ckan(page: Page, rule: str, target: str) -> bool:
    """Whether an element is one of those of CKAN that are known."""
    element = page.locator(target).first
    return any(
        element.evaluate("(e, s) => e.matches(s)", known) for known in CKAN_OWN.get(rule, ())
    )
