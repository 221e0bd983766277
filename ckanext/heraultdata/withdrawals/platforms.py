"""The platforms known to copy the catalogue: made, corrected, deleted, and what they still hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from ..journal import service as journal
from ..messages import N_, Message, RuleError
from .followups import FOLLOWED
from .kinds import FollowupState, PlatformKind
from .model import Followup, Platform, WithdrawalItem

_NAMES = 0x506C6174
"""The key of the lock under which names are given."""


class PlatformNotFoundError(Exception):
    """There is no platform of that identifier."""


@dataclass(frozen=True)
class PlatformDetails:
    """What is kept of a platform.

    Attributes:
        url: the address of its home page; for a DCAT catalogue, that of its first page.
        contact_email: who is written to about copies; None where nobody is.
    """

    name: str
    kind: PlatformKind
    url: str
    contact_email: str | None


@dataclass(frozen=True)
class PlatformRecord:
    """A platform.

    Attributes:
        pending: copies there that are not settled.
        seen: those of them that the portal has seen there.
    """

    id: str
    name: str
    kind: PlatformKind
    url: str
    contact_email: str | None
    deleted_at: datetime | None
    pending: int = 0
    seen: int = 0


def find() -> list[PlatformRecord]:
    """The platforms known, and deleted ones that still hold copies, by name, in one query."""
    counts = _counts().subquery()
    query = (
        sa.select(Platform, counts.c.pending, counts.c.seen)
        .outerjoin(counts, counts.c.platform_id == Platform.id)
        .where(sa.or_(Platform.deleted_at.is_(None), counts.c.pending > 0))
        .order_by(Platform.deleted_at.isnot(None), sa.func.lower(Platform.name))
    )
    return [_record(row[0], row[1], row[2]) for row in model.Session.execute(query)]


def get(platform_id: str) -> PlatformRecord:
    """Read one platform, a deleted one too.

    Raises:
        PlatformNotFoundError: there is none of that identifier.
    """
    counts = _counts().subquery()
    row = model.Session.execute(
        sa.select(Platform, counts.c.pending, counts.c.seen)
        .outerjoin(counts, counts.c.platform_id == Platform.id)
        .where(Platform.id == platform_id)
    ).first()
    if row is None:
        raise PlatformNotFoundError(platform_id)
    return _record(row[0], row[1], row[2])


def create(details: PlatformDetails, actor: journal.Actor, now: datetime) -> str:
    """Make a platform known; one that was deleted comes back with its lines.

    Args:
        details: all that is kept of it.
        actor: who makes it known.
        now: the moment, with a zone.

    Returns:
        Its identifier.

    Raises:
        RuleError: another platform has this name.
    """
    deleted = _of_name(details.name)
    if deleted and deleted.deleted_at is None:
        raise RuleError("name", _taken(deleted.name))
    row = deleted or Platform(id=make_uuid(), created_at=now)
    _write(row, details)
    row.deleted_at = None
    model.Session.add(row)
    _journal(actor, "platform.created", row, now)
    model.Session.commit()
    return row.id


def update(platform_id: str, details: PlatformDetails, actor: journal.Actor, now: datetime) -> None:
    """Correct what is kept of a platform.

    Args:
        platform_id: the platform.
        details: all that is kept of it.
        actor: who corrects it.
        now: the moment, with a zone.

    Raises:
        PlatformNotFoundError: there is none, or it is deleted.
        RuleError: another platform has this name.
    """
    namesake = _of_name(details.name)
    row = _to_change(platform_id)
    if namesake and namesake.id != row.id:
        raise RuleError("name", _taken(namesake.name))
    _write(row, details)
    _journal(actor, "platform.updated", row, now)
    model.Session.commit()


def delete(platform_id: str, actor: journal.Actor, now: datetime) -> None:
    """Follow no more copies there; those that are followed already stay so until they are gone.

    Args:
        platform_id: the platform.
        actor: who deletes it.
        now: the moment, with a zone.

    Raises:
        PlatformNotFoundError: there is none, or it is deleted already.
    """
    row = _to_change(platform_id)
    row.deleted_at = now
    _journal(actor, "platform.deleted", row, now)
    model.Session.commit()


def _counts() -> sa.sql.Select:
    return (
        sa.select(
            Followup.platform_id,
            sa.func.count().label("pending"),
            sa.func.count().filter(Followup.seen_at.isnot(None)).label("seen"),
        )
        .join(WithdrawalItem, WithdrawalItem.id == Followup.item_id)
        .where(
            Followup.state == FollowupState.PENDING.value,
            WithdrawalItem.state.in_(FOLLOWED),
        )
        .group_by(Followup.platform_id)
    )


def _of_name(name: str) -> Platform | None:
    """The platform of a name, in capitals or not; nobody else gives a name until the commit."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(_NAMES)))
    found: Sequence[Platform] = model.Session.scalars(
        sa.select(Platform)
        .where(sa.func.lower(Platform.name) == name.lower())
        .order_by(Platform.deleted_at.isnot(None))
        .execution_options(populate_existing=True)
    ).all()
    return found[0] if found else None


def _to_change(platform_id: str) -> Platform:
    found = model.Session.scalars(
        sa.select(Platform)
        .where(Platform.id == platform_id, Platform.deleted_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise PlatformNotFoundError(platform_id)
    return found


def _write(row: Platform, details: PlatformDetails) -> None:
    row.name = details.name
    row.kind = details.kind.value
    row.url = details.url
    row.contact_email = details.contact_email


def _taken(name: str) -> Message:
    return Message(
        N_("There is a platform of the name {name} already: correct that one, or choose another."),
        {"name": name},
    )


def _journal(actor: journal.Actor, action: str, row: Platform, now: datetime) -> None:
    # The address of the contact may be a person's: the journal is never erased.
    after = {"name": row.name, "kind": row.kind, "url": row.url}
    journal.record(actor, action, journal.Subject("platform", row.id), now, after=after)


def _record(row: Platform, pending: int | None, seen: int | None) -> PlatformRecord:
    return PlatformRecord(
        id=row.id,
        name=row.name,
        kind=PlatformKind(row.kind),
        url=row.url,
        contact_email=row.contact_email,
        deleted_at=row.deleted_at,
        pending=pending or 0,
        seen=seen or 0,
    )
