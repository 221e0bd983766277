"""What the tests of the harvesters share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from ckan.lib.redis import connect_to_redis

from ckanext.heraultdata.dcat.harvesters import visits


@pytest.fixture
def nothing_seen(with_plugins: None, at: Callable[[str], None]) -> Iterator[None]:
    """No harvester is known, on the day of the visits."""
    at("2026-11-20")
    _forget()
    yield
    _forget()


def _forget() -> None:
    keys = list(connect_to_redis().scan_iter(visits._key("*")))
    if keys:
        connect_to_redis().delete(*keys)
