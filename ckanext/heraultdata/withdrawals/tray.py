"""The tray of mails that wait for a person, and what became of each mail that came."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import insert

from ..journal import service as journal
from ..messages import N_, Message, RuleError, Spoken
from ..validators import is_keepable
from .incoming_rules import AUTOMATIC, Incoming
from .model import Withdrawal, WithdrawalMessage

_NOT_READ = Message(
    N_("The portal was stopped while it read this message: it may be read again in a moment.")
)


class MessageNotFoundError(Exception):
    """There is no message of that identifier in the tray."""


@dataclass(frozen=True)
class TrayLine:
    """A message that waits, without its bytes; `size` in bytes."""

    id: str
    sender: str
    subject: str
    why: Message
    says_urgent: bool
    organization_id: str | None
    size: int
    received_at: datetime


def take_in(message: Incoming, content: bytes, now: datetime) -> str | None:
    """Keep a message before anything is made of it.

    Args:
        message: what was read of it.
        content: its bytes.
        now: the moment, with a zone.

    Returns:
        Its identifier; None where it came before and was dealt with. One that came before while
        the portal was stopped in the middle is dealt with again.
    """
    table = WithdrawalMessage.__table__
    model.Session.execute(
        insert(table)
        .values(
            id=make_uuid(),
            fingerprint=message.fingerprint,
            sender=message.sender,
            subject=message.subject,
            content=content,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["fingerprint"])
    )
    found = model.Session.scalar(
        sa.select(WithdrawalMessage.id).where(
            WithdrawalMessage.fingerprint == message.fingerprint,
            WithdrawalMessage.why.is_(None),
            WithdrawalMessage.settled_at.is_(None),
        )
    )
    model.Session.commit()
    return found


def made(message_id: str, withdrawal_id: str, says_urgent: bool, now: datetime) -> None:
    """Note that a request was made of a message by itself; its bytes stand with the request.

    Args:
        message_id: the message.
        withdrawal_id: the request.
        says_urgent: whether the message speaks of urgency.
        now: the moment, with a zone.
    """
    model.Session.execute(
        sa.update(WithdrawalMessage)
        .where(WithdrawalMessage.id == message_id)
        .values(
            withdrawal_id=withdrawal_id,
            why={"urgent": True} if says_urgent else None,
            content=b"",
            settled_at=now,
        )
    )
    model.Session.commit()


def leave_to_a_person(
    message_id: str, why: Message, says_urgent: bool, organization_id: str | None
) -> None:
    """Put a message in the tray.

    Args:
        message_id: the message.
        why: the sentence that says why a person must look.
        says_urgent: whether the message speaks of urgency.
        organization_id: the partner that it comes from, where one is known.
    """
    model.Session.execute(
        sa.update(WithdrawalMessage)
        # Of one that comes twice at once the request that the other made of it stands.
        .where(WithdrawalMessage.id == message_id, WithdrawalMessage.settled_at.is_(None))
        .values(why={**_stored(why), "urgent": says_urgent}, organization_id=organization_id)
    )
    model.Session.commit()


def put_away(message_id: str, reference: str | None, actor: journal.Actor, now: datetime) -> None:
    """Take a message out of the tray, which a person has looked at.

    Args:
        message_id: the message.
        reference: of the request that was made of it, None where it asked for nothing.
        actor: who looked at it.
        now: the moment, with a zone.

    Raises:
        MessageNotFoundError: there is no such message.
        RuleError: it was put away before, or there is no request of that reference.
    """
    row = model.Session.scalars(
        sa.select(WithdrawalMessage)
        .where(WithdrawalMessage.id == message_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise MessageNotFoundError(message_id)
    if row.settled_at is not None:
        raise RuleError("id", Message(N_("Somebody has put this message away already.")))
    withdrawal_id = _request_of(reference) if reference else None
    row.withdrawal_id = withdrawal_id
    row.settled_at = now
    row.settled_by = actor.user_id
    # The journal keeps nothing of who wrote, nor of what.
    subject = journal.Subject("withdrawal_message", row.id, row.organization_id)
    after = {"reference": reference} if reference else None
    journal.record(actor, "withdrawal_message.put_away", subject, now, after=after)
    model.Session.commit()


def waiting(limit: int, offset: int) -> tuple[int, list[TrayLine]]:
    """How many messages wait, and a page of them, the newest first.

    Args:
        limit: how many at most.
        offset: how many to pass over.
    """
    is_waiting = WithdrawalMessage.settled_at.is_(None)
    table = WithdrawalMessage.__table__
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(table).where(is_waiting))
    columns = [column for column in table.c if column.name != "content"]
    rows = model.Session.execute(
        sa.select(*columns, sa.func.length(table.c.content).label("size"))
        .where(is_waiting)
        .order_by(table.c.received_at.desc(), table.c.id)
        .limit(limit)
        .offset(offset)
    )
    return count or 0, [_line(row) for row in rows]


def get(message_id: str) -> tuple[TrayLine, bytes]:
    """A message that waits, and its bytes.

    Raises:
        MessageNotFoundError: there is none of that identifier, or it was put away.
    """
    row = model.Session.execute(
        sa.select(
            WithdrawalMessage.__table__,
            sa.func.length(WithdrawalMessage.content).label("size"),
        ).where(WithdrawalMessage.id == message_id, WithdrawalMessage.settled_at.is_(None))
    ).first()
    if row is None:
        raise MessageNotFoundError(message_id)
    return _line(row), row.content


def last_to_be_told() -> datetime | None:
    """When the last message came that waits and that a person wrote: no program is told of one.

    An answer by a program to our mail would else be answered by a mail, and so on without end.
    """
    return model.Session.scalar(
        sa.select(sa.func.max(WithdrawalMessage.received_at)).where(
            WithdrawalMessage.settled_at.is_(None),
            WithdrawalMessage.why["template"].astext != AUTOMATIC.template,
        )
    )


def said_urgent(withdrawal_ids: Collection[str]) -> set[str]:
    """Of these requests, those made of a mail that speaks of urgency."""
    found = model.Session.scalars(
        sa.select(WithdrawalMessage.withdrawal_id).where(
            WithdrawalMessage.withdrawal_id.in_(withdrawal_ids),
            WithdrawalMessage.why["urgent"].as_boolean(),
        )
    )
    return {each for each in found if each}


def _request_of(reference: str) -> str:
    typed = reference.strip().upper()
    # The database refuses some characters with an error of its own.
    typed = typed if is_keepable([typed]) else ""
    found = model.Session.scalar(sa.select(Withdrawal.id).where(Withdrawal.reference == typed))
    if found is None:
        raise RuleError(
            "reference",
            Message(
                N_(
                    "There is no request {reference}: write the reference as the request shows "
                    "it, such as R-2026-0001, or leave it out."
                ),
                {"reference": reference},
            ),
        )
    return found


def _line(row: Any) -> TrayLine:  # noqa: ANN401 - a row of the table with its size
    return TrayLine(
        id=row.id,
        sender=row.sender,
        subject=row.subject,
        why=_read(row.why) if row.why else _NOT_READ,
        says_urgent=bool(row.why and row.why.get("urgent")),
        organization_id=row.organization_id,
        size=row.size,
        received_at=row.received_at,
    )


def _stored(message: Message) -> dict[str, Any]:
    values = {name: _stored_value(value) for name, value in message.values.items()}
    return {"template": message.template, "values": values}


def _stored_value(value: object) -> object:
    if isinstance(value, Message):
        return _stored(value)
    if isinstance(value, Spoken):
        return {"template": value.in_sentence, "values": {}}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value if isinstance(value, int) else str(value)


def _read(stored: dict[str, Any]) -> Message:
    values = {name: _read_value(value) for name, value in stored["values"].items()}
    return Message(stored["template"], values)


def _read_value(value: Any) -> object:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        return date.fromisoformat(value["date"]) if "date" in value else _read(value)
    return value
