"""The catalogue as a whole, which the département publishes."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from rdflib import FOAF, RDF, SKOS, BNode, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.namespace import XSD

from ckanext.heraultdata.dcat.profile.description import describe_catalogue
from ckanext.heraultdata.dcat.profile.vocabulary import AUTHORITY, DCAT, THEMES

from .conftest import Site

NOON = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")


def test_department_publishes_it(site: Site) -> None:
    described = describe_catalogue(NOON)
    graph, catalogue = described.graph, described.uri
    assert set(graph.subjects(RDF.type, DCAT.Catalog)) == {catalogue}
    publisher = graph.value(catalogue, DCT.publisher)
    assert publisher == URIRef(f"http://test.ckan.net/organization/{site.department['id']}")
    assert graph.value(publisher, FOAF.name) == Literal("Département de l’Hérault")
    assert graph.value(publisher, DCT.identifier) == Literal("223400011")
    assert graph.value(catalogue, DCT.title) == Literal("Portal of the tests", lang="en")
    assert graph.value(catalogue, FOAF.homepage) == URIRef("http://test.ckan.net/")
    assert graph.value(catalogue, DCT.language) == URIRef(f"{AUTHORITY}language/ENG")
    assert graph.value(catalogue, DCT.license) == URIRef(f"{AUTHORITY}licence/ETALAB_2_0")
    assert graph.value(catalogue, DCAT.themeTaxonomy) == THEMES
    assert (THEMES, RDF.type, SKOS.ConceptScheme) in graph
    assert graph.value(catalogue, DCT.spatial) == URIRef("http://id.insee.fr/geo/departement/34")
    assert set(graph.objects(catalogue, DCAT.dataset)) == set()
    assert not any(isinstance(node, BNode) for node in graph.all_nodes())


def test_moments_have_a_zone(site: Site) -> None:
    described = describe_catalogue(NOON)
    modified = described.graph.value(described.uri, DCT.modified)
    assert modified == Literal("2026-11-29T12:00:00+00:00", datatype=XSD.dateTime)
    assert str(described.graph.value(described.uri, DCT.issued)).endswith("+00:00")


def test_no_moment_where_there_has_been_no_dataset(site: Site) -> None:
    described = describe_catalogue(None)
    assert described.graph.value(described.uri, DCT.modified) is None


def test_same_twice(site: Site) -> None:
    assert set(describe_catalogue(NOON).graph) == set(describe_catalogue(NOON).graph)


def test_description_of_the_site(site: Site, ckan_config: dict[str, Any]) -> None:
    described = describe_catalogue(NOON)
    assert set(described.graph.objects(described.uri, DCT.description)) == {
        Literal("Open data: Département de l’Hérault and its partners", lang="en"),
        Literal("Données ouvertes\u00a0: Département de l’Hérault et ses partenaires", lang="fr"),
    }
    ckan_config["ckan.site_description"] = "Data of the Hérault"
    described = describe_catalogue(NOON)
    assert set(described.graph.objects(described.uri, DCT.description)) == {
        Literal("Data of the Hérault", lang="en")
    }


@pytest.mark.ckan_config("heraultdata.department_organization", "")
@pytest.mark.ckan_config("ckan.locale_default", "xx")
def test_site_that_names_no_department(site: Site) -> None:
    described = describe_catalogue(NOON)
    publisher = described.graph.value(described.uri, DCT.publisher)
    assert publisher == URIRef("http://test.ckan.net/#publisher")
    assert described.graph.value(publisher, FOAF.name) == Literal("Portal of the tests")
    assert described.graph.value(described.uri, DCT.spatial) is None
    assert described.graph.value(described.uri, DCT.language) is None
