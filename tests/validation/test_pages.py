"""Badge, report page and the form's errors, as HTML."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories, helpers

from .conftest import INVALID, PLUGINS, VALID, create, run_jobs

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


def page(app: Any, address: str, **options: Any) -> BeautifulSoup:
    return BeautifulSoup(app.get(address, **options).body, "html.parser")


def addresses(resource: dict[str, Any]) -> tuple[str, str, str]:
    of_dataset = f"/dataset/{resource['package_id']}"
    of_resource = f"{of_dataset}/resource/{resource['id']}"
    return of_dataset, of_resource, f"{of_resource}/validation"


@pytest.mark.parametrize(("text", "shown"), [(VALID, "data valid"), (INVALID, "data not valid")])
def test_badge_on_the_pages_of_dataset_and_file(
    app: Any,
    dataset: dict[str, Any],
    text: str,
    shown: str,
) -> None:
    resource = create(dataset, text)
    of_dataset, of_resource, of_report = addresses(resource)
    assert not page(app, of_resource).select(".validation-badge")

    run_jobs()

    for address in (of_dataset, of_resource, of_report):
        (badge,) = page(app, address).select("a.validation-badge")
        assert badge.get_text(" ", strip=True) == shown
        assert str(badge["href"]).endswith(of_report)


def test_no_badge_in_listings_where_the_setting_says_so(
    app: Any,
    dataset: dict[str, Any],
    ckan_config: dict[str, Any],
) -> None:
    resource = create(dataset)
    run_jobs()
    ckan_config["ckanext.validation.show_badges_in_listings"] = False
    of_dataset, of_resource, _ = addresses(resource)

    assert not page(app, of_dataset).select(".validation-badge")
    assert page(app, of_resource).select(".validation-badge")


def test_report_page_lists_the_errors(
    app: Any, dataset: dict[str, Any], at: Callable[[str], None]
) -> None:
    at("2026-11-24")
    resource = create(dataset, INVALID)
    of_report = addresses(resource)[2]
    assert "waits for its check" in page(app, of_report).get_text()

    run_jobs()

    report = page(app, of_report)
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.select("td")]
        for row in report.select("table tbody tr")
    ]
    assert [row[:2] for row in rows] == [["2", "date"], ["3", "insee"]]
    assert "2 rows read." in report.get_text()
    assert "2 errors." in report.get_text()
    assert "Checked on November 24, 2026 at 11:00" in report.get_text()


def test_report_page_of_a_file_that_cannot_be_read(
    app: Any,
    dataset: dict[str, Any],
) -> None:
    resource = helpers.call_action(
        "resource_create",
        package_id=dataset["id"],
        url="http://127.0.0.1:9/nothing.csv",
        format="csv",
    )
    run_jobs()

    report = page(app, addresses(resource)[2])

    assert "could not be checked" in report.get_text()
    assert "its server does not answer" in report.get_text()


def test_report_page_without_a_report(app: Any, dataset: dict[str, Any]) -> None:
    resource = helpers.call_action(
        "resource_create", package_id=dataset["id"], url="http://x.example/a.pdf", format="pdf"
    )

    app.get(addresses(resource)[2], status=404)


def test_report_of_a_private_dataset_is_private(app: Any) -> None:
    user = factories.UserWithToken()
    organization = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    dataset = factories.Dataset(owner_org=organization["id"], private=True)
    resource = create(dataset)
    run_jobs()
    of_report = addresses(resource)[2]

    app.get(of_report, status=403)
    answer = app.get(of_report, headers={"Authorization": user["token"]}, status=200)
    assert "No error." in answer.body


def test_hostile_texts_are_escaped(app: Any, dataset: dict[str, Any]) -> None:
    hostile = "<script>alert(1)</script>"
    resource = create(dataset, f'insee,date\n"{hostile}",{hostile}\n', name=hostile)
    run_jobs()

    for address in addresses(resource):
        assert hostile not in app.get(address).body


def test_statuses_are_a_facet_of_the_search(dataset: dict[str, Any]) -> None:
    create(dataset)
    run_jobs()

    found = helpers.call_action("package_search", fq="vocab_validation_status:success")

    assert [item["id"] for item in found["results"]] == [dataset["id"]]
