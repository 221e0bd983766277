"""What a partner has to do: all that standards and frequencies of update ask of it, by date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import ckan.model as model
import sqlalchemy as sa

from .. import config
from ..partners.directory import folded
from ..partners.service import Partner
from ..standards.obliged import standard_of_resource
from ..standards.rules import Kind, can_be_extended
from . import freshness_tracker, recorded, tracker
from .freshness_tracker import DatasetFreshness
from .recorded import ExtensionRecord, RecordFilter
from .rules import Conformance, Status
from .tracker import Standing, Tracker


@dataclass(frozen=True)
class DatasetFile:
    """An active file of a dataset, and the standard that it follows, if any."""

    id: str
    standard: str | None


@dataclass(frozen=True)
class Dataset:
    """A dataset of the partner and its files."""

    id: str
    name: str
    title: str
    files: tuple[DatasetFile, ...]

    def only_file(self, standard: str | None = None) -> DatasetFile | None:
        """The file, where there is only one; that of a standard, where one is given."""
        found = [each for each in self.files if standard in (None, each.standard)]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class StandardLine:
    """Where the partner stands with a standard, and what may be done about it.

    Attributes:
        dataset: the dataset; None where it is missing.
        title: title of the standard.
        target: number of the newest version, None where none is published.
        valid: number of the newest version that the dataset meets, None where there is none.
        is_declarable: whether a person may vouch for the dataset: no program checks the version.
        is_checkable: whether a program may check the files.
        extendable: number of the version for which more time may be asked, None where none may.
        waiting: the request for more time that nobody has answered.
    """

    standing: Standing
    dataset: Dataset | None
    title: str
    target: str | None
    valid: str | None
    is_declarable: bool
    is_checkable: bool
    extendable: str | None
    waiting: ExtensionRecord | None

    @property
    def conformance(self) -> Conformance:
        """Where the dataset stands."""
        return self.standing.conformance

    @property
    def due_on(self) -> date | None:
        """The day on which it is due, None where nothing sets one."""
        return self.conformance.due_on

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be done."""
        return self.standing.status is Status.CONFORMING

    @property
    def is_late(self) -> bool:
        """Whether its day has passed."""
        return self.conformance.days_late is not None


@dataclass(frozen=True)
class FreshnessLine:
    """A dataset whose frequency promises updates."""

    found: DatasetFreshness
    dataset: Dataset

    @property
    def due_on(self) -> date:
        """The last day on which the update is on time."""
        return self.found.freshness.due_on

    @property
    def is_late(self) -> bool:
        """Whether that day has passed."""
        return self.found.freshness.days_late is not None


Line = StandardLine | FreshnessLine


@dataclass(frozen=True)
class Todo:
    """What a partner has to do on a day, each list in the order of the due dates.

    Attributes:
        late: what is late, the latest first.
        dated: what is due on a day to come.
        undated: what nothing sets a date for.
        settled: the standards that are met.
        fresh: the datasets whose update is not expected yet.
    """

    late: list[Line] = field(default_factory=list)
    dated: list[Line] = field(default_factory=list)
    undated: list[Line] = field(default_factory=list)
    settled: list[StandardLine] = field(default_factory=list)
    fresh: list[FreshnessLine] = field(default_factory=list)

    @property
    def owed(self) -> int:
        """How many things are to be done."""
        return len(self.late) + len(self.dated) + len(self.undated)


def of(partner: Partner, day: date) -> Todo:
    """Read what a partner has to do, in a constant number of queries.

    Args:
        partner: the partner.
        day: the day.
    """
    found = tracker.on(day, tracker.Wanted([partner.id]))
    updates = freshness_tracker.on(day, [partner.id])
    datasets = _datasets(
        {each.package_id for each in found.standings if each.package_id}
        | {each.package_id for each in updates}
    )
    waiting = _waiting(partner.id)
    todo = Todo()
    for standing in found.late_first():
        line = _standard_line(found, standing, datasets, waiting)
        if line.is_settled:
            todo.settled.append(line)
        else:
            _put_down(todo, line)
    tolerance = config.freshness_tolerance_days()
    for each in updates:
        update = FreshnessLine(each, datasets[each.package_id])
        if (each.freshness.days_left or 0) > tolerance:
            todo.fresh.append(update)
        else:
            _put_down(todo, update)
    for lines in (todo.late, todo.dated):
        lines.sort(key=lambda line: line.due_on or date.max)
    todo.settled.sort(key=lambda line: folded(line.title))
    return todo


def _put_down(todo: Todo, line: Line) -> None:
    if line.is_late:
        todo.late.append(line)
    elif line.due_on is not None:
        todo.dated.append(line)
    else:
        todo.undated.append(line)


def _standard_line(
    found: Tracker,
    standing: Standing,
    datasets: Mapping[str, Dataset],
    waiting: Mapping[tuple[str, str], ExtensionRecord],
) -> StandardLine:
    standard = found.deadlines.standards[standing.standard]
    reckoned = standing.conformance
    target = reckoned.target
    kind = standard.version(target.id).kind if target else None
    never_checked = standing.status is Status.UNCHECKED
    extendable = _extendable(found, standing)
    asked = [
        waiting[standing.standard, each.version]
        for each in standard.versions
        if (standing.standard, each.version) in waiting
    ]
    open_to_ask = [each for each in extendable if (standing.standard, each) not in waiting]
    return StandardLine(
        standing=standing,
        dataset=datasets[standing.package_id] if standing.package_id else None,
        title=standard.record.title,
        target=found.label(standing, target),
        valid=found.label(standing, reckoned.valid),
        is_declarable=standing.package_id is not None and (kind is Kind.DOCUMENT or never_checked),
        is_checkable=standing.package_id is not None and kind is not Kind.DOCUMENT,
        extendable=open_to_ask[0] if open_to_ask else None,
        waiting=asked[0] if asked else None,
    )


def _extendable(found: Tracker, standing: Standing) -> list[str]:
    """Numbers of the versions that set the due date and whose date may be moved, oldest first."""
    reckoned = standing.conformance
    if reckoned.due_on is None:
        return []
    standard = found.deadlines.standards[standing.standard]
    bound = found.deadlines.versions(standing.standard, standing.organization_id)
    since = reckoned.valid.published_on if reckoned.valid else date.min
    return [
        record.version
        for version, record in reversed([*zip(bound, standard.versions, strict=True)])
        if version.published_on > since
        and version.due_on == reckoned.due_on
        and can_be_extended(standard.record.level, record.dates)
    ]


def _waiting(organization_id: str) -> dict[tuple[str, str], ExtensionRecord]:
    _, found = recorded.extensions(RecordFilter([organization_id], waiting=True))
    return {(each.standard, each.version): each for each in found}


def _datasets(package_ids: Collection[str]) -> dict[str, Dataset]:
    rows = model.Session.execute(
        sa.select(
            model.Package.id,
            model.Package.name,
            model.Package.title,
            sa.func.array_agg(model.Resource.id).label("files"),
            sa.func.array_agg(standard_of_resource()).label("standards"),
        )
        .join(model.Resource, model.Resource.package_id == model.Package.id)
        .where(model.Package.id.in_(list(package_ids)), model.Resource.state == model.State.ACTIVE)
        .group_by(model.Package.id)
    )
    return {
        row.id: Dataset(
            row.id,
            row.name,
            row.title or row.name,
            tuple(map(DatasetFile, row.files, row.standards)),
        )
        for row in rows
    }
