"""Who is told to publish, to have made and to answer for data; never the address of a référent."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import FOAF, ORG, RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT

from ckanext.heraultdata.dcat.kinds import Serialisation
from ckanext.heraultdata.dcat.pieces import writing
from ckanext.heraultdata.dcat.profile.description import describe
from ckanext.heraultdata.dcat.profile.vocabulary import DCAT, ODRS, VCARD
from tests import factories

from .conftest import Site

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")


@pytest.fixture
def referent(site: Site) -> str:
    """The address of a référent of the commune."""
    return factories.referent(site.commune["id"])["email"]


def partner_uri(site: Site) -> URIRef:
    """The address that stands for the commune."""
    return URIRef(f"http://test.ckan.net/organization/{site.commune['id']}")


def contacts(dataset: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Name, address and page of each contact."""
    described = describe(dataset)
    graph = described.graph
    return sorted(
        (
            str(graph.value(node, VCARD.fn) or ""),
            str(graph.value(node, VCARD.hasEmail) or "").removeprefix("mailto:"),
            str(graph.value(node, VCARD.hasURL) or ""),
        )
        for node in graph.objects(described.uri, DCAT.contactPoint)
    )


# -------------------------------------------------------------------- publisher and creator


def test_partner_is_a_typed_agent_with_an_address_and_its_siren(site: Site) -> None:
    described = describe(site.fewest(publisher=[]))
    graph, partner = described.graph, partner_uri(site)
    assert list(graph.objects(described.uri, DCT.publisher)) == [partner]
    assert set(graph.objects(partner, RDF.type)) == {FOAF.Agent, ORG.Organization}
    assert graph.value(partner, FOAF.name) == Literal("Commune d’Aniane")
    assert list(graph.objects(partner, DCT.identifier)) == [Literal("213400104")]
    assert graph.value(partner, DCT.type) == URIRef(
        "http://purl.org/adms/publishertype/LocalAuthority"
    )
    assert graph.value(partner, FOAF.homepage) == URIRef("https://www.aniane.example")
    assert graph.value(described.uri, DCT.creator) is None


def test_publisher_that_is_the_partner_under_another_name(site: Site) -> None:
    publisher = [{"name": "Mairie", "identifier": "213400104", "email": "data@aniane.example"}]
    graph = describe(site.fewest(publisher=publisher)).graph
    assert set(graph.objects(partner_uri(site), FOAF.name)) == {Literal("Commune d’Aniane")}
    assert graph.value(partner_uri(site), FOAF.mbox) == URIRef("mailto:data@aniane.example")


def test_publisher_of_the_name_of_the_partner(site: Site) -> None:
    described = describe(site.fewest(publisher=[{"name": "COMMUNE D’ANIANE"}]))
    assert described.graph.value(described.uri, DCT.publisher) == partner_uri(site)


def test_creator_that_is_the_partner(site: Site) -> None:
    creator = [{"name": "Commune d’Aniane", "identifier": "213400104"}]
    described = describe(site.every | {"creator": creator})
    assert described.graph.value(described.uri, DCT.creator) == partner_uri(site)


def test_public_body_gets_the_type_that_its_siren_tells(site: Site) -> None:
    creator = [{"name": "Montpellier Méditerranée Métropole", "identifier": "243400017"}]
    described = describe(site.fewest(creator=creator))
    node = described.graph.value(described.uri, DCT.creator)
    assert described.graph.value(node, DCT.type) == URIRef(
        "http://purl.org/adms/publishertype/LocalAuthority"
    )


def test_dataset_of_no_organisation(site: Site) -> None:
    described = describe(site.fewest(owner_org=None, publisher=[], contact=[]))
    node = described.graph.value(described.uri, DCT.publisher)
    assert described.graph.value(node, FOAF.name) == Literal("Portal of the tests")


# ----------------------------------------------------------------------------------- origin


def test_origin_is_named_with_each_file(site: Site) -> None:
    described = describe(site.fewest())
    graph = described.graph
    (file,) = graph.objects(described.uri, DCAT.distribution)
    (statement,) = graph.objects(file, DCT.rights)
    assert (statement, RDF.type, DCT.RightsStatement) in graph
    assert set(graph.objects(statement, RDFS.label)) == {
        Literal("Source: Commune d’Aniane", lang="en"),
        Literal("Source\u00a0: Commune d’Aniane", lang="fr"),
    }
    assert graph.value(statement, ODRS.attributionText) == Literal("Commune d’Aniane")
    assert graph.value(statement, ODRS.attributionURL) == URIRef(
        "http://test.ckan.net/dataset/arbres-aniane"
    )


def test_origin_stands_for_a_provenance_that_nobody_told(site: Site) -> None:
    described = describe(site.fewest())
    statement = described.graph.value(described.uri, DCT.provenance)
    assert Literal("Source: Commune d’Aniane", lang="en") in described.graph.objects(
        statement, RDFS.label
    )


def test_origin_names_the_creator_and_the_partner(site: Site) -> None:
    graph = describe(site.every).graph
    assert set(graph.objects(None, ODRS.attributionText)) == {
        Literal("Bureau d’études, Commune d’Aniane")
    }


# --------------------------------------------------------------------------------- contacts


def test_contacts_of_the_dataset(site: Site) -> None:
    assert contacts(site.every) == [
        ("Mairie d’Aniane", "mairie@aniane.example", "https://www.aniane.example/contact"),
        ("Service des assemblées", "assemblees@aniane.example", ""),
    ]


def test_organisation_where_the_dataset_has_no_contact(site: Site) -> None:
    assert contacts(site.fewest(contact=[])) == [
        ("Commune d’Aniane", "contact@aniane.example", "https://www.aniane.example")
    ]


def test_contact_of_a_name_alone(site: Site) -> None:
    assert contacts(site.fewest(contact=[{"name": "Le secrétariat"}])) == [
        ("Le secrétariat", "contact@aniane.example", "https://www.aniane.example")
    ]


@pytest.mark.ckan_config("heraultdata.department_email", "data@herault.example")
def test_department_where_the_organisation_gives_no_way(site: Site) -> None:
    silent = factories.organization(name="silent", title="Silent")
    dataset = site.fewest(owner_org=silent["id"], contact=[])
    assert contacts(dataset) == [
        ("Département de l’Hérault", "data@herault.example", "https://www.herault.example")
    ]


@pytest.mark.ckan_config("heraultdata.department_organization", "")
def test_site_where_there_is_nobody_else(site: Site) -> None:
    assert contacts(site.fewest(owner_org=None, contact=[])) == [
        ("Portal of the tests", "", "http://test.ckan.net")
    ]


@pytest.mark.parametrize("serialisation", Serialisation)
def test_address_of_a_referent_is_nowhere(
    site: Site, referent: str, serialisation: Serialisation
) -> None:
    body = {"name": "Camille Fabre", "email": referent.upper()}
    typed = {
        "contact": [{"name": "Camille Fabre", "email": referent}],
        "publisher": [body | {"name": "Commune d’Aniane"}],
        "creator": [body],
        "maintainer": "Camille Fabre",
        "maintainer_email": referent,
        "author": "Camille Fabre",
        "author_email": referent,
        "extras": [
            {"key": "contact_email", "value": referent},
            {"key": "publisher_email", "value": referent},
            {"key": "maintainer_email", "value": referent},
        ],
    }
    graph = describe(site.every | typed).graph
    assert referent not in writing.body(graph, serialisation).lower()
    assert contacts(site.every | typed) == [
        ("Camille Fabre", "contact@aniane.example", "https://www.aniane.example")
    ]


def test_address_that_its_organisation_shows_is_no_private_one(site: Site) -> None:
    factories.referent(site.commune["id"], email="contact@aniane.example")
    assert contacts(site.fewest(contact=[]))[0][1] == "contact@aniane.example"


def test_contact_of_a_referent_keeps_its_page(site: Site, referent: str) -> None:
    contact = {"name": "Mairie", "email": referent, "url": "https://www.aniane.example/contact"}
    assert contacts(site.fewest(contact=[contact])) == [
        ("Mairie", "", "https://www.aniane.example/contact")
    ]


def test_agents_are_named(site: Site) -> None:
    publisher = [{"identifier": "243400694"}]
    graph: Graph = describe(site.fewest(publisher=publisher)).graph
    assert Literal("243400694") in graph.objects(None, FOAF.name)
