"""The standards that come with the extension, put into the registry where it lacks them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from ..journal.service import PORTAL
from ..messages import Message, RuleError
from ..partners.service import PARTNER_TYPES
from . import registry, service
from .registry import StandardRecord, VersionRecord
from .rules import Dates, Kind, Level

FOLDER = Path(__file__).parent.parent / "schemas" / "standards"
"""A folder a standard, under its name: `standard.yaml`, and `<version>.json` for each schema."""


@dataclass(frozen=True)
class Bundled:
    """A standard of the catalogue with its versions, the oldest first."""

    standard: StandardRecord
    versions: tuple[VersionRecord, ...]


@dataclass
class Loaded:
    """What was put into the registry: names of standards, `name version` for versions.

    Attributes:
        refused: versions that what an administrator recorded stands against, with the reason.
    """

    standards: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    refused: list[tuple[str, Message]] = field(default_factory=list)


def bundled(folder: Path = FOLDER) -> Iterator[Bundled]:
    """Read the catalogue, in the order of the names.

    Args:
        folder: where it is.
    """
    for description in sorted(folder.glob("*/standard.yaml")):
        yield _read(description.parent)


def load(now: datetime, folder: Path = FOLDER) -> Loaded:
    """Put into the registry what it lacks of the catalogue; what is there stays as it is.

    What an administrator wrote is never overwritten: of a standard that is there, only what the
    form of a dataset is filled with follows the catalogue, and its missing versions are added.

    Args:
        now: the moment.
        folder: where the catalogue is.
    """
    loaded = Loaded()
    catalogue = list(bundled(folder))
    held = registry.by_name([each.standard.name for each in catalogue])
    versions = registry.versions_of([each.id for each in held.values()], with_drafts=True)
    for each in catalogue:
        standard = held.get(each.standard.name)
        if standard is None:
            standard = service.create(each.standard, PORTAL, now)
            loaded.standards.append(standard.name)
        elif standard.dataset_defaults != each.standard.dataset_defaults:
            defaults = each.standard.dataset_defaults
            standard = service.update(replace(standard, dataset_defaults=defaults), PORTAL, now)
        there = {version.version for version in versions.get(standard.id, ())}
        for version in each.versions:
            if version.version not in there:
                _add(standard, version, loaded, now)
    return loaded


def _add(standard: StandardRecord, version: VersionRecord, loaded: Loaded, now: datetime) -> None:
    name = f"{standard.name} {version.version}"
    try:
        service.create_version(standard, version, PORTAL, now)
    except RuleError as refusal:
        loaded.refused.append((name, refusal.message))
        return
    loaded.versions.append(name)


def _read(folder: Path) -> Bundled:
    told = yaml.safe_load((folder / "standard.yaml").read_text(encoding="utf-8"))
    standard = StandardRecord(
        name=folder.name,
        title=told["title"],
        level=Level(told["level"]),
        scdl=told["scdl"],
        priority=told["priority"],
        concerns=tuple(told["concerns"]) or PARTNER_TYPES,
        issuer=told.get("issuer"),
        homepage=told.get("homepage"),
        description=_paragraph(told.get("description")),
        dataset_defaults=told.get("dataset_defaults", {}),
    )
    versions = [_version(folder, version) for version in told["versions"]]
    return Bundled(standard, tuple(sorted(versions, key=_day)))


def _paragraph(text: str | None) -> str | None:
    return " ".join(text.split()) if text else None


def _day(version: VersionRecord) -> date:
    return version.dates.published_on or date.max


def _version(folder: Path, told: Mapping[str, Any]) -> VersionRecord:
    kind = Kind(told["kind"])
    schema = None
    if kind is not Kind.DOCUMENT:
        schema = json.loads((folder / f"{told['version']}.json").read_text(encoding="utf-8"))
    return VersionRecord(
        version=str(told["version"]),
        kind=kind,
        dates=Dates(told["published_on"], told.get("due_on")),
        legal_reference=told.get("legal_reference"),
        schema=schema,
        source_url=told.get("source_url"),
    )
