"""Hides the activities of what is out of reach, and shows again those of what is not any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from .kinds import ItemState
from .labels import WITHDRAWN
from .model import WithdrawalItem

_BEFORE = "heraultdata-before:"
"""Put before the labels that an activity had, so that nobody holds them and none is lost."""

# Not the model of the activity plugin, which a site may not load, or not load any more.
_Activity = sa.table(
    "activity",
    sa.column("id", sa.UnicodeText),
    sa.column("object_id", sa.UnicodeText),
    sa.column("activity_type", sa.UnicodeText),
    sa.column("data", sa.UnicodeText),
    sa.column("permission_labels", ARRAY(sa.Text)),
)
_Item = WithdrawalItem.__table__


def follow(package_ids: sa.Select[tuple[str]]) -> None:
    """Make the labels of the activities of datasets follow what is out of reach.

    An activity holds its whole dataset: where one file only is out of reach, those that tell of
    that file are hidden, and the others stay.

    Args:
        package_ids: the datasets.
    """
    if not _is_there():
        return
    labels = _Activity.c.permission_labels
    hidden = sa.func.coalesce(labels.contains([WITHDRAWN]), sa.false())
    of_datasets = _Activity.c.object_id.in_(package_ids)
    covered = _covered()
    model.Session.execute(
        sa.update(_Activity)
        .where(of_datasets, ~hidden, covered)
        .values(permission_labels=_hiding(labels))
    )
    model.Session.execute(
        sa.update(_Activity)
        .where(of_datasets, hidden, ~covered)
        .values(permission_labels=_before(labels))
    )


def hidden_among(activity_ids: Collection[str]) -> frozenset[str]:
    """The activities among these that are hidden.

    Args:
        activity_ids: identifiers of activities.
    """
    return frozenset(
        model.Session.scalars(
            sa.select(_Activity.c.id).where(
                _Activity.c.id.in_(activity_ids),
                _Activity.c.permission_labels.contains([WITHDRAWN]),
            )
        )
    )


def _is_there() -> bool:
    """Whether the site keeps activities with labels."""
    return bool(
        model.Session.scalar(
            sa.text(
                "SELECT count(*) FROM pg_attribute WHERE attrelid = to_regclass('activity') "
                "AND attname = 'permission_labels' AND NOT attisdropped"
            )
        )
    )


def _covered() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        _Item.c.package_id == _Activity.c.object_id,
        _Item.c.state.in_([ItemState.SUSPENDED.value, ItemState.WITHDRAWN.value]),
        sa.or_(
            _Item.c.resource_id.is_(None),
            sa.func.strpos(_Activity.c.data, _Item.c.resource_id) > 0,
        ),
    )


def _hiding(labels: sa.ColumnElement[Sequence[str]]) -> sa.ColumnElement[Sequence[str]]:
    had = sa.func.unnest(labels).table_valued("value").render_derived()
    prefixed = sa.select(sa.func.array_agg(sa.literal(_BEFORE) + had.c.value)).scalar_subquery()
    return sa.func.array_prepend(WITHDRAWN, prefixed, type_=ARRAY(sa.Text))


def _before(labels: sa.ColumnElement[Sequence[str]]) -> sa.ColumnElement[list[str] | None]:
    has = sa.func.unnest(labels).table_valued("value").render_derived()
    return (
        sa.select(sa.func.array_agg(sa.func.substr(has.c.value, len(_BEFORE) + 1)))
        .where(has.c.value.startswith(_BEFORE))
        .scalar_subquery()
    )
