"""The checks kept: a run is recorded, the last ones and the history are read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from ...standards.model import Standard, StandardVersion
from .. import model as store
from ..engine.report import Report, from_storage, to_storage
from ..rules import FileFacts
from .model import Check
from .running import VersionReport, published_versions


class CheckNotFoundError(Exception):
    """There is no such run, or none yet of the file."""


@dataclass(frozen=True)
class CheckedFile:
    """The file that was checked.

    Attributes:
        held_file_id: the file kept aside, None for the one that is in place.
    """

    resource_id: str
    package_id: str
    facts: FileFacts
    held_file_id: str | None = None


@dataclass(frozen=True)
class CheckSummary:
    """One check without its report.

    Attributes:
        facts: what was checked, as it was then; `is_of` says whether it still is so.
    """

    run_id: str
    resource_id: str
    package_id: str
    version_id: str
    standard: str
    version: str
    held_file_id: str | None
    valid: bool
    error_count: int
    facts: dict[str, Any]
    made_at: datetime

    def is_of(self, facts: FileFacts) -> bool:
        """Whether the check is of this very file, and not of one that stood there before."""
        return self.facts == asdict(facts)


@dataclass(frozen=True)
class RunSummary:
    """The checks of one file made at one time, the newest version first."""

    id: str
    checks: tuple[CheckSummary, ...]

    @property
    def resource_id(self) -> str:
        """The resource of the file."""
        return self.checks[0].resource_id

    @property
    def package_id(self) -> str:
        """The dataset of the file."""
        return self.checks[0].package_id

    @property
    def held_file_id(self) -> str | None:
        """The file kept aside that was checked, None for the one in place."""
        return self.checks[0].held_file_id

    @property
    def made_at(self) -> datetime:
        """When the checks were made."""
        return self.checks[0].made_at

    @property
    def valid(self) -> bool:
        """Whether the file meets the newest version that it was checked against."""
        return self.checks[0].valid

    def is_of(self, facts: FileFacts) -> bool:
        """Whether the checks are of this very file, and not of one that stood there before."""
        return self.checks[0].is_of(facts)


@dataclass(frozen=True)
class Run:
    """A run with its reports, in the order of its checks."""

    summary: RunSummary
    reports: tuple[Report, ...]


def record(file: CheckedFile, reports: Sequence[VersionReport], now: datetime) -> str:
    """Add a run to the session; it is written with the transaction of the outcome or not at all.

    Args:
        file: what was checked.
        reports: the report of each version, one at least.
        now: the moment, with a zone.

    Returns:
        The identifier of the run.
    """
    run_id = make_uuid()
    model.Session.add_all(
        Check(
            id=make_uuid(),
            run_id=run_id,
            resource_id=file.resource_id,
            package_id=file.package_id,
            version_id=each.version_id,
            held_file_id=file.held_file_id,
            valid=each.report.valid,
            error_count=each.report.error_count,
            facts=asdict(file.facts),
            report=to_storage(each.report),
            made_at=now,
        )
        for each in reports
    )
    model.Session.flush()
    return run_id


def last_checks(
    package_ids: Collection[str] = (),
    resource_ids: Collection[str] = (),
    until: datetime | None = None,
) -> list[CheckSummary]:
    """The last check of each file in place against each version, in one query.

    Files kept aside do not count: nothing of them is published.

    Args:
        package_ids: datasets whose files are asked for.
        resource_ids: files asked for.
        until: only checks made before this moment; None for all.
    """
    conditions: list[sa.ColumnElement[bool]] = [Check.held_file_id.is_(None)]
    if until is not None:
        conditions.append(Check.made_at < until)
    query = (
        _summaries()
        .where(
            sa.or_(Check.package_id.in_(package_ids), Check.resource_id.in_(resource_ids)),
            *conditions,
        )
        .distinct(Check.resource_id, Check.version_id)
        .order_by(Check.resource_id, Check.version_id, sa.desc(Check.made_at))
    )
    return [CheckSummary(*row) for row in model.Session.execute(query)]


def run(run_id: str) -> Run:
    """A run with its reports.

    Raises:
        CheckNotFoundError: there is none of this identifier.
    """
    summaries = _runs_of([run_id])
    if not summaries:
        raise CheckNotFoundError(run_id)
    query = sa.select(Check.version_id, Check.report).where(Check.run_id == run_id)
    stored = {row.version_id: row.report for row in model.Session.execute(query)}
    reports = tuple(from_storage(stored[check.version_id]) for check in summaries[0].checks)
    return Run(summaries[0], reports)


def is_stale(summary: RunSummary, day: date) -> bool:
    """Whether a check made now might say something else: of another file, or by another version.

    Args:
        summary: a run of a file in place.
        day: today.
    """
    facts = store.facts_in_place(summary.resource_id)
    if facts is None or not summary.is_of(facts):
        return True
    published = {version.id for version in published_versions(facts.standard, day)}
    return published != {check.version_id for check in summary.checks}


def is_of_older_file(summary: RunSummary) -> bool:
    """Whether the file that was checked is no longer the one in place."""
    facts = store.facts_in_place(summary.resource_id)
    return facts is None or not summary.is_of(facts)


def last_run_id(resource_id: str, held_file_id: str | None = None) -> str:
    """The last run of the file of a resource: the one in place, or one kept aside.

    Raises:
        CheckNotFoundError: it was never checked.
    """
    found = model.Session.scalar(
        sa.select(Check.run_id)
        .where(
            Check.resource_id == resource_id,
            Check.held_file_id.is_not_distinct_from(held_file_id),
        )
        .order_by(sa.desc(Check.made_at), Check.run_id)
        .limit(1)
    )
    if found is None:
        raise CheckNotFoundError(resource_id)
    return found


def history(resource_id: str, limit: int, offset: int) -> tuple[int, list[RunSummary]]:
    """How many runs there are of the files of a resource, and a page of them, the newest first."""
    of_resource = Check.resource_id == resource_id
    count = model.Session.scalar(
        sa.select(sa.func.count(sa.distinct(Check.run_id))).where(of_resource)
    )
    ids = model.Session.scalars(
        sa.select(Check.run_id)
        .where(of_resource)
        .group_by(Check.run_id)
        .order_by(sa.desc(sa.func.max(Check.made_at)), Check.run_id)
        .limit(limit)
        .offset(offset)
    )
    return count or 0, _runs_of(list(ids))


def _runs_of(run_ids: Iterable[str]) -> list[RunSummary]:
    wanted = list(run_ids)
    query = (
        _summaries()
        .where(Check.run_id.in_(wanted))
        .order_by(sa.desc(StandardVersion.published_on).nulls_first(), StandardVersion.version)
    )
    by_run: dict[str, list[CheckSummary]] = {}
    for row in model.Session.execute(query):
        check = CheckSummary(*row)
        by_run.setdefault(check.run_id, []).append(check)
    return [RunSummary(run_id, tuple(by_run[run_id])) for run_id in wanted if run_id in by_run]


def _summaries() -> sa.Select[Any]:
    return (
        sa.select(
            Check.run_id,
            Check.resource_id,
            Check.package_id,
            Check.version_id,
            Standard.name,
            StandardVersion.version,
            Check.held_file_id,
            Check.valid,
            Check.error_count,
            Check.facts,
            Check.made_at,
        )
        .join(StandardVersion, StandardVersion.id == Check.version_id)
        .join(Standard, Standard.id == StandardVersion.standard_id)
    )
