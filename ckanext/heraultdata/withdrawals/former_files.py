"""Former versions of files that have been public: a newer one takes their place, none is lost."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from .. import config
from ..journal.service import Actor
from . import disk, stores
from .model import FormerFile

_FOLDER = "former"


def keep(resource: model.Resource, file_name: str, actor: Actor, now: datetime) -> None:
    """Copy the bytes of an uploaded file, before those of its new version are stored; no commit.

    Args:
        resource: the file.
        file_name: the name under which it was uploaded; it may have that of the new one already.
        actor: who sends the new version.
        now: the moment, with a zone.

    Raises:
        WorkError: the file store does not give them.
        OSError: the disk does not take them.
    """
    store = stores.of_resource(resource.id)
    if not store.exists():
        return
    id_ = make_uuid()
    kept_as = f"{_FOLDER}/{id_}"
    path = config.withdrawn_files_path() / kept_as
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = disk.write(store.read(), path)
    model.Session.add(
        FormerFile(
            id=id_,
            resource_id=resource.id,
            package_id=resource.package_id,
            file_name=file_name,
            kept_as=kept_as,
            size=digest.size,
            sha256=digest.sha256,
            replaced_at=now,
            replaced_by=actor.user_id,
        )
    )


def of_resource(resource_id: str) -> Sequence[FormerFile]:
    """The former versions of a file, the newest first.

    Args:
        resource_id: the resource.
    """
    return model.Session.scalars(
        sa.select(FormerFile)
        .where(FormerFile.resource_id == resource_id)
        .order_by(FormerFile.replaced_at.desc(), FormerFile.id)
    ).all()


def path_of(file: FormerFile) -> Path:
    """Where the bytes of a former version are."""
    return config.withdrawn_files_path() / file.kept_as


def destroy(resource_ids: Collection[str], package_id: str | None) -> None:
    """Destroy the former versions of files that are erased; no commit.

    Args:
        resource_ids: the resources.
        package_id: the dataset where it is erased whole: of its files deleted before, former
            versions are left.
    """
    of_these = FormerFile.resource_id.in_(list(resource_ids))
    if package_id is not None:
        of_these = sa.or_(of_these, FormerFile.package_id == package_id)
    for file in model.Session.scalars(sa.select(FormerFile).where(of_these)).all():
        disk.remove(path_of(file))
    model.Session.execute(sa.delete(FormerFile).where(of_these))
