"""The page of the harvesters seen, in a browser."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from playwright.sync_api import expect

from ckanext.heraultdata.dcat.harvesters.visits import Visit, record
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import OpenPage, faults

LONG = f"Harvester/1.0 (+https://portal.example/{'a-very-long-address/' * 9})"


def test_the_page_of_harvesters(
    empty_portal: Portal, department_admin: Member, page_of: OpenPage
) -> None:
    page = page_of(department_admin)
    now = datetime.now(timezone.utc)
    for rank, (agent, number, is_last, status) in enumerate(
        [
            ("uData/0.1 dcat", 1, False, 200),
            ("uData/0.1 dcat", 2, False, 503),
            ("uData/0.1 dcat", 2, True, 304),
            ("uData/0.1 dcat", 1, False, 200),
            (LONG, 9, False, 404),
            ("", 1, True, 200),
        ]
    ):
        record(Visit(agent, number, is_last, status, now + timedelta(seconds=rank)))
    page.goto("/heraultdata/catalogue/quality")
    page.get_by_role("link", name="Moissonneurs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Moissonneurs")
    expect(page.get_by_text("uData/0.1 dcat")).to_be_visible()
    found = faults(page)
    page.goto("/en/heraultdata/catalogue/harvesters")
    found += faults(page)
    assert found == [], "\n".join(found)
