"""The tracker in words: what a status is called, and what it asks for and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ckan.plugins.toolkit as tk

from ..messages import N_
from ..words import in_words
from .rules import Conformance, Status

_STATUSES: Mapping[Status, str] = {
    Status.OVERDUE: N_("Overdue"),
    Status.DUE_SOON: N_("Due soon"),
    Status.PENDING: N_("To be done"),
    Status.UNCHECKED: N_("Never checked"),
    Status.MISSING: N_("Missing"),
    Status.NO_DEADLINE: N_("No deadline"),
    Status.CONFORMING: N_("Conforming"),
}


def status_name(status: Status | str) -> str:
    """A status in the reader's language."""
    return tk._(_STATUSES[Status(status)])


def status_names() -> dict[str, str]:
    """All the statuses in the reader's language, the most urgent first."""
    return {status.value: tk._(name) for status, name in _STATUSES.items()}


def standing_in_words(reckoned: Conformance, is_declared: bool = False) -> str:
    """What a standing means and by when something is to be done, in the reader's language.

    Args:
        reckoned: where a dataset, or a partner without one, stands.
        is_declared: whether it conforms by the word of a person.
    """
    if reckoned.status is Status.CONFORMING:
        if is_declared:
            return tk._("Declared to conform to the standard, not checked")
        return tk._("Conforms to the newest version of the standard")
    if reckoned.due_on is not None:
        return deadline_in_words(reckoned.due_on, reckoned.days_left, reckoned.days_late)
    if reckoned.valid is not None:
        return tk._("Conforms to an older version; nothing sets a date for the newest")
    return tk._("Does not conform yet; nothing sets a date")


def deadline_in_words(due_on: date, days_left: int | None, days_late: int | None) -> str:
    """By when something is to be done, or since when it is late, in the reader's language.

    Args:
        due_on: the last day on which it is on time.
        days_left: until that day; None once late.
        days_late: since that day; None until then.
    """
    day = in_words(due_on)
    if days_late is not None:
        return tk.ungettext(
            "{n} day late: it was due on {day}",
            "{n} days late: it was due on {day}",
            days_late,
        ).format(n=days_late, day=day)
    if not days_left:
        return tk._("Due today")
    return tk.ungettext("Due on {day}, in {n} day", "Due on {day}, in {n} days", days_left).format(
        n=days_left, day=day
    )
