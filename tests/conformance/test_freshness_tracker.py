"""The freshness of partners' datasets, read from the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.model as model
import pytest
from ckan.tests.helpers import call_action

from ckanext.heraultdata.conformance import freshness_tracker
from ckanext.heraultdata.conformance.freshness import FreshnessStatus
from tests import factories
from tests.reading import counted_queries

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

EU = "http://publications.europa.eu/resource/authority/frequency/"
TODAY = date(2026, 11, 24)


def dataset(
    organization: dict[str, Any],
    name: str,
    frequency: str = "ANNUAL",
    changed: tuple[str | None, ...] = ("2025-01-10T12:00:00",),
    created: str = "2024-01-10T12:00:00",
) -> dict[str, Any]:
    """A private dataset with a file for each moment (UTC) at which one was replaced."""
    made = call_action(
        "package_create",
        context={"user": factories.user(sysadmin=True).name},
        name=name,
        title=name.capitalize(),
        notes="Les données",
        owner_org=organization["id"],
        private=True,
        frequency=EU + frequency,
        resources=[
            {"url": f"https://data.example/{rank}.csv", "format": "CSV"}
            for rank in range(len(changed))
        ],
    )
    for resource, moment in zip(made["resources"], changed, strict=True):
        row = model.Session.get(model.Resource, resource["id"])
        assert row is not None
        row.created = datetime.fromisoformat(created)
        row.last_modified = datetime.fromisoformat(moment) if moment else None  # type: ignore[assignment]
    model.Session.commit()
    return made


def test_a_dataset_is_late_a_period_and_the_tolerance_after_its_newest_file() -> None:
    partner = factories.partner()
    made = dataset(partner, "budget", changed=("2024-03-01T12:00:00", "2025-01-10T12:00:00"))
    [found] = freshness_tracker.on(TODAY)
    assert (found.organization_id, found.package_id) == (partner["id"], made["id"])
    assert (found.name, found.title, found.frequency) == ("budget", "Budget", EU + "ANNUAL")
    assert found.changed_on == date(2025, 1, 10)
    assert found.freshness.status is FreshnessStatus.LATE
    assert found.freshness.due_on == date(2026, 2, 9)
    assert found.freshness.days_late == (TODAY - date(2026, 2, 9)).days


def test_a_change_of_the_description_is_no_change_of_the_data() -> None:
    made = dataset(factories.partner(), "budget")
    call_action(
        "package_patch",
        context={"user": factories.user(sysadmin=True).name},
        id=made["id"],
        notes="Mieux dit",
    )
    [found] = freshness_tracker.on(TODAY)
    assert found.changed_on == date(2025, 1, 10)


def test_a_file_never_replaced_counts_from_the_day_it_came() -> None:
    dataset(factories.partner(), "budget", changed=(None,), created="2026-01-05T12:00:00")
    [found] = freshness_tracker.on(TODAY)
    assert (found.changed_on, found.freshness.status) == (date(2026, 1, 5), FreshnessStatus.FRESH)


def test_the_day_is_that_of_paris() -> None:
    dataset(factories.partner(), "budget", changed=("2026-07-01T22:30:00",))
    [found] = freshness_tracker.on(TODAY)
    assert found.changed_on == date(2026, 7, 2)


def test_on_a_past_day_what_came_later_does_not_count() -> None:
    partner = factories.partner()
    dataset(partner, "budget", changed=("2026-05-01T12:00:00",), created="2024-01-10T12:00:00")
    [before] = freshness_tracker.on(date(2026, 4, 30))
    assert (before.changed_on, before.freshness.due_on) == (date(2024, 1, 10), date(2025, 2, 9))
    [after] = freshness_tracker.on(date(2026, 5, 1))
    assert after.changed_on == date(2026, 5, 1)
    assert freshness_tracker.on(date(2024, 1, 9)) == []


def test_what_promises_nothing_is_left_out() -> None:
    partner = factories.partner()
    for code in ("IRREG", "NEVER", "UNKNOWN"):
        dataset(partner, code.lower(), frequency=code)
    dataset(factories.department(), "of-the-departement")
    dataset(factories.organization(name="untyped"), "of-an-untyped-organisation")
    gone = dataset(partner, "deleted")
    maintainer = {"user": factories.user(sysadmin=True).name}
    call_action("package_delete", context=maintainer, id=gone["id"])
    file_gone = dataset(partner, "without-a-file")
    call_action("resource_delete", context=maintainer, id=file_gone["resources"][0]["id"])
    assert freshness_tracker.on(TODAY) == []


def test_the_most_late_first_by_organisation_or_dataset() -> None:
    one, other = factories.partner(), factories.partner()
    yearly = dataset(one, "yearly")
    monthly = dataset(one, "monthly", frequency="MONTHLY")
    third = dataset(other, "third", frequency="QUARTERLY")
    assert [each.package_id for each in freshness_tracker.on(TODAY)] == [
        monthly["id"],
        third["id"],
        yearly["id"],
    ]
    assert [each.name for each in freshness_tracker.on(TODAY, [one["id"]])] == ["monthly", "yearly"]
    assert freshness_tracker.on(TODAY, []) == []
    [alone] = freshness_tracker.on(TODAY, package_id=third["id"])
    assert alone.name == "third"


@pytest.mark.ckan_config("heraultdata.freshness_tolerance_days", 400)
def test_the_tolerance_is_a_setting() -> None:
    dataset(factories.partner(), "budget")
    [found] = freshness_tracker.on(date(2026, 11, 24))
    assert found.freshness.due_on == date(2027, 2, 14)


def test_more_datasets_ask_no_more_queries() -> None:
    partner = factories.partner()
    dataset(partner, "first")
    with counted_queries() as with_one:
        freshness_tracker.on(TODAY)
    for rank in range(4):
        dataset(factories.partner(), f"more-{rank}")
    with counted_queries() as with_many:
        assert len(freshness_tracker.on(TODAY)) == 5
    assert len(with_many) == len(with_one)
