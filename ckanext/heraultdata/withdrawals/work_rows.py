"""Work noted in the transaction that decides it, in place of what was left to do before."""

from __future__ import annotations

from datetime import datetime

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .kinds import WorkAim, WorkKind
from .model import WithdrawalWork

_Work = WithdrawalWork.__table__


def note(
    kind: WorkKind,
    targets: sa.Select[tuple[str, str]],
    aim: WorkAim,
    now: datetime,
    *,
    begins_again: bool = True,
) -> None:
    """Leave work to do; no commit.

    Args:
        kind: what has to follow.
        targets: `target_id` and the identifier of the item that it is for, in this order.
        aim: what is to be done.
        now: the moment, with a zone.
        begins_again: whether what has the same aim already is tried anew; else it goes on.
    """
    target = targets.subquery()
    rows = (
        sa.select(
            target.c.id,
            sa.literal(kind.value),
            sa.literal(aim.value),
            target.c.target_id,
            sa.literal(0),
            sa.cast(sa.literal(now), sa.DateTime(timezone=True)),
        )
        .distinct(target.c.target_id)
        .order_by(target.c.target_id)
    )
    statement = insert(_Work).from_select(
        ["item_id", "kind", "aim", "target_id", "attempts", "next_at"], rows
    )
    new = statement.excluded
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "target_id"],
            set_={
                "item_id": new.item_id,
                "aim": new.aim,
                "attempts": new.attempts,
                "next_at": new.next_at,
                "error": sa.null(),
            },
            where=None if begins_again else _Work.c.aim != aim.value,
        )
    )
