"""How fresh data is, by the API: each role, each filter, pages, bad input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from tests import factories
from tests.conformance.test_freshness_tracker import EU, dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ACTION = "heraultdata_freshness_list"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-11-24")


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner()


def test_each_dataset_with_its_dates(partner: dict[str, Any]) -> None:
    made = dataset(partner, "budget")
    assert call_action(ACTION) == {
        "count": 1,
        "results": [
            {
                "organization_id": partner["id"],
                "package_id": made["id"],
                "frequency": EU + "ANNUAL",
                "changed_on": "2025-01-10",
                "status": "late",
                "due_on": "2026-02-09",
                "days_left": None,
                "days_late": 288,
            }
        ],
    }
    [then] = call_action(ACTION, on="2026-02-09")["results"]
    assert (then["status"], then["days_left"], then["days_late"]) == ("fresh", 0, None)


def test_filters_and_pages(partner: dict[str, Any]) -> None:
    other = factories.partner()
    dataset(partner, "late")
    dataset(partner, "fresh", changed=("2026-11-01T12:00:00",))
    last = dataset(other, "other", frequency="QUINQUENNIAL")
    assert [each["status"] for each in call_action(ACTION)["results"]] == ["late", "fresh", "fresh"]
    assert call_action(ACTION, status="late")["count"] == 1
    assert call_action(ACTION, organization_id=partner["name"])["count"] == 2
    page = call_action(ACTION, limit=1, offset=2)
    assert (page["count"], [each["package_id"] for each in page["results"]]) == (3, [last["id"]])


def test_members_see_their_own(partner: dict[str, Any]) -> None:
    other = factories.partner()
    people = factories.people(partner["id"])
    made = dataset(partner, "budget")
    dataset(other, "other")
    for role in ("partner_admin", "partner_editor", "partner_member"):
        found = factories.act(people.of(role), ACTION)
        assert [each["package_id"] for each in found["results"]] == [made["id"]]
        with pytest.raises(tk.NotAuthorized):
            factories.act(people.of(role), ACTION, organization_id=other["id"])
    for role in ("sysadmin", "department_admin"):
        assert factories.act(people.of(role), ACTION)["count"] == 2
    for who in (people.visitor, None):
        with pytest.raises(tk.NotAuthorized, match="members and the département"):
            factories.act(who, ACTION)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("on", "2025-13-01"),
        ("status", "overdue"),
        ("organization_id", "none"),
        ("limit", 1001),
        ("offset", -1),
        ("day", "2025-01-01"),
    ],
)
def test_bad_filters_are_told(field: str, value: object) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        call_action(ACTION, **{field: value})
    assert field in str(refusal.value.error_dict)
