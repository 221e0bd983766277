"""Lines of the journal about organisations: made, changed, deleted, by whatever way CKAN has.

CKAN calls these hooks before it commits, so that the line is written with the change or not at
all. The hooks are not told who acts: the request is.
"""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import has_request_context
from sqlalchemy.orm import Session

from .. import clock
from ..database import engine_beside
from ..journal import service as journal
from .organization_fields import fields_of


def record_created(organization: model.Group) -> None:
    """Write that an organisation was made."""
    _flush(organization)
    _record("organization.created", organization, before=None)


def record_changed(organization: model.Group) -> None:
    """Write what became of an organisation, where anything of it changed."""
    _flush(organization)
    before = _committed(organization.id)
    if before != _contents(organization):
        _record("organization.updated", organization, before=before)


def record_deleted(organization: model.Group) -> None:
    """Write that an organisation was deleted."""
    _record("organization.deleted", organization, before=_committed(organization.id))


def _flush(organization: model.Group) -> None:
    # Before 2.12 the other fields are rows of their own, which the object does not know of yet.
    model.Session.flush()
    model.Session.expire(organization)


def _record(action: str, organization: model.Group, before: dict[str, object] | None) -> None:
    if not organization.is_organization:
        return
    subject = journal.Subject("organization", organization.id, organization.id)
    after = _contents(organization)
    journal.record(_actor(), action, subject, clock.now(), before=before, after=after)


def _actor() -> journal.Actor:
    if not has_request_context() or not tk.current_user.is_authenticated:
        return journal.PORTAL
    return journal.Actor(tk.current_user.id, tk.current_user.name)  # type: ignore[union-attr]


def _contents(organization: model.Group) -> dict[str, object]:
    return {
        "name": organization.name,
        "title": organization.title,
        "state": organization.state,
        **fields_of(organization),
    }


def _committed(organization_id: str) -> dict[str, object] | None:
    # A session of its own sees what is committed, not what the change under way has written.
    with Session(engine_beside()) as session:
        organization = session.get(model.Group, organization_id)
        return _contents(organization) if organization else None
