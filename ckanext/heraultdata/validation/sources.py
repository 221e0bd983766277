"""Where the bytes of a file are: on this disk, in a storage of CKAN, or at an address."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import ckan.plugins.toolkit as tk
import requests
from ckan.lib import uploader
from werkzeug.datastructures import FileStorage

from .. import config
from ..words import sentence
from .engine import fetching

#: Seconds without an answer after which a remote server is given up.
TIMEOUT = 30


class CannotCheckError(Exception):
    """The check cannot be made; the text says why, for people."""


@dataclass(frozen=True)
class Source:
    """What frictionless reads: a path or an address, and the session for an address."""

    location: str
    session: requests.Session


class _GuardedSession(requests.Session):
    """Waits for nobody for ever, and goes to the public Internet only, at each redirection."""

    def request(self, *args: object, **kwargs: object) -> requests.Response:
        kwargs.setdefault("timeout", TIMEOUT)
        return super().request(*args, **kwargs)  # pyright: ignore[reportArgumentType]

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401
        _refuse_private(str(request.url))
        return super().send(request, **kwargs)


def http_session() -> requests.Session:
    """A session that does not wait for ever, nor reads the servers of the site's own network."""
    return _GuardedSession()


def _refuse_private(url: str) -> None:
    if config.fetch_private_addresses():
        return
    try:
        fetching.refuse_private(url)
    except fetching.FetchError as refusal:
        # requests and frictionless know how to fail with it.
        raise requests.exceptions.InvalidURL(sentence(refusal.message)) from refusal


@contextmanager
def copied(upload: FileStorage) -> Iterator[Path]:
    """Give a copy of a file that was sent, for as long as the block lasts.

    Args:
        upload: the file, which can be read from its beginning again.
    """
    with tempfile.NamedTemporaryFile(prefix="heraultdata-") as copy:
        upload.stream.seek(0)
        shutil.copyfileobj(upload.stream, copy)
        copy.flush()
        upload.stream.seek(0)
        yield Path(copy.name)


@contextmanager
def opened(resource: Mapping[str, object], private: bool) -> Iterator[Source]:
    """Give the place where the file of a resource can be read, for as long as the block lasts.

    Args:
        resource: the resource as `resource_show` gives it.
        private: whether its dataset is private.

    Raises:
        CannotCheckError: its address is not one of the web.
    """
    address = str(resource.get("url") or "")
    if not _can_be_parsed(address):
        raise CannotCheckError(_not_an_address(address))
    if resource.get("url_type") != "upload":
        yield _remote(address)
        return
    uploaded = uploader.get_resource_uploader(dict(resource))
    if isinstance(uploaded, uploader.ResourceUpload):
        yield Source(uploaded.get_path(str(resource["id"])), http_session())
        return
    storage = getattr(uploaded, "storage", None)
    if hasattr(storage, "stream"):
        yield from _copied_from_storage(uploaded, str(resource["id"]))
        return
    yield _remote(address, with_authorization=private)


def _can_be_parsed(address: str) -> bool:
    try:
        urlparse(address)
    except ValueError:
        # Such as http://[::1: CKAN's own uploaders trip over it too.
        return False
    return True


def _not_an_address(url: str) -> str:
    return tk._("The address “{url}” does not start with http:// or https://.").format(url=url)


def _copied_from_storage(uploaded: object, resource_id: str) -> Iterator[Source]:
    # CKAN 2.11 has no storages.
    from ckan.lib import files  # pyright: ignore[reportAttributeAccessIssue]

    location = uploaded.get_path(resource_id)  # pyright: ignore[reportAttributeAccessIssue]
    storage = uploaded.storage  # pyright: ignore[reportAttributeAccessIssue]
    with tempfile.NamedTemporaryFile() as copy:
        for part in storage.stream(files.FileData(location)):
            copy.write(part)
        copy.flush()
        yield Source(copy.name, http_session())


def _remote(url: str, with_authorization: bool = False) -> Source:
    """An address of the web: a path or a `file:` address would read the server's own files."""
    if urlparse(url).scheme.lower() not in ("http", "https"):
        raise CannotCheckError(_not_an_address(url))
    session = http_session()
    secret = tk.config.get("ckanext.validation.pass_auth_header_value")
    if (
        with_authorization
        and secret
        and tk.asbool(tk.config.get("ckanext.validation.pass_auth_header", True))
    ):
        session.headers["Authorization"] = secret
    return Source(url, session)
