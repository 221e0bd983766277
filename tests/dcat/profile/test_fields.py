"""Each field of the form, as it comes out for harvesters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ckanext.dcat.processors import RDFSerializer
from rdflib import FOAF, ORG, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.namespace import XSD
from rdflib.term import Node

from ckanext.heraultdata.datasets import settings
from ckanext.heraultdata.dcat.pieces.writing import NAMESPACES
from ckanext.heraultdata.dcat.profile.description import Description, describe
from ckanext.heraultdata.dcat.profile.vocabulary import (
    ADMS,
    AUTHORITY,
    DCAT,
    DCATAP,
    GEODCATAP,
    GSP,
    SCHEMA,
    SPDX,
    VCARD,
)
from tests.datasets import api

from . import samples
from .conftest import Site

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")

FORM = Path(settings.__file__).parents[1] / "schemas" / "dataset.yaml"
WORKINGS = {"validation_options", "validation_status", "validation_timestamp"}
"""How the portal checks files: of no use elsewhere, and another at each check."""


@pytest.fixture
def every(site: Site) -> Description:
    """A dataset with every field."""
    return describe(site.every)


@pytest.fixture
def fewest(site: Site) -> Description:
    """A dataset with the fewest fields."""
    return describe(site.fewest())


def said(described: Description, *path: URIRef) -> set[Node]:
    """What is said of a dataset at the end of a path of properties."""
    nodes: set[Node] = {described.uri}
    for predicate in path:
        nodes = {value for node in nodes for value in described.graph.objects(node, predicate)}
    return nodes


def eu(table: str, *codes: str) -> set[URIRef]:
    """Concepts of a table of the EU."""
    return {URIRef(f"{AUTHORITY}{table}/{code}") for code in codes}


def addresses(*texts: str) -> set[URIRef]:
    """Addresses."""
    return {URIRef(text) for text in texts}


def day(text: str) -> Literal:
    """A day."""
    return Literal(text, datatype=XSD.date)


FILE = DCAT.distribution
OF_DATASETS: dict[str, tuple[tuple[URIRef, ...], set[Any]]] = {
    "title": ((DCT.title,), {Literal(samples.EVERY_FIELD["title"], lang="en")}),
    "name": (
        (RDFS.seeAlso,),
        addresses("http://test.ckan.net/dataset/deliberations-aniane"),
    ),
    "notes": ((DCT.description,), {Literal(samples.EVERY_FIELD["notes"], lang="en")}),
    "theme": ((DCAT.theme,), eu("data-theme", "GOVE", "REGI")),
    "frequency": ((DCT.accrualPeriodicity,), eu("frequency", "QUARTERLY")),
    "license_id": ((DCT.license,), eu("licence", "ODC_BL")),
    "tag_string": (
        (DCAT.keyword,),
        {
            Literal("délibération", lang="en"),
            Literal("conseil municipal", lang="en"),
            Literal("hvd"),
        },
    ),
    "spatial_granularity": (
        (GEODCATAP.spatialResolutionAsText,),
        {Literal("Communale", lang="fr"), Literal("Commune", lang="en")},
    ),
    "spatial_coverage": (
        (DCT.spatial,),
        addresses(
            "http://id.insee.fr/geo/commune/34010",
            "https://geo.api.gouv.fr/epcis/243400694",
            "http://id.insee.fr/geo/departement/34",
        ),
    ),
    "temporal_coverage": (
        (DCT.temporal, DCAT.startDate),
        {day("2020-01-01"), day("2025-01-01")},
    ),
    "issued": ((DCT.issued,), {day("2021-03-01")}),
    "modified": ((DCT.modified,), {day("2026-01-15")}),
    "contact": (
        (DCAT.contactPoint, VCARD.hasEmail),
        addresses("mailto:mairie@aniane.example", "mailto:assemblees@aniane.example"),
    ),
    "language": ((DCT.language,), eu("language", "FRA", "OCI")),
    "publisher": ((DCT.publisher, FOAF.name), {Literal("Syndicat du Pays")}),
    "creator": ((DCT.creator, FOAF.name), {Literal("Bureau d’études")}),
    "access_rights": ((DCT.accessRights,), eu("access-right", "PUBLIC")),
    "hvd_category": (
        (DCATAP.hvdCategory,),
        addresses("http://data.europa.eu/bna/c_b79e35eb", "http://data.europa.eu/bna/c_ac64a52d"),
    ),
    "applicable_legislation": (
        (DCATAP.applicableLegislation,),
        addresses("http://data.europa.eu/eli/dir/2019/1024/oj", samples.REGULATION),
    ),
    "provenance": (
        (DCT.provenance, RDFS.label),
        {Literal("Saisies par le secrétariat à chaque séance.", lang="en")},
    ),
    "conforms_to": (
        (DCT.conformsTo,),
        addresses(
            "https://www.iso.org/standard/70907.html",
            samples.STANDARD_ADDRESS,
            "https://www.aniane.example/schema.json",
        ),
    ),
    "documentation": (
        (FOAF.page,),
        addresses("https://www.aniane.example/notice", "https://www.aniane.example/guide"),
    ),
    "url": ((DCAT.landingPage,), addresses(samples.PAGE)),
    "version": ((DCAT.version,), {Literal("2.3")}),
    "version_notes": (
        (ADMS.versionNotes,),
        {Literal("Les séances de 2025 sont là.", lang="en")},
    ),
    "identifier": ((DCT.identifier,), {Literal("aniane-deliberations")}),
}
OF_FILES: dict[str, tuple[tuple[URIRef, ...], set[Any]]] = {
    "url": ((FILE, DCAT.accessURL), addresses("https://www.aniane.example/deliberations.csv")),
    "name": ((FILE, DCT.title), {Literal("Délibérations de 2025", lang="en")}),
    "description": ((FILE, DCT.description), {Literal("Une ligne par délibération.", lang="en")}),
    "standard": (
        (FILE, DCT.conformsTo),
        addresses(samples.STANDARD_ADDRESS, "https://www.aniane.example/schema.json"),
    ),
    "schema": (
        (FILE, DCT.conformsTo, RDF.type),
        {DCT.Standard},
    ),
    "format": ((FILE, DCT["format"]), eu("file-type", "CSV")),
    "mimetype": (
        (FILE, DCAT.mediaType),
        addresses("https://www.iana.org/assignments/media-types/text/csv"),
    ),
    "license": ((FILE, DCT.license), eu("licence", "CC_BY_4_0")),
    "status": ((FILE, ADMS.status), eu("distribution-status", "COMPLETED")),
    "availability": ((FILE, DCATAP.availability), eu("planned-availability", "STABLE")),
    "size": ((FILE, DCAT.byteSize), {Literal("2048", datatype=XSD.nonNegativeInteger)}),
    "hash": (
        (FILE, SPDX.checksum, SPDX.checksumValue),
        {Literal(samples.EVERY_FIELD_OF_A_FILE["hash"], datatype=XSD.hexBinary)},
    ),
    "hash_algorithm": (
        (FILE, SPDX.checksum, SPDX.algorithm),
        addresses("https://spdx.org/rdf/terms/#checksumAlgorithm_sha256"),
    ),
}


def test_each_field(every: Description) -> None:
    told = {name: said(every, *path) for name, (path, _) in OF_DATASETS.items()}
    assert told == {name: wanted for name, (_, wanted) in OF_DATASETS.items()}


def test_each_field_of_a_file(every: Description) -> None:
    told = {name: said(every, *path) for name, (path, _) in OF_FILES.items()}
    assert told == {name: wanted for name, (_, wanted) in OF_FILES.items()}


def test_no_field_of_the_form_is_forgotten() -> None:
    form = yaml.safe_load(FORM.read_text(encoding="utf-8"))
    fields = {each["field_name"] for each in form["dataset_fields"]}
    assert fields - set(OF_DATASETS) == {"owner_org", "planned_standard"}
    fields_of_files = {each["field_name"] for each in form["resource_fields"]}
    assert fields_of_files - set(OF_FILES) == WORKINGS


def test_owner_is_the_creator_of_what_another_publishes(site: Site) -> None:
    dataset = site.every | {"creator": []}
    assert said(describe(dataset), DCT.creator, FOAF.name) == {Literal("Commune d’Aniane")}


def test_standard_that_no_file_follows_yet(site: Site) -> None:
    described = describe(site.fewest(planned_standard=samples.STANDARD))
    assert said(described, DCT.relation) == addresses(
        f"http://test.ckan.net/standard/{samples.STANDARD}"
    )
    assert said(described, DCT.conformsTo) == set()


# ----------------------------------------------------------------------- what is filled in


def test_what_is_left_empty_is_filled_in(fewest: Description) -> None:
    assert said(fewest, DCT.language) == eu("language", "FRA")
    assert said(fewest, DCT.accessRights) == eu("access-right", "PUBLIC")
    assert said(fewest, FILE, DCT.license) == eu("licence", "ETALAB_2_0")
    assert said(fewest, FILE, DCATAP.availability) == eu("planned-availability", "AVAILABLE")
    assert said(fewest, DCAT.landingPage) == addresses("http://test.ckan.net/dataset/arbres-aniane")
    assert said(fewest, DCAT.keyword) == {
        Literal("Environment", lang="en"),
        Literal("Environnement", lang="fr"),
    }
    assert said(fewest, FILE, DCT.description) == {
        Literal("File of the dataset “Arbres d’Aniane”", lang="en"),
        Literal("Fichier du jeu de données «\u00a0Arbres d’Aniane\u00a0»", lang="fr"),
    }


def test_what_a_standard_says_of_its_datasets_fills_in_more(site: Site) -> None:
    described = describe(site.fewest(planned_standard=samples.STANDARD, theme=[]))
    assert said(described, DCAT.keyword) == {Literal("délibération", lang="fr")}
    assert said(described, DCAT.theme) == eu("data-theme", "GOVE")


def test_moments_have_a_zone(fewest: Description) -> None:
    moments = said(fewest, DCT.issued) | said(fewest, DCT.modified)
    moments |= said(fewest, FILE, DCT.issued) | said(fewest, FILE, DCT.modified)
    assert len(moments) >= 2
    for moment in moments:
        assert isinstance(moment, Literal)
        assert moment.datatype == XSD.dateTime
        assert moment.endswith("+00:00")


def test_dataset_without_a_description(site: Site) -> None:
    dataset = site.fewest() | {"notes": ""}
    assert said(describe(dataset), DCT.description) == {Literal("Arbres d’Aniane", lang="en")}


# ------------------------------------------------------------------------ places and periods


def test_places_have_a_name_a_code_and_a_box(every: Description) -> None:
    place = URIRef("http://id.insee.fr/geo/commune/34010")
    assert (place, RDF.type, DCT.Location) in every.graph
    assert every.graph.value(place, SKOS.prefLabel) == Literal("Aniane")
    assert every.graph.value(place, DCT.identifier) == Literal("34010")
    box = every.graph.value(place, DCAT.bbox)
    assert isinstance(box, Literal)
    assert box.datatype == GSP.wktLiteral
    assert box.startswith("POLYGON((3.5530 43.7244, ")
    centre = every.graph.value(place, DCAT.centroid)
    assert str(centre) == "POINT(3.5923 43.6834)"


def test_place_without_a_code_gets_an_address_here(site: Site) -> None:
    dataset = site.fewest(spatial_coverage=[{"text": "Larzac"}])
    (place,) = said(describe(dataset), DCT.spatial)
    assert str(place).startswith("http://test.ckan.net/.well-known/genid/")


def test_place_of_the_partner_where_none_is_named(site: Site) -> None:
    dataset = site.fewest() | {"spatial_coverage": []}
    assert said(describe(dataset), DCT.spatial) == addresses("http://id.insee.fr/geo/commune/34010")


def test_periods_are_the_only_blank_nodes(every: Description) -> None:
    blank = {node for node in every.graph.all_nodes() if isinstance(node, BNode)}
    assert blank == said(every, DCT.temporal)
    assert len(blank) == 2
    assert said(every, DCT.temporal, RDF.type) == {DCT.PeriodOfTime}
    assert said(every, DCT.temporal, DCAT.endDate) == {day("2024-12-31"), day("2025-12-31")}


# --------------------------------------------------------------------------------- licences


def test_licences_have_the_names_that_consumers_know(fewest: Description) -> None:
    licence = URIRef(f"{AUTHORITY}licence/ETALAB_2_0")
    assert set(fewest.graph.objects(licence, RDFS.label)) == {
        Literal("Licence Ouverte / Open Licence version 2.0")
    }
    assert (licence, RDF.type, DCT.LicenseDocument) in fewest.graph
    national = URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence")
    assert (licence, SKOS.exactMatch, national) in fewest.graph
    types = set(fewest.graph.objects(licence, DCT.type))
    assert types == addresses("http://purl.org/adms/licencetype/Attribution")


def test_licence_of_no_table(site: Site) -> None:
    dataset = site.fewest(license_id="other-open")
    described = describe(dataset)
    (licence,) = said(described, FILE, DCT.license)
    assert str(licence).startswith("http://test.ckan.net/.well-known/genid/")
    assert described.graph.value(licence, RDFS.label) == Literal(
        "Autre licence ouverte / Other open licence"
    )


@pytest.mark.parametrize(
    ("name", "address", "label"),
    [
        ("https://a.example/licence", "https://a.example/licence", None),
        ("lov2", f"{AUTHORITY}licence/ETALAB_2_0", "Licence Ouverte / Open Licence version 2.0"),
        ("licence-maison", None, "licence-maison"),
    ],
)
def test_licence_named_in_another_way(
    site: Site, name: str, address: str | None, label: str | None
) -> None:
    described = describe(site.fewest(license_id=name))
    (licence,) = said(described, FILE, DCT.license)
    if address:
        assert licence == URIRef(address)
    found = described.graph.value(licence, RDFS.label)
    assert found == (Literal(label) if label else None)


def test_no_licence_where_none_is_specified(site: Site) -> None:
    dataset = site.fewest(license_id="notspecified")
    assert said(describe(dataset), FILE, DCT.license) == set()


# ------------------------------------------------------------------------------------ files


def test_uploaded_file_has_one_address_whatever_the_language(fewest: Description) -> None:
    (file,) = said(fewest, FILE)
    address = URIRef(f"{file}/download/arbres.csv")
    assert said(fewest, FILE, DCAT.downloadURL) == {address}
    assert said(fewest, FILE, DCAT.accessURL) == {address}


@pytest.mark.parametrize(
    ("fields", "access", "is_download"),
    [
        ({"url": "https://a.example/f.csv", "format": "CSV"}, "https://a.example/f.csv", True),
        ({"url": "https://a.example/export?id=1", "format": "GeoJSON"}, None, True),
        ({"url": "https://a.example/page", "format": "HTML"}, None, False),
        ({"url": "https://a.example/wms", "format": "WMS"}, None, False),
        ({"url": "https://a.example/api", "format": "API"}, None, False),
        ({"url": "https://a.example/x", "format": "Inconnu"}, None, False),
        ({"url": "", "format": ""}, "http://test.ckan.net/dataset/{0}/resource/{1}", False),
        (
            {"url": "_datastore_only_resource", "url_type": "datastore"},
            "http://test.ckan.net/datastore/dump/{1}",
            True,
        ),
    ],
)
def test_addresses_of_files(
    site: Site, fields: dict[str, str], access: str | None, is_download: bool
) -> None:
    dataset = site.fewest()
    file = dataset["resources"][0] | {"url_type": None, "mimetype": None} | fields
    described = describe(dataset | {"resources": [file]})
    wanted = (access or fields["url"]).format(dataset["id"], file["id"])
    assert said(described, FILE, DCAT.accessURL) == addresses(wanted)
    assert said(described, FILE, DCAT.downloadURL) == (addresses(wanted) if is_download else set())


def test_file_that_keeps_the_address_of_where_it_was_harvested(site: Site) -> None:
    described = describe(site.one_file(uri="https://a.example/files/(1) a"))
    assert len(said(described, FILE)) == 1
    assert len(said(described, FILE, DCAT.accessURL)) == 1
    assert len(said(described, FILE, DCT.title)) == 1


def test_zipped_file(site: Site) -> None:
    dataset = site.fewest()
    dataset["resources"][0] |= {"format": "CSV (zip)", "mimetype": "application/zip"}
    described = describe(dataset)
    assert said(described, FILE, DCT["format"]) == eu("file-type", "CSV")
    assert said(described, FILE, DCAT.packageFormat) == addresses(
        "https://www.iana.org/assignments/media-types/application/zip"
    )


def test_format_of_no_table(site: Site) -> None:
    dataset = site.fewest()
    dataset["resources"][0] |= {"format": "Format maison", "mimetype": None}
    described = describe(dataset)
    assert said(described, FILE, DCT["format"]) == set()
    assert said(described, FILE, SCHEMA.encodingFormat) == {Literal("Format maison")}


@pytest.mark.parametrize(
    ("checksum", "algorithm", "wanted"),
    [
        ("A" * 64, None, "sha256"),
        ("a" * 40, "", "sha1"),
        ("a" * 32, "https://spdx.org/rdf/terms/#checksumAlgorithm_md5", "md5"),
        ("a" * 30, None, None),
        ("z" * 64, None, None),
        ("", "https://spdx.org/rdf/terms/#checksumAlgorithm_md5", None),
    ],
)
def test_checksums(site: Site, checksum: str, algorithm: str | None, wanted: str | None) -> None:
    dataset = site.fewest()
    dataset["resources"][0] |= {"hash": checksum, "hash_algorithm": algorithm}
    described = describe(dataset)
    if wanted is None:
        assert said(described, FILE, SPDX.checksum) == set()
        return
    assert said(described, FILE, SPDX.checksum, SPDX.algorithm) == addresses(
        f"https://spdx.org/rdf/terms/#checksumAlgorithm_{wanted}"
    )
    assert said(described, FILE, SPDX.checksum, SPDX.checksumValue) == {
        Literal(checksum.lower(), datatype=XSD.hexBinary)
    }


def test_empty_file_has_a_size(site: Site) -> None:
    dataset = site.fewest()
    dataset["resources"][0] |= {"size": 0}
    assert said(describe(dataset), FILE, DCAT.byteSize) == {
        Literal("0", datatype=XSD.nonNegativeInteger)
    }


def test_schema_written_in_the_file_itself(site: Site) -> None:
    dataset = site.fewest()
    dataset["resources"][0] |= {"schema": {"title": "Arbres", "fields": []}}
    described = describe(dataset)
    assert said(described, FILE, DCT.conformsTo, RDFS.label) == {Literal("Arbres")}
    dataset["resources"][0] |= {"schema": {"fields": []}}
    assert said(describe(dataset), FILE, DCT.conformsTo, RDFS.label) == {
        Literal("Schema of the file", lang="en"),
        Literal("Schéma du fichier", lang="fr"),
    }


# ------------------------------------------------------------------------------- high value


def test_services_of_high_value(every: Description) -> None:
    (file,) = said(every, FILE)
    service = URIRef(f"{file}#api")
    graph = every.graph
    assert set(graph.subjects(RDF.type, DCAT.DataService)) == {service}
    assert graph.value(service, DCAT.servesDataset) == every.uri
    assert graph.value(service, DCAT.endpointURL) == URIRef(
        "http://test.ckan.net/api/3/action/datastore_search?resource_id="
        + str(file).rsplit("/", 1)[-1]
    )
    assert URIRef(samples.REGULATION) in graph.objects(service, DCATAP.applicableLegislation)
    assert set(graph.objects(service, DCAT.contactPoint)) == said(every, DCAT.contactPoint)
    # ckanext-dcat 2.4.4 reads the contact of an access service and fails to write it again.
    assert said(every, FILE, DCAT.accessService) == set()
    assert URIRef(samples.REGULATION) in said(every, FILE, DCATAP.applicableLegislation)


def test_no_service_of_what_is_not_of_high_value(fewest: Description) -> None:
    assert set(fewest.graph.subjects(RDF.type, DCAT.DataService)) == set()


def test_every_dataset_told_has_a_title(every: Description) -> None:
    for node in every.graph.subjects(RDF.type, DCAT.Dataset):
        assert every.graph.value(node, DCT.title)


def test_series(site: Site) -> None:
    dataset = site.fewest() | {"in_series": ["a-series"]}
    assert said(describe(dataset), DCAT.inSeries) == addresses(
        "http://test.ckan.net/dataset/a-series"
    )


# ----------------------------------------------------------------------------------- others


def test_names_of_sites_under_a_folder(site: Site, ckan_config: dict[str, Any]) -> None:
    dataset = site.fewest()
    dataset["resources"][0]["url"] = (
        f"http://test.ckan.net/data/fr/dataset/{dataset['id']}/resource/x/download/arbres.csv"
    )
    ckan_config["ckan.root_path"] = "/data/{{LANG}}"
    page = addresses("http://test.ckan.net/data/dataset/arbres-aniane")
    assert said(describe(dataset), RDFS.seeAlso) == page


def test_only_the_prefixes_that_documents_have(every: Description) -> None:
    spaces = tuple(NAMESPACES.values())
    unknown = {str(predicate) for predicate in every.graph.predicates()}
    assert {each for each in unknown if not each.startswith(spaces)} == set()


def test_siret_stands_beside_the_siren(site: Site) -> None:
    publisher = [{"name": "Mairie", "identifier": "21340010400014"}]
    described = describe(site.fewest() | {"publisher": publisher})
    assert said(described, DCT.publisher, DCT.identifier) == {Literal("213400104")}
    assert said(described, DCT.publisher, ORG.identifier) == {Literal("21340010400014")}


def test_graphs_of_other_serialisers(site: Site) -> None:
    """The profile tells into the graph that ckanext-dcat gives it, beside what is there."""
    dataset = site.fewest()
    serializer = RDFSerializer(profiles=["heraultdata_dcat_ap"])
    serializer.graph_from_catalog()
    serializer.graph_from_dataset(api.act("package_show", id=dataset["id"]))
    told = Graph()
    for triple in serializer.g.triples((None, None, None)):
        told.add(triple)
    assert set(describe(dataset).graph) <= set(told)


def test_nothing_of_the_portal_is_known_by_the_uri_of_another(site: Site) -> None:
    mine, another = site.every, site.fewest()
    stolen = f"http://test.ckan.net/dataset/{another['id']}"
    files = [{**file, "uri": f"{stolen}/resource/{file['id']}"} for file in mine["resources"]]
    described = describe({**mine, "uri": stolen, "resources": files})

    assert str(described.uri) == f"http://test.ckan.net/dataset/{mine['id']}"
    assert said(described, FILE) == addresses(
        *(f"{described.uri}/resource/{file['id']}" for file in files)
    )


def test_what_came_from_elsewhere_keeps_its_uri(site: Site) -> None:
    [file] = site.every["resources"][:1]
    came = {**site.every, "uri": "https://elsewhere.example/dataset/1"}
    came["resources"] = [{**file, "uri": "https://elsewhere.example/file/1"}]
    described = describe(came)

    assert described.uri == URIRef("https://elsewhere.example/dataset/1")
    assert said(described, FILE) == addresses("https://elsewhere.example/file/1")
