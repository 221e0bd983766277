"""The datasets of partners that follow standards, and the versions that they meet on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, cast

import ckan.model as model
import sqlalchemy as sa

from ..clock import PARIS
from ..standards.model import Standard, StandardVersion
from ..standards.obliged import standard_of_resource
from ..standards.rules import Kind
from ..validation.checks.model import Check
from .model import Declaration

Selected = sa.sql.expression.CTE

MOST_VERSIONS = 63
"""Versions of a standard that count, the newest: as many as a number of 64 bits has places."""


class Followed(NamedTuple):
    """A dataset and one standard that files of it follow, on a day.

    A tuple, for there are ten thousand.

    Attributes:
        place: that of the newest version that each of these files is valid for, the first bit for
            the newest published by the day; 0 where there is none, and where a file is unchecked.
        is_unchecked: whether a file among them was never checked, nor conformity declared.
        is_declared: whether it is met by the word of a person, for a file among them at least.
    """

    organization_id: str
    package_id: str
    standard: str
    place: int
    is_unchecked: bool
    is_declared: bool


def followed(
    day: date,
    organization_ids: Collection[str] | None = None,
    standard: str | None = None,
    package_id: str | None = None,
    resource_id: str | None = None,
) -> Iterator[Followed]:
    """Read the datasets that follow standards one after the other, in one query.

    Datasets are today's, checks and declarations those made by the end of the day in Paris
    (design, section 2, "Conformance"). A declaration counts for what no program can check: a
    version of the kind `document`, and a file that was never checked.

    Args:
        day: the day.
        organization_ids: the organisations whose datasets are asked for; None for all, partners
            or not.
        standard: only what follows this standard, where given.
        package_id: only this dataset, where given.
        resource_id: only by this file, where given, whatever the others of its dataset are.
    """
    # Columns of the table: rows of the mapped class take Python twice as long.
    package = model.package_table.c
    versions = _versions(day)
    files = _files(organization_ids, package_id, resource_id)
    checked = _checked(versions, day, organization_ids)
    declared = _declared(versions, day)
    said_or_checked = checked.c.met.op("|")(sa.func.coalesce(declared.c.documents, 0))
    met = sa.func.coalesce(said_or_checked, declared.c.met)
    datasets = (
        sa.select(
            files.c.package_id,
            files.c.standard,
            sa.func.bit_and(sa.func.coalesce(met, 0)).label("places"),
            sa.func.bit_and(sa.func.coalesce(checked.c.met, 0)).label("places_by_checks"),
            sa.func.bool_or(met.is_(None)).label("is_unchecked"),
        )
        .outerjoin(
            checked,
            sa.and_(
                checked.c.resource_id == files.c.resource_id,
                checked.c.standard == files.c.standard,
            ),
        )
        .outerjoin(
            declared,
            sa.and_(
                declared.c.package_id == files.c.package_id,
                declared.c.standard == files.c.standard,
            ),
        )
        .where(files.c.standard.is_not(None) if standard is None else files.c.standard == standard)
        .group_by(files.c.package_id, files.c.standard)
        .subquery("datasets")
    )
    lowest = datasets.c.places.op("&")(-datasets.c.places)
    place = sa.case((datasets.c.is_unchecked, 0), else_=lowest)
    query = (
        sa.select(
            package.owner_org.label("organization_id"),
            datasets.c.package_id,
            datasets.c.standard,
            place.label("place"),
            datasets.c.is_unchecked,
            sa.and_(place != 0, place.op("&")(datasets.c.places_by_checks) == 0).label(
                "is_declared"
            ),
        )
        .join(datasets, datasets.c.package_id == package.id)
        .where(package.state == model.State.ACTIVE, package.owner_org.is_not(None))
    )
    # The rows as they come: they are tuples with these names already.
    return cast("Iterator[Followed]", model.Session.execute(query))


def end_of(day: date) -> datetime:
    """The moment at which a day ends in Paris."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS)


def _files(
    organization_ids: Collection[str] | None,
    package_id: str | None,
    resource_id: str | None,
) -> sa.sql.expression.Subquery:
    query = sa.select(
        model.Resource.id.label("resource_id"),
        model.Resource.package_id,
        standard_of_resource().label("standard"),
    ).where(model.Resource.state == model.State.ACTIVE)
    if organization_ids is not None:
        query = query.where(model.Resource.package_id.in_(_packages_of(organization_ids)))
    if package_id is not None:
        query = query.where(model.Resource.package_id == package_id)
    if resource_id is not None:
        query = query.where(model.Resource.id == resource_id)
    # A fence, so that PostgreSQL reads the JSON of each file once.
    return query.offset(0).subquery("files")


def _packages_of(organization_ids: Collection[str]) -> sa.sql.Select:
    return sa.select(model.Package.id).where(model.Package.owner_org.in_(list(organization_ids)))


def _versions(day: date) -> Selected:
    """The versions published by a day, each with the place of its rank, the newest first."""
    ranked = (
        sa.select(
            StandardVersion.id,
            StandardVersion.kind,
            Standard.name.label("standard"),
            sa.func.row_number()
            .over(
                partition_by=StandardVersion.standard_id,
                order_by=StandardVersion.published_on.desc(),
            )
            .label("rank"),
        )
        .join(Standard, Standard.id == StandardVersion.standard_id)
        .where(StandardVersion.published_on <= day)
        .subquery()
    )
    rank = sa.cast(ranked.c.rank, sa.Integer) - 1
    place = sa.cast(1, sa.BigInteger).op("<<")(rank)
    return (
        sa.select(ranked.c.id, ranked.c.kind, ranked.c.standard, place.label("place"))
        .where(ranked.c.rank <= MOST_VERSIONS)
        .cte("versions")
    )


def _checked(versions: Selected, day: date, organization_ids: Collection[str] | None) -> Selected:
    """By file: the places of the versions that its last checks say that it meets."""
    made = (
        sa.select(Check.resource_id, Check.version_id, Check.valid)
        .where(Check.held_file_id.is_(None), Check.made_at < end_of(day))
        .distinct(Check.resource_id, Check.version_id)
        .order_by(Check.resource_id, Check.version_id, sa.desc(Check.made_at))
    )
    if organization_ids is not None:
        made = made.where(Check.package_id.in_(_packages_of(organization_ids)))
    last = made.subquery("last")
    return (
        sa.select(
            last.c.resource_id,
            versions.c.standard,
            sa.func.bit_or(sa.case((last.c.valid, versions.c.place), else_=0)).label("met"),
        )
        .join(versions, versions.c.id == last.c.version_id)
        .group_by(last.c.resource_id, versions.c.standard)
        .cte("checked")
    )


def _declared(versions: Selected, day: date) -> Selected:
    """By dataset: the places of the versions that somebody declared it to conform to."""
    return (
        sa.select(
            Declaration.package_id,
            versions.c.standard,
            sa.func.bit_or(versions.c.place).label("met"),
            sa.func.bit_or(versions.c.place)
            .filter(versions.c.kind == Kind.DOCUMENT.value)
            .label("documents"),
        )
        .join(versions, versions.c.id == Declaration.version_id)
        .where(Declaration.declared_on <= day)
        .group_by(Declaration.package_id, versions.c.standard)
        .cte("declared")
    )
