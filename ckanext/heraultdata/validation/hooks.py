"""Notices, in the database session, that a file must be checked, and queues it after the commit.

Every way in (actions, forms, harvesters, commands) ends in a flush of the session; CKAN's own hooks
see some of them only, or before the commit, or without what was there before.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import ckan.model as model
import ckan.plugins as p
from ckan.model import meta
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from ckanext.heraultdata import clock

from . import jobs, upstream
from . import model as store
from .rules import STATUS_FIELDS, FileFacts

log = logging.getLogger(__name__)

PLUGIN = "heraultdata_validation"
_PENDING = "heraultdata_validation_pending"
_CHECKED = "heraultdata_validation_checked"


@contextmanager
def checked_already() -> Iterator[None]:
    """Queue nothing for what is saved in this block: its file has just been checked."""
    info = model.Session().info
    info[_CHECKED] = True
    try:
        yield
    finally:
        del info[_CHECKED]


@event.listens_for(meta.Session, "before_flush")
def notice_changes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """Compare the resources about to be written with their rows, and mark those to check."""
    if not p.plugin_loaded(PLUGIN):
        return
    resources = [item for item in session.new if isinstance(item, model.Resource)]
    new_ids = {item.id for item in resources}
    resources += [
        item
        for item in session.dirty
        if isinstance(item, model.Resource) and session.is_modified(item)
    ]
    outdated = {item.id for item in session.deleted if isinstance(item, model.Resource)}
    stored = store.lock_resources({item.id for item in resources} - new_ids)
    to_check: set[str] = set()
    for item in resources:
        before = stored.get(item.id)
        if before is not None and before.facts == FileFacts.of(store.fields_of(item)):
            _set_status(item, before.extras)
            continue
        _set_status(item, {})
        if _wanted(item, is_new=item.id in new_ids) and _CHECKED not in session.info:
            to_check.add(item.id)
        elif before is not None:
            outdated.add(item.id)
    _mark(session, to_check, outdated)


def _set_status(resource: model.Resource, source: Mapping[str, object]) -> None:
    """Give a resource the status fields of `source`: they are the check's to write, nobody else's.

    A form that was open during the check would otherwise put the old ones back.
    """
    extras = resource.extras or {}
    others = {key: value for key, value in extras.items() if key not in STATUS_FIELDS}
    status = {key: source[key] for key in STATUS_FIELDS if key in source}
    if extras != {**others, **status}:
        resource.extras = {**others, **status}


def _wanted(resource: model.Resource, is_new: bool) -> bool:
    settings = upstream.settings
    mode_of = (
        settings.get_create_mode_from_config if is_new else settings.get_update_mode_from_config
    )
    return mode_of() is not None and FileFacts.of(store.fields_of(resource)).can_be_checked(
        settings.get_supported_formats()
    )


def _mark(session: Session, to_check: Collection[str], outdated: Collection[str]) -> None:
    """Write in the transaction of the change that its check is to be made."""
    if not (to_check or outdated):
        return
    if not store.tables_exist():
        log.error("Files are not checked: the table is missing. Run: ckan heraultdata init")
        return
    if outdated:
        store.delete_rows(outdated)
    if to_check:
        store.queue_rows(to_check, clock.now())
        session.info.setdefault(_PENDING, set()).update(to_check)


@event.listens_for(meta.Session, "after_commit")
def queue_marked(session: Session) -> None:
    """Queue what was marked, once it stands in the database."""
    if session.in_nested_transaction():
        return
    for resource_id in sorted(session.info.pop(_PENDING, ())):
        jobs.enqueue(resource_id)


@event.listens_for(meta.Session, "after_rollback")
def forget_marked(session: Session) -> None:
    """Forget what was marked in a transaction that came to nothing."""
    session.info.pop(_PENDING, None)
