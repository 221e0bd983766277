"""Where the bytes of an uploaded file stand: on a disk, in a storage of CKAN, at a plugin's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

import ckan.model as model
import requests
from ckan.lib import uploader
from werkzeug.datastructures import FileStorage

from ..messages import N_, Message
from . import disk
from .work_errors import WorkError

_TIMEOUT = 60
"""Seconds without an answer after which a remote store is given up."""
_MEGABYTE = 1 << 20


class Store(Protocol):
    """The place of one file in a file store.

    Attributes:
        address: the name under which the store holds it.
    """

    @property
    def address(self) -> str:
        """The name under which the store holds it."""
        ...

    def exists(self) -> bool:
        """Whether its bytes are there."""
        ...

    def read(self) -> Iterator[bytes]:
        """Its bytes, part by part."""
        ...

    def put(self, path: Path) -> None:
        """Give it the bytes of a file of the disk."""
        ...

    def remove(self) -> None:
        """Take its bytes away; nothing where there are none."""
        ...


class DiskStore:
    """A file of a disk of this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def address(self) -> str:
        """Its path."""
        return str(self.path)

    def exists(self) -> bool:
        """Whether it is there."""
        return self.path.is_file()

    def read(self) -> Iterator[bytes]:
        """Its bytes, part by part."""
        return disk.read(self.path)

    def put(self, path: Path) -> None:
        """Give it the bytes of a file, which goes where both are on one disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if disk.renamed(path, self.path):
            return
        part = disk.part_of(self.path)
        disk.write(disk.read(path), part)
        shutil.copystat(path, part)
        disk.renamed(part, self.path)

    def remove(self) -> None:
        """Take it away."""
        disk.remove(self.path)


class _StorageStore:
    """A file of a storage of CKAN 2.12 that is no folder of this machine."""

    def __init__(self, storage: Any, location: str) -> None:  # noqa: ANN401 - CKAN 2.11 has no storages
        from ckan.lib import files  # pyright: ignore[reportAttributeAccessIssue]

        self._files = files
        self._storage = storage
        self._data = files.FileData(files.Location(location))

    @property
    def address(self) -> str:
        """Its location in the storage."""
        return str(self._data.location)

    def exists(self) -> bool:
        """Whether it is there."""
        return self._storage.exists(self._data)

    def read(self) -> Iterator[bytes]:
        """Its bytes, part by part."""
        yield from self._storage.stream(self._data)

    def put(self, path: Path) -> None:
        """Upload the bytes of a file, in place of those that are there."""
        self.remove()
        with path.open("rb") as file:
            upload = self._files.make_upload(FileStorage(file, filename=path.name))
            self._storage.upload(self._data.location, upload)

    def remove(self) -> None:
        """Take it away."""
        try:
            self._storage.remove(self._data)
        except self._files.exc.MissingFileError:
            return


class _PluginStore:
    """A file of a plugin's uploader that gives an address of the web for it.

    ckanext-cloudstorage gave the name of the method; all the rest is CKAN's `IUploader`.
    """

    def __init__(self, resource: dict[str, Any]) -> None:
        self._resource = resource
        self._file_name = str(resource.get("url") or "").rsplit("/", 1)[-1]

    @property
    def address(self) -> str:
        """The name of the file."""
        return self._file_name

    def exists(self) -> bool:
        """Whether its address answers with it."""
        with self._answer() as answer:
            if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                return False
            _refuse(answer)
            return True

    def read(self) -> Iterator[bytes]:
        """Its bytes, part by part."""
        with self._answer() as answer:
            _refuse(answer)
            yield from answer.iter_content(disk.PART)

    def put(self, path: Path) -> None:
        """Upload the bytes of a file as CKAN does."""
        with path.open("rb") as file:
            upload = FileStorage(file, filename=self._file_name)
            size = path.stat().st_size // _MEGABYTE + 1
            self._uploader(upload=upload).upload(
                self._resource["id"], max(size, uploader.get_max_resource_size())
            )

    def remove(self) -> None:
        """Clear the upload as CKAN does, and see that it is gone."""
        self._uploader(clear_upload=True).upload(self._resource["id"])
        if self.exists():
            raise WorkError(
                Message(
                    N_("The file store was told to take “{file}” away, and still has it."),
                    {"file": self._file_name},
                )
            )

    def _uploader(self, **told: object) -> Any:  # noqa: ANN401 - each plugin has its own
        return uploader.get_resource_uploader({**self._resource, **told})

    def _answer(self) -> requests.Response:
        plugin = self._uploader()
        give_address = getattr(plugin, "get_url_from_filename", None)
        if give_address is None:
            raise WorkError(
                Message(
                    N_("The file store {store} gives no address at which “{file}” can be read."),
                    {"store": type(plugin).__name__, "file": self._file_name},
                )
            )
        address = give_address(self._resource["id"], self._file_name)
        return requests.get(address, stream=True, timeout=_TIMEOUT)


def _refuse(answer: requests.Response) -> None:
    if not answer.ok:
        raise WorkError(
            Message(
                N_("The file store answered {status} when it was asked for a file."),
                {"status": str(answer.status_code)},
            )
        )


def of_resource(resource_id: str) -> Store:
    """The place of a resource's file, whatever file store the site has.

    Args:
        resource_id: the resource; it may be deleted.
    """
    resource = _fields_of(resource_id)
    uploaded = uploader.get_resource_uploader(dict(resource))
    storage = getattr(uploaded, "storage", None)
    if hasattr(storage, "stream"):
        return _of_storage(storage, uploaded.get_path(resource_id))
    if isinstance(uploaded, uploader.ResourceUpload):
        return DiskStore(Path(uploaded.get_path(resource_id)))
    return _PluginStore(resource)


def _of_storage(storage: Any, location: Any) -> Store:  # noqa: ANN401 - CKAN 2.11 has no storages
    from ckan.lib.files.default.fs import FsStorage  # pyright: ignore[reportMissingImports]

    if isinstance(storage, FsStorage):
        return DiskStore(Path(storage.full_path(location)))
    return _StorageStore(storage, location)


def _fields_of(resource_id: str) -> dict[str, Any]:
    resource = model.Session.get(model.Resource, resource_id)
    if resource is None:
        return {"id": resource_id}
    return {
        "id": resource.id,
        "package_id": resource.package_id,
        "url": resource.url,
        "url_type": resource.url_type,
    }
