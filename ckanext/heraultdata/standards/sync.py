"""The list of the national registry read, and what is new in it brought into ours.

What is absent from the list stays: standards vanish from it and come back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

import ckan.model as model
import sqlalchemy as sa

from ..journal.service import Actor
from ..messages import N_, Message
from . import registry
from .documents import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    ReadDocument,
    plain_line,
    read_document,
    web_address,
)
from .importing import Import, Outcome, Read, State, Told, UnreachableError, bring_in
from .model import Standard, StandardVersion
from .names import VERSION, standard_name
from .rules import Kind

SCDL_LABEL = "Socle Commun des Données Locales"
_PACKAGE = "datapackage"
_OTHER = "other"

Json = object
Progress = Callable[[int, int], None]
"""Told how many addresses of how many are read."""


class RegistryError(Exception):
    """The list cannot be read.

    Attributes:
        message: why.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Listed:
    """A version of a standard in the list.

    Attributes:
        type: `tableschema`, `jsonschema`, `datapackage` or `other`.
        url: address of its schema.
        told: what the list says of it.
    """

    standard: str
    version: str
    type: str
    url: str
    told: Told


@dataclass(frozen=True)
class Unreachable:
    """A version whose schema could not be read."""

    listed: Listed
    reason: Message


@dataclass
class Report:
    """What a run did, or would do.

    Attributes:
        new_standards: names of the standards added.
        added: versions added.
        unchanged: how many versions were there already.
        unreachable: versions that could not be read; they are tried again next time.
        refused: versions that the registry does not take.
        packages: data packages, whose tables are in the list under names of their own.
        absent: versions that are no longer in the list, and are kept.
    """

    new_standards: list[str] = field(default_factory=list)
    added: list[Listed] = field(default_factory=list)
    unchanged: int = 0
    unreachable: list[Unreachable] = field(default_factory=list)
    refused: list[Outcome] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    absent: list[tuple[str, str]] = field(default_factory=list)


def synchronise(
    registry_url: str,
    read: Read,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = lambda done, of: None,
) -> Report:
    """Add what is new in the list; nothing is deleted, nothing that is held is read again.

    Args:
        registry_url: address of the list.
        read: what reads an address.
        actor: who acts.
        now: the moment.
        dry_run: only say what is new, without reading any schema.
        progress: told of each address that is read.

    Raises:
        RegistryError: the list cannot be read.
    """
    listed, packages = _list_at(registry_url, read)
    held = _held()
    names = set(registry.by_name([each.standard for each in listed]))
    new = [each for each in listed if (each.standard, each.version) not in held]
    report = Report(
        unchanged=len(listed) - len(new),
        packages=packages,
        absent=_absent(held, listed, registry_url),
    )
    if dry_run:
        report.added = new
    else:
        _add(new, read, actor, now, progress, report)
    report.new_standards = sorted({each.standard for each in report.added} - names)
    return report


def _add(
    new: Collection[Listed],
    read: Read,
    actor: Actor,
    now: datetime,
    progress: Progress,
    report: Report,
) -> None:
    imports: list[Import] = []
    for done, each in enumerate(new):
        progress(done, len(new))
        try:
            document = _document(each, read)
        except UnreachableError as failure:
            report.unreachable.append(Unreachable(each, failure.message))
            continue
        imports.append(Import(document, each.told, source_url=each.url))
    progress(len(new), len(new))
    outcomes = bring_in(imports, actor, now)
    added = {(o.standard, o.version) for o in outcomes if o.state is State.ADDED}
    report.added = [each for each in new if (each.standard, each.version) in added]
    report.refused = [outcome for outcome in outcomes if outcome.state is State.REFUSED]


def _document(each: Listed, read: Read) -> ReadDocument:
    if each.type == _OTHER:
        # A text says nothing that the list does not: there is nothing to fetch.
        return ReadDocument(each.standard, each.version, Kind.DOCUMENT, each.told.title or "")
    document = read_document(read(each.url), each.url)
    if document.kind is Kind.DOCUMENT:
        raise UnreachableError(
            document.remarks[0] if document.remarks else Message(N_("There is no schema there."))
        )
    return document


def _list_at(url: str, read: Read) -> tuple[list[Listed], list[str]]:
    try:
        told = json.loads(read(url).decode("utf-8-sig"))
    except UnreachableError as failure:
        raise RegistryError(failure.message) from failure
    except (ValueError, RecursionError):
        raise RegistryError(_NO_LIST) from None
    entries = told.get("schemas") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise RegistryError(_NO_LIST)
    listed: dict[tuple[str, str], Listed] = {}
    packages: list[str] = []
    for entry in entries:
        if not isinstance(entry, Mapping) or not standard_name(_text(entry, "name")):
            continue
        if entry.get("schema_type") == _PACKAGE:
            packages.append(standard_name(_text(entry, "name")))
            continue
        for each in _versions(entry):
            listed.setdefault((each.standard, each.version), each)
    return list(listed.values()), packages


def _versions(entry: Mapping[str, Json]) -> Iterator[Listed]:
    name = _text(entry, "name")
    labels = entry.get("labels")
    told = Told(
        name=standard_name(name),
        title=plain_line(entry.get("title"), LONGEST_TITLE) or None,
        description=plain_line(entry.get("description"), LONGEST_DESCRIPTION) or None,
        homepage=web_address(entry.get("homepage")),
        issuer=name.split("/")[0] if "/" in name else None,
        scdl=isinstance(labels, list) and SCDL_LABEL in labels,
    )
    versions = entry.get("versions")
    for version in versions if isinstance(versions, list) else ():
        if not isinstance(version, Mapping):
            continue
        number = _text(version, "version_name").removeprefix("v")
        url = web_address(version.get("schema_url"))
        if url is not None and VERSION.fullmatch(number):
            yield Listed(
                standard=standard_name(name),
                version=number,
                type=_text(entry, "schema_type"),
                url=url,
                told=replace(told, version=number),
            )


def _text(entry: Mapping[str, Json], key: str) -> str:
    return plain_line(entry.get(key), LONGEST_TITLE)


def _held() -> dict[tuple[str, str], str]:
    """Addresses of the versions that are held, by standard and number; empty for those without."""
    rows = model.Session.execute(
        sa.select(Standard.name, StandardVersion.version, StandardVersion.source_url).join(
            StandardVersion, StandardVersion.standard_id == Standard.id
        )
    )
    return {(row.name, row.version): row.source_url or "" for row in rows}


def _absent(
    held: Mapping[tuple[str, str], str], listed: Collection[Listed], registry_url: str
) -> list[tuple[str, str]]:
    """What came from this registry and is in its list no more."""
    server = urlsplit(registry_url).netloc
    there = {(each.standard, each.version) for each in listed}
    return sorted(
        key for key, url in held.items() if urlsplit(url).netloc == server and key not in there
    )


_NO_LIST = Message(
    N_(
        "There is no list of schemas at this address: check the setting "
        "heraultdata.standards_registry_url."
    )
)
