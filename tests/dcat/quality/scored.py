"""Datasets with scores, written past the serialisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.heraultdata.dcat.model import CataloguePiece
from tests.withdrawals import making


def scored(
    partner: Mapping[str, Any], title: str, score: int, *gaps: str, name: str = ""
) -> dict[str, Any]:
    """A public dataset of a partner with a score and gaps."""
    fields = {"title": title, "name": name} if name else {"title": title}
    made = making.public_dataset(partner, None, **fields)
    _count([made["id"]], score, gaps)
    return made


def many_scored(partner: Mapping[str, Any], count: int, score: int, *gaps: str) -> None:
    """So many public datasets of a partner with the same score."""
    names = making.many_datasets(partner, count)
    query = sa.select(model.Package.id).where(model.Package.name.in_(names))
    _count(list(model.Session.scalars(query)), score, gaps)


def _count(package_ids: Sequence[str], score: int, gaps: Sequence[str]) -> None:
    model.Session.execute(
        sa.update(CataloguePiece)
        .where(CataloguePiece.package_id.in_(package_ids))
        .values(score=score, gaps=list(gaps), serialised=CataloguePiece.changes)
    )
    model.Session.commit()
