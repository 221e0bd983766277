"""The words for the kinds of platforms, and for where a copy stands there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk

from .. import clock
from ..messages import N_
from ..words import in_words, moment_in_words
from .kinds import FollowupState, PlatformKind
from .probing.model import Failure, Way

_MOST_SHOWN = 100

_KINDS: Mapping[PlatformKind, str] = {
    PlatformKind.CKAN: N_("CKAN"),
    PlatformKind.OPENDATASOFT: N_("Opendatasoft"),
    PlatformKind.UDATA: N_("udata (such as data.gouv.fr)"),
    PlatformKind.DCAT: N_("DCAT catalogue (Turtle or RDF/XML)"),
}

_WAYS: Mapping[Way, str] = {
    Way.IDENTIFIER: N_("Seen by its identifier on {moment}"),
    Way.LANDING_PAGE: N_("Seen by its address on {moment}"),
    Way.TITLE: N_("A dataset of the same title was seen on {moment}: check that it is a copy"),
}

_FAILURES: Mapping[Failure, str] = {
    Failure.NO_ANSWER: N_("The platform did not answer on {moment}"),
    Failure.REFUSED: N_("The platform answered with the error {status} on {moment}"),
    Failure.NOT_READABLE: N_("The answer of the platform could not be read on {moment}"),
    Failure.INCOMPLETE: N_("The platform listed too much to be read to its end on {moment}"),
    Failure.NOT_PUBLIC: N_("The address of the platform is not on the public Internet"),
}


@dataclass(frozen=True)
class Copy:
    """A copy as the page of a request shows it.

    Attributes:
        standing: where it stands, in a few words.
        seen: what the last probe saw, and when; empty before the first.
        next: when the platform is asked next; empty where it is not.
        asked: the server that was asked; empty before the first probe.
        may_be_confirmed: whether a person can still say that it is gone.
    """

    followup: Mapping[str, Any]
    standing: str
    seen: str
    next: str
    asked: str
    may_be_confirmed: bool


@dataclass(frozen=True)
class CopiesOfPlatform:
    """The copies of a request at one platform.

    Attributes:
        summary: how many of them are settled.
        copies: those that are shown, what is not settled first.
        more: how many are left out.
    """

    platform: str
    summary: str
    copies: Sequence[Copy]
    more: int


def kind_names() -> dict[str, str]:
    """All the kinds of platforms, in the reader's language."""
    return {kind.value: tk._(words) for kind, words in _KINDS.items()}


def by_platform(followups: Sequence[Mapping[str, Any]]) -> list[CopiesOfPlatform]:
    """The copies of a request in words, by platform.

    Args:
        followups: as a request answers them.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for followup in followups:
        groups.setdefault(followup["platform"], []).append(followup)
    found = []
    for platform in sorted(groups, key=str.casefold):
        lines = sorted(groups[platform], key=lambda line: line["state"] != FollowupState.PENDING)
        pending = sum(line["state"] == FollowupState.PENDING for line in lines)
        found.append(
            CopiesOfPlatform(
                platform=platform,
                summary=_summary(len(lines), pending),
                copies=[copy(line) for line in lines[:_MOST_SHOWN]],
                more=max(len(lines) - _MOST_SHOWN, 0),
            )
        )
    return found


def _summary(count: int, pending: int) -> str:
    if pending == 0:
        return tk.ungettext(
            "The only copy followed is gone", "All the {n} copies followed are gone", count
        ).format(n=tk.h.heraultdata_number(count))
    return tk.ungettext(
        "{pending} of {n} copy is not settled", "{pending} of {n} copies are not settled", count
    ).format(n=tk.h.heraultdata_number(count), pending=tk.h.heraultdata_number(pending))


def copy(followup: Mapping[str, Any]) -> Copy:
    """A copy in words.

    Args:
        followup: as `followups` of a request answers it.
    """
    is_pending = followup["state"] == FollowupState.PENDING
    next_at = followup["next_probe_at"]
    return Copy(
        followup=followup,
        standing=_standing(followup),
        seen=_seen(followup["evidence"]),
        next=tk._("Asked again from {moment}").format(moment=_moment(next_at))
        if is_pending and next_at
        else "",
        asked=urlsplit((followup["evidence"] or {}).get("address", "")).netloc,
        may_be_confirmed=is_pending,
    )


def _standing(followup: Mapping[str, Any]) -> str:
    if followup["state"] == FollowupState.GONE:
        return tk._("Gone, seen by the portal on {date}").format(date=_day(followup["settled_at"]))
    if followup["state"] == FollowupState.CONFIRMED:
        return tk._("Gone, confirmed on {date}").format(date=_day(followup["settled_at"]))
    if not followup["evidence"]:
        return tk._("Not looked for yet")
    days = followup["days"]
    number = tk.h.heraultdata_number(days)
    if followup["seen_at"] is None:
        return tk.ungettext(
            "Not known for {n} day: the platform could not be asked",
            "Not known for {n} days: the platform could not be asked",
            days,
        ).format(n=number)
    return tk.ungettext(
        "Still there, {n} day after the withdrawal",
        "Still there, {n} days after the withdrawal",
        days,
    ).format(n=number)


def _seen(evidence: Mapping[str, Any] | None) -> str:
    if not evidence:
        return ""
    moment = _moment(evidence["at"])
    if evidence["found"] is False:
        return tk._("No copy found on {moment}").format(moment=moment)
    if evidence["found"]:
        return tk._(_WAYS[Way(evidence["by"])]).format(moment=moment)
    failure = tk._(_FAILURES[Failure(evidence["error"])])
    return failure.format(moment=moment, status=evidence["status"])


def _moment(text: str) -> str:
    return moment_in_words(datetime.fromisoformat(text))


def _day(text: str) -> str:
    return in_words(clock.date_in_paris(datetime.fromisoformat(text)))
