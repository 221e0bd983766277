"""The pages of the catalogue: what they hold, and how a reader goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, RDF

from ckanext.heraultdata.dcat.model import CataloguePiece
from tests import factories
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
    # The readers of RDF that these tests lean on warn of themselves.
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:rdflib\..*"),
]

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SITE = "http://test.ckan.net"


def test_a_page_holds_the_catalogue_and_its_datasets(catalogue: Catalogue) -> None:
    trees, benches = catalogue.publish("Arbres"), catalogue.publish("Bancs")
    graph = graph_of(catalogue.ask())
    (uri,) = graph.subjects(RDF.type, DCAT.Catalog)
    assert datasets_of(graph) == linked_by(graph) == sorted([trees, benches])
    assert set(graph.subjects(DCAT.dataset, None)) == {uri}
    titles = {str(title) for title in graph.objects(None, DCTERMS.title)}
    assert {"Arbres", "Bancs"} <= titles


def test_an_empty_catalogue_is_a_catalogue(catalogue: Catalogue) -> None:
    for form in FORMS:
        graph = graph_of(catalogue.ask(f"/catalog.{form}"), form)
        assert len(list(graph.subjects(RDF.type, DCAT.Catalog))) == 1
        assert datasets_of(graph) == []
        assert list(graph.objects(None, HYDRA.totalItems)) == [Literal(0)]
        assert list(graph.objects(None, HYDRA.next)) == []


def test_the_forms_say_the_same(catalogue: Catalogue) -> None:
    catalogue.publish("Arbres d’alignement <é> & “autres”")
    catalogue.publish("Bancs")
    turtle = graph_of(catalogue.ask())
    for form in FORMS:
        graph = graph_of(catalogue.ask(f"/catalog.{form}"), form)
        assert isomorphic(elsewhere(graph, form), turtle), form


def elsewhere(graph: Graph, form: str) -> Graph:
    """The triples with the addresses of the Turtle: each form leads to pages of its own."""

    def moved(node: Any) -> Any:
        if isinstance(node, (URIRef, Literal)) and f"/catalog.{form}?" in node:
            return type(node)(node.replace(f"/catalog.{form}?", "/catalog.ttl?"))
        return node

    changed = Graph()
    for triple in graph:
        changed.add(tuple(moved(node) for node in triple))
    return changed


def test_two_dumps_are_the_same_bytes(catalogue: Catalogue) -> None:
    catalogue.publish()
    for form in FORMS:
        first, second = (catalogue.ask(f"/catalog.{form}") for _ in range(2))
        assert first.data == second.data
        assert first.headers == second.headers


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("form", FORMS)
def test_a_walk_meets_each_dataset_once(catalogue: Catalogue, form: str) -> None:
    published = [catalogue.publish(f"Jeu {rank}") for rank in range(5)]
    pages = list(catalogue.walk(f"/catalog.{form}"))
    assert [address for address, _ in pages[1:]] == [
        f"/catalog.{form}?page=2",
        f"/catalog.{form}?page=3",
    ]
    met = [dataset for _, page in pages for dataset in datasets_of(graph_of(page, form))]
    assert sorted(met) == sorted(published)


@pytest.mark.usefixtures("small_pages")
def test_hydra_as_ckanext_dcat_writes_it(catalogue: Catalogue) -> None:
    for rank in range(5):
        catalogue.publish(f"Jeu {rank}")
    graph = graph_of(catalogue.ask("/catalog.ttl?page=2"))
    (page,) = graph.subjects(RDF.type, HYDRA.PagedCollection)
    assert page == URIRef(f"{SITE}/catalog.ttl?page=2")
    told = {
        str(predicate).removeprefix(str(HYDRA)): value
        for predicate, value in graph.predicate_objects(page)
        if predicate != RDF.type
    }
    numbers = {"first": 1, "previous": 1, "next": 3, "last": 3}
    addresses = {
        name: Literal(f"{SITE}/catalog.ttl?page={number}")
        for relation, number in numbers.items()
        for name in (relation, f"{relation}Page")
    }
    assert told == {**addresses, "totalItems": Literal(5), "itemsPerPage": Literal(2)}


@pytest.mark.usefixtures("small_pages")
def test_the_links_of_the_answer_lead_to_the_same_pages(catalogue: Catalogue) -> None:
    for rank in range(5):
        catalogue.publish(f"Jeu {rank}")
    assert catalogue.ask("/catalog.xml?page=2").headers["Link"] == ", ".join(
        f'<{SITE}/catalog.xml?page={number}>; rel="{relation}"'
        for relation, number in (("first", 1), ("prev", 1), ("next", 3), ("last", 3))
    )
    assert 'rel="next"' not in catalogue.ask("/catalog.xml?page=3").headers["Link"]


@pytest.mark.usefixtures("small_pages")
def test_a_page_after_the_last_is_empty(catalogue: Catalogue) -> None:
    catalogue.publish()
    for number in (2, 1_000_000):
        graph = graph_of(catalogue.ask(f"/catalog.ttl?page={number}"))
        assert datasets_of(graph) == []
        assert list(graph.objects(None, HYDRA.next)) == []


@pytest.mark.usefixtures("small_pages")
def test_what_leaves_makes_a_hole_that_the_next_publication_fills(catalogue: Catalogue) -> None:
    a, b, c, d, e = (catalogue.publish(f"Jeu {rank}") for rank in range(5))
    catalogue.ask()
    for gone in (c, d):
        call_action("package_patch", context=making.site_context(), id=gone, private=True)
    pages = list(catalogue.walk("/catalog.ttl"))
    assert [address for address, _ in pages] == ["/catalog.ttl", "/catalog.ttl?page=3"]
    assert [datasets_of(graph_of(page)) for _, page in pages] == [sorted([a, b]), [e]]
    f = catalogue.publish("Jeu 6")
    pages = list(catalogue.walk("/catalog.ttl"))
    assert [datasets_of(graph_of(page)) for _, page in pages] == [sorted([a, b]), [f], [e]]


@pytest.mark.usefixtures("small_pages")
def test_an_edit_changes_its_page_and_the_first_alone(catalogue: Catalogue) -> None:
    ids = [catalogue.publish(f"Jeu {rank}") for rank in range(6)]
    addresses = [f"/catalog.ttl?page={number}" for number in (1, 2, 3)]
    before = [catalogue.ask(address).headers["ETag"] for address in addresses]
    call_action("package_patch", context=making.site_context(), id=ids[5], title="Autre")
    after = [catalogue.ask(address).headers["ETag"] for address in addresses]
    changed = [one != other for one, other in zip(before, after, strict=True)]
    # The first one tells when the catalogue changed.
    assert changed == [True, False, True]


@pytest.mark.usefixtures("small_pages")
def test_the_catalogue_tells_once_when_it_changed(catalogue: Catalogue) -> None:
    for rank in range(4):
        catalogue.publish(f"Jeu {rank}")
    told = Graph()
    for _, page in catalogue.walk("/catalog.ttl"):
        told += graph_of(page)
    (uri,) = told.subjects(RDF.type, DCAT.Catalog)
    assert len(list(told.objects(uri, DCTERMS.modified))) <= 1


def test_since_a_moment(catalogue: Catalogue) -> None:
    old, new = catalogue.publish("Vieux"), catalogue.publish("Neuf")
    catalogue.ask()
    set_modified(old, "2020-01-01T00:00:00+00:00")
    set_modified(new, "2024-06-01T12:00:00+00:00")

    def found(since: str) -> list[str]:
        return datasets_of(graph_of(catalogue.ask(f"/catalog.ttl?modified_since={since}")))

    assert found("2019-12-31") == sorted([old, new])
    assert found("2024-06-01") == [new]
    assert found("2024-06-01T12:00:00Z") == [new]
    assert found("2024-06-01T14:00:00%2B02:00") == [new]
    assert found("2024-06-01T12:00:01Z") == []


def set_modified(package_id: str, moment: str) -> None:
    """Say when a dataset's description changed last."""
    piece = model.Session.get(CataloguePiece, package_id)
    assert piece is not None
    piece.modified = datetime.fromisoformat(moment)
    model.Session.commit()


@pytest.mark.usefixtures("small_pages")
def test_what_is_found_is_walked_with_its_parameters(catalogue: Catalogue) -> None:
    trees = [catalogue.publish(f"Arbres {rank}", tags=[{"name": "nature"}]) for rank in range(3)]
    catalogue.publish("Bancs")
    for query in ("q=title:Arbres", "fq=tags:nature", "q=title:Arbres&fq=tags%3A%22nature%22"):
        pages = list(catalogue.walk(f"/catalog.ttl?{query}"))
        met = [dataset for _, page in pages for dataset in datasets_of(graph_of(page))]
        assert sorted(met) == sorted(trees), query
    graph = graph_of(catalogue.ask("/catalog.ttl?fq=tags:nature"))
    assert list(graph.objects(None, HYDRA.totalItems)) == [Literal(3)]
    nothing = graph_of(catalogue.ask("/catalog.ttl?q=introuvable"))
    assert datasets_of(nothing) == []


def test_a_query_finds_nothing_private(catalogue: Catalogue) -> None:
    catalogue.publish("Arbres")
    private = making.private_dataset(catalogue.partner, title="Arbres privés")
    for query in ("q=Arbres", "fq=capacity:private", "fq=%2Bstate:(draft OR deleted OR active)"):
        answer = catalogue.ask(f"/catalog.ttl?{query}")
        assert private["id"] not in answer.text


def test_the_same_words_of_another_profile(catalogue: Catalogue) -> None:
    published = catalogue.publish()
    for form in FORMS:
        answer = catalogue.ask(f"/catalog.{form}?profiles=euro_dcat_ap_3")
        graph = graph_of(answer, form)
        assert datasets_of(graph) == linked_by(graph) == [published]
        again = catalogue.ask(f"/catalog.{form}?profiles=euro_dcat_ap_3")
        assert again.data == answer.data
        assert again.headers["ETag"] == answer.headers["ETag"]
    own = catalogue.ask("/catalog.ttl?profiles=heraultdata_dcat_ap")
    assert own.data == catalogue.ask().data


@pytest.mark.usefixtures("small_pages")
def test_a_walk_in_another_profile(catalogue: Catalogue) -> None:
    published = [catalogue.publish(f"Jeu {rank}") for rank in range(3)]
    pages = list(catalogue.walk("/catalog.ttl?profiles=euro_dcat_ap_3"))
    met = [dataset for _, page in pages for dataset in datasets_of(graph_of(page))]
    assert len(pages) == 2
    assert sorted(met) == sorted(published)


def test_what_nobody_knows_is_passed_over(catalogue: Catalogue) -> None:
    catalogue.publish()
    assert catalogue.ask("/catalog.ttl?utm_source=x&page=1&page=7").data == catalogue.ask().data


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=0", "page: give a whole number from 1 to 1,000,000, such as page=2."),
        ("page=deux", "page: give a whole number from 1 to 1,000,000, such as page=2."),
        ("modified_since=hier", "modified_since: give a date or a moment of ISO 8601"),
        ("q=title:[", "q, fq: the search engine does not understand this query."),
        ("fq=tags:[", "q, fq: the search engine does not understand this query."),
        ("q=%7B!join%7D", "q, fq: the search engine does not understand this query."),
        ("q=a%00b", "q: give a query as text, without control characters."),
        ("profiles=nowhere", "profiles: this portal has no profile of the name nowhere"),
    ],
)
def test_what_is_refused_is_said(catalogue: Catalogue, query: str, sentence: str) -> None:
    answer = catalogue.ask(f"/catalog.ttl?{query}", status=400)
    assert answer.text.startswith(sentence)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_an_end_that_nobody_knows(catalogue: Catalogue) -> None:
    published = catalogue.publish()
    for address in ("/catalog.csv", f"/dataset/{published}.csv", "/catalog/complete.csv"):
        answer = catalogue.ask(address, status=404)
        assert "let it end in one of .ttl, .xml, .jsonld" in answer.text


def test_the_language_of_the_address_changes_nothing(catalogue: Catalogue) -> None:
    published = catalogue.publish()
    catalogue.ask()
    for address in ("/catalog.ttl", f"/dataset/{published}.ttl", "/catalog/complete.ttl"):
        assert catalogue.ask(f"/fr{address}").data == catalogue.ask(address).data
        assert catalogue.ask(f"/en{address}").headers == catalogue.ask(address).headers


def test_the_name_of_the_site_reaches_the_catalogue(
    catalogue: Catalogue, ckan_config: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = catalogue.ask()
    monkeypatch.setitem(ckan_config, "ckan.site_title", "Un autre nom")
    after = catalogue.ask(If_None_Match=before.headers["ETag"])
    assert "Un autre nom" in after.text
    assert after.headers["ETag"] != before.headers["ETag"]


@pytest.mark.parametrize("field", ["title", "email"])
def test_a_change_of_the_departement_reaches_the_catalogue(
    catalogue: Catalogue, field: str
) -> None:
    department = factories.department()
    before = catalogue.ask()
    changed = {field: "donnees@herault.example"}
    call_action("organization_patch", context=making.site_context(), id=department["id"], **changed)
    after = catalogue.ask(If_None_Match=before.headers["ETag"])
    assert "donnees@herault.example" in after.text
