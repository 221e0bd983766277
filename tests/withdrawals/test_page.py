"""What the queue and the page of a request say, in words, for each state and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from ckanext.heraultdata.withdrawals import page

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _in_english(with_plugins: None, app: Any) -> Iterator[None]:
    with app.flask_app.test_request_context("/", environ_overrides={"CKAN_LANG": "en"}):
        yield


def request(**fields: Any) -> dict[str, Any]:
    values = {
        "id": "id-1",
        "reference": "R-2026-0001",
        "state": "received",
        "scope": "datasets",
        "channel": "portal",
        "initiative": "partner",
        "received_on": "2026-11-20",
        "due_on": "2026-11-27",
        "suspended_on": None,
        "confirmed_on": None,
        "executed_on": None,
        "items": [item(1)],
    }
    return {**values, **fields}


def item(rank: int, **fields: Any) -> dict[str, Any]:
    values = {
        "id": f"item-{rank}",
        "package_id": f"dataset-{rank}",
        "resource_id": None,
        "name": f"arbres-{rank}",
        "title": f"Arbres {rank}",
        "resource_name": None,
        "state": "asked",
    }
    return {**values, **fields}


def test_what_waits_says_its_age_and_how_long_it_may_wait() -> None:
    line = page.line(request(), MONDAY)
    assert line.age == "Received on November 20, 2026, 3 days ago"
    assert line.deadline == "To be executed by November 27, 2026, 4 working days left"
    assert not line.is_late


def test_its_last_day_is_not_late_yet() -> None:
    line = page.line(request(), date(2026, 11, 27))
    assert not line.is_late
    assert line.deadline == "To be executed by November 27, 2026, 0 working days left"


def test_a_weekend_makes_nothing_later_by_working_days() -> None:
    assert page.line(request(), date(2026, 11, 30)).deadline.startswith("Late by 1 working day:")


@pytest.mark.parametrize("state", ["executed", "closed", "cancelled", "inadmissible"])
def test_what_is_over_is_never_late(state: str) -> None:
    line = page.line(request(state=state), date(2027, 11, 23))
    assert (line.deadline, line.is_late) == ("", False)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Received, to be executed"),
        ({"channel": "phone"}, "waits for its confirmation in writing"),
        ({"channel": "phone", "confirmed_on": "2026-11-21"}, "Received, to be executed"),
        ({"suspended_on": "2026-11-20"}, "access suspended already"),
        ({"state": "closed"}, "Closed"),
    ],
)
def test_where_it_stands(fields: dict[str, Any], said: str) -> None:
    assert said in page.line(request(**fields), MONDAY).state


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Arbres 1"),
        ({"items": [item(1), item(2)]}, "2 datasets"),
        ({"scope": "all", "items": [item(1), item(2)]}, "All the datasets of the partner: 2 dat"),
        (
            {"scope": "resources", "items": [item(1, resource_id="f", resource_name="2025.csv")]},
            "2025.csv",
        ),
        ({"scope": "resources", "items": [item(1), item(1)]}, "2 files"),
    ],
)
def test_what_it_is_about(fields: dict[str, Any], said: str) -> None:
    assert page.line(request(**fields), MONDAY).what.startswith(said)


def test_only_what_is_withdrawn_can_be_put_back() -> None:
    states = ["asked", "suspended", "withdrawn", "released", "restored", "erased"]
    items = [item(rank, state=state) for rank, state in enumerate(states)]
    assert page.restorable(request(items=items)) == ["item-2"]
