"""Where the due date of a version for one partner comes from, as sentences to be said.

Design, section 2, "Standards"; article 5 of the convention. Dates only.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..messages import N_, Message
from ..standards.rules import Dates, Level, can_be_extended, own_due_date


def due_origins(
    level: Level,
    dates: Dates,
    legal_reference: str | None,
    in_force_since: date | None,
    extended_to: date | None,
) -> tuple[Message, ...]:
    """Why a published version is due when it is; the last sentence is the one that decides.

    Args:
        level: level of the standard.
        dates: dates of the version; the publication is one of them.
        legal_reference: the text that sets the date, where it is recorded.
        in_force_since: the day on which the partner's convention took effect, None without one.
        extended_to: the day that an extension grants to the partner, None without one.
    """
    own = own_due_date(level, dates)
    if own is None:
        return (_nothing_sets_a_date(level),)
    extension = extended_to if can_be_extended(level, dates) else None
    return (
        _own_origin(level, dates, legal_reference, own),
        *_moved(own, in_force_since, extension),
    )


def _nothing_sets_a_date(level: Level) -> Message:
    if level is Level.DE_FACTO:
        return Message(N_("No date: a de facto standard obliges nobody."))
    return Message(
        N_("No date: no text sets one, and the département has not adopted this version.")
    )


def _own_origin(level: Level, dates: Dates, legal_reference: str | None, own: date) -> Message:
    if level is Level.TERRITORIAL:
        return Message(
            N_(
                "Published on {published_on}: a territorial standard is due one year after, on "
                "{due_on} (article 5 of the convention)."
            ),
            {"published_on": dates.published_on, "due_on": own},
        )
    if dates.due_on is None:
        return Message(
            N_(
                "Adopted by the département as its territorial standard on {adopted_on}: due one "
                "year after, on {due_on}."
            ),
            {"adopted_on": dates.adopted_on, "due_on": own},
        )
    if legal_reference is None:
        return Message(N_("A text sets the date: {due_on}."), {"due_on": own})
    return Message(
        N_("A text sets the date, {due_on}: {reference}."),
        {"due_on": own, "reference": legal_reference.rstrip(".")},
    )


def _moved(own: date, in_force_since: date | None, extension: date | None) -> Iterator[Message]:
    due_on = own
    if in_force_since is not None and in_force_since > due_on:
        due_on = in_force_since
        yield Message(
            N_("The convention in force took effect on {day}: nothing is due before."),
            {"day": due_on},
        )
    if extension is not None and extension > due_on:
        yield Message(N_("The département granted more time, to {day}."), {"day": extension})
