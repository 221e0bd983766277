"""Transitions of the registry: a standard, a version of it, recorded, corrected, published.

Each function checks, writes and journals in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.exc import IntegrityError

from .. import clock
from ..journal import service as journal
from ..messages import N_, Message, RuleError
from . import comment_rules, content, rules
from .model import Standard, StandardVersion
from .registry import (
    Json,
    StandardNotFoundError,
    StandardRecord,
    VersionRecord,
    by_name,
    standard_of,
    version_of,
    versions_of,
)
from .rules import Level


def create(standard: StandardRecord, actor: journal.Actor, now: datetime) -> StandardRecord:
    """Add a standard to the registry.

    Raises:
        RuleError: there is one of that name, or its level and the SCDL contradict one another.
    """
    rules.refuse_unlawful_level(standard.level, standard.scdl)
    if by_name([standard.name]):
        raise RuleError("name", _name_taken(standard.name))
    row = Standard(id=make_uuid(), created_at=now, name=standard.name, **_columns(standard))
    model.Session.add(row)
    _flush(RuleError("name", _name_taken(standard.name)))
    kept = standard_of(row)
    _journal(actor, "standard.created", kept.id, now, after=_told(kept))
    model.Session.commit()
    return kept


def update(changed: StandardRecord, actor: journal.Actor, now: datetime) -> StandardRecord:
    """Correct what is said of a standard; its name stays.

    Raises:
        StandardNotFoundError: there is none of that identifier.
        RuleError: the level changes although a version is published, or contradicts the SCDL.
    """
    row = _locked(changed.id)
    before = standard_of(row)
    rules.refuse_unlawful_level(changed.level, changed.scdl)
    if changed.level is not before.level and _has_published(before.id):
        raise RuleError("level", _LEVEL_STAYS)
    for version in versions_of([before.id], with_drafts=True)[before.id]:
        rules.refuse_unlawful_dates(changed.level, version.dates)
        comment_rules.refuse_level(changed.level, version.comments_until)
    for name, value in _columns(changed).items():
        setattr(row, name, value)
    after = standard_of(row)
    if after != before:
        _journal(actor, "standard.updated", row.id, now, _told(before), _told(after))
    model.Session.commit()
    return after


def create_version(
    standard: StandardRecord, version: VersionRecord, actor: journal.Actor, now: datetime
) -> VersionRecord:
    """Add a version to a standard: published where it has a publication date, else a draft.

    Raises:
        StandardNotFoundError: the standard is gone.
        RuleError: there is one of that number or of that day, its dates contradict its level, or
            its kind and its schema one another.
    """
    return create_versions(standard, [version], actor, now)[0]


def create_versions(
    standard: StandardRecord,
    versions: Sequence[VersionRecord],
    actor: journal.Actor,
    now: datetime,
) -> list[VersionRecord]:
    """Add versions to a standard, all or none, whatever their number in as many queries.

    Raises:
        StandardNotFoundError: the standard is gone.
        RuleError: as `create_version`.
    """
    level = Level(_locked(standard.id).level)
    others = versions_of([standard.id], with_drafts=True)[standard.id]
    rows: list[StandardVersion] = []
    for version in versions:
        content.remarks_on(version.kind, version.schema)
        rules.refuse_unlawful_dates(level, version.dates)
        _refuse_period(level, None, version, now)
        _refuse_second(standard.name, version, others)
        others.append(replace(version, id=make_uuid()))
        rows.append(
            StandardVersion(
                id=others[-1].id,
                standard_id=standard.id,
                version=version.version,
                created_at=now,
                **_version_columns(version),
            )
        )
    model.Session.add_all(rows)
    kept = [version_of(row) for row in rows]
    for version in kept:
        told = _version_told(version)
        _journal(actor, "standard.version_created", standard.id, now, after=told)
    model.Session.commit()
    return kept


def update_version(
    standard: StandardRecord, changed: VersionRecord, actor: journal.Actor, now: datetime
) -> VersionRecord:
    """Correct or publish a draft; record a due date or an adoption of a published version.

    Args:
        standard: the standard.
        changed: the version as it shall be, with its identifier; its number stays.
        actor: who acts.
        now: the moment.

    Raises:
        StandardNotFoundError: there is none of that identifier.
        RuleError: as `create_version`, and where something else changes on a published version.
    """
    level = Level(_locked(standard.id).level)
    row = model.Session.get(StandardVersion, changed.id, populate_existing=True)
    if row is None:
        raise StandardNotFoundError(changed.version)
    before = version_of(row)
    columns = _version_columns(changed)
    _refuse_period(level, before, changed, now)
    if not before.is_draft:
        for name, value in columns.items():
            if value != getattr(row, name):
                rules.refuse_change_once_published(name)
    else:
        content.remarks_on(changed.kind, changed.schema)
    rules.refuse_unlawful_dates(level, changed.dates)
    others = versions_of([standard.id], with_drafts=True)[standard.id]
    _refuse_second(standard.name, changed, others)
    for name, value in columns.items():
        setattr(row, name, value)
    after = version_of(row)
    if after != before:
        published = before.is_draft and not after.is_draft
        action = "standard.version_published" if published else "standard.version_updated"
        told = (_version_told(before), _version_told(after))
        _journal(actor, action, standard.id, now, *told)
    model.Session.commit()
    return after


def _refuse_period(
    level: Level, before: VersionRecord | None, changed: VersionRecord, now: datetime
) -> None:
    until = changed.comments_until
    # A period that is over stays with its version, published or not.
    if until is None or (before is not None and until == before.comments_until):
        return
    comment_rules.refuse_period(level, changed.is_draft, until, clock.date_in_paris(now))


def _refuse_second(name: str, version: VersionRecord, others: Sequence[VersionRecord]) -> None:
    for other in others:
        if other.id == version.id:
            continue
        if other.version == version.version:
            raise RuleError("version", _version_taken(name, version.version))
        if not version.is_draft and other.dates.published_on == version.dates.published_on:
            raise RuleError("published_on", _day_taken(other))


def _locked(standard_id: str) -> Standard:
    # Of two people who publish at once, the second is judged on what the first wrote.
    row = model.Session.scalars(
        sa.select(Standard)
        .where(Standard.id == standard_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise StandardNotFoundError(standard_id)
    return row


def _has_published(standard_id: str) -> bool:
    published = sa.select(StandardVersion.id).where(
        StandardVersion.standard_id == standard_id, StandardVersion.published_on.is_not(None)
    )
    return bool(model.Session.scalar(sa.select(published.exists())))


def _flush(refusal: RuleError) -> None:
    try:
        model.Session.flush()
    except IntegrityError:
        # Somebody else was faster.
        raise refusal from None


def _columns(standard: StandardRecord) -> dict[str, Json]:
    return {
        "title": standard.title,
        "level": standard.level.value,
        "scdl": standard.scdl,
        "priority": standard.priority,
        "concerns": list(standard.concerns),
        "issuer": standard.issuer,
        "homepage": standard.homepage,
        "description": standard.description,
        "dataset_defaults": dict(standard.dataset_defaults),
    }


def _version_columns(version: VersionRecord) -> dict[str, Json]:
    return {
        "kind": version.kind.value,
        "published_on": version.dates.published_on,
        "due_on": version.dates.due_on,
        "adopted_on": version.dates.adopted_on,
        "legal_reference": version.legal_reference,
        "schema": None if version.schema is None else dict(version.schema),
        "source_url": version.source_url,
        "comments_until": version.comments_until,
    }


def _told(standard: StandardRecord) -> dict[str, Json]:
    return {"name": standard.name, **_columns(standard)}


def _version_told(version: VersionRecord) -> dict[str, Json]:
    # The journal tells the dates; a published schema stands in its own table for ever.
    columns = _version_columns(version)
    del columns["schema"]
    days = {name: clock.iso(value) for name, value in columns.items() if isinstance(value, date)}
    return {"version": version.version, **columns, **days}


def _journal(
    actor: journal.Actor,
    action: str,
    standard_id: str,
    now: datetime,
    before: Mapping[str, Json] | None = None,
    after: Mapping[str, Json] | None = None,
) -> None:
    journal.record(actor, action, journal.Subject("standard", standard_id), now, before, after)


def _name_taken(name: str) -> Message:
    return Message(N_("There is a standard {name} already: choose another name."), {"name": name})


def _version_taken(name: str, version: str) -> Message:
    return Message(
        N_("The standard {name} has a version {version} already: give this one another number."),
        {"name": name, "version": version},
    )


def _day_taken(other: VersionRecord) -> Message:
    return Message(
        N_(
            "Version {version} was published on {day} already: two versions of a standard cannot "
            "share a day. Choose another one."
        ),
        {"version": other.version, "day": other.dates.published_on},
    )


_LEVEL_STAYS = Message(
    N_(
        "A version of this standard is published: its level cannot change any more. Make another "
        "standard, or adopt the version."
    )
)
