"""The whole catalogue in one document."""

from __future__ import annotations

import gzip

import pytest
import sqlalchemy as sa
from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, RDF
from werkzeug.test import create_environ

from ckanext.heraultdata.database import engine
from tests.dcat.catalogue.catalogues import (
    FORMS,
    Catalogue,
    datasets_of,
    graph_of,
    linked_by,
)
from tests.withdrawals import making

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:rdflib\..*"),
]

HYDRA = "http://www.w3.org/ns/hydra/core#"


@pytest.mark.usefixtures("small_pages")
def test_it_is_all_the_pages_together(catalogue: Catalogue) -> None:
    published = [catalogue.publish(f"Jeu {rank}") for rank in range(5)]
    catalogue.ask("/catalog/complete.ttl").get_data()
    together = Graph()
    for _, page in catalogue.walk("/catalog.ttl"):
        together += graph_of(page)
    for triple in list(together):
        if str(triple[1]).startswith(HYDRA) or str(triple[2]).startswith(HYDRA):
            together.remove(triple)
    for form in FORMS:
        whole = graph_of(catalogue.ask(f"/catalog/complete.{form}"), form)
        assert isomorphic(whole, together), form
        assert datasets_of(whole) == linked_by(whole) == sorted(published)


def test_an_empty_catalogue(catalogue: Catalogue) -> None:
    for form in FORMS:
        graph = graph_of(catalogue.ask(f"/catalog/complete.{form}"), form)
        assert len(list(graph.subjects(RDF.type, DCAT.Catalog))) == 1
        assert datasets_of(graph) == []


def test_many_datasets_are_links_in_lots(catalogue: Catalogue) -> None:
    making.many_datasets(catalogue.partner, 230)
    for form in ("ttl", "xml", "jsonld"):
        graph = graph_of(catalogue.ask(f"/catalog/complete.{form}"), form)
        assert len(datasets_of(graph)) == 230
        assert linked_by(graph) == datasets_of(graph)


def test_it_is_sent_as_it_is_read(catalogue: Catalogue) -> None:
    making.many_datasets(catalogue.partner, 230)
    catalogue.ask("/catalog/complete.ttl").get_data()
    before = begun_reads()
    environ = create_environ("/catalog/complete.ttl", "http://test.ckan.net")
    begun: list[str] = []
    parts = catalogue.app.app(environ, lambda status, headers: begun.append(status))
    assert next(parts).startswith(b"@prefix")
    assert begun == ["200 OK"]
    assert begun_reads() == before + 1
    # A client that leaves in the middle leaves no connection behind.
    parts.close()
    assert begun_reads() == before


def begun_reads() -> int:
    """The connections that are in the middle of a long read."""
    with engine().connect() as connection:
        found = connection.scalar(
            sa.text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND state = 'idle in transaction' AND query LIKE 'FETCH%'"
            )
        )
        return int(found or 0)


def test_two_dumps_are_the_same_bytes(catalogue: Catalogue) -> None:
    for title in ("Arbres", "Bancs", "Écoles"):
        catalogue.publish(title)
    for form in FORMS:
        first, second = (catalogue.ask(f"/catalog/complete.{form}") for _ in range(2))
        assert first.data == second.data
        packed = catalogue.ask(f"/catalog/complete.{form}", Accept_Encoding="gzip")
        assert gzip.decompress(packed.data) == first.data


def test_nothing_hidden_is_in_it(catalogue: Catalogue) -> None:
    gone = making.public_dataset(catalogue.partner, title="Retiré")
    private = making.private_dataset(catalogue.partner, title="Secret")
    kept = catalogue.publish("Gardé")
    making.executed(catalogue.partner, gone)
    text = catalogue.ask("/catalog/complete.ttl").text
    assert kept in text
    assert gone["id"] not in text
    assert private["id"] not in text
