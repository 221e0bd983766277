"""The table `validation` of ckanext-validation and the rows of resources, read and written in SQL.

In SQL and not through objects: a check writes beside the edits of people, and must neither carry
away what they wrote nor set off the hooks of an edit.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .frictionless_check import Outcome
from .rules import STATUS_FIELDS, FileFacts
from .upstream import Validation

table: sa.Table = Validation.__table__
resources: sa.Table = model.resource_table
_READ = (
    resources.c.id,
    resources.c.package_id,
    resources.c.state,
    resources.c.name,
    resources.c.url,
    resources.c.url_type,
    resources.c.format,
    resources.c.last_modified,
)


@dataclass(frozen=True)
class StoredResource:
    """The row of a resource as the database has it."""

    id: str
    package_id: str
    state: str
    facts: FileFacts
    extras: Mapping[str, Any]


@dataclass(frozen=True)
class CheckState:
    """How far a check is: `created`, `running` or its outcome, and why it could not be made."""

    status: str
    messages: tuple[str, ...]

    @property
    def is_waited_for(self) -> bool:
        """Whether the outcome is still to come."""
        return self.status in ("created", "running")


def state_of(resource_id: str) -> CheckState | None:
    """How far the check of a file is, None where none was ever asked for."""
    query = sa.select(table.c.status, table.c.error).where(table.c.resource_id == resource_id)
    row = model.Session.execute(query).one_or_none()
    if row is None:
        return None
    return CheckState(row.status, tuple(row.error["message"]) if row.error else ())


def tables_exist() -> bool:
    """Whether the table `validation` is there."""
    return sa.inspect(model.Session.connection()).has_table(table.name)


def fields_of(resource: model.Resource) -> dict[str, Any]:
    """The fields of a resource under way, changes that are not written yet included."""
    return {
        **(resource.extras or {}),
        **{column.name: getattr(resource, column.name) for column in _READ},
    }


def facts_in_place(resource_id: str) -> FileFacts | None:
    """What stands in the row of a resource, None where there is none."""
    query = sa.select(*_READ, resources.c.extras).where(resources.c.id == resource_id)
    row = model.Session.execute(query).mappings().one_or_none()
    return _stored(row).facts if row else None


def lock_resources(ids: Iterable[str]) -> dict[str, StoredResource]:
    """Read the rows of resources and keep others from writing them until the transaction ends.

    Args:
        ids: identifiers; those that are not in the database are left out.
    """
    wanted = sorted(ids)
    if not wanted:
        return {}
    query = sa.select(*_READ, resources.c.extras).where(resources.c.id.in_(wanted))
    # A constant order: two transactions that lock the same rows wait for each other in turn.
    rows = model.Session.execute(query.order_by(resources.c.id).with_for_update())
    return {row["id"]: _stored(row) for row in rows.mappings()}


def _stored(row: sa.RowMapping) -> StoredResource:
    extras = row["extras"] or {}
    return StoredResource(
        id=row["id"],
        package_id=row["package_id"],
        state=row["state"],
        facts=FileFacts.of({**extras, **dict(row)}),
        extras=extras,
    )


def queue_rows(ids: Collection[str], now: datetime) -> None:
    """Say of resources that they wait for their check; the caller holds their locks.

    Args:
        ids: identifiers of the resources.
        now: the moment, with a zone.
    """
    fresh = {
        "status": "created",
        "created": _as_upstream_writes(now),
        "finished": None,
        "report": sa.null(),
        "error": sa.null(),
    }
    known = sa.select(table.c.resource_id).where(table.c.resource_id.in_(ids))
    present = set(model.Session.execute(known).scalars())
    if present:
        where = table.c.resource_id.in_(present)
        model.Session.execute(sa.update(table).where(where).values(**fresh))
    for resource_id in sorted(set(ids) - present):
        model.Session.execute(sa.insert(table).values(resource_id=resource_id, **fresh))


def claim_row(resource_id: str) -> bool:
    """Pass a resource from waiting to being checked.

    Returns:
        Whether it was waiting; no other job takes it then.
    """
    claimed = model.Session.execute(
        sa.update(table)
        .where(table.c.resource_id == resource_id, table.c.status == "created")
        .values(status="running")
    )
    return claimed.rowcount > 0  # pyright: ignore[reportAttributeAccessIssue]


def finish_row(resource_id: str, outcome: Outcome, now: datetime) -> None:
    """Write the outcome of a check into the table, as ckanext-validation writes it.

    Args:
        resource_id: identifier of the resource.
        outcome: the outcome.
        now: the moment, with a zone.
    """
    values = {
        "status": outcome.status,
        "finished": _as_upstream_writes(now),
        # Its readers expect a text within the JSON column.
        "report": sa.null() if outcome.report is None else json.dumps(outcome.report),
        "error": {"message": list(outcome.messages)} if outcome.messages else sa.null(),
    }
    where = table.c.resource_id == resource_id
    model.Session.execute(sa.update(table).where(where).values(**values))


def delete_rows(ids: Collection[str]) -> None:
    """Take away the reports of resources."""
    model.Session.execute(sa.delete(table).where(table.c.resource_id.in_(ids)))


def write_status(stored: StoredResource, status: str, now: datetime) -> None:
    """Write the status of a check into the fields of its resource and touch nothing else.

    Args:
        stored: the resource, as locked in this transaction.
        status: `success`, `failure` or `error`.
        now: the moment, with a zone.
    """
    moment = _as_upstream_writes(now).isoformat()
    extras = {**stored.extras, **dict(zip(STATUS_FIELDS, (status, moment), strict=True))}
    where = resources.c.id == stored.id
    model.Session.execute(sa.update(resources).where(where).values(extras=extras))


def _as_upstream_writes(moment: datetime) -> datetime:
    """Its columns hold UTC without a zone."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
