"""Copies of what is withdrawn at other platforms: one line for each, until it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.sql import Select

from .. import clock
from . import followup_rules as rules
from .kinds import FollowupState, ItemState, PlatformKind
from .model import Followup, Platform, WithdrawalItem

FOLLOWED = (ItemState.WITHDRAWN.value, ItemState.ERASED.value)
"""States of the items whose copies are followed: what was restored may be copied."""

_OPEN = sa.text(
    """
    INSERT INTO heraultdata_followup (id, item_id, platform_id, state, opened_at, probes,
                                      next_probe_at)
    SELECT CAST(md5(item.id || platform.id) AS uuid)::text, item.id, platform.id, 'pending',
           :now, 0, :next
    FROM heraultdata_withdrawal_item AS item CROSS JOIN heraultdata_platform AS platform
    WHERE item.withdrawal_id = :withdrawal_id AND item.state = 'withdrawn'
    AND platform.deleted_at IS NULL
    AND (item.was_public OR EXISTS (
        SELECT FROM heraultdata_been_public AS public WHERE public.package_id = item.package_id))
    ON CONFLICT (item_id, platform_id) DO NOTHING
    """
)


@dataclass(frozen=True)
class FollowupRecord:
    """A copy that is followed.

    Attributes:
        platform: name of the platform.
        evidence: the last probe, as `probing.model.Evidence` writes it; None before the first.
        seen_at: when the copy was last seen there; None where it never was.
    """

    id: str
    withdrawal_id: str
    item_id: str
    package_id: str
    resource_id: str | None
    title: str
    resource_name: str | None
    platform_id: str
    platform: str
    kind: PlatformKind
    state: FollowupState
    opened_at: datetime
    probes: int
    next_probe_at: datetime | None
    evidence: dict[str, Any] | None
    seen_at: datetime | None
    settled_at: datetime | None
    settled_by: str | None
    note: str | None

    @classmethod
    def of(cls, row: Any) -> FollowupRecord:  # noqa: ANN401 - a row has no type on SQLAlchemy 1.4
        """The record of a row of `records`."""
        line: Followup = row[0]
        item: WithdrawalItem = row[1]
        return cls(
            id=line.id,
            withdrawal_id=item.withdrawal_id,
            item_id=item.id,
            package_id=item.package_id,
            resource_id=item.resource_id,
            title=item.title,
            resource_name=item.resource_name,
            platform_id=line.platform_id,
            platform=row[2],
            kind=PlatformKind(row[3]),
            state=FollowupState(line.state),
            opened_at=line.opened_at,
            probes=line.probes,
            next_probe_at=line.next_probe_at,
            evidence=line.evidence,
            seen_at=line.seen_at,
            settled_at=line.settled_at,
            settled_by=line.settled_by,
            note=line.note,
        )

    def days(self, today: date) -> int:
        """How many days the copy outlived the withdrawal, so far or until it was settled.

        Args:
            today: the date in Paris.
        """
        end = clock.date_in_paris(self.settled_at) if self.settled_at else today
        return rules.days_there(clock.date_in_paris(self.opened_at), end)


def open_for(withdrawal_id: str, now: datetime) -> None:
    """Follow the copies of what a request withdrew, at each platform known; commits nothing.

    What never was public has no copies, and its title is nobody's business.

    Args:
        withdrawal_id: the request, whose items are withdrawn in this transaction.
        now: the moment of the execution, with a zone.
    """
    model.Session.flush()
    model.Session.execute(
        _OPEN,
        {"withdrawal_id": withdrawal_id, "now": now, "next": rules.next_probe_at(0, now)},
    )


def has_pending(withdrawal_id: str) -> bool:
    """Whether a copy of a request is not settled yet; those of restored items do not count."""
    pending = (
        sa.select(Followup.id)
        .join(WithdrawalItem, WithdrawalItem.id == Followup.item_id)
        .where(
            WithdrawalItem.withdrawal_id == withdrawal_id,
            WithdrawalItem.state.in_(FOLLOWED),
            Followup.state == FollowupState.PENDING.value,
        )
    )
    return bool(model.Session.scalar(sa.select(pending.exists())))


def of_request(withdrawal_id: str) -> list[FollowupRecord]:
    """The copies of a request, by title and platform; those of restored items are left out."""
    query = records().where(
        WithdrawalItem.withdrawal_id == withdrawal_id, WithdrawalItem.state.in_(FOLLOWED)
    )
    return [FollowupRecord.of(row) for row in model.Session.execute(query)]


def get(followup_id: str) -> FollowupRecord:
    """Read one line.

    Args:
        followup_id: a line that is there.
    """
    query = records().where(Followup.id == followup_id)
    return FollowupRecord.of(model.Session.execute(query).one())


def as_dict(record: FollowupRecord, today: date) -> dict[str, Any]:
    """A copy as the API answers it.

    Args:
        record: the copy.
        today: the date in Paris.
    """
    return {
        "id": record.id,
        "item_id": record.item_id,
        "title": record.title,
        "resource_name": record.resource_name,
        "platform_id": record.platform_id,
        "platform": record.platform,
        "kind": record.kind.value,
        "state": record.state.value,
        "days": record.days(today),
        "evidence": record.evidence,
        "next_probe_at": _iso(record.next_probe_at),
        "seen_at": _iso(record.seen_at),
        "settled_at": _iso(record.settled_at),
        "settled_by": record.settled_by,
        "note": record.note,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def records() -> Select:
    """Rows of which `FollowupRecord.of` makes records, by title and platform."""
    return (
        sa.select(Followup, WithdrawalItem, Platform.name, Platform.kind)
        .join(WithdrawalItem, WithdrawalItem.id == Followup.item_id)
        .join(Platform, Platform.id == Followup.platform_id)
        .order_by(WithdrawalItem.title, WithdrawalItem.id, Platform.name)
    )
