"""The transitions of a copy that is followed: probed, confirmed by a person, taken up again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from ..journal import service as journal
from ..messages import N_, Message, RuleError
from . import followup_rules as rules
from . import service
from .followups import FOLLOWED
from .kinds import FollowupState
from .model import Followup, Platform, Withdrawal, WithdrawalItem
from .probing.model import Evidence

_KEPT_OF_COPY = ("page", "key")
"""What was seen of a copy stays in its evidence when a later probe does not see it."""


class FollowupNotFoundError(Exception):
    """There is no line of a copy of that identifier."""


def confirm(followup_id: str, note: str | None, actor: journal.Actor, now: datetime) -> None:
    """Record that a person says that a copy is gone.

    Args:
        followup_id: the line of the copy.
        note: how they know.
        actor: who says so.
        now: the moment, with a zone.

    Raises:
        FollowupNotFoundError: there is no such line.
        RuleError: it is settled already, or its item is restored.
    """
    line, request = _locked(followup_id)
    if line.state != FollowupState.PENDING.value:
        raise RuleError("state", _SETTLED)
    line.state = FollowupState.CONFIRMED.value
    line.settled_at = now
    line.settled_by = actor.user_id
    line.note = note
    line.next_probe_at = None
    service.journal_step(
        actor, "copy_confirmed", request, now, {"platform": _name(line), "copies": 1}
    )
    service.settle(request.id, now)
    model.Session.commit()


def take_up(followup_id: str, note: str | None, actor: journal.Actor, now: datetime) -> None:
    """Follow a copy again that was thought to be gone.

    Args:
        followup_id: the line of the copy.
        note: why.
        actor: who takes it up.
        now: the moment, with a zone.

    Raises:
        FollowupNotFoundError: there is no such line.
        RuleError: it is followed already, or its item is restored.
    """
    line, request = _locked(followup_id)
    if line.state == FollowupState.PENDING.value:
        raise RuleError("state", _PENDING)
    line.state = FollowupState.PENDING.value
    line.settled_at = None
    line.settled_by = None
    line.note = note
    line.probes = 0
    line.next_probe_at = now
    service.journal_step(
        actor, "copy_pending", request, now, {"platform": _name(line), "copies": 1}
    )
    service.settle(request.id, now)
    model.Session.commit()


def record(withdrawal_id: str, seen: Mapping[str, Evidence], now: datetime) -> int:
    """Keep what probes saw of copies of one request, in one transaction.

    Args:
        withdrawal_id: the request.
        seen: the evidence, by the identifier of the line.
        now: the moment, with a zone.

    Returns:
        How many copies are gone.
    """
    request = _locked_request(withdrawal_id)
    lines = model.Session.scalars(
        sa.select(Followup)
        .where(Followup.id.in_(list(seen)), Followup.state == FollowupState.PENDING.value)
        .execution_options(populate_existing=True)
    ).all()
    gone: Counter[str] = Counter()
    for line in lines:
        _write(line, seen[line.id], now)
        if line.state == FollowupState.GONE.value:
            gone[line.platform_id] += 1
    for platform in model.Session.scalars(sa.select(Platform).where(Platform.id.in_(list(gone)))):
        details = {"platform": platform.name, "copies": gone[platform.id]}
        service.journal_step(journal.PORTAL, "copies_gone", request, now, details)
    service.settle(request.id, now)
    model.Session.commit()
    return sum(gone.values())


def _write(line: Followup, evidence: Evidence, now: datetime) -> None:
    kept = {key: value for key in _KEPT_OF_COPY if (value := (line.evidence or {}).get(key))}
    told = {
        key: value
        for key, value in evidence.as_dict().items()
        if value is not None or key not in kept
    }
    line.evidence = {**kept, **told}
    line.probes += 1
    if evidence.found is False:
        line.state = FollowupState.GONE.value
        line.settled_at = now
        line.next_probe_at = None
        return
    if evidence.found:
        line.seen_at = now
    line.next_probe_at = rules.next_probe_at(line.probes, now)


def _locked(followup_id: str) -> tuple[Followup, Withdrawal]:
    """A line and its request; the request first, as everybody locks them in this order."""
    found = model.Session.execute(
        sa.select(WithdrawalItem.withdrawal_id, WithdrawalItem.state)
        .join(Followup, Followup.item_id == WithdrawalItem.id)
        .where(Followup.id == followup_id)
    ).first()
    if found is None:
        raise FollowupNotFoundError(followup_id)
    if found.state not in FOLLOWED:
        raise RuleError("id", _RESTORED)
    request = _locked_request(found.withdrawal_id)
    line = model.Session.get(Followup, followup_id, populate_existing=True)
    if line is None:
        raise FollowupNotFoundError(followup_id)
    return line, request


def _locked_request(withdrawal_id: str) -> Withdrawal:
    return model.Session.scalars(
        sa.select(Withdrawal)
        .where(Withdrawal.id == withdrawal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _name(line: Followup) -> str:
    platform = model.Session.get(Platform, line.platform_id)
    return platform.name if platform else line.platform_id


_SETTLED = Message(N_("This copy is settled already: take it up again first if it is still there."))
_PENDING = Message(N_("This copy is followed already: there is nothing to take up again."))
_RESTORED = Message(N_("What this line follows was restored: its copies are no longer followed."))
