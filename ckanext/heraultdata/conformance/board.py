"""What the dashboard and the public page of the tracker show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel.dates import format_date

from ..partners.directory import OrganizationName, folded
from ..words import reader_locale
from .coming_months import ComingMonth, coming_months
from .dataset_names import DatasetName, dataset_names
from .rules import Conformance, Status
from .tracker import Standing, Tracker
from .wording import standing_in_words


@dataclass(frozen=True)
class Line:
    """A standing as a page shows it.

    Attributes:
        dataset: None where it is missing.
        standard_title: title of the standard.
        sentence: what the standing means, in the reader's language.
        target: number of the newest version.
        valid: number of the version that is met, None where none is.
    """

    partner: OrganizationName
    dataset: DatasetName | None
    standard: str
    standard_title: str
    reckoned: Conformance
    sentence: str
    target: str | None
    valid: str | None

    @property
    def status(self) -> Status:
        """What is owed."""
        return self.reckoned.status


@dataclass(frozen=True)
class Bar:
    """A month of the chart of what falls due, with its name in the reader's language."""

    month: ComingMonth
    name: str


def lines(
    found: Tracker, standings: Sequence[Standing], partners: Mapping[str, OrganizationName]
) -> list[Line]:
    """Complete standings with what a page shows of them, in one query.

    Args:
        found: the tracker that they are of.
        standings: those of one page.
        partners: what to call the partners, by identifier.
    """
    datasets = dataset_names([each.package_id for each in standings if each.package_id])
    return [
        line(
            found,
            standing,
            partners[standing.organization_id],
            datasets.get(standing.package_id or ""),
        )
        for standing in standings
    ]


def line(
    found: Tracker, standing: Standing, partner: OrganizationName, dataset: DatasetName | None
) -> Line:
    """Complete one standing."""
    reckoned = standing.conformance
    return Line(
        partner=partner,
        dataset=dataset,
        standard=standing.standard,
        standard_title=found.deadlines.standards[standing.standard].record.title,
        reckoned=reckoned,
        sentence=standing_in_words(reckoned, standing.is_declared),
        target=found.label(standing, reckoned.target),
        valid=found.label(standing, reckoned.valid),
    )


def figures(standings: Iterable[Standing]) -> dict[str, int]:
    """How many standings there are of each status, the most urgent first."""
    counted = Counter(standing.status for standing in standings)
    return {status.value: counted[status] for status in URGENCY}


def chart(found: Tracker, standings: Iterable[Standing]) -> list[Bar]:
    """What falls due in the coming twelve months."""
    dates = (standing.conformance.due_on for standing in standings)
    months = coming_months(found.deadlines.day, [day for day in dates if day is not None])
    locale = reader_locale()
    return [Bar(month, format_date(month.first, "LLLL y", locale=locale)) for month in months]


def partner_choices(partners: Iterable[OrganizationName]) -> dict[str, str]:
    """The titles of partners by name, as French readers sort them."""
    return by_title({partner.name: partner.title for partner in partners})


def standard_choices(found: Tracker) -> dict[str, str]:
    """The titles of the standards by name, as French readers sort them."""
    return by_title({name: each.record.title for name, each in found.deadlines.standards.items()})


def by_title(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles by name, as French readers sort them."""
    return dict(sorted(titles.items(), key=lambda item: (folded(item[1]), item[0])))


URGENCY = (
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.MISSING,
    Status.UNCHECKED,
    Status.PENDING,
    Status.NO_DEADLINE,
    Status.CONFORMING,
)
"""The statuses, the most urgent first."""
