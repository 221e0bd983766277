"""Addresses of a worker of the tests, and of another database of Redis."""

from __future__ import annotations

import os

import pytest
from stack.redis import with_database

from tests.isolation import isolate_worker

VARIABLES = {
    "CKAN_SQLALCHEMY_URL": "postgresql://u:p@127.0.0.1:5432/main?sslmode=disable",
    "CKAN_DATASTORE_WRITE_URL": "postgresql://u:p@127.0.0.1:5432/store",
    "CKAN_DATASTORE_READ_URL": "postgresql://r:p@127.0.0.1:5432/store",
    "CKAN_REDIS_URL": "redis://:p@127.0.0.1:6379/8",
    "CKAN_SITE_ID": "site",
    "CKAN_STORAGE_PATH": "/var/storage",
}


@pytest.fixture
def variables(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def _values() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in VARIABLES}


def test_the_main_process_keeps_its_addresses(variables: pytest.MonkeyPatch) -> None:
    variables.delenv("PYTEST_XDIST_WORKER", raising=False)
    isolate_worker()
    assert _values() == VARIABLES


def test_a_worker_shares_nothing(variables: pytest.MonkeyPatch) -> None:
    variables.setenv("PYTEST_XDIST_WORKER", "gw1")
    isolate_worker()
    assert _values() == {
        "CKAN_SQLALCHEMY_URL": "postgresql://u:p@127.0.0.1:5432/main_gw1?sslmode=disable",
        "CKAN_DATASTORE_WRITE_URL": "postgresql://u:p@127.0.0.1:5432/store_gw1",
        "CKAN_DATASTORE_READ_URL": "postgresql://r:p@127.0.0.1:5432/store_gw1",
        "CKAN_REDIS_URL": "redis://:p@127.0.0.1:6379/10",
        "CKAN_SITE_ID": "site_gw1",
        "CKAN_STORAGE_PATH": "/var/storage_gw1",
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/3"),
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/3"),
        ("redis://:secret@cache.example/2", "redis://:secret@cache.example/5"),
    ],
)
def test_another_database_of_the_same_redis(url: str, expected: str) -> None:
    assert with_database(url, 3) == expected
