"""What the templates ask about the statuses of the tracker: their signs, counts by standard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .. import pages
from ..messages import N_
from .matrix import ABSENT, Mark
from .rules import Status
from .wording import status_name

_MARKS: Mapping[str, tuple[str, str]] = {
    Status.OVERDUE.value: ("▲", N_("late")),
    Status.DUE_SOON.value: ("◔", N_("soon")),
    Status.MISSING.value: ("✕", N_("missing")),
    Status.UNCHECKED.value: ("?", N_("unchecked")),
    Status.PENDING.value: ("○", N_("to do")),
    Status.NO_DEADLINE.value: ("~", N_("no date")),
    Status.CONFORMING.value: ("✓", N_("conforms")),
    ABSENT: ("∅", N_("no data")),
}


def heraultdata_conformance_marks() -> dict[str, Mark]:
    """A sign and a short word for each status, and for `absent`, the most urgent first."""
    return {state: Mark(sign, tk._(word)) for state, (sign, word) in _MARKS.items()}


def heraultdata_conformance_status(status: str) -> Mark:
    """A sign and the name of a status, in the reader's language."""
    return Mark(_MARKS[status][0], status_name(status))


def heraultdata_standard_counts(standard: str) -> dict[str, Any] | None:
    """How many datasets and partners stand where with a standard; None where nobody does.

    Args:
        standard: its name.
    """
    found = pages.call("heraultdata_conformance_summary", standard=standard)["results"]
    return found[0] if found else None
