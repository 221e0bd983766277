"""The platforms, and the copies followed there on the page of a request, in a browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from playwright.sync_api import expect

from ckanext.heraultdata import clock
from ckanext.heraultdata.withdrawals import probe_run
from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import OpenPage, faults, open_all
from tests.withdrawals import making
from tests.withdrawals.platforms_fakes import FakeCkan, running
from tests.withdrawals.test_platforms import REGION, platform

LONG = "Arbres d'alignement du domaine routier et des jardins de la communauté de communes"


@pytest.mark.ckan_config("heraultdata.fetch_private_addresses", "true")
def test_a_platform_is_added_and_a_copy_confirmed(
    empty_portal: Portal, department_admin: Member, page_of: OpenPage
) -> None:
    partner = factories.partner(name="vallee", title="Communauté de communes Vallée de l'Hérault")
    trees = making.public_dataset(partner, {"2025.csv": b"nom\n"}, name="arbres", title=LONG)
    benches = making.public_dataset(partner, name="bancs", title="Bancs publics")
    page = page_of(department_admin)
    found: list[str] = []

    page.goto("/platforms")
    found += faults(page)
    page.locator("[role=main] a[href$='/platforms/new']").click()
    page.wait_for_url("**/platforms/new")
    for name, value in {**REGION, "url": "data.region.example"}.items():
        field = page.locator(f"#field-{name}")
        field.select_option(value) if name == "kind" else field.fill(value)
    page.locator(".heraultdata-form button[type=submit]").click()
    expect(page.locator("#field-url-error")).to_be_visible()
    found += faults(page)
    page.locator("#field-url").fill(REGION["url"])
    page.locator(".heraultdata-form button[type=submit]").click()
    page.wait_for_url("**/platforms")
    found += faults(page)

    with running(FakeCkan()) as fake:
        platform(name="Autre CKAN", url=fake.url)
        fake.datasets = [{key: trees[key] for key in ("id", "name", "title")}]
        request = making.executed(partner, trees, benches)
        probe_run.probe_due(clock.now() + timedelta(hours=1))
    model.Session.commit()
    page.goto(f"/withdrawals/{request['reference']}")
    open_all(page)
    found += faults(page)
    copies = page.locator("#copies button[value=confirmed]")
    expect(copies).to_have_count(3)
    copies.first.click()
    page.wait_for_url(f"**/withdrawals/{request['reference']}")
    expect(page.locator("#copies button[value=confirmed]")).to_have_count(2)
    page.goto("/platforms")
    page.locator("[role=main] a[href$='/delete']").first.click()
    page.wait_for_url("**/delete")
    found += faults(page)
    assert found == [], "\n".join(found)
    shown = call_action("heraultdata_withdrawal_show", making.site_context(), id=request["id"])
    states = sorted(line["state"] for line in shown["followups"])
    assert states == ["confirmed", "gone", "pending", "pending"]
