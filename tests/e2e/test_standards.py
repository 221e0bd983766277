"""A file and its standard, in a browser: chosen, checked, kept aside, mended, published."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.dataset_form import (
    FILES,
    choose_standard,
    finish,
    go_on_to_file,
    send_another_file,
)
from tests.e2e.processes import SECONDS_TO_ANSWER, SECONDS_TO_CHECK, Portal
from tests.e2e.test_accessibility import faults, open_all

TITLE = "Délibérations"
RIGHT = FILES / "deliberations-vallee-herault.csv"
WRONG = FILES / "deliberations-montpellier-fautes.csv"
SIREN = "243400694"
DATASET = "deliberations-vallee-de-lherault"
ENOUGH_FOR_THE_WORKER = 2_100_000

MakeMember = Callable[[str, str], Member]
OpenPage = Callable[[Member | None], Page]


@pytest.fixture
def editor(empty_portal: Portal, registry: None, member: MakeMember, page_of: OpenPage) -> Page:
    """The window of an editor of a partner under convention."""
    partner = factories.partner(title="Vallée de l'Hérault", siren=SIREN)
    factories.signed_convention(partner["id"])
    return page_of(member(partner["id"], "editor"))


def test_from_the_standard_to_the_mended_file(
    empty_portal: Portal, editor: Page, page_of: OpenPage
) -> None:
    choose_standard(editor, TITLE)
    expect(editor.locator("[name=title]")).to_have_value("Délibérations – Vallée de l'Hérault")
    expect(editor.locator("[name=theme]:checked")).to_have_count(1)
    go_on_to_file(editor)
    expect(editor.locator("[name=standard]")).to_have_value("scdl-deliberations")
    model = downloaded(editor, editor.locator(".heraultdata-chosen a[href*='model.csv']"))
    assert model.decode("utf-8-sig").startswith("COLL_NOM;COLL_SIRET;")
    finish(editor, RIGHT)
    expect(editor.locator("h1").first).to_contain_text("Délibérations – Vallée de l'Hérault")
    published = the_dataset(empty_portal)
    assert published["private"] is False

    editor.goto(f"/dataset/{DATASET}/resource/{published['resources'][0]['id']}/edit")
    send_another_file(editor, WRONG)
    refusal = editor.locator(".error-explanation, .error-block, .alert-danger").first
    expect(refusal).to_contain_text("mis de côté")
    expect(refusal).to_contain_text("Délibérations")
    found = faults(editor)
    assert content_of(the_dataset(empty_portal)) == RIGHT.read_bytes()

    editor.goto(f"/dataset/{DATASET}")
    found += faults(editor)
    editor.get_by_role("link", name=WRONG.name).click()
    editor.wait_for_url("**/held-file/*")
    expect(report_of(editor)).to_contain_text("DELIB_MATIERE_NOM")
    expect(report_of(editor)).to_contain_text("2026-01-27")
    open_all(editor)
    found += faults(editor)

    editor.locator(".heraultdata-actions .btn-primary").click()
    editor.wait_for_url("**/edit")
    mended = RIGHT.with_name("deliberations-montpellier.csv")
    send_another_file(editor, mended)
    editor.wait_for_url("**/resource/*")
    assert content_of(the_dataset(empty_portal)) == mended.read_bytes()

    visitor = page_of(None)
    visitor.goto(f"/dataset/{DATASET}")
    expect(visitor.locator(".dataset-details", has_text=TITLE).first).to_be_visible()
    expect(visitor.get_by_text(WRONG.name)).to_have_count(0)
    assert found == [], "\n".join(found)
    assert "Traceback" not in empty_portal.log("web") + empty_portal.log("worker")


def test_a_private_file_with_faults_has_a_report_that_can_be_taken_away(
    empty_portal: Portal, editor: Page
) -> None:
    choose_standard(editor, TITLE)
    go_on_to_file(editor, private=True)
    finish(editor, WRONG)

    open_report(editor)
    report = report_of(editor)
    expect(report).to_contain_text("DELIB_MATIERE_NOM", timeout=SECONDS_TO_CHECK * 1000)
    expect(report).to_contain_text("27/01/2026")
    expect(report.locator("ins", has_text="2026-01-27").first).to_be_visible()
    listed = downloaded(editor, editor.get_by_role("link", name="CSV"))
    rows = list(csv.reader(io.StringIO(listed.decode("utf-8-sig")), delimiter=";"))
    assert any("27/01/2026" in row for row in rows)
    workbook = openpyxl.load_workbook(
        io.BytesIO(downloaded(editor, editor.get_by_role("link", name="XLSX")))
    )
    assert "27/01/2026" in [cell.value for sheet in workbook for row in sheet.rows for cell in row]


def test_a_large_file_takes_its_place_once_it_is_found_right(
    empty_portal: Portal, editor: Page, tmp_path: Path
) -> None:
    large = large_file(tmp_path / "deliberations.csv")
    choose_standard(editor, TITLE)
    go_on_to_file(editor)
    finish(editor, RIGHT)
    resource = the_dataset(empty_portal)["resources"][0]

    editor.goto(f"/dataset/{DATASET}/resource/{resource['id']}/edit")
    send_another_file(editor, large)
    editor.goto(f"/dataset/{DATASET}")
    editor.get_by_role("link", name=large.name).click()
    editor.wait_for_url("**/held-file/*")
    wait_until(editor, lambda: editor.locator(".heraultdata .alert-success").first)
    assert content_of(the_dataset(empty_portal)) == large.read_bytes()


def report_of(page: Page) -> Locator:
    """The report that a page shows."""
    return page.locator(".heraultdata-report")


def open_report(page: Page) -> None:
    """Go from the page of the dataset to the report of its only file."""
    page.locator("a[href^='/dataset/'][href*='/resource/']").first.click()
    page.wait_for_url("**/resource/*")
    page.locator("a[href*='/resource/'][href$='/check']").first.click()
    page.wait_for_url("**/resource/*/check")


def the_dataset(portal: Portal) -> dict[str, Any]:
    """The dataset of these tests, as a visitor reads it."""
    address = f"{portal.url}/api/3/action/package_show"
    return requests.get(address, params={"id": DATASET}, timeout=SECONDS_TO_ANSWER).json()["result"]


def content_of(dataset: dict[str, Any]) -> bytes:
    """The bytes of its only file."""
    [resource] = dataset["resources"]
    return requests.get(resource["url"], timeout=SECONDS_TO_ANSWER).content


def downloaded(page: Page, link: Locator) -> bytes:
    """What a link gives."""
    with page.expect_download() as download:
        link.first.click()
    return Path(download.value.path()).read_bytes()


def large_file(path: Path) -> Path:
    """A right file, too large to be checked while its sender waits."""
    header, row = RIGHT.read_bytes().splitlines(keepends=True)[:2]
    path.write_bytes(header + row * (ENOUGH_FOR_THE_WORKER // len(row)))
    return path


def wait_until(page: Page, shown: Callable[[], Locator]) -> None:
    """Look at a page again until it shows something."""
    deadline = time.monotonic() + SECONDS_TO_CHECK
    while not shown().is_visible():
        assert time.monotonic() < deadline, page.content()
        page.wait_for_timeout(300)
        page.reload()
