"""One check of one file: against its standard by our engine, else as ckanext-validation does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.heraultdata import clock

from . import frictionless_check, sources
from .checks import outcomes, running
from .checks.running import OpenedFile, Progress, VersionReport
from .frictionless_check import Outcome


@dataclass(frozen=True)
class Made:
    """A check that was made.

    Attributes:
        reports: of each published version of the standard, the newest first; none where the file
            follows no standard that a program can check.
    """

    outcome: Outcome
    reports: tuple[VersionReport, ...] = ()


def of_resource(
    resource: Mapping[str, Any], private: bool, progress: Progress | None = None
) -> Made:
    """Check the file of a resource.

    Args:
        resource: the resource as `resource_show` gives it.
        private: whether its dataset is private.
        progress: told how much is done.

    Raises:
        sources.CannotCheckError: the file cannot be fetched; the text says why.
    """
    versions = _versions(resource)
    if versions:
        with running.opened(resource, private) as file:
            return _against(versions, file, progress)
    with sources.opened(resource, private) as source:
        return Made(frictionless_check.check(resource, source))


def of_upload(resource: Mapping[str, Any], path: Path) -> Made:
    """Check a file that is not kept yet.

    Args:
        resource: the resource as it will be.
        path: the file.
    """
    versions = _versions(resource)
    if versions:
        return _against(versions, OpenedFile(path, running.name_of(resource)), None)
    source = sources.Source(str(path), sources.http_session())
    return Made(frictionless_check.check(resource, source))


def _versions(resource: Mapping[str, Any]) -> list[running.CheckableVersion]:
    standard = resource.get("standard")
    return running.published_versions(str(standard), clock.today()) if standard else []


def _against(
    versions: list[running.CheckableVersion], file: OpenedFile, progress: Progress | None
) -> Made:
    reports = tuple(running.check(file, versions, progress))
    return Made(outcomes.outcome_of(reports), reports)
