"""The edge where the time of day becomes a date: Europe/Paris, where both parties read it."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(timezone.utc)


def date_in_paris(moment: datetime) -> date:
    """The date that a calendar in Paris shows at a moment.

    Args:
        moment: a moment with a time zone.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone has no date")
    return moment.astimezone(PARIS).date()


def today() -> date:
    """Today's date in Paris."""
    return date_in_paris(now())


def iso(day: date | None) -> str | None:
    """A date as the API and the journal write it, YYYY-MM-DD; None where there is none."""
    return day.isoformat() if day else None
