"""Keeps the rows of withdrawn files, which CKAN deletes for good as their dataset is saved again.

`package_update` purges the resources that are in the state `deleted`, and takes the others of that
state from the list of the dataset.
"""

from __future__ import annotations

from collections.abc import Iterable

import ckan.model as model
import sqlalchemy as sa
from ckan.model import meta
from sqlalchemy import event
from sqlalchemy.ext.orderinglist import OrderingList
from sqlalchemy.orm import Session, UOWTransaction

from . import keeping
from .kinds import CLOSED, stored
from .model import WithdrawalItem


@event.listens_for(meta.Session, "before_flush")
def keep_withdrawn(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Take back, before they are written, the deletion and the loss of withdrawn files."""
    going = [item for item in session.deleted if isinstance(item, model.Resource)]
    if not going or keeping.is_by_the_request():
        return
    kept = _withdrawn(session, [item.id for item in going])
    for resource in going:
        if resource.id in kept:
            _take_back(session, resource, *kept[resource.id])


def _withdrawn(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
    """The dataset and the rank of those of the files that a request holds, as they are stored."""
    resources = model.resource_table.c
    held = sa.select(WithdrawalItem.resource_id).where(WithdrawalItem.state.in_(stored(CLOSED)))
    rows = session.execute(
        sa.select(resources.id, resources.package_id, resources.position).where(
            resources.id.in_(list(ids)), resources.id.in_(held)
        )
    )
    return {row.id: (row.package_id, row.position) for row in rows}


def _take_back(session: Session, resource: model.Resource, package_id: str, rank: int) -> None:
    session.add(resource)
    package = session.get(model.Package, package_id)
    files: OrderingList | None = getattr(package, "resources_all", None)
    if files is not None and resource not in files:
        files.append(resource)
    # The list has counted it as the last one: it goes back to its own place.
    resource.position = rank
