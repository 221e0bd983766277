"""A dataset in the DCAT catalogue, as harvesters read it."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS, XSD

from tests.datasets.api import dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

DCATAP = Namespace("http://data.europa.eu/r5r/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
GEOSPATIAL = "http://data.europa.eu/bna/c_ac64a52d"
REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CHECKSUM = "ab" * 32

FULL: dict[str, Any] = {
    "tag_string": "délibération, conseil municipal",
    "theme": [EU + "data-theme/GOVE", EU + "data-theme/REGI"],
    "frequency": EU + "frequency/QUARTERLY",
    "license_id": "ODC_BL",
    "temporal_coverage": [{"start": "2020-01-01", "end": "2025-12-31"}],
    "issued": "2024-02-26",
    "modified": "2025-06-01",
    "contact": [{"name": "Mairie d’Aniane", "email": "mairie@aniane.example"}],
    "hvd_category": [GEOSPATIAL],
    "conforms_to": ["https://schema.data.gouv.fr/scdl/deliberations/2.1.3/schema.json"],
    "documentation": ["https://www.aniane.example/donnees"],
    "url": "https://www.aniane.example/deliberations",
    "provenance": "Saisies par le secrétariat de mairie.",
    "version": "3",
    "version_notes": "Ajout de l’année 2025.",
    "identifier": "aniane-deliberations",
    "creator": [{"name": "Secrétariat général", "identifier": "213400104"}],
    "resources": [
        {
            "url": "https://www.aniane.example/deliberations.csv",
            "name": "Délibérations",
            "description": "Un fichier par mandat.",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 2048,
            "hash": CHECKSUM,
            "status": EU + "distribution-status/COMPLETED",
            "availability": EU + "planned-availability/STABLE",
            "license": EU + "licence/CC_BY_4_0",
        }
    ],
}


def graph_at(app: CKANTestApp, address: str) -> Graph:
    answer = app.get(address)
    assert answer.status_code == 200
    return Graph().parse(data=answer.text, format="turtle")


def the_dataset(graph: Graph) -> URIRef:
    (found,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert isinstance(found, URIRef)
    return found


@pytest.fixture
def minimal(app: CKANTestApp, commune: dict[str, Any]) -> Graph:
    dataset(commune, private=False, resources=[{"url": "https://www.aniane.example/d.csv"}])
    return graph_at(app, "/dataset/deliberations-aniane.ttl")


@pytest.fixture
def full(app: CKANTestApp, commune: dict[str, Any]) -> Graph:
    dataset(commune, private=False, **FULL)
    return graph_at(app, "/dataset/deliberations-aniane.ttl")


def test_minimal_dataset_has_what_its_partner_and_the_defaults_give(minimal: Graph) -> None:
    node = the_dataset(minimal)
    assert str(minimal.value(node, DCTERMS.title)).startswith("Délibérations")
    assert str(minimal.value(node, DCTERMS.description)).startswith("Toutes")
    assert minimal.value(node, DCTERMS.identifier)
    assert minimal.value(node, DCTERMS.accrualPeriodicity) == URIRef(EU + "frequency/UNKNOWN")
    assert minimal.value(node, DCTERMS.accessRights) == URIRef(EU + "access-right/PUBLIC")
    assert minimal.value(node, DCTERMS.language) == URIRef(EU + "language/FRA")
    publisher = minimal.value(node, DCTERMS.publisher)
    assert minimal.value(publisher, FOAF.name) == Literal("Commune d’Aniane")
    assert minimal.value(publisher, DCTERMS.identifier) == Literal("213400104")
    place = minimal.value(node, DCTERMS.spatial)
    assert place == URIRef("http://id.insee.fr/geo/commune/34010")
    assert minimal.value(place, SKOS.prefLabel) == Literal("Aniane")
    contact = minimal.value(node, DCAT.contactPoint)
    assert minimal.value(contact, VCARD.hasEmail) == URIRef("mailto:contact@aniane.example")


def test_file_bears_the_european_licence_of_its_dataset(minimal: Graph) -> None:
    file = minimal.value(the_dataset(minimal), DCAT.distribution)
    assert minimal.value(file, DCTERMS.license) == URIRef(EU + "licence/ETALAB_2_0")
    assert minimal.value(file, DCAT.accessURL) == URIRef("https://www.aniane.example/d.csv")


def test_full_dataset_has_all_that_was_typed(full: Graph) -> None:
    node = the_dataset(full)
    assert set(full.objects(node, DCAT.theme)) == {URIRef(theme) for theme in FULL["theme"]}
    keywords = {str(keyword) for keyword in full.objects(node, DCAT.keyword)}
    assert keywords == {"délibération", "conseil municipal", "hvd"}
    assert full.value(node, DCTERMS.accrualPeriodicity) == URIRef(EU + "frequency/QUARTERLY")
    assert full.value(node, DCTERMS.identifier) == Literal("aniane-deliberations")
    assert full.value(node, DCTERMS.issued) == Literal("2024-02-26", datatype=XSD.date)
    assert full.value(node, DCTERMS.modified) == Literal("2025-06-01", datatype=XSD.date)
    assert full.value(node, DCAT.landingPage) == URIRef(FULL["url"])
    assert full.value(node, DCTERMS.conformsTo) == URIRef(FULL["conforms_to"][0])
    assert full.value(node, FOAF.page) == URIRef(FULL["documentation"][0])
    assert full.value(node, URIRef(f"{DCAT}version")) == Literal("3")
    assert str(full.value(node, ADMS.versionNotes)) == FULL["version_notes"]
    assert full.value(node, DCTERMS.provenance)
    creator = full.value(node, DCTERMS.creator)
    assert full.value(creator, FOAF.name) == Literal("Secrétariat général")


def test_period_is_a_node_without_an_address(full: Graph) -> None:
    period = full.value(the_dataset(full), DCTERMS.temporal)
    assert not isinstance(period, URIRef)
    assert full.value(period, DCAT.startDate) == Literal("2020-01-01", datatype=XSD.date)
    assert full.value(period, DCAT.endDate) == Literal("2025-12-31", datatype=XSD.date)


def test_high_value_dataset_names_its_category_and_the_regulation(full: Graph) -> None:
    node = the_dataset(full)
    assert full.value(node, DCATAP.hvdCategory) == URIRef(GEOSPATIAL)
    assert full.value(node, DCATAP.applicableLegislation) == URIRef(REGULATION)


def test_full_file_has_all_that_was_typed(full: Graph) -> None:
    file = full.value(the_dataset(full), DCAT.distribution)
    assert str(full.value(file, DCTERMS.title)) == "Délibérations"
    assert full.value(file, DCTERMS.license) == URIRef(EU + "licence/CC_BY_4_0")
    assert full.value(file, ADMS.status) == URIRef(EU + "distribution-status/COMPLETED")
    assert full.value(file, DCATAP.availability) == URIRef(EU + "planned-availability/STABLE")
    assert str(full.value(file, DCAT.byteSize)) == "2048"
    checksum = full.value(file, SPDX.checksum)
    assert full.value(checksum, SPDX.checksumValue) == Literal(CHECKSUM, datatype=XSD.hexBinary)
    assert full.value(checksum, SPDX.algorithm) == URIRef(
        "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256"
    )


def test_catalogue_lists_the_public_dataset_and_no_private_one(
    app: CKANTestApp, commune: dict[str, Any]
) -> None:
    dataset(commune, private=False, **FULL)
    dataset(commune, name="brouillon", title="Brouillon")
    graph = graph_at(app, "/catalog.ttl")
    assert str(graph.value(the_dataset(graph), DCTERMS.title)).startswith("Délibérations")
