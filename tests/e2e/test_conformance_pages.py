"""The dashboard, the matrix and what explains a cell in a browser: readable by everybody."""

from __future__ import annotations

import pytest
from ckan import model
from playwright.sync_api import Page, expect

from tests.conformance import board_site
from tests.e2e.conftest import Member
from tests.e2e.processes import Portal
from tests.e2e.test_accessibility import NARROW, OpenPage, faults


@pytest.fixture
def admin(empty_portal: Portal, department_admin: Member, page_of: OpenPage) -> Page:
    """The window of an administrator of the département, with something late and missing."""
    board_site.make()
    model.Session.commit()
    return page_of(department_admin)


def test_they_can_be_read_by_everybody(admin: Page, page_of: OpenPage) -> None:
    found: list[str] = []
    for address in (
        "/conformance",
        "/conformance?status=conforming",
        "/conformance/matrix",
        "/conformance/matrix?q=licorne",
        "/conformance/explain/vallee/arbres",
        "/conformance/explain/gignac/arbres",
        "/conformance/explain/lodeve/arbres",
        "/standard/arbres",
    ):
        admin.goto(address)
        found += faults(admin)
    visitor = page_of(None)
    visitor.goto("/conformance")
    found += faults(visitor)
    assert found == [], "\n".join(found)


def test_the_matrix_is_walked_through_by_keyboard(admin: Page) -> None:
    admin.goto("/conformance/matrix")
    admin.locator(".heraultdata-skip").focus()
    admin.keyboard.press("Tab")
    region = admin.locator(".heraultdata-matrix")
    expect(region).to_be_focused()
    admin.keyboard.press("Tab")
    cell = admin.locator(".heraultdata-matrix td a").first
    expect(cell).to_be_focused()
    assert cell.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    admin.keyboard.press("Enter")
    admin.wait_for_url("**/conformance/explain/gignac/arbres")


def test_its_head_and_first_column_stay(admin: Page) -> None:
    board_site.make_many(40)
    admin.set_viewport_size(NARROW)
    admin.goto("/conformance/matrix")
    admin.locator(".heraultdata-matrix").evaluate("e => e.scrollTo(40, 900)")
    box = admin.locator(".heraultdata-matrix").bounding_box()
    head = admin.locator(".heraultdata-matrix thead th").first.bounding_box()
    assert box is not None
    assert head is not None
    assert abs(head["x"] - box["x"]) <= 2
    assert abs(head["y"] - box["y"]) <= 2
