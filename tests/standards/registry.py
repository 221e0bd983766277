"""Standards for the tests, recorded as the département records them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal.service import PORTAL
from ckanext.heraultdata.standards import service
from ckanext.heraultdata.standards.rules import Dates, Kind, Level

TABLE: dict[str, Any] = {"fields": [{"name": "nom", "type": "string"}]}
Versions = Mapping[str, tuple[str | None, dict[str, Any] | None]]


def publish_standard(
    name: str,
    kind: str = "table",
    versions: Versions = {"1.0.0": ("2023-01-10", TABLE)},  # noqa: B006 - never changed
    **fields: Any,
) -> None:
    """A standard with its versions, each with its publication date and its schema."""
    values = {"title": name.capitalize(), "level": Level.NATIONAL, **fields}
    made = service.create(service.StandardRecord(name=name, **values), PORTAL, clock.now())
    for version, (day, schema) in versions.items():
        published_on = date.fromisoformat(day) if day else None
        record = service.VersionRecord(version, Kind(kind), Dates(published_on), schema=schema)
        service.create_version(made, record, PORTAL, clock.now())
