"""A job that brings the catalogue up to date, queued after the commits that change datasets."""

from __future__ import annotations

import logging

import ckan.model as model
import ckan.plugins.toolkit as tk
import redis
from ckan.lib.redis import connect_to_redis
from ckan.plugins import plugin_loaded
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from . import refreshing

log = logging.getLogger(__name__)

_WATCHED = (model.Package, model.PackageTag, model.Resource, model.Group)
_CHANGED = "heraultdata_catalogue_changed"
_WAITS_AT_MOST = 60
"""Seconds after which a job that never began is queued again."""
_JOB_SECONDS = 3600


def refresh_catalogue() -> None:
    """The job."""
    connect_to_redis().delete(_key())
    refreshing.refresh()


def queue() -> None:
    """Queue the job, once for all the changes that come before it begins; never raises."""
    try:
        if connect_to_redis().set(_key(), "1", nx=True, ex=_WAITS_AT_MOST):
            tk.enqueue_job(
                refresh_catalogue, title="Catalogue", rq_kwargs={"timeout": _JOB_SECONDS}
            )
    except redis.RedisError:
        # Whoever reads the catalogue next finds it stale, and brings it up to date.
        log.warning("The catalogue is left to its next reader: no queue took it", exc_info=True)


@event.listens_for(model.Session, "after_flush")
def _note_change(session: Session, _flushing: UOWTransaction) -> None:
    for changed in (*session.new, *session.dirty, *session.deleted):
        if isinstance(changed, _WATCHED):
            session.info[_CHANGED] = True
            return


@event.listens_for(model.Session, "after_commit")
def _follow_commit(session: Session) -> None:
    # The session is CKAN's: it is listened to also where a site loads other plugins alone.
    if session.info.pop(_CHANGED, False) and plugin_loaded("heraultdata"):
        queue()


@event.listens_for(model.Session, "after_rollback")
def _forget_change(session: Session) -> None:
    session.info.pop(_CHANGED, None)


def _key() -> str:
    return f"{tk.config['ckan.site_id']}:heraultdata:catalogue-queued"
