"""A site as large as the département can become: its partners, standards, datasets and checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.heraultdata.conventions.model import Convention, ConventionEvent
from ckanext.heraultdata.partners.model import Referent
from ckanext.heraultdata.standards.model import Standard, StandardVersion
from ckanext.heraultdata.validation.checks.model import Check

PARTNERS = 358
STANDARDS = 30
FILES = 2
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
_MADE_AT = datetime(2026, 1, 5, 12, tzinfo=timezone.utc)
_ROWS_AT_ONCE = 5_000
_Row = dict[str, Any]


def make_partners_and_standards() -> None:
    """Write what there is before any dataset; half of the conventions have a date of their own."""
    _insert(model.group_table, map(_organization, range(PARTNERS)))
    _insert(Referent.__table__, map(_referent, range(PARTNERS)))
    _insert(Convention.__table__, map(_convention, range(PARTNERS)))
    _insert(ConventionEvent.__table__, _signatures())
    _insert(Standard.__table__, map(_standard, range(STANDARDS)))
    _insert(StandardVersion.__table__, _versions())
    model.Session.commit()


def make_datasets(start: int, end: int) -> None:
    """Write datasets, numbered from `start` to `end`, that one excluded, with files and checks."""
    _insert(model.package_table, map(_package, range(start, end)))
    _insert(model.resource_table, _resources(start, end))
    _insert(Check.__table__, _checks(start, end))
    model.Session.commit()
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()


def _insert(table: Any, rows: Iterator[_Row]) -> None:  # noqa: ANN401 - CKAN's and our tables
    waiting: list[_Row] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            model.Session.execute(table.insert(), waiting)
            waiting = []
    if waiting:
        model.Session.execute(table.insert(), waiting)


def _organization(rank: int) -> _Row:
    return {
        "id": f"organization-{rank}",
        "name": f"commune-{rank}",
        "title": f"Commune {rank}",
        "type": "organization",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        "created": datetime(2024, 1, 1),  # noqa: DTZ001 - CKAN's own column
        "extras": {"partner_type": "epci" if rank % 20 == 0 else "commune"},
    }


def _referent(rank: int) -> _Row:
    return {
        "id": f"referent-{rank}",
        "organization_id": f"organization-{rank}",
        "name": f"Référent {rank}",
        "email": f"referent-{rank}@partner.example",
        "created_at": _MADE_AT,
    }


def _convention(rank: int) -> _Row:
    return {
        "id": f"convention-{rank}",
        "organization_id": f"organization-{rank}",
        "created_at": _MADE_AT,
    }


def _signatures() -> Iterator[_Row]:
    for rank in range(PARTNERS):
        for party in ("partner", "department"):
            yield {
                "id": f"event-{party}-{rank}",
                "convention_id": f"convention-{rank}",
                "kind": "signed",
                "date": date(2024, 1, 1) + timedelta(days=rank if rank % 2 else 0),
                "party": party,
                "recorded_at": _MADE_AT,
            }


def _standard(rank: int) -> _Row:
    return {
        "id": f"standard-{rank}",
        "name": f"herault-standard-{rank}",
        "title": f"Standard {rank}",
        "level": "territorial",
        "scdl": False,
        "priority": True,
        "concerns": ["epci", "commune", "other"],
        "dataset_defaults": {},
        "created_at": _MADE_AT,
    }


def _versions() -> Iterator[_Row]:
    for rank in range(STANDARDS):
        for number in (1, 2):
            yield {
                "id": _version_id(rank, number),
                "standard_id": f"standard-{rank}",
                "version": f"{number}.0.0",
                "kind": "table",
                "published_on": date(2021 + 2 * number, 6, 1) + timedelta(days=10 * rank),
                "schema": {"fields": [{"name": "nom", "type": "string"}]},
                "created_at": _MADE_AT,
            }


def _version_id(standard: int, number: int) -> str:
    return f"version-{standard}-{number}"


def _package(rank: int) -> _Row:
    return {
        "id": f"package-{rank}",
        "name": f"dataset-{rank}",
        "title": f"Dataset {rank}",
        "type": "dataset",
        "owner_org": f"organization-{rank % PARTNERS}",
        "state": "active",
        "private": False,
        "metadata_created": datetime(2025, 6, 1),  # noqa: DTZ001 - CKAN's own column
        "metadata_modified": datetime(2025, 6, 1),  # noqa: DTZ001 - CKAN's own column
        "extras": {"frequency": FREQUENCY},
    }


def _resources(start: int, end: int) -> Iterator[_Row]:
    for rank in range(start, end):
        for file in range(FILES):
            yield {
                "id": f"resource-{rank}-{file}",
                "package_id": f"package-{rank}",
                "url": f"https://data.example/{rank}-{file}.csv",
                "name": f"File {file}",
                "format": "CSV",
                "position": file,
                "state": "active",
                "created": datetime(2025, 6, 1),  # noqa: DTZ001 - CKAN's own column
                "extras": {"standard": f"herault-standard-{_standard_of(rank)}"},
            }


def _checks(start: int, end: int) -> Iterator[_Row]:
    for rank in range(start, end):
        for file in range(FILES):
            # One dataset in three meets both versions, one the first, one none.
            for number in (1, 2):
                is_valid = rank % 3 == 0 or (rank % 3 == 1 and number == 1)
                yield {
                    "id": f"check-{rank}-{file}-{number}",
                    "run_id": f"run-{rank}-{file}",
                    "resource_id": f"resource-{rank}-{file}",
                    "package_id": f"package-{rank}",
                    "version_id": _version_id(_standard_of(rank), number),
                    "valid": is_valid,
                    "error_count": 0 if is_valid else 3,
                    "facts": {},
                    "report": {},
                    "made_at": _MADE_AT,
                }


def _standard_of(rank: int) -> int:
    # Partners and standards have no common divisor to fall in step by: each partner has several.
    return (rank // PARTNERS + rank) % STANDARDS
