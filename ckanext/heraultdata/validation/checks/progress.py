"""How far the check of a file has come, kept in Redis while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from .running import Progress

_KEPT_SECONDS = 900
_BETWEEN_WRITES_SECONDS = 0.5


@contextmanager
def progress_of(resource_id: str) -> Iterator[Progress]:
    """Give what writes the progress of a check; it is forgotten when the block ends."""
    redis = connect_to_redis()
    key = _key(resource_id)
    written_at = 0.0

    def write(rows: int) -> None:
        nonlocal written_at
        if time.monotonic() - written_at < _BETWEEN_WRITES_SECONDS:
            return
        written_at = time.monotonic()
        redis.set(key, rows, ex=_KEPT_SECONDS)

    try:
        yield write
    finally:
        redis.delete(key)


def rows_checked(resource_id: str) -> int:
    """How many rows of a file are checked so far."""
    found = connect_to_redis().get(_key(resource_id))
    return int(found) if found is not None else 0  # pyright: ignore[reportArgumentType]


def _key(resource_id: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:heraultdata:check:{resource_id}"
