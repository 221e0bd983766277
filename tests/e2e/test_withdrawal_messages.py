"""The tray of messages in a browser: everybody can read it, and a message runs nothing."""

from __future__ import annotations

import pytest
from ckan import model
from playwright.sync_api import Page, expect

from ckanext.heraultdata import clock
from ckanext.heraultdata.withdrawals import incoming, tray
from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import OpenPage, faults
from tests.withdrawals.test_incoming import REFERENT, mail

TRAY = "/withdrawals/messages"
HOSTILE = "<img src=x onerror=\"document.title='run'\">"


@pytest.fixture
def admin(empty_portal: Portal, department_admin: Member, page_of: OpenPage) -> Page:
    """The window of an agent of the département, with a message in the tray."""
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    factories.referent(partner["id"], email=REFERENT)
    text = f"URGENT {HOSTILE}\n" + "retirez-tout" * 60
    kept = incoming.keep(mail(text, subject="Retrait" * 30), clock.now())
    assert kept.why
    model.Session.commit()
    return page_of(department_admin)


def test_it_can_be_read_by_everybody_and_runs_nothing(admin: Page) -> None:
    [line] = tray.waiting(1, 0)[1]
    found: list[str] = []
    for address in (TRAY, f"{TRAY}/{line.id}"):
        admin.goto(address)
        found += faults(admin)
        assert admin.title() != "run"
    expect(admin.locator("pre")).to_contain_text(HOSTILE)
    admin.locator("#field-reference").fill("R-1999-0001")
    admin.locator("form button.btn-primary[type=submit]").last.click()
    expect(admin.locator("#field-reference-error")).to_be_visible()
    found += faults(admin)
    assert found == [], "\n".join(found)
    admin.locator("#field-reference").fill("")
    admin.locator("form button.btn-primary[type=submit]").last.click()
    admin.wait_for_url(f"**{TRAY}")
    expect(admin.locator(".empty")).to_be_visible()
