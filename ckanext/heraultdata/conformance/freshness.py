"""Whether the data of a dataset is as fresh as its frequency of update promises.

Article 5 of the convention (regular updates). The frequencies are those of the Publications Office
of the European Union that the form of a dataset offers. Dates only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from ..terms import add_months

_VOCABULARY = "http://publications.europa.eu/resource/authority/frequency/"


class FreshnessStatus(str, Enum):
    """Whether the update that a frequency promises has come."""

    LATE = "late"
    FRESH = "fresh"


@dataclass(frozen=True)
class Period:
    """How much time a frequency leaves between two updates: months, or days where shorter."""

    months: int = 0
    days: int = 0

    def end(self, start: date) -> date:
        """The day on which a period that starts on a day ends."""
        return add_months(start, self.months) + timedelta(days=self.days)


@dataclass(frozen=True)
class Freshness:
    """What the frequency of a dataset asks for on a day.

    Attributes:
        due_on: the last day on which an update is on time, tolerance included.
        days_left: until that day; None once late.
        days_late: since that day; None while fresh.
    """

    status: FreshnessStatus
    due_on: date
    days_left: int | None = None
    days_late: int | None = None


# Dates tell no hours: what is updated within the day has a day.
_DAY = Period(days=1)

PERIODS: Mapping[str, Period] = {
    _VOCABULARY + code: period
    for code, period in (
        ("CONT", _DAY),
        ("HOURLY", _DAY),
        ("DAILY", _DAY),
        ("WEEKLY", Period(days=7)),
        ("MONTHLY", Period(months=1)),
        ("BIMONTHLY", Period(months=2)),
        ("QUARTERLY", Period(months=3)),
        ("ANNUAL_2", Period(months=6)),
        ("ANNUAL", Period(months=12)),
        ("BIENNIAL", Period(months=24)),
        ("TRIENNIAL", Period(months=36)),
        ("QUINQUENNIAL", Period(months=60)),
    )
}
"""The period of each frequency, by its address; the other frequencies promise nothing."""


def freshness(period: Period, changed_on: date, today: date, tolerance_days: int) -> Freshness:
    """Reckon whether an update is late.

    Args:
        period: what the frequency of the dataset promises.
        changed_on: the day of the last change of the data.
        today: the day to reckon for.
        tolerance_days: days after the period during which nothing is late yet.
    """
    due_on = period.end(changed_on) + timedelta(days=tolerance_days)
    if due_on < today:
        return Freshness(FreshnessStatus.LATE, due_on, days_late=(today - due_on).days)
    return Freshness(FreshnessStatus.FRESH, due_on, days_left=(due_on - today).days)
