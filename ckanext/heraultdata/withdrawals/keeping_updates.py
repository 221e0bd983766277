"""What `package_create` and `package_update` may make of a dataset that has been public.

All that changes a dataset goes by them (patch, revise, resources, the forms), and they call
`package_owner_org_update` once it is laid out, before anything is committed or a file is stored.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from .. import access, clock
from ..journal.service import Actor
from ..validation import model as store
from ..validation.checks import file_fields, marks
from ..words import sentence
from . import former_files, keeping, keeping_files
from .keeping_rules import ACTIVE, File, Layout, Loss, losses
from .work_errors import WorkError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Watched:
    """A dataset that has been public, as it was before the change under way.

    Attributes:
        package_id: the dataset.
        before: what it was.
        may_lose: whether the département changes it, which may take away.
        actor: who changes it.
        positions: where the change has each file, by identifier.
        sent: identifiers of the files whose bytes come with the change.
    """

    package_id: str
    before: Layout
    may_lose: bool
    actor: Actor
    positions: Mapping[str, int]
    sent: frozenset[str]


_watched: ContextVar[_Watched | None] = ContextVar("heraultdata_watched", default=None)


@contextmanager
def watched(
    package: model.Package | None, context: Context, data_dict: Mapping[str, Any]
) -> Iterator[None]:
    """Look at a change before it is made, and have `check_laid_out` look at what it makes.

    Args:
        package: the dataset as it is stored, None for a new one.
        context: the context of the action.
        data_dict: the change as it is sent.

    Raises:
        keeping.KeptError: the dataset, or one of the files sent, is out of reach.
        tk.ValidationError: a file sent holds nothing, and replaces one that does.
    """
    resources = file_fields.sent(data_dict)
    _require_in_reach(package, resources)
    token = _watched.set(_before(package, context, resources) if package else None)
    try:
        yield
    finally:
        _watched.reset(token)


def check_laid_out(package: model.Package, organization_id: str | None) -> None:
    """Refuse the change under way where it takes something away from what has been public.

    Args:
        package: the dataset as the change lays it out.
        organization_id: the organisation that it passes to.

    Raises:
        tk.ValidationError: with where the withdrawal is asked for, on the fields at fault; the
            change is undone.
    """
    keeping.require_in_reach(package.id)
    watched = _watched.get()
    if watched is None or watched.package_id != package.id:
        return
    after = Layout(
        organization_id,
        bool(package.private),
        package.state,
        {each.id: _file(each.url, each.url_type) for each in package.resources if each.id},
    )
    found = [] if watched.may_lose else losses(watched.before, after, watched.sent)
    if found:
        model.Session.rollback()
        raise tk.ValidationError(_errors(watched, found))  # pyright: ignore[reportArgumentType]
    _keep_former(package, watched)


def _keep_former(package: model.Package, watched: _Watched) -> None:
    """Copy the bytes of the files whose place others take; those are not stored yet."""
    for resource in package.resources:
        before = watched.before.files.get(resource.id)
        if resource.id not in watched.sent or before is None or before.url_type != "upload":
            continue
        try:
            former_files.keep(resource, before.url, watched.actor, clock.now())
        except (WorkError, OSError) as error:
            model.Session.rollback()
            log.exception("The version of the file %s that is replaced cannot be kept", resource.id)
            told = tk._(
                "The version that this file replaces could not be kept, so it stays in its place. "
                "Try again later."
            )
            raise tk.ValidationError({"upload": [told]}) from error


def _errors(watched: _Watched, found: list[Loss]) -> dict[str, object]:
    errors: dict[str, object] = {}
    for loss in found:
        told = [sentence(keeping.kept_message(watched.package_id, loss.resource_id))]
        position = watched.positions.get(loss.resource_id or "")
        if position is None:
            errors.setdefault(loss.field, told)
        elif isinstance(listed := errors.setdefault("resources", []), list):
            listed.extend({} for _ in range(position + 1 - len(listed)))
            listed[position] = {loss.field: told}
    return errors


def _require_in_reach(package: model.Package | None, resources: list[Mapping[str, Any]]) -> None:
    if package is not None:
        keeping.require_in_reach(package.id)
    # CKAN takes the identifier of a file that is deleted, even of another dataset, and revives it.
    sent = [each["id"] for each in resources if isinstance(each.get("id"), str)]
    keeping.refuse_out_of_reach(keeping.reference_of_files(sent))


def _before(
    package: model.Package, context: Context, resources: list[Mapping[str, Any]]
) -> _Watched | None:
    if not keeping.is_kept(package.id):
        return None
    may_lose = access.is_department(context)
    uploads = _uploads(context, resources)
    positions = {str(each.get("id")): rank for rank, each in enumerate(resources)}
    if not may_lose:
        _refuse_empty(package, uploads, positions)
    return _Watched(
        package_id=package.id,
        before=_layout(package.id),
        may_lose=may_lose,
        actor=access.actor_of(context),
        positions=positions,
        sent=frozenset(uploads),
    )


def _uploads(context: Context, resources: list[Mapping[str, Any]]) -> dict[str, FileStorage]:
    """The files sent with the change, by the resource whose place they take."""
    found = {
        str(each["id"]): upload
        for each in resources
        if each.get("id")
        and isinstance(upload := each.get("upload"), FileStorage)
        and upload.filename
    }
    noted = marks.noted_upload(context)
    if noted is not None and noted[0] is not None:
        found.setdefault(noted[0], noted[1])
    return found


def _refuse_empty(
    package: model.Package, uploads: Mapping[str, FileStorage], positions: Mapping[str, int]
) -> None:
    for stored in package.resources:
        upload = uploads.get(stored.id)
        if upload is None or not keeping_files.empties(upload, store.fields_of(stored)):
            continue
        told = [sentence(keeping.emptied_message(package.id, stored.id))]
        errors: list[dict[str, list[str]]] = [{} for _ in range(positions.get(stored.id, 0) + 1)]
        errors[-1] = {"upload": told}
        raise tk.ValidationError({"resources": errors})  # pyright: ignore[reportArgumentType]


def _layout(package_id: str) -> Layout:
    packages, resources = model.package_table.c, model.resource_table.c
    package = model.Session.execute(
        sa.select(packages.owner_org, packages.private, packages.state).where(
            packages.id == package_id
        )
    ).one()
    files = model.Session.execute(
        sa.select(resources.id, resources.url, resources.url_type).where(
            resources.package_id == package_id, resources.state == ACTIVE
        )
    )
    return Layout(
        package.owner_org,
        bool(package.private),
        package.state,
        {row.id: _file(row.url, row.url_type) for row in files},
    )


def _file(url: str | None, url_type: str | None) -> File:
    return File(url or "", url_type or "")
