"""Taking the bytes of withdrawn files out of the file store, putting them back, destroying them.

Each function may be killed between any two system calls and run again: it ends the same. Bytes are
taken away only once others that are the same stand on the disk.
"""

from __future__ import annotations

import errno
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path

import requests
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .. import config
from ..database import engine
from ..messages import N_, Message
from . import disk, stores
from .disk import Digest
from .model import WithdrawnFile
from .stores import DiskStore, Store
from .work_errors import WorkError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class _Beside(Enum):
    """What the bytes in the file store are to those that are kept."""

    SAME = "same"
    BEGUN = "begun"
    """The beginning of them: putting them back was cut short."""
    OTHER = "other"
    """A version that was uploaded since."""


def keep(resource_id: str, now: datetime) -> None:
    """Take a file out of the file store and keep it where only the département reads.

    Args:
        resource_id: the resource.
        now: the moment, with a zone.

    Raises:
        WorkError: it stays where it is; the message says why.
    """
    store = stores.of_resource(resource_id)
    kept = _kept_path(resource_id)
    with _told_of(store):
        if not store.exists():
            # Taken out by a run that was killed after it, or lost before anybody withdrew it.
            return
        if kept.exists() and _compare(store, kept) is not _Beside.OTHER:
            store.remove()
            return
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not _renamed(resource_id, store, kept, now):
            _copy(resource_id, store, kept, now)
            store.remove()


def put_back(resource_id: str) -> None:
    """Put a file back in the file store, byte for byte and at its address.

    Args:
        resource_id: the resource.

    Raises:
        WorkError: it stays where it is kept; the message says why.
    """
    expected = _remembered(resource_id)
    if expected is None:
        return
    store = stores.of_resource(resource_id)
    kept = _kept_path(resource_id)
    with _told_of(store):
        beside = _compare(store, kept) if kept.exists() and store.exists() else None
        if beside is _Beside.OTHER:
            # A newer version has its place; the one that is kept goes with the next withdrawal.
            return
        if kept.exists() and beside is not _Beside.SAME:
            _require(disk.digest_of(disk.read(kept)), expected, store)
            store.put(kept)
        if not store.exists():
            raise WorkError(Message(_LOST, {"address": store.address}))
        _require(disk.digest_of(store.read()), expected, store)
        disk.remove(kept)
    _forget(resource_id)


def destroy(resource_id: str) -> None:
    """Destroy a file in the file store and where it is kept.

    Args:
        resource_id: the resource.

    Raises:
        WorkError: something of it is left; the message says why.
    """
    store = stores.of_resource(resource_id)
    kept = _kept_path(resource_id)
    with _told_of(store):
        if store.exists():
            store.remove()
        for path in (kept, disk.part_of(kept)):
            disk.remove(path)
    _forget(resource_id)


_LOST = N_("“{address}” is neither in the file store nor among the withdrawn files.")
_CHANGED = N_("The bytes of “{address}” are not those that were withdrawn.")
_COPIED_WRONG = N_("“{address}” could not be copied as it is: it stays where it was.")
_FULL = N_("The disk has no room left for “{address}”: it stays where it was. Make room on it.")
_REFUSED = N_("“{address}” could not be moved, and stays where it was: {reason}.")
_SILENT = N_("The file store of “{address}” does not answer: {reason}.")


def _kept_path(resource_id: str) -> Path:
    return config.withdrawn_files_path() / _kept_as(resource_id)


def _kept_as(resource_id: str) -> str:
    # Not the identifier itself: nothing but CKAN's forms says that it holds no slash.
    name = hashlib.sha256(resource_id.encode()).hexdigest()
    return f"{name[:2]}/{name}"


def _renamed(resource_id: str, store: Store, kept: Path, now: datetime) -> bool:
    if not isinstance(store, DiskStore):
        return False
    _remember(resource_id, store, disk.digest_of(store.read()), now)
    return disk.renamed(store.path, kept)


def _copy(resource_id: str, store: Store, kept: Path, now: datetime) -> None:
    part = disk.part_of(kept)
    copied = disk.write(store.read(), part)
    if disk.digest_of(disk.read(part)) != copied or disk.digest_of(store.read()) != copied:
        raise WorkError(Message(_COPIED_WRONG, {"address": store.address}))
    if isinstance(store, DiskStore):
        shutil.copystat(store.path, part)
    _remember(resource_id, store, copied, now)
    disk.renamed(part, kept)


def _compare(store: Store, kept: Path) -> _Beside:
    there = disk.digest_of(store.read())
    whole = disk.digest_of(disk.read(kept))
    if there == whole:
        return _Beside.SAME
    # A disk is given files in one step: what is shorter there is another version.
    if isinstance(store, DiskStore) or there.size >= whole.size:
        return _Beside.OTHER
    begun = disk.digest_of(disk.read(kept), there.size)
    return _Beside.BEGUN if begun == there else _Beside.OTHER


def _require(found: Digest, expected: Digest, store: Store) -> None:
    if found != expected:
        raise WorkError(Message(_CHANGED, {"address": store.address}))


def _remember(resource_id: str, store: Store, digest: Digest, now: datetime) -> None:
    values = {
        "address": store.address,
        "kept_as": _kept_as(resource_id),
        "size": digest.size,
        "sha256": digest.sha256,
        "kept_at": now,
    }
    statement = insert(WithdrawnFile.__table__).values(resource_id=resource_id, **values)
    with engine().begin() as connection:
        connection.execute(
            statement.on_conflict_do_update(index_elements=["resource_id"], set_=values)
        )


def _remembered(resource_id: str) -> Digest | None:
    table = WithdrawnFile.__table__
    with engine().begin() as connection:
        row = connection.execute(
            sa.select(table.c.size, table.c.sha256).where(table.c.resource_id == resource_id)
        ).first()
    return Digest(row.size, row.sha256) if row else None


def _forget(resource_id: str) -> None:
    table = WithdrawnFile.__table__
    with engine().begin() as connection:
        connection.execute(sa.delete(table).where(table.c.resource_id == resource_id))


@contextmanager
def _told_of(store: Store) -> Iterator[None]:
    """Put what a disk or a network refuses into a sentence that names the file."""
    values: dict[str, object] = {"address": store.address}
    try:
        yield
    except requests.RequestException as error:
        reason = type(error).__name__
        raise WorkError(Message(_SILENT, {**values, "reason": reason})) from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise WorkError(Message(_FULL, values)) from error
        reason = error.strerror or str(error)
        raise WorkError(Message(_REFUSED, {**values, "reason": reason})) from error
