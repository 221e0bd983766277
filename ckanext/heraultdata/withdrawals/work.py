"""What the index, the file store and the DataStore still have to follow, done until all is.

The rows are claimed in small batches that other workers pass by; a row goes once its step is done.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.jobs import get_queue
from rq.timeouts import BaseTimeoutException
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from .. import clock
from ..database import engine
from ..dcat.pieces import queueing as catalogue
from ..messages import N_, Message
from ..words import sentence
from . import file_store, indexing, queueing, tables
from .kinds import WorkAim, WorkKind
from .model import WithdrawalItem, WithdrawalWork
from .work_errors import WorkError

log = logging.getLogger(__name__)

Say = Callable[[str], None]
"""Told how far the work is."""

_BATCH = {WorkKind.FILE: 1, WorkKind.DATASTORE: 1, WorkKind.INDEX: 100}
"""Rows claimed at once: whoever opens or closes one of them again waits for the batch."""
_FIRST_INTERVAL = timedelta(minutes=1)
_LONGEST_INTERVAL = timedelta(hours=6)
_JOB = "heraultdata-withdrawal-work"
_JOB_SECONDS = 6 * 3600
"""Files may be large; a job that is stopped leaves its rows to the next one."""
DATABASE_WAITS = (1, 2, 4, 8)
"""Seconds to wait, one after the other, for a database that was restarted."""
_UNEXPECTED = N_("It failed: {reason}.")

_STEPS: dict[WorkKind, dict[WorkAim, Callable[[str, datetime], None]]] = {
    WorkKind.FILE: {
        WorkAim.CLOSE: file_store.keep,
        WorkAim.REOPEN: lambda resource_id, _now: file_store.put_back(resource_id),
        WorkAim.ERASE: lambda resource_id, _now: file_store.destroy(resource_id),
    },
    WorkKind.DATASTORE: {
        WorkAim.CLOSE: lambda resource_id, _now: tables.withdraw(resource_id),
        WorkAim.REOPEN: lambda resource_id, _now: tables.put_back(resource_id),
        WorkAim.ERASE: lambda resource_id, _now: tables.destroy(resource_id),
    },
}


@dataclass(frozen=True)
class WorkLeft:
    """Something that has not followed the database yet.

    Attributes:
        target_id: the dataset for the index, the resource for the others.
        attempts: how often it was tried.
        next_at: not tried before.
        error: why it failed, in the reader's language; None where it was not tried yet.
    """

    kind: WorkKind
    aim: WorkAim
    target_id: str
    attempts: int
    next_at: datetime
    error: str | None


@dataclass(frozen=True)
class _Row:
    id: int
    aim: WorkAim
    target_id: str
    attempts: int


def start() -> None:
    """Queue a job that does what is left; never raises."""
    queueing.queue(do_all, [], "Withdrawals: index, files and tables", _JOB_SECONDS)
    # The catalogue has let go of what is closed already; its list of changes tells it.
    catalogue.queue()


def do_all() -> None:
    """Do what is left now, and again later where something failed: what the job runs."""
    now = clock.now()
    if run(now):
        _again_later(now)


def run(now: datetime, say: Say | None = None) -> int:
    """Do all that is due.

    Args:
        now: the moment, with a zone.
        say: told of each batch, and of each failure.

    Returns:
        How much is left, due or not.
    """
    tell = say or log.info
    # What has addresses of its own first: of the index, searches already leave out what is closed.
    for kind in _BATCH:
        while _through_restarts(lambda kind=kind: _do_batch(kind, now, tell)):
            pass
    return _through_restarts(_count)


def left_of(withdrawal_id: str) -> list[WorkLeft]:
    """What is left to do for a request.

    Args:
        withdrawal_id: the request.
    """
    rows = model.Session.scalars(
        sa.select(WithdrawalWork)
        .join(WithdrawalItem, WithdrawalItem.id == WithdrawalWork.item_id)
        .where(WithdrawalItem.withdrawal_id == withdrawal_id)
        .order_by(WithdrawalWork.id)
    )
    return [
        WorkLeft(
            kind=WorkKind(row.kind),
            aim=WorkAim(row.aim),
            target_id=row.target_id,
            attempts=row.attempts,
            next_at=row.next_at,
            error=_told(row.error),
        )
        for row in rows
    ]


def _do_batch(kind: WorkKind, now: datetime, say: Say) -> bool:
    """Do a batch of one kind; False where none is due."""
    with _claimed(kind, now) as (connection, rows):
        if not rows:
            return False
        failures = _follow(rows) if kind is WorkKind.INDEX else _step(kind, rows, now)
        done = [row.id for row in rows if row.id not in failures]
        table = WithdrawalWork.__table__
        connection.execute(sa.delete(table).where(table.c.id.in_(done)))
        for row in rows:
            if row.id in failures:
                _put_off(connection, row, failures[row.id], now)
                say(f"{kind.value} {row.target_id}: {failures[row.id]}")
    say(f"{kind.value}: {len(done)} done, {len(failures)} failed")
    return True


@contextmanager
def _claimed(kind: WorkKind, now: datetime) -> Iterator[tuple[Connection, list[_Row]]]:
    """Some rows that are due, which no other worker takes before the end of the block."""
    table = WithdrawalWork.__table__
    query = (
        sa.select(table.c.id, table.c.aim, table.c.target_id, table.c.attempts)
        .where(table.c.kind == kind.value, table.c.next_at <= now)
        .order_by(table.c.id)
        .limit(_BATCH[kind])
        .with_for_update(skip_locked=True)
    )
    with engine().begin() as connection:
        found = connection.execute(query)
        rows = [_Row(row.id, WorkAim(row.aim), row.target_id, row.attempts) for row in found]
        yield connection, rows


def _follow(rows: Sequence[_Row]) -> dict[int, Message]:
    try:
        failures = indexing.follow([row.target_id for row in rows])
    except WorkError as error:
        return {row.id: error.message for row in rows}
    return {row.id: failures[row.target_id].message for row in rows if row.target_id in failures}


def _step(kind: WorkKind, rows: Sequence[_Row], now: datetime) -> dict[int, Message]:
    failures: dict[int, Message] = {}
    for row in rows:
        try:
            _STEPS[kind][row.aim](row.target_id, now)
        except WorkError as error:
            failures[row.id] = error.message
        except (BaseTimeoutException, DBAPIError):
            # Neither says anything of this row: the job is over, or CKAN's database is not there.
            raise
        except Exception as error:
            # A file store of a plugin may fail in any way: the others go on.
            log.exception("%s of %s failed", kind.value, row.target_id)
            failures[row.id] = Message(_UNEXPECTED, {"reason": type(error).__name__})
        finally:
            model.Session.rollback()
    return failures


def _put_off(connection: Connection, row: _Row, message: Message, now: datetime) -> None:
    interval = min(_FIRST_INTERVAL * 2 ** min(row.attempts, 16), _LONGEST_INTERVAL)
    table = WithdrawalWork.__table__
    connection.execute(
        sa.update(table)
        .where(table.c.id == row.id)
        .values(
            attempts=row.attempts + 1,
            next_at=now + interval,
            error=json.dumps({"template": message.template, "values": message.values}),
        )
    )


def _told(error: str | None) -> str | None:
    return sentence(Message(**json.loads(error))) if error else None


def _count() -> int:
    with engine().begin() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(WithdrawalWork)) or 0


def _through_restarts(step: Callable[[], int]) -> int:
    """Do a step again where the database cut the connection, which leaves nothing half done."""
    for seconds in DATABASE_WAITS:
        try:
            return step()
        except DBAPIError as error:
            # Rolling back through a connection that is cut would fail too.
            model.Session().invalidate()
            # Starting up or shutting down, it refuses connections in an ordinary way.
            if not error.connection_invalidated and not isinstance(error, OperationalError):
                raise
            log.warning("The database cut the connection; again in %s s", seconds)
            time.sleep(seconds)
    return step()


def _again_later(now: datetime) -> None:
    table = WithdrawalWork.__table__
    with engine().begin() as connection:
        next_at = connection.scalar(sa.select(sa.func.min(table.c.next_at)))
    if next_at is None:
        return
    try:
        # Where no worker runs rq's scheduler, the daily work does it.
        get_queue().enqueue_at(next_at, do_all, job_id=_JOB, job_timeout=_JOB_SECONDS)
    except Exception:
        log.exception("The work of withdrawals is left to the daily work")
