"""A catalogue as large as the département can become: partners, and datasets with every field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import insert
from stdnum import luhn

from ckanext.heraultdata.database import engine_beside

PARTNERS = 20
_EU = "http://publications.europa.eu/resource/authority"
_MADE_AT = datetime(2026, 1, 5)  # noqa: DTZ001 - CKAN's own columns
_COPIES_AT_ONCE = 500
_Row = dict[str, Any]

_DATASET: Mapping[str, object] = {
    "title": "Délibérations du conseil municipal",
    "notes": "Les délibérations votées depuis 2024, une ligne par délibération. " * 4,
    "license_id": "ETALAB_2_0",
    "theme": [f"{_EU}/data-theme/GOVE", f"{_EU}/data-theme/REGI"],
    "frequency": f"{_EU}/frequency/QUARTERLY",
    "tags": [{"name": name} for name in ("délibération", "conseil municipal", "scdl", "commune")],
    "spatial_granularity": "communale",
    "spatial_coverage": [{"code": "34010"}],
    "temporal_coverage": [{"start": "2024-01-01", "end": "2025-12-31"}],
    "issued": "2024-03-12",
    "modified": "2025-12-31",
    "contact": [{"name": "Mairie", "email": "mairie@commune.example"}],
    "language": [f"{_EU}/language/FRA"],
    "creator": [{"name": "Secrétariat général", "email": "secretariat@commune.example"}],
    "access_rights": f"{_EU}/access-right/PUBLIC",
    "provenance": "Extrait du registre des délibérations.",
    "documentation": ["https://www.commune.example/deliberations"],
    "url": "https://www.commune.example/deliberations",
    "version": "1.2",
    "version_notes": "Colonnes de la version 2 du standard.",
}
_FILES: tuple[Mapping[str, object], ...] = tuple(
    {
        "url": f"https://www.commune.example/deliberations-{year}.{extension}",
        "name": f"Délibérations {year}",
        "description": "Encodé en UTF-8, séparé par des points-virgules.",
        "format": extension.upper(),
        "mimetype": media_type,
        "license": f"{_EU}/licence/ETALAB_2_0",
        "status": f"{_EU}/distribution-status/COMPLETED",
        "availability": f"{_EU}/planned-availability/STABLE",
        "size": 48_213,
        "hash": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "hash_algorithm": "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256",
    }
    for year, extension, media_type in (
        (2024, "csv", "text/csv"),
        (2025, "json", "application/json"),
    )
)
FILES = len(_FILES)


def empty() -> None:
    """Leave no dataset: the database may hold those of another benchmark."""
    model.Session.execute(
        sa.text("TRUNCATE package, heraultdata_dcat_piece, heraultdata_dcat_change CASCADE")
    )
    model.Session.commit()


def make_partners() -> None:
    """Write the partners."""
    rows = [_organization(rank) for rank in range(PARTNERS)]
    model.Session.execute(insert(model.group_table).on_conflict_do_nothing(), rows)
    model.Session.commit()


def make_datasets(count: int) -> list[str]:
    """Write public datasets.

    The first is made through the API, so that each field is stored as CKAN stores it; the others
    are its copies under other names, of one partner after the other.

    Returns:
        Their identifiers.
    """
    first = _make_first()
    package = _rows(model.package_table, model.package_table.c.id == first)[0]
    resources = _rows(model.resource_table, model.resource_table.c.package_id == first)
    tags = _rows(model.package_tag_table, model.package_tag_table.c.package_id == first)
    ids = [first]
    for lot in range(1, count, _COPIES_AT_ONCE):
        ranks = {rank: make_uuid() for rank in range(lot, min(lot + _COPIES_AT_ONCE, count))}
        copies = [_copy_of_package(package, package_id, rank) for rank, package_id in ranks.items()]
        model.Session.execute(model.package_table.insert(), copies)
        for table, rows in ((model.resource_table, resources), (model.package_tag_table, tags)):
            belongings = [
                {**row, "id": make_uuid(), "package_id": package_id}
                for package_id in ranks.values()
                for row in rows
            ]
            model.Session.execute(table.insert(), belongings)
        ids.extend(ranks.values())
    model.Session.commit()
    _tidy()
    return ids


def multiply_pieces(count: int) -> None:
    """Copy datasets that are serialised, in SQL, until the catalogue has so many.

    Args:
        count: datasets in the catalogue in the end.
    """
    columns = [column.name for column in model.package_table.columns]
    others = ", ".join(name for name in columns if name not in ("id", "name"))
    model.Session.execute(
        sa.text(
            f"""
            WITH source AS (
                SELECT p.*, row_number() OVER (ORDER BY slot) AS rank FROM package AS p
                JOIN heraultdata_dcat_piece ON package_id = p.id WHERE slot IS NOT NULL
            ), there AS (SELECT count(*) AS datasets FROM source)
            INSERT INTO package (id, name, {others})
            SELECT 'copy-' || number, 'copy-' || number, {others}
            FROM there, generate_series(datasets + 1, :count) AS number
            JOIN source ON rank = 1 + number % (SELECT datasets FROM there)
            """  # noqa: S608 - of names of columns
        ),
        {"count": count},
    )
    # The triggers have made their pieces, which wait for texts and places.
    model.Session.execute(
        sa.text(
            """
            WITH source AS (
                SELECT *, row_number() OVER (ORDER BY slot) AS rank
                FROM heraultdata_dcat_piece WHERE slot IS NOT NULL
            ), there AS (SELECT count(*) AS datasets FROM source), copied AS (
                SELECT copy.package_id AS copy_id, source.*,
                    substr(copy.package_id, length('copy-') + 1)::int AS number
                FROM heraultdata_dcat_piece AS copy, source, there
                WHERE copy.slot IS NULL AND copy.package_id LIKE 'copy-%'
                AND rank = 1 + substr(copy.package_id, length('copy-') + 1)::int % datasets
            )
            UPDATE heraultdata_dcat_piece AS piece SET
                slot = number, serialised = piece.changes, made_with = copied.made_with,
                uri = replace(copied.uri, copied.package_id, copy_id),
                title = copied.title, organization_id = copied.organization_id,
                digest = encode(sha256((copied.digest || copy_id)::bytea), 'hex'),
                modified = copied.modified,
                turtle = replace(copied.turtle, copied.package_id, copy_id),
                rdf_xml = replace(copied.rdf_xml, copied.package_id, copy_id),
                json_ld = replace(copied.json_ld, copied.package_id, copy_id),
                score = copied.score, gaps = copied.gaps
            FROM copied WHERE piece.package_id = copy_id
            """
        )
    )
    model.Session.commit()
    _tidy()


def keep_pieces(count: int) -> None:
    """Take datasets out of the catalogue until it has so many, and the room that they took.

    Args:
        count: datasets in the catalogue in the end.
    """
    gone = sa.text("DELETE FROM heraultdata_dcat_piece WHERE slot IS NULL OR slot > :count")
    model.Session.execute(gone, {"count": count})
    model.Session.commit()
    _run_alone("VACUUM FULL heraultdata_dcat_piece")
    _tidy()


def _make_first() -> str:
    made = tk.get_action("package_create")(
        {"ignore_auth": True, "user": _site_user()},
        {
            **_DATASET,
            "name": "deliberations-0",
            "owner_org": _organization_id(0),
            "resources": [dict(file) for file in _FILES],
            "private": True,
        },
    )
    package = model.Session.get(model.Package, made["id"])
    if package is None:
        raise SystemExit("The first dataset was not made")
    # Whatever the convention of its partner says of publication.
    package.private = False
    model.Session.commit()
    return made["id"]


def _site_user() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def _rows(table: sa.Table, chosen: sa.ColumnElement[bool]) -> list[_Row]:
    return [dict(row) for row in model.Session.execute(sa.select(table).where(chosen)).mappings()]


def _copy_of_package(package: Mapping[str, Any], package_id: str, rank: int) -> _Row:
    return {
        **package,
        "id": package_id,
        "name": f"deliberations-{rank}",
        "title": f"{package['title']} {rank}",
        "owner_org": _organization_id(rank),
    }


def _organization_id(rank: int) -> str:
    return f"publisher-{rank % PARTNERS}"


def _organization(rank: int) -> _Row:
    siren = f"2134{rank:04d}"
    return {
        "id": f"publisher-{rank}",
        "name": f"publisher-{rank}",
        "title": f"Commune {rank}",
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "created": _MADE_AT,
        "extras": {"partner_type": "commune", "siren": siren + luhn.calc_check_digit(siren)},
    }


def _tidy() -> None:
    """Leave the tables as autovacuum does: their figures, and which pages all may read."""
    _run_alone("VACUUM ANALYZE")


def _run_alone(statement: str) -> None:
    with engine_beside().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text(statement))
