"""Files kept aside: sent for a dataset that is public, and not let in by the gate.

Their bytes stand in CKAN's own store of resources, under the identifier of the held file: no
resource has it, so that no address of CKAN gives them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import uploader
from ckan.model.types import make_uuid
from werkzeug.datastructures import FileStorage

from ...journal import service as journal
from ...withdrawals import keeping
from .. import sources
from ..rules import FileFacts
from . import service
from .model import HeldFile

_REPLACES = "heraultdata_replaces"
"""In the fields kept: when the file was sent that it would replace."""


class State(str, Enum):
    """What became of a file kept aside.

    Two of the states are of files that may be right: `OVERTAKEN` by a later one, `UNPLACED` because
    CKAN takes it no more (its dataset is deleted, its sender has lost their rights).
    """

    WAITING = "waiting"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    OVERTAKEN = "overtaken"
    UNPLACED = "unplaced"


@dataclass(frozen=True)
class Sent:
    """A file as its editor sent it.

    Attributes:
        package_id: the dataset.
        resource_id: the resource whose file it would replace; None for a new one.
        resource: the fields of the resource, without the file.
        upload: the file, None where the resource is a link.
    """

    package_id: str
    organization_id: str
    resource_id: str | None
    resource: Mapping[str, Any]
    upload: FileStorage | None


def hold(sent: Sent, state: State, actor: journal.Actor, now: datetime) -> HeldFile:
    """Keep a file aside, with its bytes, and write it down; the caller commits.

    Args:
        sent: the file.
        state: `WAITING` for its check, or `REFUSED`.
        actor: who sent it.
        now: the moment, with a zone.
    """
    held_id = make_uuid()
    size = 0
    file_name = str(sent.resource.get("url") or "")
    if sent.upload is not None:
        stored: dict[str, Any] = {"upload": sent.upload}
        upload = uploader.get_resource_uploader(stored)
        upload.upload(held_id, uploader.get_max_resource_size())
        size = upload.filesize
        file_name = str(stored["url"])
    held = HeldFile(
        id=held_id,
        package_id=sent.package_id,
        resource_id=sent.resource_id or held_id,
        resource=_kept_fields(sent),
        file_name=file_name,
        size=size,
        state=state.value,
        user_id=actor.user_id,
        held_at=now,
    )
    model.Session.add(held)
    _journal(held, _action(state), sent.organization_id, actor, now)
    return held


def overtake_older(held: HeldFile, actor: journal.Actor, now: datetime) -> list[HeldFile]:
    """Settle the files refused before for the same place; the caller commits.

    A new file has the place of those of its name that were to be new too, before this change.

    Args:
        held: the file kept aside now.
        actor: who sent it.
        now: the moment, with a zone.

    Returns:
        Those whose bytes are to be dropped once that is committed: with them, any whose bytes a
        process that was killed left behind.
    """
    same_new_file = sa.and_(
        HeldFile.resource_id == HeldFile.id, HeldFile.file_name == held.file_name
    )
    same_place = HeldFile.resource_id == held.resource_id if replaces(held) else same_new_file
    query = sa.select(HeldFile).where(
        HeldFile.package_id == held.package_id,
        same_place,
        HeldFile.held_at < held.held_at,
        HeldFile.state.in_((State.REFUSED.value, State.OVERTAKEN.value)),
    )
    older = list(model.Session.scalars(query))
    for each in older:
        if each.state == State.REFUSED.value:
            settle(each, State.OVERTAKEN, actor, now)
    return [each for each in older if each.size]


def drop_bytes(held: HeldFile) -> None:
    """Take the bytes of a file kept aside out of the store, which knows no way back; commits."""
    cleared = {"id": held.id, "url": held.file_name, "url_type": "upload", "clear_upload": True}
    uploader.get_resource_uploader(cleared).upload(held.id, 0)
    held.size = 0
    model.Session.commit()


def settle(held: HeldFile, state: State, actor: journal.Actor, now: datetime) -> None:
    """Write down what became of a file that waited; the caller commits."""
    held.state = state.value
    package = model.Package.get(held.package_id)
    organization_id = package.owner_org if package else None
    _journal(held, _action(state), organization_id, actor, now)
    model.Session.flush()


def _action(state: State) -> str:
    return "file.held" if state is State.WAITING else f"file.{state.value}"


def get(held_id: str) -> HeldFile | None:
    """A file kept aside, None where there is none of that identifier."""
    return model.Session.get(HeldFile, held_id)


def not_let_in(package_id: str) -> list[HeldFile]:
    """The files of a dataset that wait or took no place, the newest first.

    Those that a later one has overtaken, kept aside or let in at once, are left out: nobody has to
    do anything about them.

    Args:
        package_id: the dataset.
    """
    done = (State.ACCEPTED.value, State.OVERTAKEN.value)
    query = sa.select(HeldFile).where(
        HeldFile.package_id == package_id, HeldFile.state.not_in(done)
    )
    found = model.Session.scalars(query.order_by(HeldFile.held_at.desc(), HeldFile.id)).all()
    in_place = model.Session.scalars(
        sa.select(model.Resource).where(
            model.Resource.package_id == package_id, model.Resource.state == model.State.ACTIVE
        )
    )
    resources = {resource.id: resource for resource in in_place} if found else {}
    return [held for held in found if not _is_made_good(held, resources)]


def _is_made_good(held: HeldFile, resources: Mapping[str, model.Resource]) -> bool:
    if held.state != State.REFUSED.value:
        return False
    place = replaces(held)
    if place is not None:
        resource = resources.get(place)
        return resource is not None and str(resource.last_modified) != held.resource.get(_REPLACES)
    return any(
        resource.url == held.file_name
        # CKAN keeps moments of UTC without a zone.
        and resource.created.replace(tzinfo=timezone.utc) > held.held_at
        for resource in resources.values()
    )


def replaces(held: HeldFile) -> str | None:
    """Identifier of the resource whose file it would replace, None for a new one."""
    return None if held.resource_id == held.id else held.resource_id


def is_out_of_reach(held: HeldFile) -> bool:
    """Whether the dataset, or the file that it would replace, is withdrawn or suspended."""
    return keeping.out_of_reach_reference(held.package_id, replaces(held)) is not None


def is_overtaken(held: HeldFile) -> bool:
    """Whether a later file was sent for the same resource: an older one must not take its place."""
    later = sa.select(HeldFile.id).where(
        HeldFile.resource_id == held.resource_id, HeldFile.held_at > held.held_at
    )
    if model.Session.scalar(sa.select(later.exists())):
        return True
    return replaces(held) is not None and _stamp(held.resource_id) != held.resource.get(_REPLACES)


def fields_to_send(held: HeldFile) -> dict[str, Any]:
    """The fields of the resource, as its editor sent them."""
    return {key: value for key, value in held.resource.items() if key != _REPLACES}


def _stamp(resource_id: str) -> str | None:
    """When the file in place was sent, None where there is none."""
    resource = model.Resource.get(resource_id)
    return None if resource is None else str(resource.last_modified)


def checked_file(held: HeldFile) -> service.CheckedFile:
    """A file kept aside, as its checks are kept."""
    facts = FileFacts.of({**held.resource, "url": held.file_name, "url_type": "upload"})
    return service.CheckedFile(held.resource_id, held.package_id, facts, held.id)


@contextmanager
def opened(held: HeldFile) -> Iterator[Path]:
    """The bytes of a file kept aside, as a path, for as long as the block lasts.

    Raises:
        sources.CannotCheckError: it is a link, which keeps no bytes.
    """
    resource = {"id": held.id, "url_type": "upload", "url": held.file_name}
    with sources.opened(resource, private=False) as source:
        yield Path(source.location)


def _kept_fields(sent: Sent) -> dict[str, Any]:
    fields = {
        key: value
        for key, value in sent.resource.items()
        if key not in ("upload", "clear_upload")
        and isinstance(value, str | int | float | bool | list)
    }
    return fields if sent.resource_id is None else {**fields, _REPLACES: _stamp(sent.resource_id)}


def _journal(
    held: HeldFile, action: str, organization_id: str | None, actor: journal.Actor, now: datetime
) -> None:
    journal.record(
        actor,
        action,
        journal.Subject("held_file", held.id, organization_id),
        now,
        after={
            "package_id": held.package_id,
            "resource_id": replaces(held),
            "file_name": held.file_name,
            "size": held.size,
        },
    )
