"""What the gate notes in the context of an action, for the actions that CKAN calls within it.

A context may serve for several actions, one within another or one after another: each note lasts
as long as its block.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from ckan.types import Context
from werkzeug.datastructures import FileStorage

_LET_IN = "heraultdata_let_in"
_LOOKED_AT = "heraultdata_looked_at"
_UPLOAD = "heraultdata_upload"

NotedUpload = tuple[str | None, FileStorage]
"""The resource that a file is sent for, None for a new one, and the file."""


@contextmanager
def upload_noted(context: Context, resource_id: str | None, upload: object) -> Iterator[None]:
    """Keep at hand the file that is sent for a resource.

    Args:
        context: the context of the action.
        resource_id: the resource, None for a new one.
        upload: what the caller sent as its file.
    """
    is_file = isinstance(upload, FileStorage) and upload.filename
    with _marked(context, _UPLOAD, (resource_id, upload) if is_file else None):
        yield


def noted_upload(context: Context) -> NotedUpload | None:
    """The file at hand, None where none was sent."""
    return cast("NotedUpload | None", context.get(_UPLOAD))


@contextmanager
def looked_at(context: Context) -> Iterator[None]:
    """Say that the gate has seen what the change under way makes of a dataset."""
    with _marked(context, _LOOKED_AT, True):
        yield


def is_looked_at(context: Context) -> bool:
    """Whether the gate has seen the change under way."""
    return bool(context.get(_LOOKED_AT))


@contextmanager
def let_in(context: Context) -> Iterator[None]:
    """Say that the gate has let in what follows: the file that takes its place."""
    with _marked(context, _LET_IN, True):
        yield


def is_let_in(context: Context) -> bool:
    """Whether the gate has let in what is under way."""
    return bool(context.get(_LET_IN))


@contextmanager
def _marked(context: Context, key: str, value: object) -> Iterator[None]:
    marks = cast("dict[str, object]", context)
    before = marks.get(key)
    marks[key] = value
    try:
        yield
    finally:
        marks[key] = before
