"""The probes that are due, a platform at a time; one that is down delays no other."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from .. import config
from . import followup_service, seeking
from .followups import FOLLOWED
from .kinds import FollowupState, PlatformKind
from .model import Followup, Platform, WithdrawalItem
from .probing.asking import Asker
from .probing.model import Evidence
from .probing.probe import platform_at, probe

log = logging.getLogger(__name__)

_MOST_LINES = 5000
_SECONDS_OF_PLATFORM = 300.0
_DOWN_AFTER = 2
"""Probes of a platform out of order after which a platform is left alone until the next run."""
_LINES_AT_ONCE = 50


@dataclass(frozen=True)
class Due:
    """A copy that is to be asked for."""

    followup_id: str
    withdrawal_id: str
    item_id: str
    key: str | None


def probe_due(now: datetime, say: Callable[[str], None] | None = None) -> int:
    """Ask the platforms for the copies that are due.

    Args:
        now: the moment, with a zone.
        say: told how far the work is.

    Returns:
        How many copies were found to be gone.
    """
    gone = 0
    for platform_id, due in _due(now).items():
        try:
            gone += _probe_platform(platform_id, due, now, say or (lambda _: None))
        except Exception:
            # What one platform answers stops the probes of no other.
            model.Session.rollback()
            log.exception("The copies at platform %s were not all asked for", platform_id)
    return gone


def _due(now: datetime) -> dict[str, list[Due]]:
    rows = model.Session.execute(
        sa.select(
            Followup.id,
            Followup.platform_id,
            Followup.item_id,
            WithdrawalItem.withdrawal_id,
            Followup.evidence,
        )
        .join(WithdrawalItem, WithdrawalItem.id == Followup.item_id)
        .where(
            Followup.next_probe_at <= now,
            Followup.state == FollowupState.PENDING.value,
            WithdrawalItem.state.in_(FOLLOWED),
        )
        .order_by(Followup.next_probe_at, WithdrawalItem.withdrawal_id, Followup.id)
        .limit(_MOST_LINES)
    )
    found: dict[str, list[Due]] = defaultdict(list)
    for row in rows:
        key = (row.evidence or {}).get("key")
        found[row.platform_id].append(Due(row.id, row.withdrawal_id, row.item_id, key))
    return found


def _probe_platform(
    platform_id: str, due: Sequence[Due], now: datetime, say: Callable[[str], None]
) -> int:
    row = model.Session.get(Platform, platform_id)
    if row is None:
        return 0
    name = row.name
    platform = platform_at(
        PlatformKind(row.kind), row.url, Asker(allow_private=config.fetch_private_addresses())
    )
    ends_at = time.monotonic() + _SECONDS_OF_PLATFORM
    unanswered = 0
    gone = 0
    for start in range(0, len(due), _LINES_AT_ONCE):
        some = due[start : start + _LINES_AT_ONCE]
        sought = seeking.sought({each.item_id: each.key for each in some})
        # Nothing of the database is held while somebody else's server takes its time.
        model.Session.rollback()
        seen: dict[str, Evidence] = {}
        for each in some:
            if unanswered >= _DOWN_AFTER or time.monotonic() >= ends_at:
                break
            seen[each.followup_id] = probe(platform, sought[each.item_id], now)
            unanswered = unanswered + 1 if seen[each.followup_id].is_down else 0
        gone += _record(some, seen, now)
        say(f"{name}: {start + len(seen)}/{len(due)}")
        if len(seen) < len(some):
            break
    return gone


def _record(due: Sequence[Due], seen: dict[str, Evidence], now: datetime) -> int:
    by_request: dict[str, dict[str, Evidence]] = defaultdict(dict)
    for each in due:
        if each.followup_id in seen:
            by_request[each.withdrawal_id][each.followup_id] = seen[each.followup_id]
    return sum(followup_service.record(id_, some, now) for id_, some in by_request.items())
