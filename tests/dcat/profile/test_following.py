"""The version of its standard that a file conforms to, by its national address."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from rdflib import RDF, RDFS, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT

from ckanext.heraultdata.conformance.model import Declaration
from ckanext.heraultdata.dcat.profile.description import describe
from ckanext.heraultdata.standards import catalogue
from ckanext.heraultdata.validation.checks.model import Check
from tests import factories

from . import samples
from .conftest import Site

pytestmark = pytest.mark.ckan_config("heraultdata.publication_gate", "off")

NOW = datetime(2026, 11, 29, 12, tzinfo=timezone.utc)


def checked(dataset: dict[str, Any], version: dict[str, Any], *, valid: bool, at: datetime) -> None:
    """A check of the file of a dataset against a version."""
    check = Check(
        run_id=str(at),
        resource_id=dataset["resources"][0]["id"],
        package_id=dataset["id"],
        version_id=version["id"],
        valid=valid,
        error_count=0,
        facts={},
        report={},
        made_at=at,
    )
    model.Session.add(check)
    model.Session.commit()


@pytest.fixture
def versions() -> list[dict[str, Any]]:
    """A standard with two published versions and a draft, the oldest first."""
    standard = factories.standard(title="Arbres")["name"]
    made = [
        factories.version(
            standard=standard,
            version=number,
            published_on=published_on,
            source_url=f"https://schema.data.gouv.fr/schemas/arbres/{number}/schema.json",
        )
        for number, published_on in (("1.0", "2021-01-01"), ("2.0", "2023-01-01"))
    ]
    factories.version(standard=standard, version="3.0")
    return made


def followed(dataset: dict[str, Any]) -> set[str]:
    """The addresses that the dataset conforms to, which are those of its file."""
    described = describe(dataset)
    of_dataset = set(described.graph.objects(described.uri, DCT.conformsTo))
    (file,) = described.graph.objects(described.uri, samples.DISTRIBUTION)
    assert set(described.graph.objects(file, DCT.conformsTo)) == of_dataset
    for each in of_dataset:
        assert (each, RDF.type, DCT.Standard) in described.graph
    return {str(each) for each in of_dataset}


def address(version: dict[str, Any]) -> str:
    """The national address of a version."""
    return version["source_url"]


def test_newest_published_version_of_what_was_never_checked(
    site: Site, versions: list[dict[str, Any]]
) -> None:
    dataset = site.one_file(standard=versions[0]["standard"])
    assert followed(dataset) == {address(versions[1])}
    graph = describe(dataset).graph
    assert graph.value(URIRef(address(versions[1])), RDFS.label) == Literal("Arbres 2.0")


def test_newest_version_that_the_file_meets(site: Site, versions: list[dict[str, Any]]) -> None:
    dataset = site.one_file(standard=versions[0]["standard"])
    checked(dataset, versions[0], valid=True, at=NOW)
    checked(dataset, versions[1], valid=False, at=NOW)
    assert followed(dataset) == {address(versions[0])}
    checked(dataset, versions[1], valid=True, at=NOW + timedelta(hours=1))
    assert followed(dataset) == {address(versions[1])}


def test_version_that_somebody_declared(site: Site) -> None:
    standard = factories.standard(title="Charte")["name"]
    old, _ = [
        factories.version(
            standard=standard, version=number, kind="document", schema=None, published_on=day
        )
        for number, day in (("1", "2021-01-01"), ("2", "2022-01-01"))
    ]
    dataset = site.one_file(standard=standard)
    declared = Declaration(
        package_id=dataset["id"], version_id=old["id"], grounds="Relu.", declared_on=NOW.date()
    )
    model.Session.add(declared)
    model.Session.commit()
    assert followed(dataset) == {f"http://test.ckan.net/standard/{standard}"}
    graph = describe(dataset).graph
    assert set(graph.objects(None, RDFS.label)) & {Literal("Charte 1"), Literal("Charte 2")} == {
        Literal("Charte 1")
    }


def test_territorial_standard_has_the_address_of_its_schema_here(site: Site) -> None:
    standard = factories.standard(title="Sentiers", level="territorial")["name"]
    factories.version(standard=standard, version="1.0", published_on="2024-01-01")
    dataset = site.one_file(standard=standard)
    assert followed(dataset) == {f"http://test.ckan.net/standard/{standard}/1.0/schema.json"}


def test_standard_that_is_not_in_the_registry(site: Site) -> None:
    assert followed(site.one_file(standard="unknown")) == set()


def test_address_of_the_national_registry_is_kept_to_the_letter(site: Site) -> None:
    assert samples.STANDARD_ADDRESS in followed(site.one_file(standard=samples.STANDARD))


def test_addresses_of_the_catalogue_are_those_of_the_national_registry(shared_folder: Path) -> None:
    told = json.loads((shared_folder / "standards" / "registry-schemas.json").read_text("utf-8"))
    national = {each["schema_url"] for schema in told["schemas"] for each in schema["versions"]}
    bundled = {
        version.source_url
        for each in catalogue.bundled()
        for version in each.versions
        if version.source_url and "schema.data.gouv.fr" in version.source_url
    }
    assert bundled
    assert bundled <= national
