"""What the action and the addresses of the changes take."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timezone

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ... import clock
from ...validators import limit, refuse_unkeepable

LARGEST_NUMBER = 10**18 - 1
"""Of a change: the database counts a little further."""

_NUMBER = re.compile(r"[0-9]{1,18}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(
    r"(?P<local>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
    r"(?P<zone>Z|[ +-]\d{2}:?\d{2})?",
    re.ASCII,
)
_FIRST = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LAST = datetime(9000, 1, 1, tzinfo=timezone.utc)


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of changes."""
    return {**fragment(), "limit": [ignore_missing, limit]}


@tk.validator_args
def fragment(ignore_missing: Validator) -> Schema:
    """Of a page of the event streams."""
    return {"since": [ignore_missing, moment], "after": [ignore_missing, change_number]}


@tk.validator_args
def feed(ignore_missing: Validator) -> Schema:
    """Of a page of the Atom feed."""
    return {**fragment(), "before": [ignore_missing, change_number]}


def moment(value: object) -> datetime:
    """Take a date, or a date and time, as ISO 8601 writes them; without a zone they are of Paris.

    The zone's plus may be a space, as browsers read it in an address.
    """
    refuse_unkeepable(value)
    text = str(value).strip()
    try:
        found = _moment_of(text)
    except ValueError:
        found = None
    if found is None:
        raise tk.Invalid(
            tk._(
                "{value} is not a moment: write a date such as 2026-11-20, or a date and time such "
                "as 2026-11-20T10:00:00+01:00, or leave it out for all changes."
            ).format(value=text[:40])
        )
    # Nothing happened before, nor will after; beyond, some zones have no such moment.
    return min(max(found, _FIRST), _LAST)


def change_number(value: object) -> int:
    """Take the number of a change, or 0."""
    text = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise tk.Invalid(
            tk._(
                "{value} is not the number of a change: write a whole number such as 250, as the "
                "pages link to each other, or leave it out to start at the beginning."
            ).format(value=text[:40])
        )
    return int(text)


def _moment_of(text: str) -> datetime | None:
    if _DATE.fullmatch(text):
        return datetime.combine(date.fromisoformat(text), time.min, tzinfo=clock.PARIS)
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    local, fraction = found["local"], ""
    if "." in local:
        local, _, digits = local.partition(".")
        fraction = f".{digits[:6]:0<6}"
    zone = (found["zone"] or "").replace(" ", "+").replace("Z", "+00:00")
    if zone and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:]}"
    if local.count(":") == 1:
        local = f"{local}:00"
    written = datetime.fromisoformat(f"{local}{fraction}{zone}")
    return written if written.tzinfo else written.replace(tzinfo=clock.PARIS)
