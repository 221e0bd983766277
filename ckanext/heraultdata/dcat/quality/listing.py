"""The scores of the catalogue, worst first, read from what was counted at serialisation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from ..model import CataloguePiece
from .rules import Gap, Rating

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Asked:
    """Which datasets are asked for.

    Attributes:
        organization_ids: those of these organisations; None for all.
        gap: those that have this gap; None for all.
    """

    organization_ids: Collection[str] | None = None
    gap: Gap | None = None


@dataclass(frozen=True)
class Scored:
    """A dataset of the catalogue and what harvesters miss in it.

    Attributes:
        organization_id: None for a dataset without an organisation, as is its title.
        uri: its address in the catalogue.
        score: its points, of `rules.MAXIMUM`.
        gaps: codes of what is missing.
    """

    package_id: str
    name: str
    title: str
    organization_id: str | None
    organization_title: str | None
    uri: str | None
    score: int
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Figures:
    """The scores of a set of datasets.

    Attributes:
        count: how many datasets there are.
        mean: of their points; None where there are none.
        ratings: how many there are of each rating.
    """

    count: int
    mean: float | None
    ratings: Mapping[Rating, int]


def figures(asked: Asked) -> Figures:
    """Count the datasets asked for, in one query."""
    score = CataloguePiece.__table__.c.score
    rated = sa.case(
        *((score >= rating.value, rating.name) for rating in Rating if rating.value),
        else_=Rating.BAD.name,
    )
    query = (
        _from(sa.select(rated, sa.func.count(), sa.func.sum(score)))
        .where(*_conditions(asked))
        .group_by(rated)
    )
    rows = {Rating[name]: (count, points) for name, count, points in model.Session.execute(query)}
    count = sum(count for count, _ in rows.values())
    points = sum(points for _, points in rows.values())
    return Figures(
        count=count,
        mean=points / count if count else None,
        ratings={rating: rows.get(rating, (0, 0))[0] for rating in Rating},
    )


def worst_first(asked: Asked, limit: int, offset: int) -> list[Scored]:
    """The datasets asked for, those with the fewest points first, in one query.

    Args:
        asked: which of them.
        limit: how many at most.
        offset: how many to pass over.
    """
    piece = CataloguePiece.__table__.c
    query = (
        _from(
            sa.select(
                piece.package_id,
                model.Package.name,
                model.Package.title,
                model.Package.owner_org,
                model.Group.title.label("organization_title"),
                piece.uri,
                piece.score,
                piece.gaps,
            )
        )
        .where(*_conditions(asked))
        .order_by(piece.score, sa.func.jsonb_array_length(piece.gaps).desc(), model.Package.title)
        .order_by(piece.package_id)
        .limit(limit)
        .offset(offset)
    )
    return [_scored(row) for row in model.Session.execute(query)]


def organizations(organization_ids: Collection[str] | None) -> dict[str, str]:
    """The titles of the organisations that have datasets in the catalogue, sorted, by identifier.

    Args:
        organization_ids: only these; None for all.
    """
    query = (
        _from(sa.select(model.Group.id, model.Group.title))
        .where(*_conditions(Asked(organization_ids)), model.Group.id.is_not(None))
        .distinct()
        .order_by(model.Group.title)
    )
    return {row[0]: row[1] for row in model.Session.execute(query)}


def _from(query: sa.Select[Any]) -> sa.Select[Any]:
    # The title and the organisation as they are now: those of a piece may be of before a change.
    return (
        query.select_from(CataloguePiece)
        .join(model.Package, model.Package.id == CataloguePiece.package_id)
        .outerjoin(model.Group, model.Group.id == model.Package.owner_org)
    )


def _conditions(asked: Asked) -> Conditions:
    piece = CataloguePiece.__table__.c
    conditions = [piece.is_public, piece.score.is_not(None)]
    if asked.organization_ids is not None:
        conditions.append(model.Package.owner_org.in_(list(asked.organization_ids)))
    if asked.gap is not None:
        conditions.append(piece.gaps.contains([asked.gap.value]))
    return conditions


def _scored(row: sa.engine.Row[Any]) -> Scored:
    return Scored(
        package_id=row.package_id,
        name=row.name,
        title=row.title or row.name,
        organization_id=row.owner_org,
        organization_title=row.organization_title,
        uri=row.uri,
        score=row.score,
        gaps=tuple(row.gaps),
    )
