"""A file of the portal against the versions of a standard: opened, read, checked; nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import ckan.plugins.toolkit as tk

from ... import config
from ...standards import published, registry
from ...standards.registry import VersionRecord
from ...words import sentence
from .. import sources
from ..engine.check import check_file
from ..engine.fetching import FetchError, fetched
from ..engine.limits import Limits
from ..engine.report import Report
from ..engine.schema import read_schema

#: Kinds of versions that a program can check; a person declares that a file meets the others.
CHECKED_KINDS = ("table", "json")

#: Somebody waits in front of the page, and a process of the site is taken for as long.
REQUEST_SECONDS = 60
_PART_OF_A_JOB = 0.8

Progress = Callable[[int], None]
"""Told how many rows are checked, those of each version counted."""


@dataclass(frozen=True)
class CheckableVersion:
    """A version of a standard that a program can check."""

    id: str
    standard: str
    version: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class VersionReport:
    """What one version of a standard says of a file."""

    version_id: str
    report: Report


@dataclass(frozen=True)
class OpenedFile:
    """A file on this disk, for as long as the block that opened it lasts."""

    path: Path
    name: str


def published_versions(standard: str, day: date) -> list[CheckableVersion]:
    """The versions of a standard that a file is checked against.

    Args:
        standard: name of the standard.
        day: those published on or before it.

    Returns:
        The newest first; none where there is no such standard.
    """
    held = registry.by_name([standard]).values()
    versions = registry.versions_of(
        [each.id for each in held], with_drafts=False, with_schemas=True
    )
    return [
        _checkable(standard, version)
        for newest_first in versions.values()
        for version in newest_first
        if version.kind.value in CHECKED_KINDS
        and version.dates.published_on is not None
        and version.dates.published_on <= day
    ]


def checkable_standards(day: date) -> dict[str, str]:
    """The titles, by name, of the standards whose newest version a program can check.

    Args:
        day: of the standards with a version published on or before it.
    """
    found = published.on(day)
    return {each.name: each.title for each in found if each.kind.value in CHECKED_KINDS}


def version_of(standard: str, version: str, with_drafts: bool) -> CheckableVersion | None:
    """One version of a standard, maybe a draft where drafts are asked for; None where none is."""
    held = registry.by_name([standard]).get(standard)
    try:
        found = registry.get_version(held, version) if held else None
    except registry.StandardNotFoundError:
        return None
    if found is None or found.kind.value not in CHECKED_KINDS:
        return None
    if found.is_draft and not with_drafts:
        return None
    return _checkable(standard, found)


def _checkable(standard: str, version: VersionRecord) -> CheckableVersion:
    return CheckableVersion(version.id, standard, version.version, version.schema or {})


def limits() -> Limits:
    """The limits of a check that the site sets."""
    return Limits(bytes=config.check_max_bytes())


def check(
    file: OpenedFile,
    versions: Sequence[CheckableVersion],
    progress: Progress | None = None,
) -> list[VersionReport]:
    """Check a file against versions of a standard.

    Args:
        file: the file.
        versions: the versions, none of them twice.
        progress: told how many rows are checked.

    Returns:
        A report for each version, in their order.
    """
    reports: list[VersionReport] = []
    # The worker kills a job that takes longer: what was found by then would be lost.
    seconds = _PART_OF_A_JOB * tk.config["ckan.jobs.timeout"] / len(versions)
    for version in versions:
        report = check_file(
            file.path,
            read_schema(version.schema),
            name=file.name,
            limits=replace(limits(), seconds=seconds),
            progress=_after(progress, sum(each.report.rows for each in reports)),
        )
        labelled = replace(report, standard=version.standard, version=version.version)
        reports.append(VersionReport(version.id, labelled))
    return reports


def _after(progress: Progress | None, rows: int) -> Progress | None:
    return None if progress is None else lambda count: progress(rows + count)


@contextmanager
def opened(
    resource: Mapping[str, Any], private: bool, seconds: float | None = None
) -> Iterator[OpenedFile]:
    """Give the file of a resource on this disk: an upload, or what its link leads to.

    Args:
        resource: the resource as `resource_show` gives it.
        private: whether its dataset is private.
        seconds: the most that a link may take; half of what a job has where it is not given.

    Raises:
        sources.CannotCheckError: it cannot be fetched; the text says why.
    """
    name = name_of(resource)
    with sources.opened(resource, private) as source:
        if "://" not in source.location:
            yield OpenedFile(Path(source.location), name)
            return
        try:
            allowed = config.fetch_private_addresses()
            within = replace(limits(), seconds=seconds or tk.config["ckan.jobs.timeout"] / 2)
            with fetched(source.location, within, allowed) as remote:
                yield OpenedFile(remote.path, remote.name or name)
        except FetchError as refusal:
            raise sources.CannotCheckError(sentence(refusal.message)) from refusal


def name_of(resource: Mapping[str, Any]) -> str:
    """The name of the file of a resource, as its address ends; empty where it is no address."""
    try:
        path = urlsplit(str(resource.get("url") or "")).path
    except ValueError:
        return ""
    return unquote(PurePosixPath(path).name)
