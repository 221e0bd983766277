"""The transitions of a request: asked, confirmed, executed, declared inadmissible, undone.

Each function locks, checks, writes and journals in one transaction; what the index, the file
store and the people follow comes after the commit. Design, section 2, “Withdrawal”; articles 7
and 9.1 of the convention.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.exc import IntegrityError

from .. import clock, config
from ..journal import service as journal
from ..messages import RuleError
from ..partners import service as partners
from . import closing, covering, erasing, followups, refusals, requests, rules, telling, work
from .covering import Covered
from .kinds import ItemState, State
from .model import Withdrawal, WithdrawalItem, WithdrawalPaper
from .requests import RequestRecord
from .rules import NewRequest

_REFERENCES = 0x48657261
"""The key of the lock under which references are allotted."""
_LIVE_INDEX = "heraultdata_withdrawal_item_live"


@dataclass(frozen=True)
class NewPaper:
    """A letter, a scan or a message to keep with a request, checked already."""

    file_name: str
    media_type: str
    content: bytes = field(repr=False)


def create(
    new: NewRequest, actor: journal.Actor, now: datetime, papers: Iterable[NewPaper] = ()
) -> str:
    """Record a request; an urgent one closes access in the same transaction.

    Args:
        new: what is asked for.
        actor: who records it.
        now: the moment, with a zone.
        papers: what it was asked with.

    Returns:
        The identifier of the request.

    Raises:
        RuleError: the rules do not allow it; nothing is written.
    """
    rules.refuse_asking(new, clock.date_in_paris(now))
    partners.lock(new.organization_id)
    partners.require_partner(new.organization_id)
    covered = covering.covered_by(new.scope, new.organization_id, new.package_ids, new.resource_ids)
    row = _new_row(new, actor, now)
    model.Session.add(row)
    model.Session.flush()
    item_ids = _add_items(row.id, covered)
    _keep(row.id, papers, now)
    journal_step(actor, "received", row, now, _told(new, row.reference, len(covered)))
    if new.urgent:
        closing.close(item_ids, ItemState.SUSPENDED, now)
        row.suspended_at = now
        journal_step(actor, "suspended", row, now, {"items": len(covered)})
    withdrawal_id = row.id
    _commit(withdrawal_id)
    return withdrawal_id


def confirm(
    withdrawal_id: str,
    confirmed_on: date,
    note: str | None,
    actor: journal.Actor,
    now: datetime,
    papers: Iterable[NewPaper] = (),
) -> None:
    """Record the writing that follows a call (article 7).

    Args:
        withdrawal_id: the request.
        confirmed_on: the day of the writing.
        note: what the département writes about it for itself.
        actor: who records it.
        now: the moment, with a zone.
        papers: the writing.

    Raises:
        WithdrawalNotFoundError: there is no such request.
        RuleError: it waits for no writing, or not for one of that day.
    """
    row, request = _locked(withdrawal_id)
    rules.refuse_confirming(request.standing, confirmed_on, clock.date_in_paris(now))
    row.confirmed_on = confirmed_on
    row.confirmation_note = note
    _keep(row.id, papers, now)
    journal_step(actor, "confirmed", row, now, {"confirmed_on": confirmed_on.isoformat()})
    _commit(request.id)


def execute(withdrawal_id: str, actor: journal.Actor, now: datetime) -> None:
    """Withdraw all the items of a request, or none.

    Args:
        withdrawal_id: the request.
        actor: who executes it.
        now: the moment, with a zone.

    Raises:
        WithdrawalNotFoundError: there is no such request.
        RuleError: it is over, or a call that nothing in writing confirms.
    """
    row, request = _locked(withdrawal_id)
    rules.refuse_executing(request.standing)
    _refuse_moved(request)
    closing.close([item.id for item in request.items], ItemState.WITHDRAWN, now)
    row.state = State.EXECUTED.value
    row.executed_at = now
    journal_step(actor, "executed", row, now, {"items": len(request.items)})
    model.Session.flush()
    followups.open_for(request.id, now)
    settle(request.id, now)
    _commit(request.id)


def reject(withdrawal_id: str, reason: str, actor: journal.Actor, now: datetime) -> None:
    """Declare a request inadmissible, which lifts a suspension.

    Args:
        withdrawal_id: the request.
        reason: why, which the partner reads.
        actor: who decides.
        now: the moment, with a zone.

    Raises:
        WithdrawalNotFoundError: there is no such request.
        RuleError: it is over.
    """
    row, request = _locked(withdrawal_id)
    row.decision_reason = reason
    _end(row, request, State.INADMISSIBLE, actor, now)


def cancel(withdrawal_id: str, actor: journal.Actor, now: datetime) -> None:
    """Take a request back before its execution, which lifts a suspension.

    Args:
        withdrawal_id: the request.
        actor: who takes it back.
        now: the moment, with a zone.

    Raises:
        WithdrawalNotFoundError: there is no such request.
        RuleError: it is over.
    """
    row, request = _locked(withdrawal_id)
    _end(row, request, State.CANCELLED, actor, now)


def restore(
    withdrawal_id: str, item_ids: Collection[str], actor: journal.Actor, now: datetime
) -> None:
    """Put items back exactly as they were, which lifts an order to erase.

    Args:
        withdrawal_id: the request.
        item_ids: the items of it to put back.
        actor: who puts them back.
        now: the moment, with a zone.

    Raises:
        WithdrawalNotFoundError: there is no such request.
        RuleError: one of them is not of this request or not withdrawn, or it is too late.
    """
    row, request = _locked(withdrawal_id)
    wanted = set(item_ids)
    items = [item for item in request.items if item.id in wanted]
    if len(items) != len(wanted):
        raise RuleError("item_ids", refusals.ITEMS_OF_ANOTHER_REQUEST)
    states = [item.state for item in items]
    rules.refuse_restoring(request.standing, states, clock.date_in_paris(now))
    closing.reopen([item.id for item in items], ItemState.RESTORED, now)
    row.erase_on = None
    journal_step(actor, "restored", row, now, {"items": len(items)})
    model.Session.flush()
    settle(request.id, now)
    _commit(request.id)


def order_erasure(withdrawal_id: str, reference: str, actor: journal.Actor, now: datetime) -> None:
    """Order that what is withdrawn be destroyed after the delay of the setting.

    Args:
        withdrawal_id: the request.
        reference: its reference, typed again.
        actor: who orders it.
        now: the moment, with a zone.

    Raises:
        WithdrawalNotFoundError: there is no such request.
        RuleError: the reference is another one, or there is nothing to destroy.
    """
    row, request = _locked(withdrawal_id)
    states = [item.state for item in request.items]
    rules.refuse_erasing(request.standing, states, reference)
    delay = timedelta(days=config.erase_delay_days())
    erase_on = clock.date_in_paris(now) + delay
    row.erase_on = erase_on
    journal_step(actor, "erase_ordered", row, now, {"erase_on": erase_on.isoformat()})
    _commit(request.id)
    if not delay:
        erasing.erase_due(now)


def settle(withdrawal_id: str, now: datetime) -> None:
    """Close an executed request without a copy left, or open it again; commits nothing.

    Args:
        withdrawal_id: the request.
        now: the moment, with a zone.
    """
    model.Session.flush()
    row = model.Session.scalars(
        sa.select(Withdrawal)
        .where(
            Withdrawal.id == withdrawal_id,
            Withdrawal.state.in_([state.value for state in rules.EXECUTED]),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        return
    state = State.EXECUTED if followups.has_pending(withdrawal_id) else State.CLOSED
    if row.state == state.value:
        return
    row.state = state.value
    row.closed_at = now if state is State.CLOSED else None
    verb = "closed" if state is State.CLOSED else "reopened"
    journal_step(journal.PORTAL, verb, row, now, {})


def journal_step(
    actor: journal.Actor, verb: str, row: Withdrawal, now: datetime, after: dict[str, object]
) -> None:
    """Write a step of a request into the journal; no commit.

    Args:
        actor: who takes it.
        verb: the step, such as `executed`.
        row: the request.
        now: the moment, with a zone.
        after: what there is to know of it, never the free text nor a title.
    """
    subject = journal.Subject("withdrawal", row.id, row.organization_id)
    journal.record(actor, f"withdrawal.{verb}", subject, now, after=after)


def _refuse_moved(request: RequestRecord) -> None:
    """Refuse to withdraw what another organisation publishes by now."""
    package = model.package_table.c
    moved = model.Session.scalars(
        sa.select(package.title)
        .where(
            package.id.in_([item.package_id for item in request.items]),
            package.owner_org != request.organization_id,
        )
        .order_by(package.title)
    ).all()
    if moved:
        raise RuleError("id", refusals.moved(moved))


def _new_row(new: NewRequest, actor: journal.Actor, now: datetime) -> Withdrawal:
    return Withdrawal(
        id=make_uuid(),
        reference=_next_reference(new.received_on.year),
        organization_id=new.organization_id,
        organization_title=partners.title_of(new.organization_id) or new.organization_id,
        scope=new.scope.value,
        reason_class=new.reason_class.value,
        reason=new.reason,
        urgent=new.urgent,
        channel=new.channel.value,
        initiative=new.initiative.value,
        received_on=new.received_on,
        state=State.RECEIVED.value,
        created_at=now,
        created_by=actor.user_id,
    )


def _next_reference(year: int) -> str:
    """The next reference of a year of receipt; nobody else is given one until the commit."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(_REFERENCES)))
    start = f"R-{year:04d}-"
    number = sa.cast(sa.func.substr(Withdrawal.reference, len(start) + 1), sa.Integer)
    last = model.Session.scalar(
        sa.select(sa.func.max(number)).where(Withdrawal.reference.startswith(start))
    )
    return f"{start}{(last or 0) + 1:04d}"


def _add_items(withdrawal_id: str, covered: Sequence[Covered]) -> list[str]:
    rows = [
        {
            "id": make_uuid(),
            "withdrawal_id": withdrawal_id,
            "package_id": each.package_id,
            "resource_id": each.resource_id,
            "name": each.name,
            "title": each.title,
            "resource_name": each.resource_name,
            "state": ItemState.ASKED.value,
            "was_state": each.state,
            "was_public": each.is_public,
        }
        for each in covered
    ]
    try:
        model.Session.execute(sa.insert(WithdrawalItem.__table__), rows)
    except IntegrityError as error:
        # The partner is locked: only what writes past this service comes here.
        if _LIVE_INDEX not in str(error.orig):
            raise
        raise RuleError("package_ids", refusals.ASKED_AT_ONCE) from error
    return [row["id"] for row in rows]


def _keep(withdrawal_id: str, papers: Iterable[NewPaper], now: datetime) -> None:
    model.Session.add_all(
        WithdrawalPaper(
            id=make_uuid(),
            withdrawal_id=withdrawal_id,
            file_name=paper.file_name,
            media_type=paper.media_type,
            size=len(paper.content),
            content=paper.content,
            created_at=now,
        )
        for paper in papers
    )


def _locked(id_or_reference: str) -> tuple[Withdrawal, RequestRecord]:
    """The row of a request, which nobody else writes until the commit, and what it says."""
    row = model.Session.scalars(
        sa.select(Withdrawal)
        .where(sa.or_(Withdrawal.id == id_or_reference, Withdrawal.reference == id_or_reference))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise requests.WithdrawalNotFoundError(id_or_reference)
    return row, requests.get(row.id)


def _end(
    row: Withdrawal, request: RequestRecord, state: State, actor: journal.Actor, now: datetime
) -> None:
    rules.refuse_ending(request.standing)
    suspended = [item.id for item in request.items if item.state is ItemState.SUSPENDED]
    if suspended:
        closing.reopen(suspended, ItemState.RELEASED, now)
    model.Session.execute(
        sa.update(WithdrawalItem)
        .where(
            WithdrawalItem.withdrawal_id == request.id,
            WithdrawalItem.state == ItemState.ASKED.value,
        )
        .values(state=ItemState.RELEASED.value)
    )
    row.state = state.value
    verb = "cancelled" if state is State.CANCELLED else "rejected"
    journal_step(actor, verb, row, now, {"items": len(request.items)})
    _commit(request.id)


def _commit(withdrawal_id: str) -> None:
    model.Session.commit()
    # Datasets and files were changed by set, past what the session holds of them.
    model.Session.expire_all()
    work.start()
    telling.start(withdrawal_id)


def _told(new: NewRequest, reference: str, items: int) -> dict[str, object]:
    """What the journal keeps of a request: never the free text, nor a title."""
    return {
        "reference": reference,
        "scope": new.scope.value,
        "reason_class": new.reason_class.value,
        "urgent": new.urgent,
        "channel": new.channel.value,
        "initiative": new.initiative.value,
        "received_on": new.received_on.isoformat(),
        "items": items,
    }
