"""Destroying for good what was ordered to be erased and has come due.

Bytes and tables go first, then the rows of CKAN, one item at a time and each in one transaction:
a process that is killed leaves items that the next one destroys.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import clock
from ..database import engine_beside
from ..journal import service as journal
from ..validation.checks import held
from ..validation.checks.model import Check, HeldFile
from . import former_files, keeping, work, work_rows
from .kinds import CLOSED, ItemState, WorkAim, WorkKind, stored
from .model import Withdrawal, WithdrawalItem, WithdrawalWork, WithdrawnFile

log = logging.getLogger(__name__)

_ERASERS = 0x48657272
"""The key of the lock that one eraser holds at a time."""

_Resource = model.resource_table
_Item = WithdrawalItem.__table__
_Work = WithdrawalWork.__table__
# Not the model of the activity plugin, which a site may not load any more.
_Activity = sa.table(
    "activity",
    sa.column("id", sa.UnicodeText),
    sa.column("object_id", sa.UnicodeText),
    sa.column("data", sa.UnicodeText),
)


def erase_due(now: datetime) -> None:
    """Destroy what has come due; what cannot be destroyed yet stays due.

    Args:
        now: the moment, with a zone.
    """
    with _alone() as alone:
        items = _due(now) if alone else []
        if not items:
            return
        for item in items:
            _order_work(item, now)
        model.Session.commit()
        work.run(now)
        for item_id in [item.id for item in items]:
            try:
                _erase(item_id, now)
            except Exception:
                # One that the index or a store keeps back keeps back none of the others.
                model.Session.rollback()
                log.exception("The item %s is not erased yet", item_id)


@contextmanager
def _alone() -> Iterator[bool]:
    with engine_beside().connect() as connection:
        yield bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(_ERASERS))))


def _due(now: datetime) -> Sequence[WithdrawalItem]:
    model.Session.rollback()
    return model.Session.scalars(
        sa.select(WithdrawalItem)
        .join(Withdrawal, Withdrawal.id == WithdrawalItem.withdrawal_id)
        .where(
            Withdrawal.erase_on <= clock.date_in_paris(now),
            WithdrawalItem.state == ItemState.WITHDRAWN.value,
        )
        .order_by(WithdrawalItem.id)
    ).all()


def _order_work(item: WithdrawalItem, now: datetime) -> None:
    """Have the bytes and the tables of an item destroyed, in place of what was left to do."""
    kept = sa.select(WithdrawnFile.resource_id)
    uploaded = sa.or_(_Resource.c.url_type == "upload", _Resource.c.id.in_(kept))
    for kind, chosen in ((WorkKind.FILE, uploaded), (WorkKind.DATASTORE, sa.true())):
        targets = sa.select(
            _Resource.c.id.label("target_id"), sa.literal(item.id).label("id")
        ).where(_resources_of(item), chosen)
        work_rows.note(kind, targets, WorkAim.ERASE, now, begins_again=False)


def _resources_of(item: WithdrawalItem) -> sa.ColumnElement[bool]:
    if item.resource_id is None:
        return _Resource.c.package_id == item.package_id
    return _Resource.c.id == item.resource_id


def _erase(item_id: str, now: datetime) -> None:
    """Destroy the rows of an item whose bytes and tables are gone; commits."""
    item = model.Session.get(WithdrawalItem, item_id)
    if item is None or item.state != ItemState.WITHDRAWN.value or _has_work(item):
        return
    resource_ids = list(model.Session.scalars(sa.select(_Resource.c.id).where(_resources_of(item))))
    _drop_held_bytes(item)
    package_id = item.package_id
    is_file = item.resource_id is not None
    former_files.destroy(resource_ids, None if is_file else package_id)
    _delete_records(package_id, resource_ids, is_file)
    _mark(item, now)
    _journal_when_done(item.withdrawal_id, now)
    with keeping.by_the_request():
        if is_file or model.Package.get(package_id) is None:
            model.Session.execute(sa.delete(_Resource).where(_Resource.c.id.in_(resource_ids)))
            model.Session.commit()
        else:
            # Commits all of the above with it.
            tk.get_action("dataset_purge")({"ignore_auth": True, "user": ""}, {"id": package_id})


def _has_work(item: WithdrawalItem) -> bool:
    resources = sa.select(_Resource.c.id).where(_resources_of(item))
    left = sa.exists().where(
        _Work.c.kind.in_([WorkKind.FILE.value, WorkKind.DATASTORE.value]),
        _Work.c.target_id.in_(resources),
    )
    return bool(model.Session.scalar(sa.select(left)))


def _drop_held_bytes(item: WithdrawalItem) -> None:
    for held_file in model.Session.scalars(
        sa.select(HeldFile).where(_of_item(HeldFile, item), HeldFile.size > 0)
    ).all():
        held.drop_bytes(held_file)


def _of_item(table: type[HeldFile], item: WithdrawalItem) -> sa.ColumnElement[bool]:
    if item.resource_id is None:
        return table.package_id == item.package_id
    return table.resource_id == item.resource_id


def _delete_records(package_id: str, resource_ids: Sequence[str], is_file: bool) -> None:
    """Delete what tells what the data were: checks and reports, files kept aside, activities."""
    for table in (Check, HeldFile):
        chosen = table.resource_id.in_(resource_ids)
        if not is_file:
            chosen = sa.or_(chosen, table.package_id == package_id)
        model.Session.execute(sa.delete(table).where(chosen))
    if _is_there("validation"):
        model.Session.execute(
            sa.text("DELETE FROM validation WHERE resource_id = ANY(:ids)"), {"ids": resource_ids}
        )
    if _is_there("activity"):
        _delete_activities(package_id, resource_ids if is_file else [])


def _delete_activities(package_id: str, resource_ids: Sequence[str]) -> None:
    """Delete the activities of a dataset, those that tell of some files where files are named."""
    chosen = sa.select(_Activity.c.id).where(_Activity.c.object_id == package_id)
    if resource_ids:
        chosen = chosen.where(
            sa.or_(*(_Activity.c.data.contains(each, autoescape=True) for each in resource_ids))
        )
    if _is_there("activity_detail"):
        detail = sa.table("activity_detail", sa.column("activity_id"))
        model.Session.execute(sa.delete(detail).where(detail.c.activity_id.in_(chosen)))
    model.Session.execute(sa.delete(_Activity).where(_Activity.c.id.in_(chosen)))


def _is_there(table: str) -> bool:
    # Tables of other plugins, which a site may not have.
    return model.Session.scalar(sa.select(sa.func.to_regclass(table))) is not None


def _mark(item: WithdrawalItem, now: datetime) -> None:
    """Mark the item, and those of other requests within its dataset; what was only asked is off."""
    within = _Item.c.id == item.id
    if item.resource_id is None:
        within = _Item.c.package_id == item.package_id
    model.Session.execute(
        sa.update(_Item)
        .where(within, _Item.c.state.in_(stored(CLOSED)))
        .values(state=ItemState.ERASED.value, erased_at=now)
    )
    model.Session.execute(
        sa.update(_Item)
        .where(within, _Item.c.state == ItemState.ASKED.value)
        .values(state=ItemState.RELEASED.value)
    )


def _journal_when_done(withdrawal_id: str, now: datetime) -> None:
    states = list(
        model.Session.scalars(
            sa.select(_Item.c.state).where(_Item.c.withdrawal_id == withdrawal_id)
        )
    )
    if ItemState.WITHDRAWN.value in states:
        return
    request = model.Session.scalars(
        sa.select(Withdrawal).where(Withdrawal.id == withdrawal_id)
    ).one()
    journal.record(
        journal.PORTAL,
        "withdrawal.erased",
        journal.Subject("withdrawal", request.id, request.organization_id),
        now,
        after={"reference": request.reference, "items": states.count(ItemState.ERASED.value)},
    )
