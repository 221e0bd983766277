"""Whether a file still holds something: one without rows does not replace one with rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from werkzeug.datastructures import FileStorage

from ..validation import sources
from ..validation.checks import running
from ..validation.engine.reading import UnreadableError, open_table

_START = 4096
_EMPTY_ARCHIVE = b"PK\x05\x06"


def empties(upload: FileStorage, stored: Mapping[str, object]) -> bool:
    """Whether a file that is sent holds nothing, where the one that it replaces may.

    Args:
        upload: the file that is sent.
        stored: the fields of the resource as it is stored.
    """
    with sources.copied(upload) as path:
        if holds_data(path, upload.filename or "") is not False:
            return False
    return _stored_holds_data(stored) is not False


def _stored_holds_data(stored: Mapping[str, object]) -> bool | None:
    if stored.get("url_type") != "upload":
        return None
    try:
        with running.opened(stored, private=True) as file:
            return holds_data(file.path, file.name)
    except (sources.CannotCheckError, OSError):
        return None


def holds_data(path: Path, name: str) -> bool | None:
    """Whether a file holds rows, or values where it is JSON; None where that cannot be told.

    Args:
        path: where it is.
        name: what it is called.
    """
    with path.open("rb") as file:
        start = file.read(_START).strip(b"\xef\xbb\xbf \t\r\n\0")
    if not start or start.startswith(_EMPTY_ARCHIVE):
        return False
    if start[:1] in (b"{", b"["):
        return _json_holds_data(path)
    try:
        with open_table(path, name, running.limits()) as table:
            return any(any((cell or "").strip() for cell in cells) for _, cells in table.records)
    except UnreadableError:
        return None


def _json_holds_data(path: Path) -> bool | None:
    if path.stat().st_size > running.limits().bytes:
        return None
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    if isinstance(value, dict) and "features" in value:
        # GeoJSON: what stands beside the features describes them.
        return bool(value["features"])
    values = value.values() if isinstance(value, dict) else value
    return any(each not in (None, "", [], {}) for each in values)
