"""What the daily work does for withdrawals: work left, data to erase, copies to look for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import ckan.model as model
import sqlalchemy as sa

from .. import clock
from . import erasing, probe_run, work
from .kinds import FollowupState, ItemState
from .model import Followup, Withdrawal, WithdrawalItem, WithdrawalWork

Say = Callable[[str], None]


@dataclass(frozen=True)
class Waiting:
    """What waits.

    Attributes:
        work: rows of work that the index, the file store and the DataStore have to follow.
        erasures: requests whose data are to be destroyed by now.
        probes: copies to look for by now.
    """

    work: int
    erasures: int
    probes: int

    def __str__(self) -> str:
        """In the words of the command."""
        return (
            f"withdrawals: {self.work} pieces of work left, {self.erasures} to erase, "
            f"{self.probes} copies to look for"
        )


def steps(now: datetime, say: Say) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is to be done, each with what to say where it fails: one stops none of the others.

    Args:
        now: the moment, with a zone.
        say: told how far it is.
    """
    yield "Work of withdrawals was not all done", lambda: work.run(now, say)
    yield "What is to be erased was not", lambda: erasing.erase_due(now)
    yield "Copies were not all looked for", lambda: probe_run.probe_due(now, say)


def waiting(now: datetime) -> Waiting:
    """What waits at a moment, in one query.

    Args:
        now: the moment, with a zone.
    """
    count = sa.func.count()
    rows = model.Session.execute(
        sa.select(
            sa.select(count).select_from(WithdrawalWork.__table__).scalar_subquery(),
            _erasures(clock.date_in_paris(now)).scalar_subquery(),
            sa.select(count)
            .select_from(Followup.__table__)
            .where(
                Followup.state == FollowupState.PENDING.value,
                Followup.next_probe_at <= now,
            )
            .scalar_subquery(),
        )
    )
    return Waiting(*rows.one())


def _erasures(today: date) -> sa.Select[tuple[int]]:
    withdrawn = sa.select(WithdrawalItem.id).where(
        WithdrawalItem.withdrawal_id == Withdrawal.id,
        WithdrawalItem.state == ItemState.WITHDRAWN.value,
    )
    return (
        sa.select(sa.func.count())
        .select_from(Withdrawal.__table__)
        .where(Withdrawal.erase_on <= today, withdrawn.exists())
    )
