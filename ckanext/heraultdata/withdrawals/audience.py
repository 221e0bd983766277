"""How much datasets and files are read, as far as CKAN counts it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

_TRACKING = sa.table(
    "tracking_summary",
    sa.column("url"),
    sa.column("package_id"),
    sa.column("tracking_type"),
    sa.column("count"),
    sa.column("tracking_date"),
)
"""CKAN's own table, which stands in its database also where its plugin is not loaded."""


@dataclass(frozen=True)
class Audience:
    """What a dataset or a file holds, and how often it was read since a day.

    Attributes:
        files: how many files it has, 1 for a file.
        size: their bytes, as far as CKAN knows.
        views: times that the page was read; None where CKAN does not count, and for a file.
        downloads: times that the files were fetched; None where CKAN does not count.
    """

    files: int
    size: int
    views: int | None = None
    downloads: int | None = None


NOTHING = Audience(files=0, size=0)


def array(values: Collection[str]) -> sa.ColumnElement[bool]:
    """Any of the values, as one parameter: ten thousand of them are a query like any other."""
    return sa.any_(sa.literal(list(values), ARRAY(sa.UnicodeText)))


def of_datasets(package_ids: Collection[str], since: date) -> dict[str, Audience]:
    """What datasets hold and how often they were read since a day, in three queries at most.

    Args:
        package_ids: the datasets; one without files that nobody read may be left out.
        since: the first day that counts.
    """
    found = _files(model.Resource.package_id, package_ids)
    if not p.plugin_loaded("tracking"):
        return found
    views = _views(package_ids, since)
    downloads = _downloads(model.Resource.package_id, package_ids, since)
    return {
        package_id: replace(
            found.get(package_id, NOTHING),
            views=views.get(package_id, 0),
            downloads=downloads.get(package_id, 0),
        )
        for package_id in package_ids
    }


def of_files(resource_ids: Collection[str], since: date) -> dict[str, Audience]:
    """What files hold and how often they were fetched since a day, in two queries at most.

    Args:
        resource_ids: the files.
        since: the first day that counts.
    """
    found = _files(model.Resource.id, resource_ids)
    if not p.plugin_loaded("tracking"):
        return found
    downloads = _downloads(model.Resource.id, resource_ids, since)
    return {
        resource_id: replace(held, downloads=downloads.get(resource_id, 0))
        for resource_id, held in found.items()
    }


def _files(
    key: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ids: Collection[str]
) -> dict[str, Audience]:
    rows = model.Session.execute(
        sa.select(
            key.label("key"),
            sa.func.count().label("files"),
            sa.func.coalesce(sa.func.sum(model.Resource.size), 0).label("size"),
        )
        .where(key == array(ids), model.Resource.state == model.State.ACTIVE)
        .group_by(key)
    )
    return {row.key: Audience(int(row.files), int(row.size)) for row in rows}


def _views(package_ids: Collection[str], since: date) -> Mapping[str, int]:
    rows = model.Session.execute(
        sa.select(_TRACKING.c.package_id, sa.func.sum(_TRACKING.c.count).label("times"))
        .where(
            _TRACKING.c.package_id == array(package_ids),
            _TRACKING.c.tracking_type == "page",
            _TRACKING.c.tracking_date >= since,
        )
        .group_by(_TRACKING.c.package_id)
    )
    return {row.package_id: int(row.times) for row in rows}


def _downloads(
    key: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    ids: Collection[str],
    since: date,
) -> Mapping[str, int]:
    fetched = (
        sa.select(
            _TRACKING.c.url,
            sa.func.substring(_TRACKING.c.url, "/resource/([0-9a-f-]{36})/").label("resource_id"),
            sa.func.sum(_TRACKING.c.count).label("times"),
        )
        .where(_TRACKING.c.tracking_type == "resource", _TRACKING.c.tracking_date >= since)
        .group_by(_TRACKING.c.url)
        .subquery()
    )
    resource = model.Resource
    # CKAN counts by address: that of a file of ours names it, that of another is its own.
    is_fetched = sa.or_(
        fetched.c.resource_id == resource.id,
        sa.and_(fetched.c.resource_id.is_(None), fetched.c.url == resource.url),
    )
    rows = model.Session.execute(
        sa.select(key.label("key"), sa.func.sum(fetched.c.times).label("times"))
        .join(fetched, is_fetched)
        .where(key == array(ids), resource.state == model.State.ACTIVE)
        .group_by(key)
    )
    return {row.key: int(row.times) for row in rows}
