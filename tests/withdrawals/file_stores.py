"""File stores of a site: CKAN's own disk, a storage of CKAN 2.12, a plugin's elsewhere."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import ckan.model as model
import ckan.plugins as p
import pytest
from ckan.lib import uploader
from ckan.plugins import core

try:
    from ckan.lib import files
except ImportError:
    # CKAN 2.11 has no storages.
    files = None

NAMES = ["disk", "plugin"] + (["storage"] if files else [])
_STORAGE = "withdrawals_memory"


class Cloud:
    """Bytes behind an address of the web, as an object store of a provider has them."""

    objects: ClassVar[dict[str, bytes]] = {}
    address: ClassVar[str] = ""
    refuses: ClassVar[bool] = False
    keeps: ClassVar[bool] = False


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = Cloud.objects.get(self.path)
        if Cloud.refuses:
            self.send_response(HTTPStatus.SERVICE_UNAVAILABLE)
        elif content is None:
            self.send_response(HTTPStatus.NOT_FOUND)
        else:
            self.send_response(HTTPStatus.OK)
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class CloudUpload:
    """An uploader of the kind of ckanext-cloudstorage."""

    mimetype: str | None = None
    filesize = 0

    def __init__(self, resource: dict[str, Any]) -> None:
        self.file = resource.pop("upload", None)
        self.clear = resource.pop("clear_upload", None)
        self.filename = None
        self.old_filename = None
        if self.file:
            self.filename = self.file.filename
            resource["url"] = self.filename
            resource["url_type"] = "upload"
        elif self.clear and resource.get("id"):
            old = model.Session.get(model.Resource, resource["id"])
            self.old_filename = old.url if old else None

    def get_path(self, id: str) -> str:  # noqa: A002 - CKAN's own name
        return f"/resources/{id}/{self.filename}"

    def get_url_from_filename(self, resource_id: str, file_name: str) -> str:
        return f"{Cloud.address}/resources/{resource_id}/{file_name}"

    def upload(self, id: str, max_size: int = 10) -> None:  # noqa: A002 - CKAN's own names
        if self.file:
            self.file.stream.seek(0)
            Cloud.objects[f"/resources/{id}/{self.filename}"] = self.file.stream.read()
        elif self.clear and self.old_filename and not Cloud.keeps:
            Cloud.objects.pop(f"/resources/{id}/{self.old_filename}", None)


class CloudPlugin(p.SingletonPlugin):
    """A plugin whose files stand elsewhere."""

    p.implements(p.IUploader)

    def get_uploader(self, upload_to: str, old_filename: str | None) -> None:
        """Leave images to CKAN."""

    def get_resource_uploader(self, data_dict: dict[str, Any]) -> CloudUpload:
        return CloudUpload(data_dict)


@contextmanager
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A site whose files are kept by a plugin."""
    real: Callable[[str], Any] = core._get_service
    monkeypatch.setattr(
        core, "_get_service", lambda n: CloudPlugin(name=n) if n == "cloud" else real(n)
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    Cloud.address = f"http://127.0.0.1:{server.server_port}"
    Cloud.objects.clear()
    Cloud.refuses = Cloud.keeps = False
    p.load("cloud")
    try:
        yield
    finally:
        p.unload("cloud")
        server.shutdown()
        server.server_close()


@contextmanager
def storage(monkeypatch: pytest.MonkeyPatch, ckan_config: dict[str, Any]) -> Iterator[None]:
    """A site whose files are in a storage of CKAN that is no folder."""
    assert files is not None
    made = files.make_storage(_STORAGE, {"type": "ckan:memory", "override_existing": True})
    files.storages.register(_STORAGE, made)
    monkeypatch.setitem(ckan_config, "ckan.files.default_storages.resource", _STORAGE)
    try:
        yield
    finally:
        files.storages.pop(_STORAGE)


@pytest.fixture
def store(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, ckan_config: dict[str, Any]
) -> Iterator[str]:
    """The file store that the test asks for by its name, CKAN's own disk unless it does."""
    name = getattr(request, "param", "disk")
    if name == "plugin":
        with cloud(monkeypatch):
            yield name
    elif name == "storage":
        with storage(monkeypatch, ckan_config):
            yield name
    else:
        yield name


@pytest.fixture
def other_disk() -> Iterator[Path]:
    """A folder on another disk than that of CKAN's files."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        assert Path(folder).stat().st_dev != Path(uploader.get_storage_path()).stat().st_dev
        yield Path(folder)
