"""The pages of standards in a browser: they hold at 390 pixels, and previews follow their date."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Member
from tests.e2e.test_accessibility import OpenPage, faults, open_all

DRAFT = "/standard/parcs/version/2.0.0/publish"


@pytest.fixture
def admin(registry: None, department_admin: Member, page_of: OpenPage) -> Page:
    """The window of an administrator of the département, with a draft to publish."""
    call_action("heraultdata_standard_create", name="parcs", title="Parcs", level="territorial")
    for number, required, published_on in (("1.0.0", False, "2023-01-10"), ("2.0.0", True, "")):
        field = {"name": "NOM", "type": "texte", "constraints": {"required": required}}
        call_action(
            "heraultdata_standard_version_create",
            standard="parcs",
            version=number,
            kind="table",
            schema={"fields": [field]},
            published_on=published_on,
        )
    return page_of(department_admin)


def test_they_can_be_read_by_everybody(admin: Page) -> None:
    found: list[str] = []
    for address in (
        "/standards",
        "/standards?q=licorne",
        "/standard/scdl-deliberations",
        "/standard/scdl-deliberations/differences",
        "/standard/parcs?version=2.0.0",
        "/standard/parcs/differences",
        "/standard/new",
        "/standard/parcs/edit",
        "/standard/parcs/version/new",
        DRAFT,
    ):
        admin.goto(address)
        open_all(admin)
        found += faults(admin)
    assert found == [], "\n".join(found)


def test_the_preview_follows_the_date(admin: Page) -> None:
    admin.goto(DRAFT)
    admin.locator("#field-published_on").fill("2027-02-03")
    admin.locator("#field-published_on").dispatch_event("change")
    expect(admin.locator("#due")).to_contain_text("2028")
    admin.get_by_role("button", name="2.0.0").click()
    admin.wait_for_url("**/standard/parcs")
    expect(admin.locator("[role=main]")).to_contain_text("2028")
