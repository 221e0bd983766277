"""The list of changes, read by windows of numbers that do not move.

Numbers follow the order of the commits, and moments never go back: what was read once stays as it
was, and what is new comes after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from ..kinds import ChangeKind, Serialisation
from ..model import CatalogueChange, CataloguePiece

_change = CatalogueChange.__table__.c
_piece = CataloguePiece.__table__.c

_IS_TOLD = sa.and_(_piece.is_public, _piece.digest.is_not(None))
_WITH_PIECES = sa.outerjoin(
    CatalogueChange.__table__,
    CataloguePiece.__table__,
    sa.and_(_piece.package_id == _change.package_id, _IS_TOLD),
)
_TEXTS = {
    Serialisation.TURTLE: _piece.turtle,
    Serialisation.RDF_XML: _piece.rdf_xml,
    Serialisation.JSON_LD: _piece.json_ld,
}
_other = sa.alias(CatalogueChange.__table__).c
_IS_DELETE = _change.kind == ChangeKind.DELETE.value


@dataclass(frozen=True)
class Change:
    """What happened to a dataset of the catalogue.

    Attributes:
        id: its number.
        uri: of the dataset, as harvesters know it.
        title: that the dataset has now; None where it is in the catalogue no more.
        lives: whether the dataset is in the catalogue now.
    """

    id: int
    package_id: str
    uri: str
    kind: ChangeKind
    at: datetime
    title: str | None
    lives: bool


@dataclass(frozen=True)
class Asked:
    """Which changes are asked for; all by default.

    Attributes:
        since: those of this moment or later, with a zone.
        after: those of a greater number.
        before: those of a smaller number.
    """

    since: datetime | None = None
    after: int = 0
    before: int | None = None


@dataclass(frozen=True)
class Next:
    """Where a window ends and more changes follow.

    Attributes:
        after: number that all the following ones exceed.
        at: moment of the first of them.
    """

    after: int
    at: datetime


@dataclass(frozen=True)
class Fragment:
    """The changes of a window of numbers, in their order.

    Attributes:
        next: None in the last window, which still grows.
    """

    changes: Sequence[Change]
    next: Next | None

    @property
    def is_complete(self) -> bool:
        """Whether nothing will be added: a greater number is given only after all smaller ones."""
        return self.next is not None

    @property
    def modified(self) -> datetime | None:
        """When the window changed last: something was added, or the first one after it came."""
        if self.next:
            return self.next.at
        return self.changes[-1].at if self.changes else None


def fragment(asked: Asked, size: int) -> Fragment:
    """The changes from where it is asked for to the end of that window, whatever they led to.

    Windows hold the numbers 1 to `size`, then as many again and so on; those that are empty are
    passed over.

    Args:
        asked: from where; `before` counts for nothing.
        size: numbers in a window.
    """
    start = _start(asked)
    if start is None:
        return Fragment((), None)
    end = _end(start, size)
    return _fragment(_within(start, end), _change.id > end, size)


def latest_fragment(asked: Asked, size: int) -> Fragment:
    """Like `fragment`, with the last change of each dataset only.

    Args:
        asked: from where; `before` counts for nothing.
        size: numbers in a window.
    """
    start = _start(asked)
    if start is None:
        return Fragment((), None)
    end = _end(start, size)
    # A dataset that is being withdrawn at this moment has no description to go with its change.
    is_told = sa.or_(_IS_DELETE, _piece.package_id.is_not(None))
    is_superseded = sa.exists().where(
        _other.package_id == _change.package_id, _other.id > _change.id
    )
    # One pass over the numbers beyond: to look for each whether it was superseded takes longer.
    last_ones = sa.select(sa.func.max(_other.id)).where(_other.id > end).group_by(_other.package_id)
    return _fragment(
        sa.and_(_within(start, end), is_told, ~is_superseded),
        sa.and_(_change.id.in_(last_ones), is_told),
        size,
    )


def one(change_id: int) -> Change | None:
    """A change by its number.

    Args:
        change_id: the number.
    """
    row = model.Session.execute(_columns().where(_change.id == change_id)).first()
    return _from_row(row) if row else None


def listed(asked: Asked, limit: int) -> tuple[int, list[Change]]:
    """Changes in their order.

    Args:
        asked: which of them.
        limit: how many at most.

    Returns:
        How many there are in all, and the first ones.
    """
    conditions = _conditions(asked)
    count = model.Session.scalar(sa.select(sa.func.count(_change.id)).where(*conditions))
    return count or 0, _changes(_columns().where(*conditions).order_by(_change.id).limit(limit))


def newest(asked: Asked, limit: int) -> list[Change]:
    """Changes, the newest first.

    Args:
        asked: which of them.
        limit: how many at most.
    """
    query = _columns().where(*_conditions(asked)).order_by(_change.id.desc())
    return _changes(query.limit(limit))


def descriptions(package_ids: Sequence[str], serialisation: Serialisation) -> dict[str, str]:
    """What the catalogue tells of datasets now, without head; of those that are in it.

    Args:
        package_ids: identifiers of datasets.
        serialisation: how it is written.
    """
    query = sa.select(_piece.package_id, _TEXTS[serialisation].label("text")).where(
        _piece.package_id.in_(package_ids), _IS_TOLD
    )
    return {row.package_id: row.text for row in model.Session.execute(query)}


def _fragment(
    within: sa.ColumnElement[bool], beyond: sa.ColumnElement[bool], size: int
) -> Fragment:
    # First what is beyond: once there is something, the window that is read after is complete.
    following = _changes(_columns().where(beyond).order_by(_change.id).limit(1))
    changes = _changes(_columns().where(within).order_by(_change.id))
    return Fragment(changes, _next(following[0], size) if following else None)


def _end(start: int, size: int) -> int:
    return (start // size + 1) * size


def _within(start: int, end: int) -> sa.ColumnElement[bool]:
    return sa.and_(_change.id > start, _change.id <= end)


def _next(change: Change, size: int) -> Next:
    return Next((change.id - 1) // size * size, change.at)


def _start(asked: Asked) -> int | None:
    """The number that the changes asked for exceed; None where there are none since then."""
    if asked.since is None:
        return asked.after
    first = model.Session.scalar(
        sa.select(sa.func.min(_change.id)).where(_change.at >= asked.since)
    )
    return None if first is None else max(first - 1, asked.after)


def _conditions(asked: Asked) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [_change.id > asked.after]
    if asked.since is not None:
        conditions.append(_change.at >= asked.since)
    if asked.before is not None:
        conditions.append(_change.id < asked.before)
    return conditions


def _columns() -> sa.Select[tuple[int, str, str, str, datetime, str | None, str | None]]:
    return sa.select(
        _change.id,
        _change.package_id,
        _change.uri,
        _change.kind,
        _change.at,
        _piece.title,
        _piece.digest,
    ).select_from(_WITH_PIECES)


def _changes(
    query: sa.Select[tuple[int, str, str, str, datetime, str | None, str | None]],
) -> list[Change]:
    return [_from_row(row) for row in model.Session.execute(query)]


def _from_row(
    row: sa.Row[tuple[int, str, str, str, datetime, str | None, str | None]],
) -> Change:
    number, package_id, uri, kind, at, title, digest = row
    return Change(number, package_id, uri, ChangeKind(kind), at, title, digest is not None)
