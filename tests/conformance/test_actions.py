"""The tracker by the API: the worked example of the design, by role, on any day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.heraultdata.clock import PARIS
from ckanext.heraultdata.validation.checks.model import Check
from tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def dataset(partner: dict[str, Any], standard: str, files: int = 1) -> dict[str, Any]:
    """A private dataset of files that follow a standard and were never checked."""
    return call_action(
        "package_create",
        context={"user": factories.user(sysadmin=True).name},
        name=f"dataset-{standard}-{partner['name']}",
        title="Arbres",
        notes="Les arbres",
        owner_org=partner["id"],
        private=True,
        resources=[
            {"url": f"https://data.example/{rank}.pdf", "format": "PDF", "standard": standard}
            for rank in range(files)
        ],
    )


def check(resource: dict[str, Any], version: dict[str, Any], day: date, valid: bool) -> None:
    """A check of a file that ended at noon of a day."""
    model.Session.add(
        Check(
            run_id=f"{resource['id']}-{day}",
            resource_id=resource["id"],
            package_id=resource["package_id"],
            version_id=version["id"],
            valid=valid,
            error_count=0 if valid else 1,
            facts={},
            report={},
            made_at=datetime(day.year, day.month, day.day, 12, tzinfo=PARIS),
        )
    )
    model.Session.commit()


@pytest.fixture
def trees() -> list[dict[str, Any]]:
    """The territorial standard of the design's example, with its two versions."""
    factories.standard(name="herault-arbres", level="territorial")
    return [
        factories.version(standard="herault-arbres", version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    ]


@pytest.mark.parametrize(
    ("day", "status", "days_left", "days_late"),
    [
        ("2026-03-01", "pending", 92, None),
        ("2026-06-01", "due_soon", 0, None),
        ("2026-06-02", "overdue", None, 1),
    ],
)
def test_the_example_of_the_design(
    trees: list[dict[str, Any]],
    day: str,
    status: str,
    days_left: int | None,
    days_late: int | None,
) -> None:
    first, _ = trees
    partner = factories.partner()
    made = dataset(partner, "herault-arbres")
    check(made["resources"][0], first, date(2025, 1, 1), valid=True)
    found = call_action("heraultdata_conformance_list", on=day)
    assert found == {
        "count": 1,
        "results": [
            {
                "organization_id": partner["id"],
                "package_id": made["id"],
                "standard": "herault-arbres",
                "status": status,
                "target_version": "2.0.0",
                "valid_version": "1.0.0",
                "due_on": "2026-06-01",
                "days_left": days_left,
                "days_late": days_late,
                "declared": False,
            }
        ],
    }


def test_a_dataset_valid_for_neither_is_overdue_since_the_first(
    trees: list[dict[str, Any]],
) -> None:
    made = dataset(factories.partner(), "herault-arbres")
    for version in trees:
        check(made["resources"][0], version, date(2025, 6, 2), valid=False)
    [found] = call_action("heraultdata_conformance_list", on="2026-03-01")["results"]
    assert (found["status"], found["due_on"]) == ("overdue", "2024-01-10")
    assert found["days_late"] == (date(2026, 3, 1) - date(2024, 1, 10)).days


def test_a_file_never_checked_makes_the_dataset_unchecked(trees: list[dict[str, Any]]) -> None:
    made = dataset(factories.partner(), "herault-arbres", files=2)
    for version in trees:
        check(made["resources"][0], version, date(2025, 6, 2), valid=True)
    [found] = call_action("heraultdata_conformance_list", on="2026-03-01")["results"]
    assert (found["status"], found["due_on"]) == ("unchecked", "2024-01-10")
    check(made["resources"][1], trees[0], date(2026, 2, 1), valid=True)
    [found] = call_action("heraultdata_conformance_list", on="2026-03-01")["results"]
    assert (found["status"], found["valid_version"]) == ("pending", "1.0.0")
    check(made["resources"][1], trees[1], date(2026, 2, 2), valid=True)
    [found] = call_action("heraultdata_conformance_list", on="2026-03-01")["results"]
    assert (found["status"], found["due_on"], found["days_left"]) == ("conforming", None, None)


def test_a_partner_in_force_without_a_dataset_is_missing_one(trees: list[dict[str, Any]]) -> None:
    partner = factories.partner()
    factories.signed_convention(partner["id"])
    [found] = call_action("heraultdata_conformance_list", on="2024-06-01")["results"]
    assert (found["status"], found["package_id"], found["due_on"], found["days_late"]) == (
        "missing",
        None,
        "2024-03-12",
        81,
    )
    assert call_action("heraultdata_conformance_list", on="2024-03-11")["count"] == 0


def test_the_summary_counts_by_standard(trees: list[dict[str, Any]]) -> None:
    partner = factories.partner()
    factories.signed_convention(partner["id"])
    dataset(factories.partner(), "herault-arbres")
    found = call_action("heraultdata_conformance_summary", {"ignore_auth": False, "user": ""})
    assert (found["count"], found["total"]) == (1, 2)
    [row] = found["results"]
    assert (row["standard"], row["statuses"]["missing"], row["statuses"]["unchecked"]) == (
        "herault-arbres",
        1,
        1,
    )


def test_members_see_their_own(trees: list[dict[str, Any]]) -> None:
    partner, other = factories.partner(), factories.partner()
    people = factories.people(partner["id"])
    made = dataset(partner, "herault-arbres")
    dataset(other, "herault-arbres")
    action = "heraultdata_conformance_list"
    for role in ("partner_admin", "partner_editor", "partner_member"):
        found = factories.act(people.of(role), action)
        assert [each["package_id"] for each in found["results"]] == [made["id"]]
        with pytest.raises(tk.NotAuthorized):
            factories.act(people.of(role), action, organization_id=other["id"])
    for role in ("sysadmin", "department_admin"):
        assert factories.act(people.of(role), action)["count"] == 2
    for who in (people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, action)
        with pytest.raises(tk.NotAuthorized):
            factories.act(who, "heraultdata_conformance_summary", organization_id=partner["id"])


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "2025-13-01"), ("standard", "none"), ("status", "late"), ("organization_id", "none")],
)
def test_bad_filters_are_told(field: str, value: str) -> None:
    for action in ("heraultdata_conformance_list", "heraultdata_conformance_summary"):
        with pytest.raises(tk.ValidationError) as refusal:
            call_action(action, **{field: value})
        assert factories.sentence_of(refusal, field)
