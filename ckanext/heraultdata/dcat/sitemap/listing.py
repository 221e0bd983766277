"""Which datasets the map of the site names: those of the catalogue that anyone may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from ..model import CataloguePiece
from ..pieces import refreshing


@dataclass(frozen=True)
class MappedDataset:
    """A public dataset.

    Attributes:
        name: its name in addresses.
        modified: when its description last changed; None where that is not known yet.
    """

    name: str
    modified: datetime | None


@dataclass(frozen=True)
class DatasetFile:
    """A file of the map that names datasets.

    Attributes:
        number: its number, from 1; one that would name nothing is left out.
        modified: the latest of its datasets.
    """

    number: int
    modified: datetime | None


def give_places() -> None:
    """Give a place to the datasets that wait for one, so that none is left out."""
    is_waiting = sa.exists().where(
        CataloguePiece.is_public.is_(True), CataloguePiece.slot.is_(None)
    )
    if model.Session.scalar(sa.select(is_waiting)):
        refreshing.refresh(package_ids=())


def files(size: int) -> list[DatasetFile]:
    """The files that hold datasets, in one query.

    A dataset stays in the file of its place in the catalogue, so that a file changes only where one
    of its datasets does.

    Args:
        size: places of the catalogue in a file.
    """
    number = (sa.cast(sa.func.div(CataloguePiece.slot - 1, size), sa.Integer) + 1).label("number")
    query = (
        sa.select(number, sa.func.max(CataloguePiece.modified))
        .join(model.Package, model.Package.id == CataloguePiece.package_id)
        .where(*_is_public())
        .group_by(number)
        .order_by(number)
    )
    return [DatasetFile(*row) for row in model.Session.execute(query)]


def datasets(number: int, size: int) -> list[MappedDataset]:
    """The datasets of a file, in the order of the catalogue, in one query.

    Args:
        number: of the file, from 1.
        size: places of the catalogue in a file.
    """
    query = (
        sa.select(model.Package.name, CataloguePiece.modified)
        .join(CataloguePiece, CataloguePiece.package_id == model.Package.id)
        .where(*_is_public(), CataloguePiece.slot.between((number - 1) * size + 1, number * size))
        .order_by(CataloguePiece.slot)
    )
    return [MappedDataset(*row) for row in model.Session.execute(query)]


def _is_public() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        CataloguePiece.is_public.is_(True),
        CataloguePiece.slot.is_not(None),
        # What the triggers keep already: a dataset that is not public must never be named.
        model.Package.state == model.State.ACTIVE,
        model.Package.private.is_(False),
    )
