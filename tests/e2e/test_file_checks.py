"""A file checked in a browser: on the public page, and of a dataset while the worker checks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from playwright.sync_api import Page, expect
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata import clock
from ckanext.heraultdata.validation import jobs
from ckanext.heraultdata.validation import service as adapter
from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.dataset_form import FILES
from tests.e2e.test_accessibility import faults, open_all

GOOD = FILES / "deliberations-vallee-herault.csv"
OpenPage = Callable[[Member | None], Page]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The file of the demonstration with its dates written as people do."""
    text = GOOD.read_text(encoding="utf-8").replace("2024-", "31/12/2024 ")
    path = tmp_path / "deliberations.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_anybody_checks_a_file_and_the_report_comes_beside_the_form(
    registry: None, page_of: OpenPage, faulty: Path
) -> None:
    page = page_of(None)
    page.goto("/check")
    page.evaluate("window.same = true")
    found = faults(page)
    page.select_option("[name=standard]", "scdl-deliberations")
    for path, verdict in ((GOOD, ".alert-success"), (faulty, ".alert-danger")):
        page.set_input_files("[name=upload]", path)
        page.locator("[role=main] button[hx-post]").click()
        expect(page.locator(f"#heraultdata-result {verdict}")).to_be_visible()
    open_all(page)
    found += faults(page)

    assert page.evaluate("window.same")
    with page.expect_download() as download:
        page.locator("button[value=xlsx]").click()
    with Path(download.value.path()).open("rb") as workbook:
        assert openpyxl.load_workbook(workbook).sheetnames
    assert found == [], "\n".join(found)


def test_a_refusal_is_shown_in_its_place(registry: None, page_of: OpenPage) -> None:
    page = page_of(None)
    page.goto("/check")
    page.select_option("[name=standard]", "scdl-deliberations")
    page.locator("[role=main] button[hx-post]").click()

    expect(page.locator("#heraultdata-result [role=alert]")).to_be_visible()
    assert faults(page) == []


def test_the_page_shows_the_outcome_by_itself(
    registry: None, page_of: OpenPage, department_admin: Member, faulty: Path
) -> None:
    portal_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    package = call_action(
        "package_create",
        context={"user": portal_user},
        name="deliberations",
        title="Délibérations",
        notes="Une ligne par délibération.",
        license_id="lov2",
        owner_org=factories.DEPARTMENT,
        private=True,
    )
    with faulty.open("rb") as stream:
        resource = call_action(
            "resource_create",
            context={"user": portal_user},
            package_id=package["id"],
            name="Délibérations",
            format="CSV",
            standard="scdl-deliberations",
            upload=FileStorage(stream, filename="deliberations.csv"),
        )
    page = page_of(department_admin)
    _wait_for_worker(resource["id"])
    adapter.ask(resource["id"], clock.now())
    page.goto(f"/dataset/deliberations/resource/{resource['id']}/check")
    expect(page.locator("#heraultdata-check [role=status]")).to_be_visible()
    page.evaluate("window.same = true")

    jobs.enqueue(resource["id"], asked_for=True)

    expect(page.locator("#heraultdata-check [role=status]")).to_have_count(0)
    expect(page.locator(".heraultdata-report .alert-danger")).to_be_visible()
    open_all(page)
    assert page.evaluate("window.same")
    assert faults(page) == []


def _wait_for_worker(resource_id: str) -> None:
    for _ in range(100):
        model.Session.rollback()
        report = call_action("resource_validation_show", resource_id=resource_id)
        if report["status"] not in ("created", "running"):
            return
        model.Session.connection().exec_driver_sql("SELECT pg_sleep(0.1)")
    raise AssertionError(json.dumps(report, default=str))
