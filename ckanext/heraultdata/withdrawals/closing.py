"""Closing access to items and opening it again, by set, within the caller's transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timezone
from typing import Any

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa

from . import activity_labels, file_order, work_rows
from .file_order import Ranked
from .kinds import CLOSED, ItemState, WorkAim, WorkKind, stored
from .model import WithdrawalItem

_Package = model.package_table
_Resource = model.resource_table
_Item = WithdrawalItem.__table__

_CLOSED = stored(CLOSED)


def close(item_ids: Collection[str], state: ItemState, now: datetime) -> None:
    """Put items out of reach; those that are already only change their state.

    What is neither asked for nor suspended by now stays as it is: erased, it does not come back.

    Args:
        item_ids: the items.
        state: `suspended` or `withdrawn`.
        now: the moment, with a zone.
    """
    model.Session.flush()
    opened = _of_state(item_ids, [ItemState.ASKED.value])
    waiting = _of_state(item_ids, [ItemState.ASKED.value, ItemState.SUSPENDED.value])
    orders = _orders(opened)
    _keep_states(opened, now)
    _set_state(waiting, state)
    _set_entities(opened, sa.literal(model.State.DELETED))
    _renumber(orders)
    _follow(opened, WorkAim.CLOSE, now)


def reopen(item_ids: Collection[str], state: ItemState, now: datetime) -> None:
    """Put items back as they were; a file of a dataset that is closed still stays closed with it.

    Args:
        item_ids: the items, suspended or withdrawn.
        state: `released` or `restored`.
        now: the moment, with a zone.
    """
    model.Session.flush()
    closed = _of_state(item_ids, _CLOSED)
    orders = _orders(closed)
    _set_state(closed, state, restored_at=now if state is ItemState.RESTORED else None)
    _set_entities(closed, _Item.c.was_state)
    _renumber(orders)
    _follow(closed, WorkAim.REOPEN, now)


def _of_state(item_ids: Collection[str], states: Iterable[str]) -> list[str]:
    chosen = sa.select(_Item.c.id).where(_Item.c.id.in_(item_ids), _Item.c.state.in_(states))
    return list(model.Session.scalars(chosen))


def _keep_states(item_ids: Collection[str], now: datetime) -> None:
    """Note what is about to change: a dataset may be another since it was asked for."""
    of_file = _Item.c.resource_id.is_not(None)
    file_name = sa.func.coalesce(
        sa.func.nullif(_Resource.c.name, ""), sa.func.nullif(_Resource.c.url, ""), _Resource.c.id
    )
    title = sa.func.coalesce(sa.func.nullif(_Package.c.title, ""), _Package.c.name)
    state = sa.case((of_file, _of_file(_Resource.c.state)), else_=_of_dataset(_Package.c.state))
    model.Session.execute(
        sa.update(_Item)
        .where(_Item.c.id.in_(item_ids))
        .values(
            was_state=sa.func.coalesce(state, _Item.c.was_state),
            was_public=sa.func.coalesce(
                _of_dataset(sa.not_(_Package.c.private)), _Item.c.was_public
            ),
            name=sa.func.coalesce(_of_dataset(_Package.c.name), _Item.c.name),
            title=sa.func.coalesce(_of_dataset(title), _Item.c.title),
            resource_name=sa.func.coalesce(_of_file(file_name), _Item.c.resource_name),
            closed_at=now,
        )
    )


def _of_dataset(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.select(column).where(_Package.c.id == _Item.c.package_id).scalar_subquery()


def _of_file(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.select(column).where(_Resource.c.id == _Item.c.resource_id).scalar_subquery()


def _set_state(item_ids: Collection[str], state: ItemState, **values: object) -> None:
    model.Session.execute(
        sa.update(_Item).where(_Item.c.id.in_(item_ids)).values(state=state.value, **values)
    )


def _set_entities(item_ids: Collection[str], state: sa.ColumnElement[str]) -> None:
    """Give the datasets and the files the state that CKAN reads."""
    model.Session.execute(
        sa.update(_Package)
        .where(
            _Item.c.id.in_(item_ids),
            _Item.c.resource_id.is_(None),
            _Item.c.package_id == _Package.c.id,
        )
        .values(state=state)
    )
    model.Session.execute(
        sa.update(_Resource)
        .where(_Item.c.id.in_(item_ids), _Item.c.resource_id == _Resource.c.id)
        .values(state=state)
    )


def _orders(item_ids: Collection[str]) -> list[list[str]]:
    """The files, in their order, of each dataset of which a file, and not the whole, is an item."""
    package_ids = list(
        model.Session.scalars(
            sa.select(_Item.c.package_id)
            .where(_Item.c.id.in_(item_ids), _Item.c.resource_id.is_not(None))
            .distinct()
        )
    )
    closed = sa.select(_Item.c.resource_id).where(
        _Item.c.package_id.in_(package_ids),
        _Item.c.resource_id.is_not(None),
        _Item.c.state.in_(_CLOSED),
    )
    is_closed = _Resource.c.id.in_(closed)
    columns = (_Resource.c.id, _Resource.c.package_id, _Resource.c.position)
    rows = model.Session.execute(
        sa.select(*columns, is_closed.label("is_closed")).where(
            _Resource.c.package_id.in_(package_ids),
            sa.or_(is_closed, _Resource.c.state == model.State.ACTIVE),
        )
    )
    in_reach: dict[str, list[Ranked]] = defaultdict(list)
    withdrawn: dict[str, list[Ranked]] = defaultdict(list)
    for row in rows:
        side = withdrawn if row.is_closed else in_reach
        side[row.package_id].append(Ranked(row.id, row.position))
    return [file_order.whole_order(in_reach[each], withdrawn[each]) for each in package_ids]


def _renumber(orders: list[list[str]]) -> None:
    """Store the ranks once more, now that other files are in reach."""
    ids = [each for order in orders for each in order]
    if not ids:
        return
    gone = set(
        model.Session.scalars(
            sa.select(_Resource.c.id).where(
                _Resource.c.id.in_(ids), _Resource.c.state != model.State.ACTIVE
            )
        )
    )
    ranks = [pair for order in orders for pair in file_order.ranks(order, gone).items()]
    numbered = sa.values(
        sa.column("id", sa.UnicodeText), sa.column("rank", sa.Integer), name="numbered"
    ).data(ranks)
    model.Session.execute(
        sa.update(_Resource).where(_Resource.c.id == numbered.c.id).values(position=numbered.c.rank)
    )


def _follow(item_ids: Collection[str], aim: WorkAim, now: datetime) -> None:
    """Date the datasets that go on or come back, hide or show activities, note the work left."""
    chosen = _Item.c.id.in_(item_ids)
    _date_datasets(chosen, aim, now)
    activity_labels.follow(sa.select(_Item.c.package_id).where(chosen))
    index = sa.select(_Item.c.package_id.label("target_id"), _Item.c.id).where(chosen)
    work_rows.note(WorkKind.INDEX, index, aim, now)
    work_rows.note(WorkKind.FILE, _files(item_ids, _Resource.c.url_type == "upload"), aim, now)
    if p.plugin_loaded("datastore"):
        work_rows.note(WorkKind.DATASTORE, _files(item_ids, sa.true()), aim, now)


def _date_datasets(chosen: sa.ColumnElement[bool], aim: WorkAim, now: datetime) -> None:
    """What asks for changes by date sees a dataset that lost a file, and whatever comes back."""
    changed = sa.select(_Item.c.package_id).where(chosen)
    if aim is WorkAim.CLOSE:
        changed = changed.where(_Item.c.resource_id.is_not(None))
    # CKAN's column holds UTC without a zone.
    moment = now.astimezone(timezone.utc).replace(tzinfo=None)
    model.Session.execute(
        sa.update(_Package).where(_Package.c.id.in_(changed)).values(metadata_modified=moment)
    )


def _files(item_ids: Collection[str], kind: sa.ColumnElement[bool]) -> sa.Select[tuple[str, str]]:
    """The files that the items cover, but those that another item keeps closed.

    Where the items are closed themselves, none is left out: what is done already is done again.
    """
    other = _Item.alias("other")
    kept_closed = sa.exists().where(
        other.c.id != _Item.c.id,
        other.c.state.in_(_CLOSED),
        other.c.package_id == _Item.c.package_id,
        sa.or_(other.c.resource_id.is_(None), other.c.resource_id == _Resource.c.id),
    )
    chosen = (_Item.c.id.in_(item_ids), kind, sa.or_(_Item.c.state.in_(_CLOSED), ~kept_closed))
    columns = (_Resource.c.id.label("target_id"), _Item.c.id)
    # Two joins that indexes serve, in place of one of which none does.
    of_files = sa.select(*columns).join_from(
        _Item, _Resource, _Resource.c.id == _Item.c.resource_id
    )
    of_datasets = (
        sa.select(*columns)
        .join_from(_Item, _Resource, _Resource.c.package_id == _Item.c.package_id)
        .where(_Item.c.resource_id.is_(None), _Resource.c.state == model.State.ACTIVE)
    )
    covered = sa.union_all(of_files.where(*chosen), of_datasets.where(*chosen)).subquery()
    return sa.select(covered.c.target_id, covered.c.id)
