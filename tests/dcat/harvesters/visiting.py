"""Visits of harvesters, and what is known then."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ckanext.heraultdata.dcat.harvesters.visits import Harvester, Visit, record, seen

UDATA = "uData/0.1 dcat"
BEGINNING = datetime(2026, 11, 20, 8, 0, tzinfo=timezone.utc)


def moment(minutes: int) -> datetime:
    """So many minutes after the first visit."""
    return BEGINNING + timedelta(minutes=minutes)


def visit(
    page: int = 1, is_last: bool = False, status: int = 200, agent: str = UDATA, minutes: int = 0
) -> None:
    """Keep a visit."""
    record(Visit(agent=agent, page=page, is_last=is_last, status=status, at=moment(minutes)))


def only() -> Harvester:
    """The only harvester that is known."""
    (found,) = seen()
    return found
