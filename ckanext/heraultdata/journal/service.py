"""Writing a line of the journal within the transaction of the change, and reading lines back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from .model import JournalEntry


@dataclass(frozen=True)
class Actor:
    """The person who acts; both are None for the portal itself (a periodic job, a migration)."""

    user_id: str | None
    user_name: str | None


PORTAL = Actor(user_id=None, user_name=None)


@dataclass(frozen=True)
class Subject:
    """What the change was made to, and the organisation it belongs to, if any."""

    type: str
    id: str
    organization_id: str | None = None


@dataclass(frozen=True)
class JournalFilter:
    """Which lines to read; a None filters nothing."""

    organization_id: str | None = None
    subject_type: str | None = None
    subject_id: str | None = None


def record(
    actor: Actor,
    action: str,
    subject: Subject,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add a line to the session; it is written with the transaction of the change or not at all.

    Args:
        actor: who acts.
        action: what was done, as `<noun>.<verb>`, for instance `convention.signed`.
        subject: what it was done to.
        now: the moment, with a zone.
        before: what stood there, ready for JSON, without the personal data of a référent.
        after: what stands there now, likewise.
    """
    model.Session.add(
        JournalEntry(
            recorded_at=now,
            user_id=actor.user_id,
            user_name=actor.user_name,
            action=action,
            subject_type=subject.type,
            subject_id=subject.id,
            organization_id=subject.organization_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )


def entries(
    journal_filter: JournalFilter, limit: int, offset: int
) -> tuple[int, list[JournalEntry]]:
    """How many lines there are, and a page of them, the newest first."""
    conditions = [
        getattr(JournalEntry, name) == value
        for name, value in vars(journal_filter).items()
        if value is not None
    ]
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(JournalEntry).where(*conditions)
    )
    lines = model.Session.scalars(
        sa.select(JournalEntry)
        .where(*conditions)
        .order_by(sa.desc(JournalEntry.id))
        .limit(limit)
        .offset(offset)
    ).all()
    return count or 0, list(lines)
