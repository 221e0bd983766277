"""Standings narrowed down: to those due between two days, to those that the public may read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import ckan.model as model
import sqlalchemy as sa
from ckan.types import Context

from .. import access
from .tracker import Standing


def due_between(
    standings: Iterable[Standing], first: date | None, last: date | None
) -> list[Standing]:
    """The standings with a due date from one day to another, in their order.

    Args:
        standings: any; those without a due date are passed over where a day is given.
        first: the first day, None for no limit.
        last: the last day, None for no limit.
    """
    if first is None and last is None:
        return list(standings)
    return [each for each in standings if _is_between(each.conformance.due_on, first, last)]


def _is_between(due_on: date | None, first: date | None, last: date | None) -> bool:
    return due_on is not None and (first or due_on) <= due_on <= (last or due_on)


def of_public_datasets(standings: Iterable[Standing]) -> list[Standing]:
    """The standings of public datasets, in their order, in one query.

    What is missing and what is private stay with the partner and the département.

    Args:
        standings: any.
    """
    public = set(
        model.Session.scalars(
            sa.select(model.Package.id).where(
                model.Package.state == model.State.ACTIVE, model.Package.private.is_(False)
            )
        )
    )
    return [standing for standing in standings if standing.package_id in public]


def reads_in_full(context: Context, organization_id: str | None) -> bool:
    """Whether the user reads all the standings that it asks for, what is not public too.

    Args:
        context: the context of the action.
        organization_id: the partner asked for; None for all that are the user's own.
    """
    readable = access.organizations_read_in_full(context)
    if organization_id is None:
        return readable.everything or bool(readable.organization_ids)
    return readable.includes(organization_id)


def organizations_asked(context: Context, organization_id: str | None) -> list[str] | None:
    """The organisation asked for; else all that the user reads in full, None for every one.

    Args:
        context: the context of the action.
        organization_id: the organisation asked for, if any.
    """
    if organization_id is not None:
        return [organization_id]
    readable = access.organizations_read_in_full(context)
    return None if readable.everything else sorted(readable.organization_ids)
