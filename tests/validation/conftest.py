"""A site with the adapter and without forms of its own, and a worker on the real Redis."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.lib import jobs
from ckan.tests import factories, helpers
from rq import SimpleWorker
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.validation import service

PLUGINS = "heraultdata_validation datastore"

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "insee", "type": "string", "constraints": {"pattern": r"\d{5}"}},
        {"name": "date", "type": "date"},
    ]
}
VALID = "insee,date\n34172,2024-02-26\n34173,2024-02-27\n"
INVALID = "insee,date\n34172,26/02/2024\n3417,2024-02-27\n"


class SilentHandler(SimpleHTTPRequestHandler):
    """Serves files without a line on the terminal for each."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@dataclass(frozen=True)
class Web:
    """A server of files, and the folder that it serves."""

    address: str
    folder: Path

    def serve(self, name: str, text: str) -> str:
        """Serve a text and give its address."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return f"{self.address}/{name}"


def csv_file(text: str, name: str = "deliberations.csv") -> FileStorage:
    """A CSV file as a form sends it."""
    return FileStorage(BytesIO(text.encode()), filename=name)


def create(dataset: dict[str, Any], text: str = VALID, **fields: object) -> dict[str, Any]:
    """Add a CSV file with a schema to a dataset."""
    return helpers.call_action(
        "resource_create",
        package_id=dataset["id"],
        upload=csv_file(text),
        format="CSV",
        **{"schema": json.dumps(SCHEMA), **fields},
    )


def run_jobs() -> int:
    """Make the jobs of the queue as the worker does, in this process.

    Returns:
        How many there were.
    """
    queue = jobs.get_queue()
    waiting = len(queue)
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    model.Session.remove()
    return waiting


def validation_of(resource_id: str) -> dict[str, Any]:
    """The report as the API gives it."""
    return helpers.call_action("resource_validation_show", resource_id=resource_id)


def resource_of(resource_id: str) -> dict[str, Any]:
    """The resource as the API gives it."""
    return helpers.call_action("resource_show", id=resource_id)


@pytest.fixture
def site(
    with_plugins: None,
    clean_db: None,
    clean_index: None,
    clean_queues: None,
) -> Iterator[None]:
    """Plugins loaded, tables made, nothing in them."""
    service.create_tables()
    yield
    model.Session.rollback()


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server of files on the loopback address, which the setting allows to fetch from."""
    monkeypatch.setitem(tk.config, "heraultdata.fetch_private_addresses", True)
    folder = tmp_path / "web"
    folder.mkdir()
    handler = partial(SilentHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Web(f"http://127.0.0.1:{server.server_port}", folder)
        server.shutdown()


@pytest.fixture
def dataset(site: None) -> dict[str, Any]:
    """A public dataset without files."""
    return factories.Dataset(owner_org=factories.Organization()["id"])
