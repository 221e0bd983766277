"""What harvesters miss: the page of the département, and the advice while a form is filled in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ckan import model
from playwright.sync_api import FloatRect, Page, Route, expect

from tests import factories
from tests.dcat.quality.scored import many_scored, scored
from tests.e2e.conftest import Member
from tests.e2e.dataset_form import FILES
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import OpenPage, faults, open_all

LONG = "Arbres d'alignement du domaine routier et des jardins de la communauté de communes"
ADVICE = ".heraultdata-advice"


def test_the_page_of_what_harvesters_miss(
    empty_portal: Portal, department_admin: Member, page_of: OpenPage
) -> None:
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    page = page_of(department_admin)
    page.goto("/heraultdata/catalogue/quality")
    found = faults(page)
    scored(partner, LONG, 95, "files", "keywords", "theme", "temporal", "contact", name="arbres")
    many_scored(partner, 60, 351, "size")
    model.Session.commit()
    page.goto("/partners")
    page.locator("nav.heraultdata-menu a[href$='/heraultdata/catalogue/quality']").click()
    page.wait_for_url("**/heraultdata/catalogue/quality")
    found += faults(page)
    assert found == [], "\n".join(found)


def test_the_advice_follows_what_is_filled_in(
    empty_portal: Portal, department_admin: Member, page_of: OpenPage
) -> None:
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    factories.signed_convention(partner["id"])
    model.Session.commit()
    page = page_of(department_admin)
    page.goto("/dataset/new?standard=")
    page.locator(".slug-preview").wait_for()
    advice = page.locator(ADVICE)
    expect(advice.locator(".heraultdata-rating")).to_be_visible()
    before = points(page)
    keywords = advice.locator("li", has_text="30 points").first
    expect(keywords).to_be_visible()
    page.locator(".select2-search__field, .select2-input").first.fill("arbre,")
    expect(advice.locator(".heraultdata-rating strong")).to_contain_text(str(before + 30))
    page.locator("[name=theme][type=checkbox]").first.check()
    expect(advice.locator(".heraultdata-rating strong")).to_contain_text(str(before + 60))
    open_all(page)
    found = faults(page)
    assert found == [], "\n".join(found)


def test_the_advice_of_a_file_counts_what_is_chosen(
    empty_portal: Portal, member: Callable[[str, str], Member], page_of: OpenPage
) -> None:
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    scored(partner, "Arbres", 95, "files", name="arbres")
    page = page_of(member("vallee", "editor"))
    page.goto("/heraultdata/catalogue/quality")
    page.locator("tbody td a").first.click()
    page.wait_for_url("**/dataset/arbres/resource/new")
    expect(page.locator(f"{ADVICE} .heraultdata-rating")).to_be_visible()
    before = points(page)
    page.set_input_files("[name=upload]", FILES / "deliberations-vallee-herault.csv")
    rated = page.locator(f"{ADVICE} .heraultdata-rating strong")
    expect(rated).not_to_contain_text(str(before))
    assert points(page) > before + 100


@pytest.mark.parametrize("width", [1280, 390])
def test_the_buttons_stay_where_they_are_when_the_advice_comes(
    empty_portal: Portal, department_admin: Member, page_of: OpenPage, width: int
) -> None:
    page = page_of(department_admin)
    page.set_viewport_size({"width": width, "height": 900})
    save = page.locator("button.btn-primary[name=save]")
    before: list[FloatRect | None] = []

    def measure(asked: Route) -> None:
        before.append(save.bounding_box())
        asked.continue_()

    page.route("**/heraultdata/catalogue/advice", measure)
    page.goto("/dataset/new?standard=")
    expect(page.locator(f"{ADVICE} .heraultdata-rating")).to_be_visible()
    assert before == [save.bounding_box()]


def points(page: Page) -> int:
    """The points that the advice tells."""
    return int(page.locator(f"{ADVICE} .heraultdata-rating strong").inner_text().split()[0])
