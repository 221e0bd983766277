"""Where a dataset stands with a standard on a day, and what publication asks of it.

Design, section 2, "Conformance" and "Publication"; article 5 of the convention. Dates only.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from ..messages import N_, Message, RuleError
from ..terms import add_years

DUE_SOON_DAYS = 90
"""Days left at which a deadline is near."""


ABSENCE_YEARS = 1
"""Years for which a partner that holds no such data is left alone."""


class Status(str, Enum):
    """What a dataset owes to a standard; `missing` is what a partner without a dataset owes."""

    CONFORMING = "conforming"
    PENDING = "pending"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    NO_DEADLINE = "no_deadline"
    UNCHECKED = "unchecked"
    MISSING = "missing"


class Gate(str, Enum):
    """What publication does with what does not conform (`heraultdata.publication_gate`)."""

    STRICT = "strict"
    WARN = "warn"
    OFF = "off"


@dataclass(frozen=True)
class Version:
    """A version as it binds one partner.

    Attributes:
        id: its identifier.
        published_on: the day of its publication.
        due_on: the day on which it is due, that day included; None where nothing sets one.
    """

    id: str
    published_on: date
    due_on: date | None = None


@dataclass(frozen=True)
class FileChecks:
    """The last check of one file.

    Attributes:
        valid_for: identifiers of the versions that it is valid for; None where never checked.
    """

    valid_for: frozenset[str] | None


@dataclass(frozen=True)
class Conformance:
    """Where a dataset stands; days and the due date are None where there is no deadline.

    Attributes:
        target: the newest version published, None where none is.
        valid: the newest version that every file is valid for, None where there is none.
    """

    status: Status
    target: Version | None
    valid: Version | None
    due_on: date | None = None
    days_left: int | None = None
    days_late: int | None = None


def conformance(
    versions: Collection[Version],
    files: Sequence[FileChecks],
    today: date,
    due_soon_days: int = DUE_SOON_DAYS,
) -> Conformance:
    """Reckon where the files of one dataset that follow one standard stand.

    Args:
        versions: versions of the standard; those published after `today` do not count.
        files: the last check of each file, made on or before `today`; at least one.
        today: the day to reckon for.
        due_soon_days: days left at which `pending` becomes `due_soon`.

    Raises:
        ValueError: no file.
    """
    if not files:
        raise ValueError("A dataset follows a standard by one file at least")
    published = _published(versions, today)
    target = published[-1] if published else None
    unchecked = any(file.valid_for is None for file in files)
    valid = None if unchecked else _newest_valid(published, files)
    if valid is not None and valid == target:
        return Conformance(Status.CONFORMING, target, valid)
    newer = published[published.index(valid) + 1 :] if valid else published
    owed = _owed(newer, target, valid, today, due_soon_days)
    return replace(owed, status=Status.UNCHECKED) if unchecked else owed


def missing(
    versions: Collection[Version], today: date, due_soon_days: int = DUE_SOON_DAYS
) -> Conformance:
    """Reckon what a partner owes to a priority standard for which it has no dataset.

    Args:
        versions: versions of the standard; those published after `today` do not count.
        today: the day to reckon for.
        due_soon_days: days left at which a deadline is near.

    Returns:
        The dates as if a dataset were valid for nothing.
    """
    published = _published(versions, today)
    owed = _owed(published, published[-1] if published else None, None, today, due_soon_days)
    return replace(owed, status=Status.MISSING)


def absence_runs(declared_on: date, ended_on: date | None, day: date) -> bool:
    """Whether a partner that said "we hold no such data" is left alone on a day: for a year.

    Args:
        declared_on: the day on which it said so, which counts.
        ended_on: the day on which it took that back, which does not count.
        day: the day asked.
    """
    if ended_on is not None and ended_on <= day:
        return False
    return declared_on <= day < add_years(declared_on, ABSENCE_YEARS)


def refuse_extension(current: date | None, can_be_extended: bool, due_on: date) -> None:
    """Refuse an extension that the rules do not allow.

    Args:
        current: the due date as it is for the partner, None where there is none.
        can_be_extended: whether the date is the département's to move.
        due_on: the date asked for.

    Raises:
        RuleError: on `version` or `due_on`.
    """
    if current is None:
        raise RuleError(
            "version",
            Message(N_("Nothing sets a due date for this version: there is none to move.")),
        )
    if not can_be_extended:
        raise RuleError(
            "version",
            Message(
                N_(
                    "A text sets the due date of this version, {due_on}: it is not the "
                    "département's to move."
                ),
                {"due_on": current},
            ),
        )
    if due_on <= current:
        raise RuleError(
            "due_on",
            Message(
                N_("This version is due on {due_on} already: give a later date."),
                {"due_on": current},
            ),
        )


def _published(versions: Collection[Version], today: date) -> list[Version]:
    published = (version for version in versions if version.published_on <= today)
    return sorted(published, key=lambda version: version.published_on)


def _newest_valid(published: Sequence[Version], files: Sequence[FileChecks]) -> Version | None:
    for version in reversed(published):
        if all(version.id in (file.valid_for or ()) for file in files):
            return version
    return None


def _owed(
    newer: Sequence[Version],
    target: Version | None,
    valid: Version | None,
    today: date,
    due_soon_days: int,
) -> Conformance:
    dated = [version.due_on for version in newer if version.due_on is not None]
    late = next((due_on for due_on in dated if due_on < today), None)
    if late is not None:
        days_late = (today - late).days
        return Conformance(Status.OVERDUE, target, valid, late, days_late=days_late)
    if not dated:
        return Conformance(Status.NO_DEADLINE, target, valid)
    nearest = min(dated)
    days_left = (nearest - today).days
    status = Status.DUE_SOON if days_left <= due_soon_days else Status.PENDING
    return Conformance(status, target, valid, nearest, days_left=days_left)


def may_be_published(standing: Conformance, is_de_facto: bool) -> bool:
    """Whether the strict gate lets files with this standing become public.

    Args:
        standing: where they stand.
        is_de_facto: whether the standard is a de facto one, which obliges nobody.
    """
    if standing.target is None:
        return True
    if standing.status in (Status.OVERDUE, Status.UNCHECKED):
        return False
    valid_for_nothing_ever_due = standing.valid is None and standing.due_on is None
    return is_de_facto or not valid_for_nothing_ever_due
