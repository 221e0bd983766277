"""The main job, in a browser: a partner signs, its editor publishes a file, harvesters read it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from email.utils import getaddresses

import requests
from ckan.tests.helpers import call_action
from playwright.sync_api import Page, expect

from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.dataset_form import (
    FILES,
    choose_standard,
    describe_dataset,
    finish,
    go_on_to_file,
)
from tests.e2e.processes import ROOT, SECONDS_TO_ANSWER, SECONDS_TO_CHECK, Portal

SCHEMA = ROOT / "ckanext/heraultdata/schemas/standards/scdl-deliberations/2.1.5.json"
PARTNER = "communaute-de-communes-vallee-de-lherault"
PARTNER_TITLE = "Communauté de communes Vallée de l'Hérault"

MakeMember = Callable[[str, str], Member]
OpenPage = Callable[[Member | None], Page]


def test_from_the_convention_to_the_catalogue(
    empty_portal: Portal,
    registry: None,
    department_admin: Member,
    member: MakeMember,
    page_of: OpenPage,
) -> None:
    admin = page_of(department_admin)
    make_partner(admin)
    sign_convention(admin)
    editor = page_of(member(PARTNER, "editor"))

    choose_standard(editor, "Délibérations")
    title = editor.locator("[name=title]").input_value()
    dataset = editor.locator("[name=name]").input_value()
    go_on_to_file(editor)
    finish(editor, FILES / "deliberations-vallee-herault.csv")
    editor.wait_for_url("**/dataset/*")
    resource = wait_for_check(empty_portal, dataset, "success")

    visitor = page_of(None)
    open_report(visitor, dataset, "données valides")
    expect(visitor.locator(".module-validation")).to_contain_text("Contrôlé le")
    catalogue = requests.get(f"{empty_portal.url}/catalog.ttl", timeout=SECONDS_TO_ANSWER)
    assert title == f"Délibérations – {PARTNER_TITLE}"
    assert title in catalogue.content.decode()
    assert resource["url"] in catalogue.text
    visitor.goto("/partners")
    expect(visitor.get_by_role("link", name="Vallée de l'Hérault").first).to_be_visible()
    assert "Traceback" not in empty_portal.log("web") + empty_portal.log("worker")


def test_a_file_with_faults_gets_a_report(
    empty_portal: Portal, member: MakeMember, page_of: OpenPage
) -> None:
    partner = factories.partner(title="Montpellier Méditerranée Métropole")
    factories.signed_convention(partner["id"])
    editor = member(partner["id"], "editor")

    page = page_of(editor)
    publish(page, "Délibérations fautives", "deliberations-montpellier-fautes.csv")
    wait_for_check(empty_portal, "deliberations-fautives", "failure")

    open_report(page, "deliberations-fautives", "données non valides")
    report = page.locator(".module-validation")
    expect(report).to_contain_text("DELIB_MATIERE_NOM")
    expect(report).to_contain_text("27/01/2026")


def test_without_a_convention_the_form_refuses_and_says_whom_to_write_to(
    empty_portal: Portal, member: MakeMember, page_of: OpenPage
) -> None:
    partner = factories.partner(title="Commune de Puéchabon", partner_type="commune")
    editor = member(partner["id"], "editor")

    page = page_of(editor)
    describe_dataset(page, "Équipements")
    finish(page, FILES / "equipements-vallee-herault.csv")

    refusal = page.locator(".error-explanation, .alert-danger").first
    expect(refusal).to_contain_text("Commune de Puéchabon")
    expect(refusal).to_contain_text("data@herault.example")
    assert action(empty_portal, "package_list") == []


def test_the_list_of_datasets_of_an_organisation_refuses_in_words(
    empty_portal: Portal, member: MakeMember, page_of: OpenPage
) -> None:
    partner = factories.partner(title="Commune de Puéchabon", partner_type="commune")
    admin = member(partner["id"], "admin")
    call_action(
        "package_create",
        context={"user": admin.name},
        name="equipements",
        notes="Un équipement par ligne.",
        owner_org=partner["id"],
        private=True,
    )

    page = page_of(admin)
    page.goto(f"/organization/bulk_process/{partner['name']}")
    page.locator("input[name^=dataset_]").first.check()
    page.locator("button[name='bulk_action.public']").click()

    expect(page.locator(".alert-danger").first).to_contain_text("Commune de Puéchabon")
    assert action(empty_portal, "package_list") == []


def test_a_partner_without_referent_is_written_to(
    empty_portal: Portal, department_admin: Member
) -> None:
    anniversary = date.today() + timedelta(days=55)  # noqa: DTZ011 - within the two months
    partner = factories.partner(title="Commune de Gignac", email="mairie@gignac.example")
    factories.signed_convention(
        partner["id"],
        f"{anniversary.year - 2}{anniversary:-%m-%d}",
        f"{anniversary.year - 2}{anniversary:-%m-%d}",
    )

    first = empty_portal.run("heraultdata", "daily")
    again = empty_portal.run("heraultdata", "daily")

    received = empty_portal.mailbox.received
    recipients = {address for mail in received for _, address in getaddresses([str(mail["To"])])}
    assert {"mairie@gignac.example", "data@herault.example"} <= recipients
    assert all("Commune de Gignac" in str(mail["Subject"]) for mail in received)
    assert "0 mails sent" in again, first


def make_partner(page: Page) -> None:
    page.goto("/partner/new")
    page.fill("#filter-q", "Vallée de l'Hérault")
    choose = page.get_by_role("link", name="Communauté de communes Vallée de l'Hérault")
    choose.first.click()
    expect(page.locator("[name=siren]")).to_have_value("243400694")
    expect(page.locator("[name=population]")).not_to_have_value("")
    page.locator("button[name=save]").click()
    page.wait_for_url(f"**/organization/{PARTNER}")


def sign_convention(page: Page) -> None:
    page.locator(f"a[href$='/partner/{PARTNER}/convention/new']").first.click()
    page.fill("[name=deliberation_number]", "034-243400694-20240226-16132-DE-1-1")
    page.fill("[name=deliberation_date]", "2024-02-26")
    page.locator(".heraultdata-form button[type=submit]").click()
    expect(page.locator(".heraultdata-state-draft").first).to_be_visible()
    for party, day in (("partner", "2024-02-26"), ("department", "2024-03-12")):
        record_signature(page, party, day)
    expect(page.locator(".heraultdata-state-active").first).to_contain_text("12 mars 2024")


def record_signature(page: Page, party: str, day: str) -> None:
    page.locator("#record-signed summary").click()
    form = page.locator("#record-signed form")
    radio = form.locator(f"[name=party][value={party}][type=radio]")
    if radio.count():
        radio.check()
    form.locator("[name=date]").fill(day)
    form.locator("button[type=submit]").click()
    expect(page.locator(f".heraultdata-timeline time[datetime='{day}']").first).to_be_visible()


def publish(page: Page, title: str, file_name: str) -> None:
    describe_dataset(page, title)
    finish(page, FILES / file_name, SCHEMA)
    page.wait_for_url("**/dataset/*")
    expect(page.locator("h1").first).to_contain_text(title)


def open_report(page: Page, dataset: str, badge: str) -> None:
    page.goto(f"/dataset/{dataset}")
    page.locator("a.validation-badge", has_text=badge).first.click()
    page.wait_for_url("**/validation")


def wait_for_check(portal: Portal, dataset: str, status: str) -> dict[str, str]:
    """Wait for the worker, and give the resource."""
    deadline = time.monotonic() + SECONDS_TO_CHECK
    while time.monotonic() < deadline:
        resource = action(portal, "package_show", id=dataset)["resources"][0]
        if resource.get("validation_status") == status:
            return resource
        time.sleep(0.3)
    raise AssertionError(f"{resource}\n{portal.log('worker')}")


def action(portal: Portal, name: str, **arguments: str):  # noqa: ANN201 - answers of any shape
    """What an action answers to a visitor."""
    answer = requests.get(
        f"{portal.url}/api/3/action/{name}", params=arguments, timeout=SECONDS_TO_ANSWER
    )
    return answer.json()["result"]
