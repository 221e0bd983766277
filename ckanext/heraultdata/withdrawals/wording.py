"""The words for the states, reasons and channels of withdrawals, each in one place."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk

from ..messages import N_
from .kinds import Channel, Initiative, ItemState, ReasonClass, Scope, State, WorkAim, WorkKind

_STATES: Mapping[str, str] = {
    State.RECEIVED: N_("Received, to be executed"),
    State.EXECUTED: N_("Executed, copies elsewhere followed"),
    State.CLOSED: N_("Closed"),
    State.CANCELLED: N_("Cancelled"),
    State.INADMISSIBLE: N_("Inadmissible"),
}

_ITEM_STATES: Mapping[str, str] = {
    ItemState.ASKED: N_("Still on line"),
    ItemState.SUSPENDED: N_("Access suspended"),
    ItemState.WITHDRAWN: N_("Withdrawn"),
    ItemState.RELEASED: N_("Left on line"),
    ItemState.RESTORED: N_("Restored"),
    ItemState.ERASED: N_("Erased"),
}

_REASONS: Mapping[str, str] = {
    ReasonClass.ERROR: N_("Error in the data"),
    ReasonClass.PERSONAL_DATA: N_("Personal data"),
    ReasonClass.THIRD_PARTY_RIGHTS: N_("Rights of a third party"),
    ReasonClass.CONVENTION_END: N_("End of the convention"),
    ReasonClass.REPLACED: N_("Replaced by other data"),
    ReasonClass.OTHER: N_("Other reason"),
}

_REASON_SENTENCES: Mapping[str, str] = {
    ReasonClass.ERROR: N_("The data are wrong, and cannot be put right at once."),
    ReasonClass.PERSONAL_DATA: N_(
        "They hold names, addresses or anything else that tells of a person. The public will not "
        "read the titles."
    ),
    ReasonClass.THIRD_PARTY_RIGHTS: N_(
        "Somebody else holds rights on them: an author, a firm, another public body."
    ),
    ReasonClass.CONVENTION_END: N_("The convention with the département has come to its end."),
    ReasonClass.REPLACED: N_("Other data have taken their place."),
    ReasonClass.OTHER: N_("None of these: say why below."),
}

_CHANNELS: Mapping[str, str] = {
    Channel.PORTAL: N_("Form of the portal"),
    Channel.MAIL: N_("E-mail"),
    Channel.LETTER: N_("Letter"),
    Channel.PHONE: N_("Telephone call"),
}

_INITIATIVES: Mapping[str, str] = {
    Initiative.PARTNER: N_("The partner (article 7)"),
    Initiative.DEPARTMENT: N_("The département (article 9.1)"),
}

_SCOPES: Mapping[str, str] = {
    Scope.ALL: N_("All the datasets of the partner"),
    Scope.DATASETS: N_("Chosen datasets"),
    Scope.RESOURCES: N_("Chosen files"),
}

_EVENTS: Mapping[str, str] = {
    "received": N_("Request received"),
    "suspended": N_("Access suspended"),
    "confirmed": N_("Confirmed in writing"),
    "executed": N_("Withdrawal executed"),
    "rejected": N_("Request declared inadmissible"),
    "cancelled": N_("Request cancelled"),
    "restored": N_("Items restored"),
    "erase_ordered": N_("Erasure ordered"),
    "erased": N_("Items erased"),
    "copies_gone": N_("Copies at another platform are gone"),
    "copy_confirmed": N_("A copy at another platform was confirmed gone"),
    "copy_pending": N_("A copy at another platform is followed again"),
    "closed": N_("Request closed: no copy is left that the portal knows of"),
    "reopened": N_("Request opened again: a copy is followed"),
    "platform_written": N_("Wrote to a platform that still has a copy"),
    "convention_left": N_("Decided to leave the datasets on line after the end of the convention"),
}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "state": {**_STATES, **_ITEM_STATES},
    "reason_class": _REASONS,
    "channel": _CHANNELS,
    "initiative": _INITIATIVES,
    "scope": _SCOPES,
}

_WORK: Mapping[tuple[str, str], str] = {
    (WorkKind.INDEX, WorkAim.CLOSE): N_("Take out of the search"),
    (WorkKind.INDEX, WorkAim.REOPEN): N_("Put back in the search"),
    (WorkKind.INDEX, WorkAim.ERASE): N_("Take out of the search for good"),
    (WorkKind.FILE, WorkAim.CLOSE): N_("Put the file out of reach"),
    (WorkKind.FILE, WorkAim.REOPEN): N_("Put the file back"),
    (WorkKind.FILE, WorkAim.ERASE): N_("Destroy the file"),
    (WorkKind.DATASTORE, WorkAim.CLOSE): N_("Put the table out of reach"),
    (WorkKind.DATASTORE, WorkAim.REOPEN): N_("Put the table back"),
    (WorkKind.DATASTORE, WorkAim.ERASE): N_("Destroy the table"),
}


def state_name(state: str) -> str:
    """A state of a request in the reader's language."""
    return tk._(_STATES[state])


def state_names() -> dict[str, str]:
    """All the states of a request, in the order of its life."""
    return {state.value: tk._(_STATES[state]) for state in State}


def item_state_name(state: str) -> str:
    """A state of a dataset or file of a request in the reader's language."""
    return tk._(_ITEM_STATES[state])


def reason_name(reason_class: str) -> str:
    """A class of reason in the reader's language, as the public reads it."""
    return tk._(_REASONS[reason_class])


def reason_names() -> dict[str, str]:
    """All the classes of reason."""
    return {reason.value: tk._(_REASONS[reason]) for reason in ReasonClass}


def reason_sentences() -> dict[str, str]:
    """What each class of reason means, in a plain sentence."""
    return {reason.value: tk._(_REASON_SENTENCES[reason]) for reason in ReasonClass}


def channel_name(channel: str) -> str:
    """How a request came, in the reader's language."""
    return tk._(_CHANNELS[channel])


def initiative_name(initiative: str) -> str:
    """Whose decision a withdrawal is, in the reader's language."""
    return tk._(_INITIATIVES[initiative])


def scope_name(scope: str) -> str:
    """What a request covers, in the reader's language."""
    return tk._(_SCOPES[scope])


def event_name(action: str) -> str:
    """What happened to a request, in the reader's language.

    Args:
        action: as the journal keeps it, with or without `withdrawal.` before it; the bare name of
            one that has no words comes back.
    """
    verb = action.removeprefix("withdrawal.")
    return tk._(_EVENTS[verb]) if verb in _EVENTS else action


def work_name(kind: str, aim: str) -> str:
    """What the portal still has to do, in the reader's language."""
    return tk._(_WORK[WorkKind(kind), WorkAim(aim)])


def value_name(field: str, value: str) -> str | None:
    """The words for what a field of a request holds; None for what has no words of its own.

    Args:
        field: name of the field, as in the API and the journal.
        value: what it holds.
    """
    words = _VALUES.get(field, {}).get(value)
    return tk._(words) if words else None
