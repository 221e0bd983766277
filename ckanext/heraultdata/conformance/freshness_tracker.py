"""Which datasets of partners are late with the update that their frequency promises, on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import config
from ..clock import PARIS
from ..partners import service as partners
from .freshness import PERIODS, Freshness, freshness


@dataclass(frozen=True)
class DatasetFreshness:
    """A dataset whose frequency promises updates, on a day.

    Attributes:
        organization_id: the partner.
        package_id: the dataset.
        name: its name in addresses.
        title: its title.
        frequency: address of the frequency in the European vocabulary.
        changed_on: the day of the last change of its data, in Paris.
        freshness: whether the next update is late, and by when it is due.
    """

    organization_id: str
    package_id: str
    name: str
    title: str
    frequency: str
    changed_on: date
    freshness: Freshness


def on(
    day: date, organization_ids: Collection[str] | None = None, package_id: str | None = None
) -> list[DatasetFreshness]:
    """Reckon the freshness of partners' datasets at the end of a day, what is late first.

    Datasets are today's: active, private ones too. The data changed when the newest of the files
    was made or replaced by then; a dataset without a file by then, or whose frequency promises
    nothing, is left out. The number of queries is constant.

    Args:
        day: the day.
        organization_ids: only these organisations, where given; those that are no partners are
            passed over.
        package_id: only this dataset, where given.
    """
    owners = partners.types(organization_ids)
    tolerance = config.freshness_tolerance_days()
    found = [
        DatasetFreshness(
            organization_id=row.owner_org,
            package_id=row.id,
            name=row.name,
            title=row.title or row.name,
            frequency=row.frequency,
            changed_on=row.changed_on,
            freshness=freshness(PERIODS[row.frequency], row.changed_on, day, tolerance),
        )
        for row in model.Session.execute(_changes(owners, day, package_id))
    ]
    return sorted(found, key=lambda each: (each.freshness.due_on, each.title, each.package_id))


def _changes(owners: Collection[str], day: date, package_id: str | None) -> sa.Select:
    frequency = _frequency()
    replaced_on = _day_in_paris(model.Resource.last_modified)
    created_on = _day_in_paris(model.Resource.created)
    # Of a file replaced since the day, the portal knows only when it was made.
    changed_on = sa.func.greatest(
        sa.case((replaced_on <= day, replaced_on)), sa.case((created_on <= day, created_on))
    )
    query = (
        sa.select(
            model.Package.id,
            model.Package.owner_org,
            model.Package.name,
            model.Package.title,
            frequency.label("frequency"),
            sa.func.max(changed_on).label("changed_on"),
        )
        .join(model.Resource, model.Resource.package_id == model.Package.id)
        .where(
            model.Package.state == model.State.ACTIVE,
            model.Package.owner_org.in_(list(owners)),
            model.Resource.state == model.State.ACTIVE,
            frequency.in_(list(PERIODS)),
        )
        .group_by(model.Package.id, frequency)
        .having(sa.func.max(changed_on).is_not(None))
    )
    return query if package_id is None else query.where(model.Package.id == package_id)


def _day_in_paris(moment: sa.SQLColumnExpression[datetime]) -> sa.ColumnElement[date]:
    # CKAN keeps its moments in UTC, without a zone.
    return sa.cast(sa.func.timezone(str(PARIS), sa.func.timezone("UTC", moment)), sa.Date)


def _frequency() -> sa.ColumnElement[str]:
    """The frequency of a dataset in a query: a column keeps it since CKAN 2.12, a table before."""
    if tk.check_ckan_version(min_version="2.12.0a0"):
        return model.package_table.c.extras["frequency"].astext
    extra = model.package_extra_table.c  # type: ignore[attr-defined]
    return (
        sa.select(extra.value)
        .where(
            extra.package_id == model.Package.id,
            extra.key == "frequency",
            extra.state == model.State.ACTIVE,
        )
        .scalar_subquery()
    )
