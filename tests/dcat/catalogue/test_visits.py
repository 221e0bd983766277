"""The walks of harvesters are seen by the administrators."""

from __future__ import annotations

import secrets

import pytest

from ckanext.heraultdata.dcat.harvesters.visits import Harvester, seen
from tests.dcat.catalogue.catalogues import Catalogue

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "small_pages")


@pytest.fixture
def agent() -> str:
    """A harvester that has never been here."""
    return f"harvester/{secrets.token_hex(8)}"


def known(agent: str) -> Harvester | None:
    """What is known of a harvester."""
    return next((one for one in seen() if one.agent == agent), None)


def test_a_walk_to_the_end(catalogue: Catalogue, agent: str) -> None:
    for rank in range(3):
        catalogue.publish(f"Jeu {rank}")
    catalogue.ask("/catalog/complete.ttl")
    first = catalogue.ask("/catalog.ttl", User_Agent=agent)
    begun = known(agent)
    assert begun is not None
    assert begun.last_walk is None
    catalogue.ask("/catalog.ttl?page=2", User_Agent=agent)
    catalogue.ask("/catalog.ttl", 304, User_Agent=agent, If_None_Match=first.headers["ETag"])
    catalogue.ask("/catalog.ttl?page=0", 400, User_Agent=agent)
    walked = known(agent)
    assert walked is not None
    assert walked.last_walk is not None
    assert walked.last_walk.pages == 2
    assert (walked.requests, walked.not_modified, walked.client_errors) == (4, 1, 1)


def test_the_whole_in_one_file_is_a_walk(catalogue: Catalogue, agent: str) -> None:
    catalogue.ask("/catalog/complete.ttl", User_Agent=agent)
    walked = known(agent)
    assert walked is not None
    assert walked.last_walk is not None
    assert walked.last_walk.pages == 1


def test_a_selection_is_no_walk_of_the_catalogue(catalogue: Catalogue, agent: str) -> None:
    catalogue.ask("/catalog.ttl?modified_since=2020-01-01", User_Agent=agent)
    found = known(agent)
    assert found is not None
    assert found.last_walk is None


def test_a_question_about_the_head_is_no_visit(catalogue: Catalogue, agent: str) -> None:
    catalogue.app.test_client().head("/catalog.ttl", headers={"User-Agent": agent})
    assert known(agent) is None
