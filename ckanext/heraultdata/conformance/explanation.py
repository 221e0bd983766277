"""Why a partner stands where it does with a standard: its versions, datasets, files and checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ckan.model as model
import sqlalchemy as sa

from ..messages import Message
from ..partners.directory import OrganizationName
from ..partners.service import Partner
from ..standards.obliged import standard_of_resource
from ..standards.registry import StandardRecord, VersionRecord
from ..standards.rules import Kind, can_be_extended
from ..validation.checks import service as checks
from ..validation.checks.model import Check
from ..validation.checks.presentation import ToldFault, faults_of
from ..validation.checks.service import CheckSummary
from ..validation.engine.report import from_storage
from . import recorded, tracker
from .board import Line, line
from .dataset_names import dataset_names
from .due_origins import due_origins
from .followed import end_of
from .recorded import AbsenceRecord, DeclarationRecord, ExtensionRecord, RecordFilter
from .rules import Status
from .tracker import Standing, Tracker, Wanted

_FILES_WITH_ERRORS = 20
_ERRORS = 3


@dataclass(frozen=True)
class ExplainedVersion:
    """A published version and when it is due for the partner.

    Attributes:
        due_on: None where nothing sets a date.
        origins: where the date comes from, not translated yet.
        is_extensible: whether more time can be asked for.
    """

    record: VersionRecord
    due_on: date | None
    origins: tuple[Message, ...]
    is_extensible: bool


@dataclass(frozen=True)
class ExplainedFile:
    """A file that follows the standard, with its last check against each version.

    Attributes:
        checks: the newest version first; none where it was never checked.
        errors: the first ones against the newest version that the dataset is to meet.
    """

    id: str
    name: str
    checks: tuple[CheckSummary, ...]
    errors: tuple[ToldFault, ...]


@dataclass(frozen=True)
class ExplainedDataset:
    """A dataset of the standard.

    Attributes:
        declarations: the word of persons that it conforms, the newest first.
    """

    line: Line
    files: tuple[ExplainedFile, ...]
    declarations: tuple[DeclarationRecord, ...]


@dataclass(frozen=True)
class Explanation:
    """All that explains a cell of the matrix.

    Attributes:
        versions: the published ones, the newest first.
        missing: what is owed where there is no dataset, None where nothing is.
        previous: number of the version before the newest, where there is one.
        absence: the answer "we hold no such data" that runs.
        extensions: the newest request first.
    """

    partner: Partner
    standard: StandardRecord
    versions: tuple[ExplainedVersion, ...]
    datasets: tuple[ExplainedDataset, ...]
    missing: Line | None
    previous: str | None
    in_force_since: date | None
    absence: AbsenceRecord | None
    extensions: tuple[ExtensionRecord, ...]

    @property
    def lines(self) -> list[Line]:
        """Where the partner stands, the most urgent first."""
        found = [dataset.line for dataset in self.datasets]
        return [self.missing, *found] if self.missing else found

    @property
    def is_document(self) -> bool:
        """Whether no program can check the newest version."""
        return bool(self.versions) and self.versions[0].record.kind is Kind.DOCUMENT

    @property
    def is_table(self) -> bool:
        """Whether the newest version has a model of its file."""
        return bool(self.versions) and self.versions[0].record.kind is Kind.TABLE

    @property
    def extensible_version(self) -> str | None:
        """The number of the version for which more time can be asked: the first that is owed."""
        owed = {line.reckoned.due_on for line in self.lines if line.reckoned.due_on}
        for version in reversed(self.versions):
            if version.is_extensible and version.due_on in owed:
                return version.record.version
        return None


def explain(partner: Partner, standard: StandardRecord, day: date) -> Explanation:
    """Explain where a partner stands with a standard, in a constant number of queries.

    Args:
        partner: the partner.
        standard: the standard.
        day: today.
    """
    found = tracker.on(day, Wanted([partner.id], standard.name))
    of_both = RecordFilter([partner.id], standard.name)
    named = OrganizationName(partner.name, partner.title, is_active=True)
    versions = _versions(found, partner, standard)
    absent = [each for each in recorded.absences(of_both)[1] if each.runs_on(day)]
    missing = [each for each in found.standings if each.status is Status.MISSING]
    return Explanation(
        partner=partner,
        standard=standard,
        versions=versions,
        datasets=_datasets(found, named, recorded.declarations(of_both)[1]),
        missing=line(found, missing[0], named, None) if missing else None,
        previous=versions[1].record.version if len(versions) > 1 else None,
        in_force_since=found.deadlines.in_force_since.get(partner.id),
        absence=absent[0] if absent else None,
        extensions=tuple(recorded.extensions(of_both)[1]),
    )


def _versions(
    found: Tracker, partner: Partner, standard: StandardRecord
) -> tuple[ExplainedVersion, ...]:
    due = found.deadlines
    if standard.name not in due.standards:
        return ()
    floor = due.in_force_since.get(partner.id)
    extended = due.extended_to.get(partner.id, {})
    bound = {each.id: each.due_on for each in due.versions(standard.name, partner.id)}
    return tuple(
        ExplainedVersion(
            record=record,
            due_on=bound[record.id],
            origins=due_origins(
                standard.level, record.dates, record.legal_reference, floor, extended.get(record.id)
            ),
            is_extensible=bound[record.id] is not None
            and can_be_extended(standard.level, record.dates),
        )
        for record in due.standards[standard.name].versions
    )


def _datasets(
    found: Tracker, partner: OrganizationName, declarations: Iterable[DeclarationRecord]
) -> tuple[ExplainedDataset, ...]:
    standings = [each for each in found.late_first() if each.package_id is not None]
    if not standings:
        return ()
    ids = [each.package_id for each in standings if each.package_id]
    names = dataset_names(ids)
    files = _files(found, standings, ids)
    declared = list(declarations)
    return tuple(
        ExplainedDataset(
            line=line(found, each, partner, names[each.package_id]),
            files=tuple(files.get(each.package_id, ())),
            declarations=tuple(one for one in declared if one.package_id == each.package_id),
        )
        for each in standings
        if each.package_id in names
    )


def _files(
    found: Tracker, standings: Sequence[Standing], package_ids: Collection[str]
) -> dict[str, list[ExplainedFile]]:
    standard = standings[0].standard
    order = [version.id for version in found.deadlines.standards[standard].versions]
    made: dict[str, list[CheckSummary]] = {}
    for check in checks.last_checks(package_ids, until=end_of(found.deadlines.day)):
        if check.version_id in order:
            made.setdefault(check.resource_id, []).append(check)
    for of_file in made.values():
        of_file.sort(key=lambda check: order.index(check.version_id))
    errors = _first_errors([of_file[0] for of_file in made.values() if not of_file[0].valid])
    files: dict[str, list[ExplainedFile]] = {}
    for row in _resources(package_ids, standard):
        of_file = made.get(row.id, [])
        files.setdefault(row.package_id, []).append(
            ExplainedFile(
                id=row.id,
                name=row.name or row.url.rsplit("/", 1)[-1],
                checks=tuple(of_file),
                errors=errors.get(row.id, ()),
            )
        )
    return files


def _resources(package_ids: Collection[str], standard: str) -> Sequence[sa.Row]:
    resource = model.Resource
    return model.Session.execute(
        sa.select(resource.id, resource.package_id, resource.name, resource.url)
        .where(
            resource.package_id.in_(list(package_ids)),
            resource.state == model.State.ACTIVE,
            standard_of_resource() == standard,
        )
        .order_by(resource.package_id, resource.position, resource.id)
    ).all()


def _first_errors(failed: Sequence[CheckSummary]) -> Mapping[str, tuple[ToldFault, ...]]:
    """The first errors of these checks by file, in one query that reads no more of the reports."""
    wanted = [(check.run_id, check.version_id) for check in failed[:_FILES_WITH_ERRORS]]
    if not wanted:
        return {}
    first = sa.func.jsonb_path_query_array(Check.report["errors"], f"$[0 to {_ERRORS - 1}]")
    rows = model.Session.execute(
        sa.select(
            Check.resource_id,
            Check.report.op("-")("errors").label("report"),
            sa.type_coerce(first, Check.report.type).label("errors"),
        ).where(sa.tuple_(Check.run_id, Check.version_id).in_(wanted))
    )
    return {
        row.resource_id: tuple(faults_of(from_storage({**row.report, "errors": row.errors})))
        for row in rows
    }
