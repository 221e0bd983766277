"""Due dates of the versions of standards, and what may still be recorded on them.

Design, section 2, "Standards"; articles 5 and 13 of the convention. Dates only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from ..messages import N_, Message, RuleError
from ..terms import add_years

ADOPTION_YEARS = 1
"""Years from the publication of a territorial standard to its due date (article 5)."""


class Level(str, Enum):
    """Who makes a standard (article 13 of the convention)."""

    NATIONAL = "national"
    TERRITORIAL = "territorial"
    DE_FACTO = "de_facto"


class Kind(str, Enum):
    """What a version is made of: a Table Schema, a JSON Schema, or a text."""

    TABLE = "table"
    JSON = "json"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Dates:
    """The dates of a version.

    Attributes:
        published_on: the day of its publication, maybe ahead; None for a draft.
        due_on: the date that a text sets for a national standard.
        adopted_on: the day on which the département took it as its territorial standard.
    """

    published_on: date | None = None
    due_on: date | None = None
    adopted_on: date | None = None


def due_date(
    level: Level,
    dates: Dates,
    in_force_since: date | None = None,
    extended_to: date | None = None,
) -> date | None:
    """The day on which a version is due, that day included (article 5 of the convention).

    Args:
        level: level of the standard.
        dates: dates of the version; for the due date as it was on a past day, those of that day.
        in_force_since: the day on which the convention in force took effect, for one partner.
        extended_to: the day that an extension grants to this partner.

    Returns:
        The day; None where nothing sets one, and for a draft.
    """
    own = own_due_date(level, dates)
    return due_for_partner(
        own, in_force_since, extended_to if can_be_extended(level, dates) else None
    )


def due_for_partner(
    own: date | None, in_force_since: date | None, extended_to: date | None
) -> date | None:
    """The due date of a version for one partner (article 5 of the convention).

    Args:
        own: the version's own due date, None where nothing sets one.
        in_force_since: the day on which the convention in force took effect, None without one.
        extended_to: the day that an extension grants, None without one.
    """
    if own is None:
        return None
    return max(own, in_force_since or own, extended_to or own)


def can_be_extended(level: Level, dates: Dates) -> bool:
    """Whether the date is the département's to move: that of a decree is not."""
    return level is Level.TERRITORIAL or (dates.due_on is None and dates.adopted_on is not None)


def own_due_date(level: Level, dates: Dates) -> date | None:
    """The day on which a version is due, for a partner that nothing gives more time.

    Args:
        level: level of the standard.
        dates: dates of the version.
    """
    if dates.published_on is None:
        return None
    if level is Level.TERRITORIAL:
        return add_years(dates.published_on, ADOPTION_YEARS)
    if level is Level.NATIONAL and dates.due_on is not None:
        return dates.due_on
    if dates.adopted_on is not None:
        return add_years(dates.adopted_on, ADOPTION_YEARS)
    return None


def refuse_unlawful_dates(level: Level, dates: Dates) -> None:
    """Refuse the dates that a version of this level cannot have.

    Raises:
        RuleError: on `due_on` or `adopted_on`.
    """
    if dates.due_on is not None and level is not Level.NATIONAL:
        raise RuleError("due_on", _NO_DECREE[level])
    if dates.due_on is not None and dates.due_on < (dates.published_on or dates.due_on):
        raise RuleError(
            "due_on",
            Message(
                N_(
                    "This version was published on {published_on}: it cannot be due before that "
                    "day. Where the text is older, give that day."
                ),
                {"published_on": dates.published_on},
            ),
        )
    if dates.adopted_on is None:
        return
    if level is Level.TERRITORIAL:
        raise RuleError(
            "adopted_on",
            Message(
                N_(
                    "A territorial standard has a date of its own, one year after its "
                    "publication: there is nothing to adopt."
                )
            ),
        )
    if dates.due_on is not None:
        raise RuleError(
            "adopted_on",
            Message(
                N_(
                    "A text makes this version compulsory on {due_on} already: it cannot be "
                    "adopted too. Leave one of the two dates out."
                ),
                {"due_on": dates.due_on},
            ),
        )
    if dates.published_on is not None and dates.adopted_on < dates.published_on:
        raise RuleError(
            "adopted_on",
            Message(
                N_(
                    "This version was published on {published_on}: it cannot be adopted before "
                    "that day."
                ),
                {"published_on": dates.published_on},
            ),
        )


_NO_DECREE = {
    Level.TERRITORIAL: Message(
        N_(
            "A territorial standard is due one year after its publication: leave the due date "
            "out. Only a national standard has one set by a text."
        )
    ),
    Level.DE_FACTO: Message(
        N_(
            "No text sets a due date for a de facto standard: leave it out. The département can "
            "adopt the version instead."
        )
    ),
}


def refuse_change_once_published(field: str) -> None:
    """Refuse to change what a published version says.

    Args:
        field: the field, as in the API.

    Raises:
        RuleError: always, unless the field may still be recorded.
    """
    if field in STILL_RECORDED:
        return
    raise RuleError(
        field,
        Message(
            N_(
                "This version is published: only its due date, its adoption and the reference of "
                "the text can still be recorded. Publish a new version instead."
            )
        ),
    )


STILL_RECORDED = frozenset({"due_on", "adopted_on", "legal_reference"})
"""What may still be recorded on a published version."""


def is_priority_by_default(level: Level, scdl: bool) -> bool:
    """Whether a standard is a priority where nobody says: SCDL and territorial ones (article 5)."""
    return scdl or level is Level.TERRITORIAL


def refuse_unlawful_level(level: Level, scdl: bool) -> None:
    """Refuse a standard of the SCDL that is not national (article 13).

    Raises:
        RuleError: on `scdl`.
    """
    if scdl and level is not Level.NATIONAL:
        raise RuleError(
            "scdl",
            Message(
                N_(
                    "The standards of the SCDL are national: choose this level, or say that "
                    "the standard does not belong to the SCDL."
                )
            ),
        )
