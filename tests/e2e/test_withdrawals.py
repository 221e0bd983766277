"""A secretary asks for a withdrawal, the département executes it, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from ckan import model
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import NARROW, OpenPage, faults, open_all
from tests.withdrawals import making

FILES = {"2024.csv": b"nom\nplatane\n", "2025.csv": b"nom\nmicocoulier\n"}


@dataclass(frozen=True)
class Scene:
    """A partner with two public datasets, and the windows of those who work on them."""

    partner: dict[str, Any]
    trees: dict[str, Any]
    benches: dict[str, Any]
    secretary: Page
    admin: Page


@pytest.fixture
def scene(
    empty_portal: Portal,
    member: Callable[[str, str], Member],
    department_admin: Member,
    page_of: OpenPage,
) -> Scene:
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    convention = factories.signed_convention(partner["id"])
    factories.event(convention["id"], "mutual_termination", "2025-01-10")
    trees = making.public_dataset(partner, FILES, name="arbres", title="Arbres d'alignement")
    benches = making.public_dataset(partner, FILES, name="bancs", title="Bancs publics")
    secretary = member("vallee", "editor")
    model.Session.commit()
    return Scene(partner, trees, benches, page_of(secretary), page_of(department_admin))


def test_a_secretary_asks_and_the_departement_executes(scene: Scene, page_of: OpenPage) -> None:
    page = scene.secretary
    page.goto("/dataset/arbres")
    page.get_by_role("link", name="Demander le retrait").click()
    expect(page.locator("#preview")).to_contain_text("2 fichiers")
    page.get_by_label("Seulement ces fichiers").check()
    page.get_by_label("2024.csv").check()
    expect(page.locator("#preview")).to_contain_text("1 fichier")
    page.get_by_label("Tout le jeu de données").check()
    expect(page.locator("#preview")).to_contain_text("2 fichiers")
    page.get_by_label("Erreur dans les données").check()
    page.get_by_label("Expliquez").fill("Les coordonnées sont fausses.")
    page.get_by_role("button", name="Demander ce retrait").click()
    page.wait_for_url("**/withdrawals/R-*")
    address = page.url
    expect(page.locator(".heraultdata-lead")).to_contain_text("Reçue")

    admin = scene.admin
    admin.goto("/withdrawals")
    admin.get_by_role("link", name=re.compile("^R-")).click()
    expect(admin.get_by_text("Les coordonnées sont fausses.")).to_be_visible()
    admin.get_by_role("button", name="Exécuter ce retrait").click()
    expect(admin.locator("#field-item_ids")).to_contain_text("Retiré")

    page.goto(address)
    expect(page.locator("#field-item_ids")).to_contain_text("Retiré")
    visitor = page_of(None)
    answer = visitor.goto("/dataset/arbres")
    assert answer is not None
    assert answer.status == 410


def test_a_search_as_one_types_keeps_what_is_ticked(scene: Scene) -> None:
    page = scene.secretary
    page.goto("/withdrawals/new?organization=vallee")
    page.get_by_label("Bancs publics").check()
    expect(page.locator("#ticked")).to_contain_text("1 choisi")
    page.get_by_label("Rechercher par titre").press_sequentially("arbres")
    expect(page.locator("#found input[name=ticked]")).to_have_count(1)
    expect(page.locator("#ticked")).to_contain_text("dont 1 non affiché")
    page.get_by_role("button", name="Cocher tous les résultats", exact=True).click()
    page.get_by_role("button", name="Continuer avec les jeux").click()
    expect(page.locator("#preview")).to_contain_text("Arbres d'alignement")
    expect(page.locator("#preview")).to_contain_text("Bancs publics")


def test_they_can_be_read_by_everybody(scene: Scene) -> None:
    executed = making.executed(scene.partner, scene.trees)
    called = making.ask(scene.partner, scene.benches, channel="phone", urgent=True)
    third = making.public_dataset(scene.partner, FILES, name="puits", title="Puits")
    model.Session.commit()
    found: list[str] = []
    for address in (
        "/withdrawals",
        "/withdrawals/new",
        "/withdrawals/new?organization=vallee",
        "/withdrawals/new?dataset=puits",
        f"/withdrawals/new?resource={third['resources'][0]['id']}",
        "/withdrawals/new?organization=vallee&scope=all",
        f"/withdrawals/{executed['reference']}",
        f"/withdrawals/{called['reference']}",
        "/withdrawals/convention-end/vallee",
        "/dataset/puits",
        "/organization/vallee",
    ):
        scene.admin.goto(address)
        open_all(scene.admin)
        found += faults(scene.admin)
    for address in ("/withdrawals", f"/withdrawals/{executed['reference']}"):
        scene.secretary.goto(address)
        open_all(scene.secretary)
        found += faults(scene.secretary)
    scene.admin.goto("/withdrawals/new?dataset=puits")
    scene.admin.get_by_role("button", name="Enregistrer ce retrait").click()
    expect(scene.admin.locator(".alert-danger")).to_be_visible()
    scene.admin.wait_for_load_state("load")
    found += faults(scene.admin)
    assert found == [], "\n".join(found)


def test_the_targets_hold_on_a_telephone(scene: Scene) -> None:
    page = scene.secretary
    page.set_viewport_size(NARROW)
    page.goto("/withdrawals/new?organization=vallee")
    box = page.locator(".heraultdata-scroll").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
