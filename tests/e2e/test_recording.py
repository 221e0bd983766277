"""More time, declared conformity and absences in a browser: readable by everybody, end to end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from playwright.sync_api import Page

from ckanext.heraultdata import clock
from tests import factories
from tests.conformance.test_actions import dataset
from tests.e2e.conftest import Member
from tests.e2e.test_accessibility import OpenPage, faults

ASK = "/partner/vallee/extension/herault-arbres/1.0.0"
DECLARE = "/dataset/dataset-textes-vallee/declaration/textes/1.0.0"
ANSWER = "/partner/vallee/absence/herault-arbres"
REQUESTS = "/conformance/extensions"


@pytest.fixture
def editor(empty_portal: object, member: Callable[[str, str], Member], page_of: OpenPage) -> Page:
    """The window of an editor of a partner that owes a dataset of trees and a word on a text."""
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    factories.signed_convention(partner["id"])
    published_on = str(clock.today() - timedelta(days=100))
    factories.standard(name="herault-arbres", title="Arbres", level="territorial")
    factories.version(standard="herault-arbres", published_on=published_on)
    factories.standard(name="textes", title="Textes", level="territorial")
    factories.version(standard="textes", kind="document", published_on=published_on, schema=None)
    dataset(partner, "textes")
    model.Session.commit()
    return page_of(member("vallee", "editor"))


def send(page: Page, **typed: str) -> None:
    """Fill the form of the page in, and send it."""
    for name, value in typed.items():
        page.fill(f"[role=main] [name={name}]", value)
    page.locator("[role=main] form[method=post] button.btn-primary").click()
    page.wait_for_load_state()


def test_more_time_is_asked_for_and_granted(
    editor: Page, department_admin: Member, page_of: OpenPage
) -> None:
    found: list[str] = []
    editor.goto(ASK)
    found += faults(editor)
    send(editor, due_on="2020-01-01")
    assert editor.locator("#field-reason-error").is_visible()
    found += faults(editor)
    send(editor, due_on=str(clock.today() + timedelta(days=500)), reason="Un nouveau logiciel")
    editor.wait_for_url("**/partner/vallee/conformance")
    admin = page_of(department_admin)
    admin.goto(REQUESTS)
    found += faults(admin)
    admin.locator("button[value=false]").click()
    assert admin.locator(".alert-danger a").is_visible()
    found += faults(admin)
    admin.locator("button[value=true]").click()
    admin.wait_for_url("**/conformance/extensions?waiting=true")
    found += faults(admin)
    model.Session.rollback()
    [made] = call_action("heraultdata_extension_list")["results"]
    assert made["granted"] is True
    assert found == [], "\n".join(found)


def test_conformity_and_an_absence_are_declared(editor: Page) -> None:
    found: list[str] = []
    editor.goto(DECLARE)
    found += faults(editor)
    send(editor)
    assert editor.locator("#field-grounds-error").is_visible()
    found += faults(editor)
    send(editor, grounds="Relu et comparé au texte")
    assert editor.locator(".heraultdata-journal").is_visible()
    found += faults(editor)
    editor.goto(ANSWER)
    found += faults(editor)
    send(editor, reason="Le Département s'en charge")
    editor.wait_for_url("**/partner/vallee/conformance")
    editor.goto(ANSWER)
    found += faults(editor)
    send(editor)
    editor.wait_for_url("**/partner/vallee/conformance")
    model.Session.rollback()
    [absence] = call_action("heraultdata_absence_list")["results"]
    assert absence["running"] is False
    [made] = call_action("heraultdata_declaration_list")["results"]
    assert made["grounds"] == "Relu et comparé au texte"
    assert found == [], "\n".join(found)
