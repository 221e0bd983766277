"""What falls due month by month in the coming year, the bars of a chart. Dates only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ..terms import add_months

MONTHS = 12
_PER_CENT = 100


@dataclass(frozen=True)
class ComingMonth:
    """A month of the chart.

    Attributes:
        first: its first day; today in the month that runs.
        last: its last day.
        count: how many deadlines are in it.
        share: their number in hundredths of that of the month that has most.
    """

    first: date
    last: date
    count: int
    share: int


def coming_months(today: date, due_on: Iterable[date]) -> list[ComingMonth]:
    """Count deadlines by calendar month: what is left of this one, and the eleven after it.

    Args:
        today: the day from which deadlines count, that day included.
        due_on: due dates; those before today, or after these months, are passed over.
    """
    month_start = today.replace(day=1)
    starts = [add_months(month_start, rank) for rank in range(MONTHS + 1)]
    counted = Counter(day.replace(day=1) for day in due_on if today <= day < starts[-1])
    most = max(counted.values(), default=0)
    return [
        ComingMonth(
            first=max(start, today),
            last=following - timedelta(days=1),
            count=counted[start],
            share=_PER_CENT * counted[start] // most if most else 0,
        )
        for start, following in pairwise(starts)
    ]
