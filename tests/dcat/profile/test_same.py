"""The same triples for the same dataset: in any language, in any process, with few queries."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from sqlalchemy import event

from ckanext.heraultdata.database import engine
from ckanext.heraultdata.dcat.kinds import Serialisation
from ckanext.heraultdata.dcat.pieces import writing
from ckanext.heraultdata.dcat.profile.description import describe
from tests import factories
from tests.datasets import api

from .conftest import Site

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")

MOST_QUERIES = 9
_NAMED = """
import sys
from rdflib import Graph
from ckanext.heraultdata.dcat.profile import skolem
graph = skolem.named(Graph().parse(data=sys.stdin.read(), format="turtle"), "http://a.example")
print("\\n".join(sorted(" ".join(node.n3() for node in triple) for triple in graph)))
"""


def written(dataset: dict[str, Any]) -> str:
    """What is told of a dataset, in one order."""
    return writing.body(describe(dataset).graph, Serialisation.TURTLE)


def reordered(value: Any) -> Any:
    """The same, with the keys of objects the other way round."""
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(each) for each in value] if isinstance(value, list) else value


def test_in_any_language(site: Site, app: Any) -> None:
    alone = written(site.every)
    for language in ("en", "fr"):
        with app.flask_app.test_request_context(
            environ_overrides={"CKAN_LANG": language, "CKAN_LANG_IS_DEFAULT": language == "en"}
        ):
            shown = api.act("package_show", id=site.every["id"])
            assert written(shown) == alone


def test_twice_and_in_any_order_of_fields(site: Site) -> None:
    assert written(site.every) == written(site.every) == written(reordered(site.every))


def test_dataset_is_left_as_it_is(site: Site) -> None:
    dataset = site.every
    before = json.dumps(dataset, sort_keys=True, default=str)
    describe(dataset)
    assert json.dumps(dataset, sort_keys=True, default=str) == before


def test_in_any_process() -> None:
    told = '<http://a.example/1> <http://b.example/p> [ <http://b.example/q> "é" ] .'
    answers = {
        subprocess.run(
            [sys.executable, "-c", _NAMED],
            input=told,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1
    assert "/.well-known/genid/" in answers.pop()


def test_a_change_of_the_partner_is_told(site: Site) -> None:
    dataset = site.fewest(publisher=[], contact=[])
    describe(dataset)
    other = factories.organization(name="other-partner", title="Other")
    assert "Other" in written(dataset | {"owner_org": other["id"]})


def test_few_queries_however_many_files(site: Site) -> None:
    dataset = site.every
    dataset["resources"] = [dataset["resources"][0] | {"id": f"file-{rank}"} for rank in range(20)]
    queries: list[str] = []

    def seen(connection: Any, cursor: Any, statement: str, *others: Any) -> None:
        queries.append(statement)

    event.listen(engine(), "before_cursor_execute", seen)
    try:
        describe(dataset)
    finally:
        event.remove(engine(), "before_cursor_execute", seen)
    assert 0 < len(queries) <= MOST_QUERIES
