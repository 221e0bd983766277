"""The official SHACL shapes of DCAT-AP 3 over what the profile tells."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, NamedTuple

import pyshacl
import pytest
from rdflib import DCAT, RDF, SH, Graph, URIRef
from rdflib.namespace import DCTERMS as DCT

from ckanext.heraultdata.dcat.profile.description import describe, describe_catalogue
from tests import factories

from .conftest import Site

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")

NOON = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)
STATUS = URIRef("http://www.w3.org/ns/adms#status")
OF_FRENCH_COMMUNES = {DCT.publisher, DCT.spatial}
"""No commune is in the EU's table of corporate bodies; INSEE's addresses are in none of places."""
OF_AN_OLDER_TABLE = {STATUS}
"""The shapes of what is deprecated want the status of DCAT-AP 2, those of DCAT-AP 3 the new one."""


class Found(NamedTuple):
    """A result of a validation."""

    severity: str
    path: Any
    focus: Any


def results(graph: Graph, shapes: Graph) -> set[Found]:
    """What a validator finds, the details within a result left out."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
    assert isinstance(report, Graph)
    return {
        Found(
            str(report.value(result, SH.resultSeverity)).removeprefix(str(SH)),
            report.value(result, SH.resultPath),
            report.value(result, SH.focusNode),
        )
        for whole in report.subjects(RDF.type, SH.ValidationReport)
        for result in report.objects(whole, SH.result)
    }


def warned_paths(graph: Graph, shapes: Graph) -> set[Any]:
    """The properties that a validator warns of; it finds no violation."""
    found = results(graph, shapes)
    assert {each for each in found if each.severity != "Warning"} == set()
    return {each.path for each in found}


def test_every_field(site: Site, dcat_ap_shapes: Graph) -> None:
    graph = describe(site.every).graph
    assert warned_paths(graph, dcat_ap_shapes) == OF_FRENCH_COMMUNES | OF_AN_OLDER_TABLE


def test_every_field_of_high_value(site: Site, high_value_shapes: Graph) -> None:
    graph = describe(site.every).graph
    assert results(graph, high_value_shapes) == set()


def test_high_value_without_a_table(site: Site, high_value_shapes: Graph) -> None:
    dataset = site.fewest(hvd_category=["http://data.europa.eu/bna/c_b79e35eb"])
    assert results(describe(dataset).graph, high_value_shapes) == set()


def test_fewest_fields(site: Site, dcat_ap_shapes: Graph) -> None:
    graph = describe(site.fewest()).graph
    # The period that data covers can be known from no other field: it is not made up.
    assert warned_paths(graph, dcat_ap_shapes) == OF_FRENCH_COMMUNES | {DCT.temporal}


@pytest.mark.parametrize(
    ("partner_type", "siren"), [("epci", "243400694"), ("other", "130025265"), ("", "")]
)
def test_fewest_fields_of_other_organisations(
    site: Site, dcat_ap_shapes: Graph, partner_type: str, siren: str
) -> None:
    fields = {"partner_type": partner_type, "siren": siren} if partner_type else {}
    owner = factories.organization(name=f"owner-{partner_type}", title="Owner", **fields)
    bare = site.fewest(owner_org=owner["id"], spatial_coverage=[], publisher=[], contact=[])
    assert {each.severity for each in results(describe(bare).graph, dcat_ap_shapes)} == {"Warning"}


def test_links_of_unknown_formats(site: Site, dcat_ap_shapes: Graph) -> None:
    dataset = site.fewest()
    dataset["resources"][0] |= {
        "format": "Format maison",
        "mimetype": None,
        "hash": "not a checksum",
        "license": None,
        "url_type": None,
        "url": "https://www.aniane.example/données ouvertes?a=[b]",
    }
    dataset |= {"license_id": "other-open", "identifier": "https://www.aniane.example/id"}
    graph = describe(dataset).graph
    assert warned_paths(graph, dcat_ap_shapes) == OF_FRENCH_COMMUNES | {
        DCT.temporal,
        DCT["format"],
    }


def test_catalogue(site: Site, dcat_ap_shapes: Graph) -> None:
    description = describe_catalogue(NOON)
    dataset = URIRef("http://test.ckan.net/dataset/1")
    description.graph.add((description.uri, DCAT.dataset, dataset))
    found = {each for each in results(description.graph, dcat_ap_shapes) if each.focus != dataset}
    # The dataset is described in its own piece.
    assert {(each.severity, each.path) for each in found} == {
        ("Warning", DCT.publisher),
        ("Warning", DCT.spatial),
        ("Violation", DCAT.dataset),
    }
