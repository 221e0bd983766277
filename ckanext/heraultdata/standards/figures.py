"""Figures of the registry: how many standards, and how many public datasets follow them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa

from .model import Standard
from .obliged import standard_of_resource


@dataclass(frozen=True)
class Figures:
    """The figures above the list of standards."""

    standards: int
    scdl: int
    priority: int
    datasets: int


def registry_figures() -> Figures:
    """The figures of the whole registry, in two queries."""
    row = model.Session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(Standard.scdl),
            sa.func.count().filter(Standard.priority),
        ).select_from(Standard)
    ).one()
    standard = standard_of_resource()
    names = sa.select(Standard.name)
    datasets = model.Session.scalar(
        sa.select(sa.func.count(sa.distinct(model.Resource.package_id)))
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .where(*_public(), standard.in_(names))
    )
    return Figures(*row, datasets=datasets or 0)


def dataset_counts(standard_names: Collection[str]) -> dict[str, int]:
    """How many public datasets follow each of these standards, in one query.

    Args:
        standard_names: names of standards.
    """
    standard = standard_of_resource()
    rows = model.Session.execute(
        sa.select(standard, sa.func.count(sa.distinct(model.Package.id)))
        .select_from(model.Resource)
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .where(*_public(), standard.in_(list(standard_names)))
        .group_by(standard)
    )
    return {row[0]: row[1] for row in rows}


def _public() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        model.Package.state == model.State.ACTIVE,
        model.Package.private.is_(False),
        model.Resource.state == model.State.ACTIVE,
    )
