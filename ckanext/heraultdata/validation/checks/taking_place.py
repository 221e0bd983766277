"""The worker's job for a large file kept aside: its check, and the place that it takes if right."""

from __future__ import annotations

import logging
import uuid
from pathlib import Path

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context
from rq.timeouts import JobTimeoutException
from werkzeug.datastructures import FileStorage

from ... import clock
from .. import sources
from . import gate, held, marks, running, service
from .model import HeldFile

log = logging.getLogger(__name__)


def check_held(held_id: str) -> None:
    """Check a large file kept aside, and let it take its place if it is right.

    Args:
        held_id: identifier of the file kept aside.
    """
    try:
        _check_and_let_in(held_id)
    except JobTimeoutException:
        # Who sent it would wait for ever.
        log.exception("The check of the file kept aside %s took too long", held_id)
        model.Session.rollback()
        kept = held.get(held_id)
        if kept is not None and kept.state == held.State.WAITING.value:
            _settle(kept, held.State.REFUSED)


def _check_and_let_in(held_id: str) -> None:
    kept = held.get(held_id)
    if kept is None or kept.state != held.State.WAITING.value:
        log.info("The file kept aside %s does not wait for a check", held_id)
        return
    package = model.Package.get(kept.package_id)
    if package is None or package.state != model.State.ACTIVE:
        _settle(kept, held.State.UNPLACED)
        return
    if not kept.size:
        _check_link(kept, package)
        return
    with held.opened(kept) as path:
        if _is_right(kept, package, running.OpenedFile(path, kept.file_name)):
            _let_in(kept, path)
    if kept.state == held.State.OVERTAKEN.value:
        held.drop_bytes(kept)


def _check_link(kept: HeldFile, package: model.Package) -> None:
    try:
        with running.opened(kept.resource, private=package.private) as place:
            is_right = _is_right(kept, package, place)
    except sources.CannotCheckError as refusal:
        log.info("The link kept aside %s cannot be read: %s", kept.id, refusal)
        _settle(kept, held.State.REFUSED)
        return
    if is_right:
        _let_in(kept, None)


def _is_right(kept: HeldFile, package: model.Package, place: running.OpenedFile) -> bool:
    today, now = clock.today(), clock.now()
    standard = gate.standard_of(kept.resource)
    checked = gate.checked_now(place, standard, today)
    if checked.reports:
        service.record(held.checked_file(kept), checked.reports, now)
        model.Session.commit()
    if gate.is_let_in(standard, checked, str(package.owner_org), today):
        return True
    _settle(kept, held.State.OVERTAKEN if held.is_overtaken(kept) else held.State.REFUSED)
    return False


def _settle(kept: HeldFile, state: held.State) -> None:
    held.settle(kept, state, held.journal.PORTAL, clock.now())
    model.Session.commit()


def _let_in(kept: HeldFile, path: Path | None) -> None:
    """Give a file that was kept aside its place, in the name of who sent it."""
    if held.is_overtaken(kept):
        _settle(kept, held.State.OVERTAKEN)
        return
    sender = model.User.get(kept.user_id) if kept.user_id else None
    context: Context = {"user": sender.name if sender else "", "ignore_auth": not kept.user_id}
    actor = held.journal.Actor(sender.id, sender.name) if sender else held.journal.PORTAL
    # Written with the place that it takes: a job that is killed leaves both or neither.
    held.settle(kept, held.State.ACCEPTED, actor, clock.now())
    try:
        with marks.let_in(context):
            _put_in_place(kept, context, path)
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError) as refusal:
        # The sender may have lost their rights, or the dataset its resource, while it waited.
        model.Session.rollback()
        log.warning("CKAN refuses the file kept aside %s: %r", kept.id, refusal)
        _settle(kept, held.State.UNPLACED)
        return
    model.Session.commit()


def _put_in_place(kept: HeldFile, context: Context, path: Path | None) -> None:
    # A job that was killed and runs again finds what it had begun under the same identifier.
    place = held.replaces(kept) or str(uuid.uuid5(uuid.UUID(kept.id), "resource"))
    resource = {**held.fields_to_send(kept), "package_id": kept.package_id, "id": place}
    action = "resource_update" if model.Resource.get(place) else "resource_create"
    if path is None:
        tk.get_action(action)(context, resource)
        return
    with path.open("rb") as stream:
        upload = FileStorage(stream, filename=kept.file_name)
        tk.get_action(action)(context, {**resource, "upload": upload})
