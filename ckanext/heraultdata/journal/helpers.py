"""What the templates ask about the journal: its lines in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from ..api import in_words
from ..conventions import wording
from ..conventions.rules import EventKind
from ..messages import N_

_ACTIONS: Mapping[str, str] = {
    "convention.created": N_("Made a convention"),
    "convention.updated": N_("Corrected what is written on a convention"),
    "convention.document_added": N_("Kept a document of a convention"),
    "convention.document_published": N_("Showed a document of a convention to the public"),
    "convention.document_unpublished": N_("Reserved a document of a convention to the parties"),
    "referent.created": N_("Named a référent"),
    "referent.updated": N_("Corrected a référent"),
    "referent.deleted": N_("Removed a référent"),
}

_FIELDS: Mapping[str, str] = {
    "state": N_("State"),
    "effective_on": N_("In force since"),
    "ends_on": N_("Ends on"),
    "date": N_("Date"),
    "reference": N_("Reference"),
    "deliberation_number": N_("Number of the délibération"),
    "deliberation_date": N_("Date of the délibération"),
    "representative": N_("Representative"),
    "kind": N_("Kind"),
    "title": N_("Title"),
    "size": N_("Size in bytes"),
    "public": N_("Public"),
}


@dataclass(frozen=True)
class Change:
    """What a line says of one field, before and after, in words."""

    label: str
    before: str
    after: str


def heraultdata_journal_action(action: str) -> str:
    """What was done, in words; the bare name of an action that has none.

    Args:
        action: as the journal keeps it.
    """
    noun, _, verb = action.partition(".")
    if noun == "convention" and verb in set(EventKind):
        event = wording.event_name(verb)
        return tk._("Recorded an event: {event}").format(event=event)
    return tk._(_ACTIONS[action]) if action in _ACTIONS else action


def heraultdata_journal_changes(line: Mapping[str, Any]) -> list[Change]:
    """What a line of the journal says of each field; identifiers tell a reader nothing.

    Args:
        line: as the API answers it.
    """
    before, after = line["before"] or {}, line["after"] or {}
    return [
        Change(_label(name), _in_words(name, before.get(name)), _in_words(name, after.get(name)))
        for name in dict.fromkeys([*before, *after])
        if not name.endswith("_id")
    ]


def _label(name: str) -> str:
    return tk._(_FIELDS[name]) if name in _FIELDS else name


def _in_words(name: str, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return tk._("Yes") if value else tk._("No")
    if name == "state":
        return wording.state_name(str(value))
    if name.endswith(("_on", "date")):
        return in_words(date.fromisoformat(str(value)))
    return str(value)
