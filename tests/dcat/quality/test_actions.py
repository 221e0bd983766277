"""The list of scores: its order, whose datasets are in it, its filters."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.heraultdata.dcat.pieces.refreshing import refresh
from tests import factories
from tests.dcat.quality.scored import many_scored, scored
from tests.factories import act, sentence_of
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ACTION = "heraultdata_catalogue_score_list"


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(name="aniane", title="Commune d'Aniane")


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def titles(user: model.User | None, **asked: Any) -> list[str]:
    """The titles that a user finds."""
    return [each["title"] for each in act(user, ACTION, **asked)["results"]]


def test_the_worst_comes_first(partner: dict[str, Any], people: factories.People) -> None:
    scored(partner, "Bancs", 405)
    made = scored(partner, "Arbres", 120, "keywords", "files")
    scored(partner, "Parcs", 120, "files")
    found = act(people.department_admin, ACTION)
    assert [each["title"] for each in found["results"]] == ["Arbres", "Parcs", "Bancs"]
    assert found["count"] == 3
    assert found["mean"] == 215
    assert found["ratings"] == {"excellent": 1, "good": 0, "sufficient": 0, "bad": 2}
    first = found["results"][0]
    assert first["package_id"] == made["id"]
    assert first["name"] == made["name"]
    assert first["organization_id"] == partner["id"]
    assert first["organization_title"] == "Commune d'Aniane"
    assert (first["score"], first["gaps"]) == (120, ["keywords", "files"])


def test_what_is_not_in_the_catalogue_is_not_in_the_list(
    partner: dict[str, Any], people: factories.People
) -> None:
    assert act(people.sysadmin, ACTION) == {
        "count": 0,
        "mean": None,
        "ratings": {"excellent": 0, "good": 0, "sufficient": 0, "bad": 0},
        "results": [],
    }
    making.private_dataset(partner, title="Brouillon")
    gone = scored(partner, "Arbres", 100)
    scored(partner, "Bancs", 200)
    call_action("package_delete", context=making.site_context(), id=gone["id"])
    assert titles(people.sysadmin) == ["Bancs"]


@pytest.mark.usefixtures("with_request_context")
def test_serialisation_counts_the_points(partner: dict[str, Any], people: factories.People) -> None:
    making.public_dataset(partner, {"arbres.csv": b"nom\nplatane\n"}, title="Arbres")
    refresh()
    (found,) = act(people.department_admin, ACTION)["results"]
    assert "keywords" in found["gaps"]
    assert "files" not in found["gaps"]
    assert 0 < found["score"] < 405
    assert found["uri"]


def test_editors_find_their_own_and_others_nothing(
    partner: dict[str, Any], people: factories.People
) -> None:
    scored(partner, "Arbres", 100)
    other = factories.partner(title="Gignac")
    scored(other, "Bancs", 200)
    for role in ("sysadmin", "department_admin"):
        assert titles(people.of(role)) == ["Arbres", "Bancs"]
        assert titles(people.of(role), organization_id=other["name"]) == ["Bancs"]
    for role in ("partner_admin", "partner_editor"):
        assert titles(people.of(role)) == ["Arbres"]
        assert titles(people.of(role), organization_id=partner["id"]) == ["Arbres"]
        with pytest.raises(tk.NotAuthorized):
            act(people.of(role), ACTION, organization_id=other["id"])
    assert titles(people.other_partner_admin) == []
    for who in (people.partner_member, people.visitor, None):
        with pytest.raises(tk.NotAuthorized):
            act(who, ACTION)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["Arbres", "Bancs", "Parcs"]),
        ({"gap": "keywords"}, ["Arbres"]),
        ({"gap": "theme"}, ["Arbres", "Bancs"]),
        ({"gap": "files"}, []),
        ({"limit": 1, "offset": 1}, ["Bancs"]),
        ({"limit": 0}, []),
        ({"offset": 9}, []),
    ],
)
def test_it_is_narrowed(
    partner: dict[str, Any], people: factories.People, asked: dict[str, Any], expected: list[str]
) -> None:
    scored(partner, "Arbres", 100, "keywords", "theme")
    scored(partner, "Bancs", 200, "theme")
    scored(partner, "Parcs", 300)
    found = act(people.department_admin, ACTION, **asked)
    assert [each["title"] for each in found["results"]] == expected
    if "limit" in asked or "offset" in asked:
        assert found["count"] == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organization_id", "nowhere"),
        ("gap", "licorne"),
        ("limit", "1001"),
        ("offset", "-1"),
        ("colour", "red"),
    ],
)
def test_bad_arguments_are_refused_in_a_sentence(
    partner: dict[str, Any], people: factories.People, field: str, value: str
) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        act(people.department_admin, ACTION, **{field: value})
    assert sentence_of(refusal, field)


def test_it_makes_as_many_queries_for_many_datasets_as_for_one(
    partner: dict[str, Any], people: factories.People
) -> None:
    def asked() -> int:
        with counted_queries() as made:
            act(people.department_admin, ACTION, limit=1000)
        return len(made)

    scored(partner, "Arbres", 100)
    for_one = asked()
    many_scored(partner, 30, 200, "keywords")
    assert asked() == for_one
