"""Transitions of deadlines: more time is asked for, granted or refused.

Each function locks, checks, writes and journals in one transaction. Design, section 2,
"Standards"; article 5 of the convention.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from .. import clock
from ..journal import service as journal
from ..messages import RuleError
from ..partners import service as partners
from ..standards.registry import StandardRecord, VersionRecord
from ..standards.rules import can_be_extended
from . import deadlines, recorded, refusals, tracker
from .deadlines import Deadlines
from .model import Extension
from .recorded import ExtensionRecord, RecordNotFoundError
from .rules import refuse_extension


@dataclass(frozen=True)
class DateToMove:
    """A version as it is due for a partner, by a date that is the département's to move."""

    version: VersionRecord
    due_on: date


@dataclass(frozen=True)
class NewExtension:
    """More time to ask for: until `due_on`, for a version by its number."""

    organization_id: str
    version: str
    due_on: date
    reason: str


def date_to_move(
    organization_id: str, standard: StandardRecord, version: str, today: date
) -> DateToMove:
    """The date that more time would move for a partner.

    Args:
        organization_id: the partner.
        standard: the standard.
        version: the number of a published version.
        today: the date in Paris.

    Raises:
        RuleError: there is none to move, or a request waits already.
    """
    partners.require_partner(organization_id)
    found = tracker.on(today, tracker.Wanted([organization_id], standard.name))
    published = published_version(found.deadlines, standard, version)
    if not found.standings:
        raise RuleError("standard", refusals.not_followed(standard))
    _refuse_second_request(organization_id, published)
    # Any date is later than the last one: what is refused here is refused whatever the date.
    _refuse_unlawful(found.deadlines, standard, published, organization_id, date.max)
    current = _current(found.deadlines, standard.name, published.id, organization_id)
    return DateToMove(published, cast(date, current))


def ask_for_time(
    standard: StandardRecord,
    new: NewExtension,
    grants: bool,
    actor: journal.Actor,
    now: datetime,
) -> ExtensionRecord:
    """Ask for more time for a partner and a version; the département's own request is granted.

    Args:
        standard: the standard.
        new: what is asked for.
        grants: whether the one who asks is the one who decides.
        actor: who asks.
        now: the moment, with a zone.

    Raises:
        RuleError: the rules do not allow it, or another request waits; nothing is written.
    """
    partners.lock(new.organization_id)
    today = clock.date_in_paris(now)
    found = date_to_move(new.organization_id, standard, new.version, today)
    refuse_extension(found.due_on, can_be_extended=True, due_on=new.due_on)
    row = Extension(
        id=make_uuid(),
        organization_id=new.organization_id,
        version_id=found.version.id,
        due_on=new.due_on,
        reason=new.reason,
        asked_on=today,
        asked_by=actor.user_id,
    )
    if grants:
        _settle(row, granted=True, reason=None, actor=actor, today=today)
    model.Session.add(row)
    model.Session.flush()
    made = recorded.extension(row.id)
    verb = "granted" if grants else "asked"
    journal.record(actor, f"extension.{verb}", _subject_of(made), now, after=_extension_told(made))
    model.Session.commit()
    return made


def decide(
    extension_id: str, granted: bool, reason: str | None, actor: journal.Actor, now: datetime
) -> ExtensionRecord:
    """Grant or refuse more time; what is granted must be lawful on the day of the decision.

    Args:
        extension_id: the request.
        granted: whether it is granted.
        reason: why; compulsory where it is refused.
        actor: who decides.
        now: the moment, with a zone.

    Raises:
        RecordNotFoundError: there is none of that identifier.
        RuleError: it is decided already, has no reason or cannot be granted any more.
    """
    partners.lock(recorded.extension(extension_id).organization_id)
    row = model.Session.get(Extension, extension_id, populate_existing=True)
    if row is None:
        raise RecordNotFoundError(extension_id)
    asked = recorded.extension(extension_id)
    if asked.granted is not None:
        raise RuleError("id", refusals.decided_already(asked))
    if not granted and not reason:
        raise RuleError("reason", refusals.NO_REASON)
    today = clock.date_in_paris(now)
    if granted:
        _refuse_overtaken(asked, row, today)
    _settle(row, granted, reason, actor, today)
    model.Session.flush()
    decided = recorded.extension(extension_id)
    verb = "granted" if granted else "refused"
    told = (_extension_told(asked), _extension_told(decided))
    journal.record(actor, f"extension.{verb}", _subject_of(decided), now, *told)
    model.Session.commit()
    return decided


def published_version(due: Deadlines, standard: StandardRecord, number: str) -> VersionRecord:
    """The published version of this number.

    Raises:
        RuleError: there is none.
    """
    published = due.standards.get(standard.name)
    if published is None:
        raise RuleError("version", refusals.nothing_published(standard))
    for version in published.versions:
        if version.version == number:
            return version
    raise RuleError("version", refusals.not_published(standard, number, published.versions))


def _refuse_second_request(organization_id: str, version: VersionRecord) -> None:
    waiting = sa.select(Extension.id).where(
        Extension.organization_id == organization_id,
        Extension.version_id == version.id,
        Extension.granted.is_(None),
    )
    if model.Session.scalar(sa.select(waiting.exists())):
        raise RuleError("version", refusals.waits_already(version))


def _refuse_unlawful(
    due: Deadlines,
    standard: StandardRecord,
    version: VersionRecord,
    organization_id: str,
    due_on: date,
) -> None:
    current = _current(due, standard.name, version.id, organization_id)
    refuse_extension(current, can_be_extended(standard.level, version.dates), due_on)


def _current(due: Deadlines, standard: str, version_id: str, organization_id: str) -> date | None:
    bound = due.versions(standard, organization_id)
    return next(version.due_on for version in bound if version.id == version_id)


def _refuse_overtaken(asked: ExtensionRecord, row: Extension, today: date) -> None:
    """Refuse to grant what the rules would refuse today, such as a date that has been passed."""
    due = deadlines.on(today, [asked.standard], [asked.organization_id])
    standard = due.standards[asked.standard]
    version = standard.version(row.version_id)
    try:
        _refuse_unlawful(due, standard.record, version, asked.organization_id, asked.due_on)
    except RuleError as refusal:
        raise RuleError("granted", refusals.overtaken(refusal.message)) from None


def _settle(
    row: Extension, granted: bool, reason: str | None, actor: journal.Actor, today: date
) -> None:
    row.granted = granted
    row.decided_on = today
    row.decided_by = actor.user_id
    row.decision_reason = reason


def _subject_of(extension: ExtensionRecord) -> journal.Subject:
    return journal.Subject("extension", extension.id, extension.organization_id)


def _extension_told(extension: ExtensionRecord) -> dict[str, object]:
    return {
        "standard": extension.standard,
        "version": extension.version,
        "due_on": clock.iso(extension.due_on),
        "reason": extension.reason,
        "granted": extension.granted,
        "decision_reason": extension.decision_reason,
    }
