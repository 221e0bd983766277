"""What the portal tells of the files that it keeps: format, media type, size, checksum, dates.

Editors fill in none of it. Of a file kept here size, checksum, media type and dates are the
portal's; a format typed by hand stays until the file is replaced by one of another kind. Of a
link nothing is said but the format and media type that its address tells.
"""

from __future__ import annotations

import hashlib
import logging
import struct
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast

import ckan.model as model
import ckan.plugins.toolkit as tk
import pysolr
import requests
import sqlalchemy as sa
from ckan.lib import search
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ..validation.checks import marks
from ..withdrawals import disk, stores
from ..withdrawals.work_errors import WorkError
from . import file_kinds
from .file_kinds import Kind
from .validators import is_empty

log = logging.getLogger(__name__)

SHA256 = "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256"
_HEAD = 1 << 16
"""Bytes that tell the kind of a file."""
_LONGEST_CONTENTS = 1 << 20
"""Bytes of the table of contents of a ZIP, beyond which it is not read."""
_END_OF_ZIP = b"PK\x05\x06"
_LARGE_ZIP = b"PK\x06\x07"
"""What stands 20 bytes before the end of a ZIP of more than 4 GB, or of one that says so."""
_LONGEST_END_OF_ZIP = (1 << 16) + 22
_DAMAGED = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    OverflowError,
    NotImplementedError,
    OSError,
    EOFError,
)
_KEPT_HERE = "upload"
_NOT_FILES = ("datastore", "tabledesigner")
_MEASURED = ("size", "hash", "hash_algorithm")
_DATES = ("created", "last_modified")
_CHECKED = {"standard", "schema", "validation_status"}
"""Fields of files whose check depends on their format, which stays as it was checked."""
_FILES_AT_ONCE = 100

Fields = dict[str, Any]
"""The fields of a file, as CKAN's actions take them."""


@dataclass(frozen=True)
class Facts:
    """What the name and the bytes of a file tell.

    Attributes:
        size: in bytes.
        sha256: in hexadecimal digits.
        kind: what it is, None where nothing tells it.
    """

    size: int
    sha256: str
    kind: Kind | None


# --------------------------------------------------------------------------- a file measured


def measure(stream: BinaryIO, name: str) -> Facts:
    """Read a file once, part by part, and leave it at its beginning.

    Args:
        stream: the file, which can be read from its beginning.
        name: the name under which it was sent.

    Raises:
        OSError: it cannot be read.
        ValueError: it is closed.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    stream.seek(0)
    digest = disk.digest_of(_parts(stream))
    members = _members(stream, digest.size) if head.startswith(b"PK") else None
    stream.seek(0)
    return Facts(digest.size, digest.sha256, file_kinds.of_file(name, head, members))


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    while part := stream.read(disk.PART):
        yield part


def _members(stream: BinaryIO, size: int) -> list[str] | None:
    """The names of what a ZIP holds, None where it is damaged or holds too many."""
    stream.seek(max(0, size - _LONGEST_END_OF_ZIP))
    before, found, end = stream.read().rpartition(_END_OF_ZIP)
    # Its own length is written 8 bytes behind the mark, in 4 bytes.
    is_long = int.from_bytes(end[8:12], "little") > _LONGEST_CONTENTS
    if not found or is_long or before[-20:].startswith(_LARGE_ZIP):
        return None
    try:
        return zipfile.ZipFile(stream).namelist()
    except _DAMAGED:
        return None


# --------------------------------------------------------------------------- changes by people


def filled(package: model.Package | None, context: Context, data_dict: Mapping[str, Any]) -> Fields:
    """A change of a dataset, with what the portal tells of its files.

    Args:
        package: the dataset as it is stored, None for a new one.
        context: the context of the action.
        data_dict: the change as it is sent, which stays as it is.

    Raises:
        tk.ValidationError: a file that was sent cannot be read.
    """
    resources = data_dict.get("resources")
    if not isinstance(resources, list):
        return dict(data_dict)
    stored = {each.id: each for each in package.resources} if package else {}
    told: list[object] = []
    for resource in resources:
        if not isinstance(resource, dict):
            told.append(resource)
            continue
        upload = _upload(resource, stored, context)
        told.append(_told(resource, _stored(resource, stored), upload, len(told)))
    return {**data_dict, "resources": told}


def _upload(
    resource: Fields, stored: Mapping[str, model.Resource], context: Context
) -> FileStorage | None:
    upload = resource.get("upload")
    if isinstance(upload, FileStorage) and upload.filename:
        return upload
    noted = marks.noted_upload(context)
    if noted is None:
        return None
    id_ = resource.get("id")
    stored_id = id_ if isinstance(id_, str) and id_ in stored else None
    return noted[1] if noted[0] == stored_id else None


def _stored(resource: Fields, stored: Mapping[str, model.Resource]) -> Fields | None:
    """A file as it is stored, by the names of its fields, None for a new one."""
    id_ = resource.get("id")
    if not isinstance(id_, str) or not id_:
        return None
    # CKAN takes the identifier of a file that is deleted, and revives it with its bytes.
    found = stored.get(id_) or model.Session.get(model.Resource, id_)
    if found is None:
        return None
    return {
        **{name: getattr(found, name) for name in ("url", "url_type", "format", "mimetype")},
        **{name: getattr(found, name) for name in ("size", "hash", *_DATES)},
        "hash_algorithm": (found.extras or {}).get("hash_algorithm"),
    }


def _told(
    resource: Fields, stored: Fields | None, upload: FileStorage | None, position: int
) -> Fields:
    if upload is not None:
        return _of_new_file(resource, stored, _measured(upload, position))
    if resource.get("url_type") == _KEPT_HERE and not resource.get("clear_upload"):
        return _of_kept_file(resource, stored)
    if resource.get("url_type") in _NOT_FILES:
        return resource
    return _of_link(resource, stored)


def _measured(upload: FileStorage, position: int) -> Facts:
    try:
        return measure(cast("BinaryIO", upload.stream), str(upload.filename))
    except (OSError, ValueError) as failure:
        log.warning("A file that was sent cannot be read: %r", failure)
        errors: list[dict[str, list[str]]] = [{} for _ in range(position + 1)]
        errors[-1] = {"upload": [tk._("The file could not be read. Choose it and send it again.")]}
        raise tk.ValidationError(
            {"resources": errors}  # pyright: ignore[reportArgumentType]
        ) from failure


def _of_new_file(resource: Fields, stored: Fields | None, facts: Facts) -> Fields:
    told = {
        **resource,
        "size": facts.size,
        "hash": facts.sha256,
        "hash_algorithm": SHA256,
        "mimetype": facts.kind.mimetype if facts.kind else "",
        "format": _format(resource, stored, facts.kind),
    }
    # CKAN itself dates the upload, and the arrival of a new file.
    told.pop("created", None)
    return told


def _format(resource: Fields, stored: Fields | None, kind: Kind | None) -> object:
    """The format of a new file: what was typed for it, or what it is."""
    typed = resource.get("format")
    if kind is None:
        return typed
    if is_empty(typed):
        return kind.format
    if stored is None or typed != stored["format"] or not _is_another(stored, kind):
        return typed
    return kind.format


def _is_another(stored: Fields, kind: Kind) -> bool:
    """Whether a file or address is of another kind than the one whose place it takes."""
    if stored["mimetype"] == kind.mimetype and not kind.is_package:
        return False
    before = file_kinds.of_format(str(stored["format"] or ""))
    return before.format != kind.format if before else bool(stored["mimetype"])


def _of_kept_file(resource: Fields, stored: Fields | None) -> Fields:
    if stored is None or stored["url_type"] != _KEPT_HERE:
        # No file came with it: there is nothing to measure.
        return {**resource, **_without_measures(resource, stored)}
    told = dict(resource)
    for name in _MEASURED:
        if _given(told, name) != _given(stored, name):
            told[name] = "" if stored[name] is None else stored[name]
    if stored["mimetype"]:
        told["mimetype"] = stored["mimetype"]
    for name in _DATES:
        if isinstance(stored[name], datetime) and name in told:
            told[name] = stored[name].isoformat()
    if is_empty(told.get("format")) and stored["format"]:
        kind = file_kinds.of_mimetype(stored["mimetype"] or "") or file_kinds.of_name(stored["url"])
        told["format"] = kind.format if kind else stored["format"]
    return told


def _of_link(resource: Fields, stored: Fields | None) -> Fields:
    told = dict(resource)
    was_kept = stored is not None and stored["url_type"] == _KEPT_HERE
    if was_kept:
        told.update(_without_measures(resource, stored))
    is_same = stored is not None and not was_kept and stored["url"] == resource.get("url")
    kind = None if is_same else file_kinds.of_address(str(resource.get("url") or ""))
    if kind is None:
        return told
    is_another = stored is not None and _is_another(stored, kind)
    for name, value in (("format", kind.format), ("mimetype", kind.mimetype)):
        given = told.get(name)
        is_of_before = is_another and stored is not None and given == stored[name]
        if is_empty(given) or is_of_before:
            told[name] = value
    return told


def _without_measures(resource: Fields, stored: Fields | None) -> Fields:
    """No size or checksum where none was given, or only those of the file that was there.

    CKAN keeps what a change does not name: they are named as empty.
    """
    left = _MEASURED if stored is not None else [name for name in _MEASURED if name in resource]
    is_link = resource.get("url_type") != _KEPT_HERE
    return {
        name: ""
        for name in left
        if not is_link or name not in resource or _given(resource, name) == _given(stored, name)
    }


def _given(fields: Fields | None, name: str) -> str | None:
    """A field as text, as forms send it; None where it is empty."""
    value = fields.get(name) if fields else None
    return None if is_empty(value) else str(value)


# --------------------------------------------------------------------------- files of before


@dataclass(frozen=True)
class _Row:
    """A file kept here of which something is not told yet."""

    id: str
    package_id: str
    name: str
    last_modified: datetime | None


def fill_missing(say: Callable[[str], None]) -> int:
    """Tell size, checksum and media type of the files kept here that came before they were told.

    Nothing else of them changes: neither other fields nor the dates of datasets. Files that cannot
    be read now are left for the next time.

    Args:
        say: told what could not be read, and how far the work is.

    Returns:
        How many files were filled in.
    """
    done, after = 0, ""
    while rows := _rows_to_fill(after):
        filled_in = [row for row in rows if _fill(row, say)]
        _index({row.package_id for row in filled_in}, say)
        done += len(filled_in)
        after = rows[-1].id
        say(f"Files measured: {done}")
    return done


def _rows_to_fill(after: str) -> list[_Row]:
    resources, packages = model.resource_table.c, model.package_table.c
    query = (
        sa.select(
            resources.id, resources.package_id, resources.url.label("name"), resources.last_modified
        )
        .join_from(model.resource_table, model.package_table, packages.id == resources.package_id)
        .where(
            resources.id > after,
            resources.url_type == _KEPT_HERE,
            resources.state == model.State.ACTIVE,
            packages.state != model.State.DELETED,
            sa.or_(
                resources.size.is_(None),
                resources.hash.is_(None),
                sa.func.length(resources.hash) != len(hashlib.sha256().hexdigest()),
                resources.extras.is_(None),
                sa.cast(resources.extras, sa.UnicodeText).not_like(f"%{SHA256}%"),
            ),
        )
        .order_by(resources.id)
        .limit(_FILES_AT_ONCE)
    )
    found = [_Row(**row) for row in model.Session.execute(query).mappings()]
    model.Session.rollback()
    return found


def _fill(row: _Row, say: Callable[[str], None]) -> bool:
    try:
        store = stores.of_resource(row.id)
        if not store.exists():
            say(f"The file of {row.id} is not in the file store")
            return False
        with _opened(store) as stream:
            facts = measure(stream, row.name)
        return _write(row, facts)
    except (WorkError, OSError, ValueError, requests.RequestException, tk.ValidationError) as error:
        say(f"The file of {row.id} cannot be read: {error}")
        return False
    finally:
        model.Session.rollback()


@contextmanager
def _opened(store: stores.Store) -> Iterator[BinaryIO]:
    if isinstance(store, stores.DiskStore):
        with store.path.open("rb") as file:
            yield file
        return
    with tempfile.TemporaryFile(prefix="heraultdata-") as copy:
        for part in store.read():
            copy.write(part)
        yield copy


def _write(row: _Row, facts: Facts) -> bool:
    """Write what was found into the row of a file, unless another file has come since."""
    table = model.resource_table
    query = sa.select(
        table.c.last_modified,
        table.c.url,
        table.c.url_type,
        table.c.format,
        table.c.extras,
    ).where(table.c.id == row.id)
    now = model.Session.execute(query.with_for_update()).mappings().one_or_none()
    if now is None or (now["last_modified"], now["url"]) != (row.last_modified, row.name):
        return False
    extras = now["extras"] or {}
    values: dict[str, object] = {
        "size": facts.size,
        "hash": facts.sha256,
        "extras": {**extras, "hash_algorithm": SHA256},
    }
    if facts.kind is not None:
        values["mimetype"] = facts.kind.mimetype
        if not now["format"] and not extras.keys() & _CHECKED:
            values["format"] = facts.kind.format
    model.Session.execute(sa.update(table).where(table.c.id == row.id).values(**values))
    model.Session.commit()
    return True


def _index(package_ids: Collection[str], say: Callable[[str], None]) -> None:
    """Have the search engine tell it too: CKAN shows datasets as they stand there."""
    for package_id in sorted(package_ids):
        try:
            search.rebuild(package_ids=[package_id])
        except (pysolr.SolrError, search.SearchError) as error:
            say(f"The search engine does not take the dataset {package_id}: {error}")
        finally:
            model.Session.rollback()
    search.commit()
