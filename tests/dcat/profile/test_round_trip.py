"""What ckanext-dcat's own reader makes of what the profile tells."""

from __future__ import annotations

from typing import Any

import pytest
from ckanext.dcat.processors import RDFParser, RDFSerializer
from rdflib.namespace import DCTERMS as DCT

from ckanext.heraultdata.dcat.kinds import Serialisation
from ckanext.heraultdata.dcat.pieces import writing
from ckanext.heraultdata.dcat.profile.description import describe
from ckanext.heraultdata.dcat.profile.reading import texts

from . import samples
from .conftest import Site

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")

OURS = "heraultdata_dcat_ap"
STOCK = "euro_dcat_ap_3"
FIELDS = (
    "title",
    "notes",
    "frequency",
    "issued",
    "modified",
    "access_rights",
    "provenance",
    "url",
    "version",
    "version_notes",
    "identifier",
)
LISTS = ("theme", "language", "hvd_category", "applicable_legislation", "documentation")
FIELDS_OF_FILES = (
    "url",
    "name",
    "description",
    "status",
    "availability",
    "size",
    "hash",
    "hash_algorithm",
)


def read(dataset: dict[str, Any], profile: str, kind: Serialisation) -> dict[str, Any]:
    """Read what the profile tells of a dataset, as a harvester that uses a profile does."""
    parser = RDFParser(profiles=[profile])
    document = "".join(writing.document(kind, [writing.body(describe(dataset).graph, kind)]))
    parser.parse(document, _format=kind.rdflib_name)
    (found,) = parser.datasets()
    return found


def in_order(value: object) -> list[str]:
    """The texts of a field of several, in an order of their own: RDF keeps none."""
    return sorted(texts(value))


@pytest.mark.parametrize("kind", Serialisation)
@pytest.mark.parametrize("profile", [OURS, STOCK])
def test_fields(site: Site, profile: str, kind: Serialisation) -> None:
    given = site.every
    found = read(given, profile, kind)
    assert {name: found[name] for name in FIELDS} == {name: given[name] for name in FIELDS}
    assert {name: in_order(found[name]) for name in LISTS} == {
        name: in_order(given[name]) for name in LISTS
    }
    tags = {tag["name"] for tag in given["tags"]}
    assert {tag["name"] for tag in found["tags"]} == tags | {"hvd"}
    assert set(given["conforms_to"]) < set(found["conforms_to"])
    assert samples.STANDARD_ADDRESS in found["conforms_to"]


@pytest.mark.parametrize("profile", [OURS, STOCK])
def test_files(site: Site, profile: str) -> None:
    given = site.every["resources"][0]
    (found,) = read(site.every, profile, Serialisation.TURTLE)["resources"]
    assert {name: found[name] for name in FIELDS_OF_FILES} == {
        name: given[name] for name in FIELDS_OF_FILES
    }
    assert found["download_url"] == given["url"]


@pytest.mark.parametrize(("profile", "licence"), [(OURS, "ODC_BL"), (STOCK, "CC_BY_4_0")])
def test_licence_of_a_dataset_whose_file_has_another(
    site: Site, profile: str, licence: str
) -> None:
    """The profiles of ckanext-dcat know that of files alone."""
    assert read(site.every, profile, Serialisation.TURTLE)["license_id"] == licence


@pytest.mark.parametrize("profile", [OURS, STOCK])
def test_licence_of_a_dataset(site: Site, profile: str) -> None:
    found = read(site.fewest(), profile, Serialisation.TURTLE)
    assert found["license_id"] == "ETALAB_2_0"


def test_formats_and_licences_of_files_as_ckan_names_them(site: Site) -> None:
    (found,) = read(site.every, OURS, Serialisation.TURTLE)["resources"]
    assert (found["format"], found["mimetype"]) == ("CSV", "text/csv")
    assert found["license"] == samples.EVERY_FIELD_OF_A_FILE["license"]


def test_formats_for_the_profile_of_others(site: Site) -> None:
    (found,) = read(site.every, STOCK, Serialisation.TURTLE)["resources"]
    assert found["format"] == f"{samples.AUTHORITY}file-type/CSV"
    assert found["license"] == "Creative Commons Attribution 4.0 International (CC BY 4.0)"


@pytest.mark.parametrize("profile", [OURS, STOCK])
def test_groups(site: Site, profile: str) -> None:
    given = site.every
    found = read(given, profile, Serialisation.TURTLE)
    for name, subfields in (
        ("contact", ("name", "email", "url")),
        ("publisher", ("name", "identifier", "email", "url", "type")),
        ("creator", ("name", "identifier", "email", "url", "type")),
        ("temporal_coverage", ("start", "end")),
    ):
        assert sorted(
            [group.get(each) or "" for each in subfields] for group in found[name]
        ) == sorted([group.get(each) or "" for each in subfields] for group in given[name])


def test_all_the_places_with_their_codes(site: Site) -> None:
    found = read(site.every, OURS, Serialisation.TURTLE)
    assert found["spatial_granularity"] == "communale"
    assert sorted((place["code"], place["text"]) for place in found["spatial_coverage"]) == [
        ("243400694", "Vallée de l’Hérault"),
        ("34", "Hérault"),
        ("34010", "Aniane"),
    ]


def test_place_that_has_no_address_gets_none(site: Site) -> None:
    found = read(site.fewest(spatial_coverage=[{"text": "Larzac"}]), OURS, Serialisation.TURTLE)
    assert found["spatial_coverage"] == [{"text": "Larzac"}]


def test_siret_of_the_partner(site: Site) -> None:
    publisher = [{"name": "Mairie", "identifier": "21340010400014"}]
    found = read(site.fewest(publisher=publisher), OURS, Serialisation.TURTLE)
    assert found["publisher"][0]["identifier"] == "21340010400014"


@pytest.mark.parametrize("profile", [OURS, STOCK])
def test_what_is_read_can_be_told_again(site: Site, profile: str) -> None:
    """A portal that harvests a high-value dataset, services included, can publish it in turn."""
    found = read(site.every, profile, Serialisation.TURTLE)
    again = {**found, "id": "harvested", "name": "harvested", "owner_org": None}
    for rank, file in enumerate(again["resources"]):
        file |= {"id": f"file-{rank}", "package_id": "harvested"}
    serializer = RDFSerializer(profiles=[profile])
    node = serializer.graph_from_dataset(again)
    assert serializer.g.value(node, DCT.title) is not None
