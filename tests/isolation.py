"""Databases, Redis and site id of its own for each worker of pytest-xdist.

`make test` makes one set for the main process and one for each worker; `tests/conftest.py` calls
`isolate_worker` before CKAN reads its configuration.
"""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

MAIN_DATABASE = "CKAN_SQLALCHEMY_URL"
DATASTORE_DATABASES = ("CKAN_DATASTORE_WRITE_URL", "CKAN_DATASTORE_READ_URL")


def isolate_worker() -> None:
    """Point CKAN's variables at what is this worker's; do nothing in the main process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None or MAIN_DATABASE not in os.environ:
        return
    suffix = f"_{worker}"
    os.environ[MAIN_DATABASE] = with_suffix(os.environ[MAIN_DATABASE], suffix)
    for name in DATASTORE_DATABASES:
        os.environ[name] = with_suffix(os.environ[name], suffix)
    os.environ["CKAN_REDIS_URL"] = next_database(
        os.environ["CKAN_REDIS_URL"], 1 + int(worker.removeprefix("gw"))
    )
    os.environ["CKAN_SITE_ID"] += suffix
    os.environ["CKAN_STORAGE_PATH"] += suffix


def with_suffix(url: str, suffix: str) -> str:
    """Give the address of the database whose name is longer by the suffix."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path + suffix))


def next_database(url: str, offset: int) -> str:
    """Give the address of the database of Redis that is so many numbers further."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{int(parts.path.strip('/') or 0) + offset}"))
