"""The life of a check: asked for, begun, finished; one function a transition."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib import search

from ckanext.heraultdata import clock

from . import model as store
from . import upstream
from .checks import service as checks
from .checks.running import VersionReport
from .frictionless_check import Outcome
from .rules import FileFacts

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Begun:
    """A check under way: the resource it is made of, and the facts that it will be true of."""

    facts: FileFacts
    resource: dict[str, Any]
    private: bool


def create_tables() -> None:
    """Make the table `validation` of ckanext-validation where it is not there yet."""
    store.table.create(bind=model.Session.connection(), checkfirst=True)
    model.Session.commit()


def ask(resource_id: str, now: datetime) -> None:
    """Record that a resource waits for its check; a report that it had is taken away.

    Args:
        resource_id: identifier of the resource.
        now: the moment, with a zone.

    Raises:
        tk.ObjectNotFound: there is no such resource.
    """
    if resource_id not in store.lock_resources([resource_id]):
        raise tk.ObjectNotFound(tk._("Resource was not found."))
    store.queue_rows([resource_id], now)
    model.Session.commit()


def ask_all(resource_ids: Sequence[str], now: datetime) -> list[str]:
    """Record that resources wait for their checks; those that are gone by now are left out.

    Args:
        resource_ids: identifiers of the resources.
        now: the moment, with a zone.

    Returns:
        Those that wait, to be queued.
    """
    waiting = sorted(store.lock_resources(resource_ids))
    store.queue_rows(waiting, now)
    model.Session.commit()
    return waiting


def begin(resource_id: str) -> Begun | None:
    """Take a waiting resource for its check.

    Args:
        resource_id: identifier of the resource.

    Returns:
        What to check; None where nothing waits: the change was rolled back, another job has taken
        it, or the resource has gone.
    """
    stored = store.lock_resources([resource_id]).get(resource_id)
    if stored is None or stored.state != model.State.ACTIVE or not store.claim_row(resource_id):
        model.Session.rollback()
        return None
    model.Session.commit()
    model.Session.expire_all()
    package = model.Package.get(stored.package_id)
    resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    return Begun(stored.facts, resource, private=bool(package and package.private))


def refuse(resource_id: str) -> None:
    """Give up a check that a plugin does not want; the resource is left without a report."""
    store.delete_rows([resource_id])
    model.Session.commit()


def finish(
    resource_id: str,
    facts: FileFacts,
    outcome: Outcome,
    now: datetime,
    reports: Sequence[VersionReport] = (),
) -> bool:
    """Write the outcome of a check into the table, the fields of the resource and the search index.

    The row of the resource is locked and the two status fields alone are written. `resource_patch`,
    as ckanext-validation has it, would write the whole dataset again: it fails where another field
    is no longer valid, and takes back what somebody saved meanwhile.

    Args:
        resource_id: identifier of the resource.
        facts: what was checked; when it is no longer so the outcome is dropped, since the change
            has asked for a check of its own.
        outcome: the outcome.
        now: the moment, with a zone.
        reports: of each version of its standard, kept with the outcome.

    Returns:
        Whether it was written.
    """
    stored = store.lock_resources([resource_id]).get(resource_id)
    if stored is None or stored.facts != facts:
        model.Session.rollback()
        log.info("Resource %s changed during its check", resource_id)
        return False
    store.finish_row(resource_id, outcome, now)
    store.write_status(stored, outcome.status, now)
    if reports:
        checked = checks.CheckedFile(resource_id, stored.package_id, facts)
        checks.record(checked, reports, now)
    model.Session.commit()
    model.Session.expire_all()
    search.rebuild(package_ids=[stored.package_id])
    search.commit()
    return True


def finish_unqueued(
    resource: dict[str, Any], outcome: Outcome, reports: Sequence[VersionReport] = ()
) -> None:
    """Write the outcome of a check that was made within the request that brought the file.

    Args:
        resource: the resource as saved.
        outcome: the outcome.
        reports: of each version of its standard.
    """
    now = clock.now()
    ask(resource["id"], now)
    finish(resource["id"], FileFacts.of(resource), outcome, now, reports)


def send_report(resource_id: str) -> None:
    """Show a finished check to the plugins that implement `IPipeValidation`."""
    row = model.Session.query(upstream.Validation).filter_by(resource_id=resource_id).one()
    upstream.utils.send_validation_report(upstream.utils.validation_dictize(row))
