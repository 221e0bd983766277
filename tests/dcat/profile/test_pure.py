"""Concepts, licences, places, bodies and names for nodes, without a site."""

from __future__ import annotations

import csv
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS as DCT

from ckanext.heraultdata.datasets.licences import licences as offered
from ckanext.heraultdata.dcat.profile import licences, places, skolem, vocabulary
from ckanext.heraultdata.dcat.profile.bodies import Body, type_of
from ckanext.heraultdata.dcat.profile.places import Place
from ckanext.heraultdata.dcat.profile.reading import groups, texts, zoned
from ckanext.heraultdata.dcat.profile.vocabulary import AUTHORITY, DCAT
from ckanext.heraultdata.partners import territory

SITE = "http://a.example"
P, Q = URIRef("http://b.example/p"), URIRef("http://b.example/q")


# --------------------------------------------------------------------------------- concepts


def test_every_concept_is_in_the_tables_of_the_eu(shared_folder: Path) -> None:
    file = shared_folder / "dcat" / "eu-vocabularies.csv"
    with file.open(encoding="utf-8") as rows:
        tables = [row for row in csv.DictReader(rows) if row["code"] != "OP_DATPRO"]
    named = ("data-theme", "planned-availability", "distribution-status", "hvd-category")
    for row in tables:
        told = list(vocabulary.described(URIRef(row["uri"])))
        if row["table"] in named:
            assert (URIRef(row["uri"]), RDF.type, SKOS.Concept) in told, row["uri"]
        elif row["table"] in ("frequency", "access-right", "file-type"):
            assert told, row["uri"]


@pytest.mark.parametrize(
    ("concept", "range_class"),
    [
        (f"{AUTHORITY}frequency/ANNUAL", DCT.Frequency),
        (f"{AUTHORITY}language/FRA", DCT.LinguisticSystem),
        (f"{AUTHORITY}access-right/PUBLIC", DCT.RightsStatement),
        (f"{AUTHORITY}file-type/CSV", DCT.MediaTypeOrExtent),
    ],
)
def test_concepts_of_other_classes(concept: str, range_class: URIRef) -> None:
    told = list(vocabulary.described(URIRef(concept)))
    assert (URIRef(concept), RDF.type, range_class) in told
    assert (URIRef(concept), SKOS.inScheme, URIRef(concept.rsplit("/", 1)[0])) in told


@pytest.mark.parametrize("concept", ["https://a.example", f"{AUTHORITY}data-theme/UNKNOWN"])
def test_nothing_is_said_of_what_is_not_known(concept: str) -> None:
    assert list(vocabulary.described(URIRef(concept))) == []


def test_labels_are_in_both_languages() -> None:
    theme = URIRef(f"{AUTHORITY}data-theme/GOVE")
    labels = {
        value for _, predicate, value in vocabulary.described(theme) if predicate == SKOS.prefLabel
    }
    assert labels == {
        Literal("Government and public sector", lang="en"),
        Literal("Gouvernement et secteur public", lang="fr"),
    }


@given(st.text(max_size=60))
def test_addresses_can_be_written(text: str) -> None:
    graph = Graph()
    graph.add((vocabulary.address(f"http://a.example/{text}"), P, Literal("a")))
    assert isomorphic(Graph().parse(data=graph.serialize(format="nt"), format="nt"), graph)


def test_addresses_are_left_as_they_are_where_they_can_be() -> None:
    text = "https://a.example:80/b/c%20d?e=f&g=[h]#i"
    assert str(vocabulary.address(text)) == text


# --------------------------------------------------------------------------------- licences


def test_every_licence_offered_is_described() -> None:
    for licence in offered():
        if licence.url:
            told = list(licences.documented(URIRef(licence.url)))
            assert (URIRef(licence.url), RDFS.label, Literal(licence.title)) in told


def test_licence_that_is_not_known() -> None:
    node = URIRef("https://a.example/licence")
    told = list(licences.documented(node, "Ours"))
    assert (node, RDFS.label, Literal("Ours")) in told
    assert (node, DCT.type, URIRef(f"{vocabulary.LICENCE_TYPE}UnknownIPR")) in told
    assert not any(predicate == RDFS.label for _, predicate, _ in licences.documented(node))


# ----------------------------------------------------------------------------------- places


def test_every_territory_has_a_box_with_its_centre_in_it() -> None:
    codes = [
        place.insee_code or place.siren for place in (*territory.communes(), *territory.epci())
    ]
    whole = places.box_of("34")
    assert whole is not None
    for code in [*codes, "34"]:
        box = places.box_of(code)
        assert box is not None, code
        assert float(box.west) < float(box.longitude) < float(box.east)
        assert float(box.south) < float(box.latitude) < float(box.north)
    for code in codes:
        box = places.box_of(code)
        assert box is not None
        if len(code) == 5:
            assert float(whole.west) <= float(box.west)
            assert float(box.east) <= float(whole.east)


def test_box_of_a_grouping_holds_those_of_its_communes() -> None:
    for commune in territory.communes():
        box = places.box_of(commune.insee_code or "")
        whole = places.box_of(commune.epci_siren or "")
        if box and whole:
            assert float(whole.west) <= float(box.west)
            assert float(box.north) <= float(whole.north)


def test_place_elsewhere_has_no_box() -> None:
    node = URIRef("http://id.insee.fr/geo/commune/75056")
    told = list(places.located(Place("75056", "Paris", str(node)), node))
    assert {predicate for _, predicate, _ in told} == {RDF.type, SKOS.prefLabel, DCT.identifier}
    assert DCAT.bbox not in {predicate for _, predicate, _ in told}


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (Place("243400694"), "https://geo.api.gouv.fr/epcis/243400694"),
        (Place("243400694", uri="https://a.example"), "https://a.example"),
        (
            Place("34010", uri="http://id.insee.fr/geo/commune/34010"),
            "http://id.insee.fr/geo/commune/34010",
        ),
        (Place(name="Larzac"), ""),
    ],
)
def test_address_of_a_place(place: Place, address: str) -> None:
    assert place.address == address


# ----------------------------------------------------------------------------------- bodies


@pytest.mark.parametrize(
    ("siren", "kind"),
    [
        ("213400104", "LocalAuthority"),
        ("21340010400014", "LocalAuthority"),
        ("243400694", "LocalAuthority"),
        ("130025265", "NationalAuthority"),
        ("237600014", "RegionalAuthority"),
        ("342768132", ""),
        ("", ""),
        ("2A", ""),
    ],
)
def test_type_of_a_public_body(siren: str, kind: str) -> None:
    assert type_of(siren).removeprefix(vocabulary.PUBLISHER_TYPE) == kind


def test_one_body_by_its_siren_before_its_name() -> None:
    commune = Body(name="Aniane", identifier="213400104")
    assert commune.is_also(Body(name="Mairie", identifier="21340010400014"))
    assert commune.is_also(Body(name="ANIANE"))
    assert not commune.is_also(Body(name="Aniane", identifier="243400694"))
    assert not commune.is_also(Body(name="Arboras"))


# -------------------------------------------------------------------------- names for nodes


def named(graph: Graph, base: str, kept: Collection[URIRef] = ()) -> Graph:
    """A graph with names for its blank nodes."""
    told = Graph()
    for triple in skolem.named(graph, base, kept):
        told.add(triple)
    return told


def graph_of(*nodes: tuple[str, str]) -> Graph:
    """Datasets that each point at a blank node of which one thing is said."""
    graph = Graph()
    for subject, text in nodes:
        node = BNode()
        graph.add((URIRef(f"{SITE}/{subject}"), P, node))
        graph.add((node, Q, Literal(text)))
    return graph


def test_names_are_addresses_of_the_site() -> None:
    told = named(graph_of(("1", "a")), f"{SITE}/")
    (node,) = told.objects(URIRef(f"{SITE}/1"), P)
    assert str(node).startswith(f"{SITE}/.well-known/genid/")
    assert told.value(node, Q) == Literal("a")


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from("ab")), max_size=6))
def test_names_depend_on_the_place_and_on_what_is_said(nodes: list[tuple[str, str]]) -> None:
    told = named(graph_of(*nodes), SITE)
    assert not any(isinstance(node, BNode) for node in told.all_nodes())
    assert len(set(told.objects(None, P))) == len(set(nodes))
    assert set(named(graph_of(*reversed(nodes)), SITE)) == set(told)


def test_nodes_that_are_kept_get_a_label() -> None:
    told = named(graph_of(("1", "a")), SITE, kept=[P])
    (node,) = told.objects(None, P)
    assert isinstance(node, BNode)
    assert set(named(graph_of(("1", "a")), SITE, kept=[P])) == set(told)


def test_nodes_within_nodes() -> None:
    graph = Graph()
    outer, inner = BNode(), BNode()
    for triple in ((URIRef(SITE), P, outer), (outer, P, inner), (inner, Q, Literal("a"))):
        graph.add(triple)
    told = named(graph, SITE)
    assert len(told) == 3
    assert not any(isinstance(node, BNode) for node in told.all_nodes())


# ---------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (["a", "", None, "b"], ("a", "b")),
        ('["a"]', ("a",)),
        ("a", ("a",)),
        ("", ()),
        (None, ()),
        ("3", ()),
    ],
)
def test_texts(value: object, wanted: tuple[str, ...]) -> None:
    assert texts(value) == wanted


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        ("2026-11-29T09:00:00.123456", "2026-11-29T09:00:00.123456+00:00"),
        ("2026-11-29T09:00:00+01:00", "2026-11-29T09:00:00+01:00"),
        ("2026-11-29", "2026-11-29"),
        (None, None),
    ],
)
def test_moments(moment: str | None, wanted: str | None) -> None:
    assert zoned(moment) == wanted


def test_groups_that_hold_nothing_are_left_out() -> None:
    assert list(groups({"a": [{"b": ""}, {"b": "c"}, "d"]}, "a")) == [{"b": "c"}]
    assert list(groups({"a": "text"}, "a")) == []
