"""The action that lists the changes."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.dcat.changes.making import CREATE, DELETE, UPDATE, tell, tell_all, uri
from tests.factories import act, sentence_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "from_one")

ACTION = "heraultdata_catalogue_change_list"


@pytest.fixture
def story() -> list[int]:
    """Two datasets of which one is withdrawn."""
    return tell_all([(CREATE, "a", 0), (CREATE, "b", 1), (UPDATE, "a", 2), (DELETE, "b", 3)])


def listed(**asked: Any) -> list[int]:
    """The numbers of what a visitor finds."""
    return [each["id"] for each in act(None, ACTION, **asked)["results"]]


def test_it_lists_what_happened_in_its_order(story: list[int]) -> None:
    found = act(None, ACTION)
    assert found["count"] == 4
    assert [(each["id"], each["kind"], each["title"]) for each in found["results"]] == [
        (story[0], "create", "A"),
        (story[1], "create", None),
        (story[2], "update", "A"),
        (story[3], "delete", None),
    ]
    assert found["results"][2] == {
        "id": story[2],
        "package_id": "a",
        "uri": uri("a"),
        "kind": "update",
        "at": "2026-11-20T08:02:00+00:00",
        "title": "A",
    }


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"after": 2}, [3, 4]),
        ({"after": "0"}, [1, 2, 3, 4]),
        ({"after": 4}, []),
        ({"limit": 2}, [1, 2]),
        ({"limit": 0}, []),
        ({"after": 1, "limit": 2}, [2, 3]),
        ({"since": "2026-11-20T08:02:00Z"}, [3, 4]),
        ({"since": "2026-11-20T08:02:00Z", "after": 3}, [4]),
        ({"since": "2026-11-21"}, []),
        ({"since": ""}, [1, 2, 3, 4]),
    ],
)
def test_it_is_narrowed(story: list[int], asked: dict[str, Any], numbers: list[int]) -> None:
    assert listed(**asked) == numbers


def test_the_count_is_of_all_that_is_asked_for(story: list[int]) -> None:
    assert act(None, ACTION, after=1, limit=1)["count"] == 3


def test_it_is_followed_from_number_to_number() -> None:
    expected = tell_all([(UPDATE, "a", rank) for rank in range(250)])
    met: list[int] = []
    while found := listed(after=met[-1] if met else 0):
        met += found
        if len(met) == 200:
            expected.append(tell(CREATE, "b", 1000))
    assert met == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("since", "20/11/2026"),
        ("since", "\ud800"),
        ("since", ["2026-11-20"]),
        ("after", "-1"),
        ("after", 1.5),
        ("after", True),
        ("limit", 1001),
        ("before", 3),
        ("offset", 3),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(field: str, value: object) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        act(None, ACTION, **{field: value})
    assert sentence_of(refusal, field)


def test_anyone_may_list_them_through_the_api(app: CKANTestApp, story: list[int]) -> None:
    answer = app.get(f"/api/action/{ACTION}?after=2").json
    assert answer is not None
    visitor = answer["result"]
    assert visitor == act(factories.user(), ACTION, after=2)
    assert visitor["count"] == 2


def test_a_visitor_learns_no_title_of_what_left(story: list[int]) -> None:
    assert "B" not in str(act(factories.user(sysadmin=True), ACTION)["results"])
