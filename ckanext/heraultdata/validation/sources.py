"""Where the bytes of a file are: on this disk, in a storage of CKAN, or at an address."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlparse

import ckan.plugins.toolkit as tk
import requests
from ckan.lib import uploader

#: Seconds without an answer after which a remote server is given up.
TIMEOUT = 30


class CannotCheckError(Exception):
    """The check cannot be made; the text says why, for people."""


@dataclass(frozen=True)
class Source:
    """What frictionless reads: a path or an address, and the session for an address."""

    location: str
    session: requests.Session


class _SessionWithTimeout(requests.Session):
    def request(self, *args: object, **kwargs: object) -> requests.Response:
        kwargs.setdefault("timeout", TIMEOUT)
        return super().request(*args, **kwargs)  # pyright: ignore[reportArgumentType]


def http_session() -> requests.Session:
    """A session that does not wait for ever."""
    return _SessionWithTimeout()


@contextmanager
def opened(resource: Mapping[str, object], private: bool) -> Iterator[Source]:
    """Give the place where the file of a resource can be read, for as long as the block lasts.

    Args:
        resource: the resource as `resource_show` gives it.
        private: whether its dataset is private.

    Raises:
        CannotCheckError: its address is not one of the web.
    """
    if resource.get("url_type") != "upload":
        yield _remote(str(resource.get("url") or ""))
        return
    uploaded = uploader.get_resource_uploader(dict(resource))
    if isinstance(uploaded, uploader.ResourceUpload):
        yield Source(uploaded.get_path(str(resource["id"])), http_session())
        return
    storage = getattr(uploaded, "storage", None)
    if hasattr(storage, "stream"):
        yield from _copied_from_storage(uploaded, str(resource["id"]))
        return
    yield _remote(str(resource["url"]), with_authorization=private)


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
        raise CannotCheckError(
            tk._("The address “{url}” does not start with http:// or https://.").format(url=url)
        )
    session = http_session()
    secret = tk.config.get("ckanext.validation.pass_auth_header_value")
    if (
        with_authorization
        and secret
        and tk.asbool(tk.config.get("ckanext.validation.pass_auth_header", True))
    ):
        session.headers["Authorization"] = secret
    return Source(url, session)
