"""The matrix of partners and priority standards: one cell for each, the most urgent status.

Its ten thousand cells are written here and not by a template, which would take seconds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup, escape

from ..partners.directory import OrganizationName, folded
from .board import URGENCY, by_title
from .recorded import AbsenceRecord
from .rules import Status
from .tracker import Tracker

_RANKS = {status: rank for rank, status in enumerate(URGENCY)}
ABSENT = "absent"
"""What a cell says where the partner declared that it holds no such data."""


class Mark(NamedTuple):
    """How a cell tells its status: a sign, and a word of the reader's language."""

    sign: str
    word: str


@dataclass(frozen=True)
class MatrixRow:
    """A partner and its cells, as HTML."""

    partner: OrganizationName
    cells: Markup


@dataclass(frozen=True)
class Matrix:
    """The matrix.

    Attributes:
        standards: titles of the priority standards by name, as French readers sort them.
        rows: in the order of the partners' titles.
    """

    standards: Mapping[str, str]
    rows: Sequence[MatrixRow]


def matrix(
    found: Tracker,
    partners: Mapping[str, OrganizationName],
    absences: Collection[AbsenceRecord],
    status: Status | None,
    marks: Mapping[str, Mark],
) -> Matrix:
    """Lay out where each partner stands with each priority standard.

    Partners without a convention in force, any dataset or any absence have no row.

    Args:
        found: the standings of all the partners.
        partners: what to call those to show, by identifier.
        absences: answers "we hold no such data", those that run count.
        status: only partners with a cell of this status, where given.
        marks: how each status is told, by value; `absent` too.
    """
    standards = _priority(found)
    states = _states(found, standards, absences)
    hrefs = {name: str(escape(name)) for name in standards}
    ends = {
        state: f">{escape(mark.sign)} {escape(mark.word)}</a></td>" for state, mark in marks.items()
    }
    rows = []
    for partner_id, partner in sorted(partners.items(), key=_by_title):
        own = states.get(partner_id, {})
        if not own and partner_id not in found.deadlines.in_force_since:
            continue
        if status is not None and status.value not in own.values():
            continue
        # The page stands beside the folder `explain`; what a name holds needs no escape in it.
        start = f'<a href="explain/{escape(partner.name)}/'
        cells = (
            f'<td class="{state}">{start}{hrefs[name]}"{ends[state]}'
            if (state := own.get(name))
            else "<td>–</td>"
            for name in standards
        )
        rows.append(MatrixRow(partner, Markup("".join(cells))))  # noqa: S704 - escaped above
    return Matrix(standards, rows)


def _by_title(partner: tuple[str, OrganizationName]) -> tuple[str, str]:
    return folded(partner[1].title), partner[0]


def _priority(found: Tracker) -> dict[str, str]:
    return by_title(
        {
            name: each.record.title
            for name, each in found.deadlines.standards.items()
            if each.record.priority
        }
    )


def _states(
    found: Tracker, standards: Mapping[str, str], absences: Collection[AbsenceRecord]
) -> dict[str, dict[str, str]]:
    """The value of the most urgent status, or `absent`, by partner and standard."""
    worst: dict[tuple[str, str], Status] = {}
    for standing in found.standings:
        if standing.standard not in standards:
            continue
        key = (standing.organization_id, standing.standard)
        known = worst.get(key)
        if known is None or _RANKS[standing.status] < _RANKS[known]:
            worst[key] = standing.status
    states: dict[str, dict[str, str]] = {}
    for absence in absences:
        if absence.standard in standards and absence.runs_on(found.deadlines.day):
            states.setdefault(absence.organization_id, {})[absence.standard] = ABSENT
    for (organization_id, standard), status in worst.items():
        states.setdefault(organization_id, {})[standard] = status.value
    return states
