"""Files in place that were never checked against a version that is published: checked again.

A version may be published while nobody touches the files, and one published ahead comes of age on
a day on which nobody does anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import ckan.model as model
import ckan.plugins as p
import sqlalchemy as sa

from ..clock import PARIS
from ..standards.model import Standard, StandardVersion
from ..standards.obliged import standard_of_resource
from ..validation import jobs, upstream
from ..validation import model as checks_waiting
from ..validation import service as validation
from ..validation.checks.model import Check
from ..validation.checks.running import CHECKED_KINDS
from ..validation.hooks import PLUGIN
from ..validation.rules import STANDARD_FORMATS

_LOST_AFTER = timedelta(days=1)
"""A check that has waited for longer was lost, with the queue or with its worker."""


def files_to_check(today: date, now: datetime) -> list[str]:
    """The files to check again, in one query.

    Not those that wait for a check, nor those of which a check could not be made since the
    version came out: it would end as that one did.

    Args:
        today: the date in Paris.
        now: the moment, with a zone.

    Returns:
        Identifiers of resources.
    """
    if not p.plugin_loaded(PLUGIN) or not checks_waiting.tables_exist():
        return []
    known = checks_waiting.table.c
    came_out = sa.func.greatest(
        sa.func.timezone(PARIS.key, sa.cast(StandardVersion.published_on, sa.DateTime())),
        StandardVersion.created_at,
    )
    missing = sa.not_(
        sa.select(Check.id)
        .where(
            Check.resource_id == model.Resource.id,
            Check.version_id == StandardVersion.id,
            Check.held_file_id.is_(None),
        )
        .exists()
    )
    may_be_asked = sa.or_(
        known.resource_id.is_(None),
        known.status.in_(["success", "failure"]),
        sa.and_(known.status == "error", _in_utc(known.created) < came_out),
        sa.and_(
            known.status.in_(["created", "running"]), _in_utc(known.created) < now - _LOST_AFTER
        ),
    )
    query = (
        sa.select(model.Resource.id)
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .join(Standard, Standard.name == standard_of_resource())
        .join(StandardVersion, StandardVersion.standard_id == Standard.id)
        .outerjoin(checks_waiting.table, known.resource_id == model.Resource.id)
        .where(
            model.Package.state == model.State.ACTIVE,
            model.Resource.state == model.State.ACTIVE,
            sa.func.lower(sa.func.trim(model.Resource.format)).in_(_formats()),
            StandardVersion.published_on <= today,
            StandardVersion.kind.in_(CHECKED_KINDS),
            missing,
            may_be_asked,
        )
        .distinct()
        .order_by(model.Resource.id)
    )
    return list(model.Session.scalars(query))


def _formats() -> list[str]:
    return [*STANDARD_FORMATS, *upstream.settings.get_supported_formats()]


def _in_utc(column: sa.ColumnElement[datetime]) -> sa.ColumnElement[datetime]:
    # The table of ckanext-validation holds moments of UTC without a zone.
    return sa.func.timezone("UTC", column)


def check_again(resource_ids: Sequence[str], now: datetime) -> None:
    """Give the checks of files to the worker.

    Args:
        resource_ids: identifiers of the files.
        now: the moment, with a zone.
    """
    for resource_id in validation.ask_all(resource_ids, now):
        jobs.enqueue(resource_id)
