"""Where partners stand with standards on a day: each dataset, and what has no dataset.

Reckoned from what is recorded, in a constant number of queries, so that a check that just ended
or a version just published shows at once. Design, section 2, "Conformance".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .. import config
from ..partners import service as partners
from . import deadlines, recorded
from .deadlines import Deadlines
from .followed import Followed, followed
from .recorded import RecordFilter
from .rules import Conformance, FileChecks, Status, Version, conformance, missing


class Standing(NamedTuple):
    """Where a partner stands with a standard, by one dataset or by none.

    A tuple, for there are ten thousand at once.

    Attributes:
        organization_id: the partner.
        package_id: the dataset; None where it is missing.
        standard: name of the standard.
        conformance: where it stands; its versions are known to the `Deadlines`.
        is_declared: whether it conforms by the word of a person, not by a check.
    """

    organization_id: str
    package_id: str | None
    standard: str
    conformance: Conformance
    is_declared: bool = False

    @property
    def status(self) -> Status:
        """What is owed."""
        return self.conformance.status


@dataclass(frozen=True)
class Wanted:
    """Which standings to read; a None filters nothing.

    Attributes:
        organization_ids: organisations that are no partners are passed over.
        resource_id: the standing of this file alone, by which its dataset follows a standard.
    """

    organization_ids: Collection[str] | None = None
    standard: str | None = None
    package_id: str | None = None
    status: Status | None = None
    resource_id: str | None = None


@dataclass(frozen=True)
class Tracker:
    """The standings that were asked for, in no order, and the due dates behind them."""

    deadlines: Deadlines
    standings: Sequence[Standing]

    def late_first(self) -> list[Standing]:
        """The standings in the order in which they are to be dealt with."""
        return sorted(self.standings, key=_urgency)

    def label(self, standing: Standing, version: Version | None) -> str | None:
        """The number of a version of the standing's standard; None for None."""
        if version is None:
            return None
        return self.deadlines.standards[standing.standard].version(version.id).version


@dataclass(frozen=True)
class Counted:
    """How many standings there are by standard and status, and the due dates behind them."""

    deadlines: Deadlines
    by_standard: Mapping[str, Counter[Status]]

    @classmethod
    def of(cls, due: Deadlines, standings: Iterable[Standing]) -> Counted:
        """Count standings one after the other.

        Args:
            due: the due dates behind them.
            standings: the standings.
        """
        counts: defaultdict[str, Counter[Status]] = defaultdict(Counter)
        for standing in standings:
            counts[standing.standard][standing.conformance.status] += 1
        return cls(due, counts)


def on(day: date, wanted: Wanted = Wanted()) -> Tracker:
    """Reckon where partners stand at the end of a day.

    Args:
        day: the day.
        wanted: which standings.
    """
    due, types = _due(day, wanted)
    return Tracker(due, [*_standings(due, types, wanted)])


def counted(day: date, wanted: Wanted = Wanted()) -> Counted:
    """Count the same, without keeping the standings.

    Args:
        day: the day.
        wanted: which standings.
    """
    due, types = _due(day, wanted)
    return Counted.of(due, _standings(due, types, wanted))


def _due(day: date, wanted: Wanted) -> tuple[Deadlines, Mapping[str, str]]:
    """The due dates, and the types of the partners."""
    types = partners.types(wanted.organization_ids)
    names = None if wanted.standard is None else [wanted.standard]
    return (
        deadlines.on(day, names, None if wanted.organization_ids is None else list(types)),
        types,
    )


def _standings(due: Deadlines, types: Mapping[str, str], wanted: Wanted) -> Iterator[Standing]:
    if not due.standards:
        return
    having: defaultdict[str, set[str]] = defaultdict(set)
    for standing in _of_datasets(due, types, wanted):
        having[standing.standard].add(standing.organization_id)
        if wanted.status is None or standing.status is wanted.status:
            yield standing
    of_all = wanted.package_id is None and wanted.resource_id is None
    if of_all and wanted.status in (None, Status.MISSING):
        yield from _missing(due, types, having)


def _of_datasets(due: Deadlines, types: Mapping[str, str], wanted: Wanted) -> Iterator[Standing]:
    soon = config.due_soon_days()
    known: dict[tuple[int, int, bool], Conformance] = {}
    # One at a time: ten thousand more objects at once are as many for Python's collector to visit.
    for each in followed(
        due.day,
        None if wanted.organization_ids is None else list(types),
        wanted.standard,
        wanted.package_id,
        wanted.resource_id,
    ):
        organization_id, package_id, standard, place, is_unchecked, is_declared = each
        if organization_id not in types or standard not in due.standards:
            continue
        versions = due.versions(standard, organization_id)
        # The same for all the partners of the same dates: what identifies them is held by `due`.
        key = (id(versions), place, is_unchecked)
        if key not in known:
            known[key] = conformance(versions, [_as_one_file(each, versions)], due.day, soon)
        yield Standing(organization_id, package_id, standard, known[key], is_declared)


def _as_one_file(held: Followed, versions: Sequence[Version]) -> FileChecks:
    if held.is_unchecked:
        return FileChecks(None)
    if not held.place:
        return FileChecks(frozenset())
    return FileChecks(frozenset([versions[held.place.bit_length() - 1].id]))


def _missing(
    due: Deadlines, types: Mapping[str, str], having: Mapping[str, set[str]]
) -> Iterator[Standing]:
    soon = config.due_soon_days()
    absent = {
        (each.organization_id, each.standard)
        for each in recorded.absences(RecordFilter())[1]
        if each.runs_on(due.day)
    }
    known: dict[int, Conformance] = {}
    for name, standard in due.standards.items():
        if not standard.record.priority:
            continue
        others = due.in_force_since.keys() - having.get(name, set())
        for organization_id in others:
            if types.get(organization_id) not in standard.record.concerns:
                continue
            if (organization_id, name) in absent:
                continue
            versions = due.versions(name, organization_id)
            if id(versions) not in known:
                known[id(versions)] = missing(versions, due.day, soon)
            yield Standing(organization_id, None, name, known[id(versions)])


def _urgency(standing: Standing) -> tuple[object, ...]:
    due_on = standing.conformance.due_on
    is_settled = standing.status is Status.CONFORMING
    return (
        is_settled,
        due_on is None,
        due_on or date.max,
        standing.organization_id,
        standing.standard,
        standing.package_id or "",
    )
