"""What the templates ask about the journal: its lines in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from ..conventions import wording
from ..conventions.rules import EventKind
from ..messages import N_
from ..partners.helpers import heraultdata_partner_types
from ..withdrawals import wording as withdrawal_wording
from ..words import in_words

_ACTIONS: Mapping[str, str] = {
    "absence.created": N_("Answered that a partner holds no such data"),
    "absence.deleted": N_("Took back that a partner holds no such data"),
    "convention.created": N_("Made a convention"),
    "convention.updated": N_("Corrected what is written on a convention"),
    "convention.document_added": N_("Kept a document of a convention"),
    "convention.document_published": N_("Showed a document of a convention to the public"),
    "convention.document_unpublished": N_("Reserved a document of a convention to the parties"),
    "calendar.created": N_("Made the private address of a calendar"),
    "calendar.renewed": N_("Replaced the private address of a calendar"),
    "calendar.revoked": N_("Revoked the private address of a calendar"),
    "declaration.created": N_("Declared conformity with a standard"),
    "extension.asked": N_("Asked for more time"),
    "extension.granted": N_("Granted more time"),
    "extension.refused": N_("Refused more time"),
    "standard.commented": N_("Commented on a draft of a standard"),
    "standard.comment_answered": N_("Answered a comment on a draft of a standard"),
    "platform.created": N_("Made a platform that copies the catalogue"),
    "platform.updated": N_("Changed a platform that copies the catalogue"),
    "platform.deleted": N_("Removed a platform that copies the catalogue"),
    "organization.created": N_("Made an organisation"),
    "organization.updated": N_("Changed an organisation"),
    "organization.deleted": N_("Deleted an organisation"),
    "referent.created": N_("Named a référent"),
    "referent.updated": N_("Corrected a référent"),
    "referent.deleted": N_("Removed a référent"),
    "withdrawal_message.put_away": N_("Put away a message about a withdrawal"),
}

_FIELDS: Mapping[str, str] = {
    "standard": N_("Standard"),
    "version": N_("Version"),
    "due_on": N_("Due on"),
    "reason": N_("Reason"),
    "granted": N_("Granted"),
    "decision_reason": N_("Reason of the decision"),
    "grounds": N_("Grounds"),
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
    "scope": N_("What"),
    "reason_class": N_("Reason"),
    "urgent": N_("Urgent"),
    "channel": N_("How it came"),
    "initiative": N_("Decided by"),
    "received_on": N_("Received on"),
    "confirmed_on": N_("Confirmed in writing on"),
    "erase_on": N_("Erased from"),
    "items": N_("Datasets and files"),
    "platform": N_("Platform"),
    "copies": N_("Copies"),
    "url": N_("Address"),
    "name": N_("Address on the portal"),
    "partner_type": N_("Type of partner"),
    "siren": N_("SIREN"),
    "siret": N_("SIRET"),
    "insee_code": N_("INSEE code"),
    "population": N_("Population"),
    "agents": N_("Agents"),
    "epci_siren": N_("SIREN of the EPCI"),
    "portal_url": N_("Its own data portal"),
    "email": N_("E-mail"),
    "website": N_("Website"),
}

_ORGANIZATION_STATES: Mapping[str, str] = {
    "active": N_("Active"),
    "deleted": N_("Deleted"),
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
    if noun == "withdrawal":
        return withdrawal_wording.event_name(action)
    return tk._(_ACTIONS[action]) if action in _ACTIONS else action


def heraultdata_journal_changes(line: Mapping[str, Any]) -> list[Change]:
    """What a line of the journal says of each field that it changed.

    Identifiers are left out: they tell a reader nothing.

    Args:
        line: as the API answers it.
    """
    before, after = line["before"] or {}, line["after"] or {}
    words = _words_of(line["subject_type"])
    return [
        Change(_label(name), words(name, before.get(name)), words(name, after.get(name)))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name) and not name.endswith("_id")
    ]


def _label(name: str) -> str:
    return tk._(_FIELDS[name]) if name in _FIELDS else name


def _words_of(subject_type: str) -> Callable[[str, object], str]:
    if subject_type == "organization":
        return _of_an_organization
    if subject_type in ("withdrawal", "platform"):
        return _of_a_withdrawal
    return _of_a_convention


def _of_an_organization(name: str, value: object) -> str:
    text = _plain(value)
    if name == "state" and text in _ORGANIZATION_STATES:
        return tk._(_ORGANIZATION_STATES[text])
    if name == "partner_type":
        return heraultdata_partner_types().get(text, text)
    return text


def _of_a_withdrawal(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, str) and name.endswith("_on"):
        return in_words(date.fromisoformat(value))
    return withdrawal_wording.value_name(name, str(value)) or _plain(value)


def _of_a_convention(name: str, value: object) -> str:
    if value is None or isinstance(value, bool):
        return _plain(value)
    if name == "state":
        return wording.state_name(str(value))
    if name.endswith(("_on", "date")):
        return in_words(date.fromisoformat(str(value)))
    if name == "kind":
        return wording.document_names().get(str(value), str(value))
    return str(value)


def _plain(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return tk._("Yes") if value else tk._("No")
    return str(value)
