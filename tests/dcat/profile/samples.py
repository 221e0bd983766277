"""Datasets with all the fields that the form has, and with the fewest that it allows."""

from __future__ import annotations

import io
from typing import Any

from ckan import model
from rdflib import URIRef
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.standards.model import Standard
from tests import factories
from tests.datasets import api

DISTRIBUTION = URIRef("http://www.w3.org/ns/dcat#distribution")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
PAGE = "https://www.aniane.example/deliberations"
REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
ROWS = [{"numero": "2025-01", "objet": "Budget"}]
STANDARD = "scdl-deliberations"
STANDARD_ADDRESS = "https://schema.data.gouv.fr/schemas/scdl/deliberations/2.1.5/schema.json"

EVERY_FIELD: dict[str, Any] = {
    "name": "deliberations-aniane",
    "title": "Délibérations du conseil municipal d’Aniane",
    "notes": "Toutes les délibérations depuis 2020.",
    "private": False,
    "theme": [f"{AUTHORITY}data-theme/GOVE", f"{AUTHORITY}data-theme/REGI"],
    "frequency": f"{AUTHORITY}frequency/QUARTERLY",
    "license_id": "ODC_BL",
    "tag_string": "délibération, conseil municipal",
    "spatial_granularity": "communale",
    "spatial_coverage": [
        {"code": "34010"},
        {"code": "243400694", "text": "Vallée de l’Hérault"},
        {"code": "34", "text": "Hérault"},
    ],
    "temporal_coverage": [
        {"start": "2020-01-01", "end": "2024-12-31"},
        {"start": "2025-01-01", "end": "2025-12-31"},
    ],
    "issued": "2021-03-01",
    "modified": "2026-01-15",
    "contact": [
        {
            "name": "Mairie d’Aniane",
            "email": "mairie@aniane.example",
            "url": "https://www.aniane.example/contact",
        },
        {"name": "Service des assemblées", "email": "assemblees@aniane.example"},
    ],
    "language": [f"{AUTHORITY}language/FRA", f"{AUTHORITY}language/OCI"],
    "publisher": [
        {
            "name": "Syndicat du Pays",
            "identifier": "243400694",
            "email": "syndicat@pays.example",
            "url": "https://www.pays.example",
            "type": "http://purl.org/adms/publishertype/LocalAuthority",
        }
    ],
    "creator": [
        {
            "name": "Bureau d’études",
            "identifier": "34276813200017",
            "email": "etudes@bureau.example",
            "url": "https://www.bureau.example",
            "type": "http://purl.org/adms/publishertype/Company",
        }
    ],
    "access_rights": f"{AUTHORITY}access-right/PUBLIC",
    "hvd_category": [
        "http://data.europa.eu/bna/c_b79e35eb",
        "http://data.europa.eu/bna/c_ac64a52d",
    ],
    "applicable_legislation": ["http://data.europa.eu/eli/dir/2019/1024/oj", REGULATION],
    "provenance": "Saisies par le secrétariat à chaque séance.",
    "conforms_to": ["https://www.iso.org/standard/70907.html"],
    "documentation": ["https://www.aniane.example/notice", "https://www.aniane.example/guide"],
    "url": PAGE,
    "version": "2.3",
    "version_notes": "Les séances de 2025 sont là.",
    "identifier": "aniane-deliberations",
}
"""Every field that a person fills in, but for the organisation and the files."""

EVERY_FIELD_OF_A_FILE: dict[str, Any] = {
    "url": "https://www.aniane.example/deliberations.csv",
    "name": "Délibérations de 2025",
    "description": "Une ligne par délibération.",
    "standard": STANDARD,
    "format": "CSV",
    "mimetype": "text/csv",
    "license": f"{AUTHORITY}licence/CC_BY_4_0",
    "status": f"{AUTHORITY}distribution-status/COMPLETED",
    "availability": f"{AUTHORITY}planned-availability/STABLE",
    "size": 2048,
    "hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "hash_algorithm": "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256",
    "schema": "https://www.aniane.example/schema.json",
}

FEWEST_FIELDS: dict[str, Any] = {
    "name": "arbres-aniane",
    "title": "Arbres d’Aniane",
    "notes": "Les arbres.",
    "private": False,
    "theme": [f"{AUTHORITY}data-theme/ENVI"],
    "frequency": f"{AUTHORITY}frequency/ANNUAL",
    "license_id": "ETALAB_2_0",
}
"""What the first page of the form asks for."""


def standard(name: str = STANDARD, address: str = STANDARD_ADDRESS) -> dict[str, Any]:
    """A standard with two versions, the newest of which stands in the national registry."""
    defaults = {"theme": f"{AUTHORITY}data-theme/GOVE", "keywords": ["délibération"]}
    factories.standard(name=name, title="Délibérations")
    held = model.Session.query(Standard).filter_by(name=name).one()
    held.dataset_defaults = defaults
    model.Session.commit()
    factories.version(
        standard=name, version="1.0.0", published_on="2020-01-01", source_url=f"{address}?1"
    )
    return factories.version(
        standard=name, version="2.1.5", published_on="2023-05-11", source_url=address
    )


def shown(dataset: dict[str, Any]) -> dict[str, Any]:
    """A dataset as the catalogue gets it."""
    return api.act("package_show", id=dataset["id"])


def with_every_field(organization: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A dataset with every field, and a file with every field whose rows are in the DataStore."""
    standard()
    values = {**EVERY_FIELD, "owner_org": organization["id"], **fields}
    made = api.act("package_create", **values)
    file = api.act("resource_create", package_id=made["id"], **EVERY_FIELD_OF_A_FILE)
    api.act("datastore_create", resource_id=file["id"], records=ROWS, force=True)
    return shown(made)


def with_fewest_fields(organization: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A dataset with what the form asks for, and one file."""
    values = {**FEWEST_FIELDS, "owner_org": organization["id"], **fields}
    made = api.act("package_create", **values)
    upload = FileStorage(io.BytesIO(b"nom\nchene\n"), "arbres.csv")
    api.act("resource_create", package_id=made["id"], url="arbres.csv", upload=upload)
    return shown(made)
