"""The mails about withdrawals: what each step of a request tells, and to whom.

A line comes of a step that the journal holds, so that it goes once, whenever it can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import ckan.model as model
import sqlalchemy as sa

from .. import clock, config
from ..journal.model import JournalEntry
from ..mailing.letters import Line, Paragraph, Recipient
from ..mailing.service import department_recipients
from . import mail_words, requests, rules, tray
from .kinds import Channel, Initiative, State
from .mail_readers import Readers
from .requests import RequestFilter, RequestRecord

_STILL_TOLD = timedelta(days=30)
"""What could not be sent for so long is no news any more."""
_STEPS: dict[str, Callable[[RequestRecord, datetime], Paragraph]] = {
    "suspended": mail_words.suspended,
    "executed": mail_words.executed,
    "rejected": mail_words.rejected,
    "cancelled": mail_words.cancelled,
    "restored": mail_words.restored,
    "erased": mail_words.erased,
}
"""What the partner and who asked are told, by the verb of the journal; not so the receipt."""


@dataclass(frozen=True)
class _Step:
    """A step of a request: the verb and the identifier of its line in the journal."""

    request: RequestRecord
    verb: str
    entry_id: int
    at: datetime
    with_receipt: bool
    """Whether it was taken as the request came in, so that the receipt tells it."""

    def line(
        self,
        recipient: Recipient,
        kind: str,
        tell: Callable[[], Paragraph],
        *,
        is_legal: bool = True,
    ) -> Line:
        """A line about it."""
        return Line(
            recipient,
            f"withdrawal_{kind}",
            str(self.entry_id),
            clock.date_in_paris(self.at),
            is_legal=is_legal,
            tell=tell,
            at_once=True,
        )


def lines(today: date, now: datetime) -> Iterator[Line]:
    """All that is to be told about withdrawals, sent already or not.

    Args:
        today: the date in Paris.
        now: the moment, with a zone.
    """
    yield from _of_steps(_steps(now))
    yield from tray_lines(today)
    yield from _overdue(today)


def lines_of(withdrawal_id: str, now: datetime) -> Iterator[Line]:
    """All that is to be told about one request, sent already or not.

    Args:
        withdrawal_id: the request.
        now: the moment, with a zone.
    """
    yield from _of_steps(_steps(now, withdrawal_id))


def tray_lines(today: date) -> Iterator[Line]:
    """That messages wait in the tray, once a day on which one came, whatever their number.

    Args:
        today: the date in Paris.
    """
    last = tray.last_to_be_told()
    if last is None:
        return
    came_on = clock.date_in_paris(last)
    if today - came_on > _STILL_TOLD:
        return
    for recipient in department_recipients():
        yield Line(
            recipient,
            "withdrawal_messages",
            "",
            came_on,
            is_legal=False,
            tell=mail_words.messages,
            at_once=True,
        )


def _steps(now: datetime, withdrawal_id: str | None = None) -> list[_Step]:
    query = sa.select(
        JournalEntry.id, JournalEntry.subject_id, JournalEntry.action, JournalEntry.recorded_at
    ).where(
        JournalEntry.subject_type == "withdrawal",
        JournalEntry.action.in_([f"withdrawal.{verb}" for verb in ("received", *_STEPS)]),
        JournalEntry.recorded_at > now - _STILL_TOLD,
    )
    if withdrawal_id is not None:
        query = query.where(JournalEntry.subject_id == withdrawal_id)
    rows = model.Session.execute(query.order_by(JournalEntry.id)).all()
    if not rows:
        return []
    _, found = requests.find(RequestFilter(ids={row.subject_id for row in rows}))
    by_id = {request.id: request for request in found}
    return [
        _Step(
            request=by_id[row.subject_id],
            verb=row.action.removeprefix("withdrawal."),
            entry_id=row.id,
            at=row.recorded_at,
            with_receipt=row.recorded_at == by_id[row.subject_id].created_at,
        )
        for row in rows
        if row.subject_id in by_id
    ]


def _of_steps(steps: list[_Step]) -> Iterator[Line]:
    if not steps:
        return
    readers = Readers(list({step.request.id: step.request for step in steps}.values()))
    department = department_recipients()
    says_urgent = tray.said_urgent([step.request.id for step in steps])
    for step in steps:
        if step.verb == "received":
            yield from _received(step, readers, department, step.request.id in says_urgent)
        else:
            yield from _taken(step, readers, department)


def _received(
    step: _Step, readers: Readers, department: list[Recipient], says_urgent: bool
) -> Iterator[Line]:
    notice = partial(mail_words.notice, step.request, says_urgent=says_urgent)
    for recipient in department:
        yield step.line(recipient, "notice", notice)
    if step.request.initiative is Initiative.DEPARTMENT:
        kind, tell = "decision", partial(mail_words.decision, step.request)
    else:
        kind, tell = "receipt", partial(mail_words.receipt, step.request)
    for recipient in _told_of_receipt(step, readers):
        yield step.line(recipient, kind, tell)


def _told_of_receipt(step: _Step, readers: Readers) -> list[Recipient]:
    """Who asked; the partner too where it cannot be sure that it is known who did."""
    request = step.request
    found = readers.askers(request)
    if request.channel is not Channel.PORTAL or request.initiative is Initiative.DEPARTMENT:
        found = [*readers.of_partner(request, step.at), *found]
    return _each_once(found)


def _taken(step: _Step, readers: Readers, department: list[Recipient]) -> Iterator[Line]:
    request = step.request
    told = _each_once([*readers.of_partner(request, step.at), *readers.askers(request)])
    known = {recipient.key for recipient in told}
    if step.verb == "suspended" and step.with_receipt:
        by_receipt = {recipient.key for recipient in _told_of_receipt(step, readers)}
        told = [recipient for recipient in told if recipient.key not in by_receipt]
    if step.verb == "cancelled":
        told = _each_once([*told, *department])
    tell = partial(_STEPS[step.verb], request, step.at)
    for recipient in told:
        yield step.line(recipient, step.verb, tell)
    if step.verb != "executed":
        return
    for follower in readers.followers(request):
        if follower.recipient.key not in known:
            followed = partial(mail_words.followed, request, follower.items)
            yield step.line(follower.recipient, "followed", followed, is_legal=False)


def _each_once(recipients: Iterable[Recipient]) -> list[Recipient]:
    by_key: dict[str, Recipient] = {}
    for recipient in recipients:
        by_key.setdefault(recipient.key, recipient)
    return list(by_key.values())


def _overdue(today: date) -> Iterator[Line]:
    """With the digest of the week: the requests past their target delay."""
    _, waiting = requests.find(RequestFilter(states=[State.RECEIVED]))
    target = config.withdrawal_target_days()
    late = [each for each in waiting if rules.due_on(each.received_on, target) < today]
    if not late:
        return
    monday = today - timedelta(days=today.weekday())
    for recipient in department_recipients():
        yield Line(
            recipient,
            "withdrawal_overdue",
            "",
            monday,
            is_legal=False,
            tell=partial(mail_words.overdue, late, target),
        )
