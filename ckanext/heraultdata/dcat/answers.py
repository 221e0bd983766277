"""What a public document answers over HTTP: the same bytes to everyone, once to those who know it.

Validators and conditions follow RFC 9110 (sections 8.8 and 13), freshness RFC 9111 and RFC 8246.
CKAN writes its own `Cache-Control` and its session's cookie on every answer, after the views: the
headers here are put on last of all, when the answer leaves.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.http import http_date, quote_etag

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

WEEK = 7 * 24 * 3600
"""For how long caches keep what never changes, in seconds."""

_GZIP = "gzip"
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
_GZIP_LEVEL = 1
"""The quickest: a page of RDF is already a tenth of its size with it."""

_TOKEN_LENGTH = 32
_NOT_MODIFIED = 304
_OF_CKAN = ("Set-Cookie", "Pragma", "Expires", "Access-Control-Allow-Credentials")
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-None-Match, If-Modified-Since",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Content-Location",
    "Access-Control-Max-Age": "86400",
}


@dataclass(frozen=True)
class Version:
    """Which version of a document an address holds, and how long caches may keep it.

    Attributes:
        etag: names the bytes; without quotes. `etag_of` makes one.
        modified: when the document changed last; None where there is no such moment.
        max_age: for how many seconds a cache may keep it without asking.
        is_immutable: it never changes.
        varies_with: headers of the request that it depends on, besides `Accept-Encoding`.
    """

    etag: str
    modified: datetime | None = None
    max_age: int = 0
    is_immutable: bool = False
    varies_with: tuple[str, ...] = ()


class PublicResponse(Response):
    """An answer whose headers CKAN leaves as they are given here, whoever asks."""

    def __init__(
        self, body: bytes | Iterable[bytes], status: int, lasting_headers: Mapping[str, str]
    ) -> None:
        """Keep the headers for the end.

        Args:
            body: the bytes, or parts that are sent as they come.
            status: of HTTP.
            lasting_headers: headers by name.
        """
        super().__init__(body, status=status)
        self.lasting_headers = lasting_headers

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        """The headers that are sent, which nothing changes any more."""
        headers = super().get_wsgi_headers(environ)
        for name in _OF_CKAN:
            headers.remove(name)
        for name, value in self.lasting_headers.items():
            headers.set(name, value)
        return headers


def etag_of(*parts: object) -> str:
    """Make an ETag.

    Args:
        parts: all that the bytes of the document depend on.
    """
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:_TOKEN_LENGTH]


def not_modified(version: Version) -> Response | None:
    """The answer 304, if the client has this version already; None if it must be sent.

    It may be asked before anything of the document is assembled.

    Args:
        version: the version that the address holds now.
    """
    etag = _known_etag(version)
    if etag is None:
        return None
    return PublicResponse(b"", _NOT_MODIFIED, _validators(version, etag))


def answer(
    body: bytes | Iterable[str],
    media_type: str,
    version: Version,
    headers: Iterable[tuple[str, str]] = (),
) -> Response:
    """Answer with a public document, or 304 to a client that has this version already.

    The parts of an iterator are sent as they come, in constant memory; bytes, lists and tuples are
    sent as a whole, with their length. To a HEAD nothing of an iterator is made.

    Args:
        body: UTF-8 bytes, or parts of the text.
        media_type: without a charset.
        version: which version it is.
        headers: further headers, such as `Link`.
    """
    known = not_modified(version)
    if known is not None:
        return known
    zipped = _takes_gzip()
    lasting = {
        **_validators(version, _gzip_etag(version) if zipped else version.etag),
        "Content-Type": f"{media_type}; charset=utf-8",
        **dict(headers),
    }
    if zipped:
        lasting["Content-Encoding"] = _GZIP
    parts = _parts(body)
    if zipped:
        parts = _gzipped(parts)
    is_whole = isinstance(body, (bytes, list, tuple))
    return PublicResponse(b"".join(parts) if is_whole else parts, 200, lasting)


def refusal(sentence: str, status: int = 400) -> Response:
    """Refuse a request of a program, in a sentence that a person who reads its log understands.

    Args:
        sentence: names the parameter and the way out.
        status: of HTTP.
    """
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "no-store",
        **_CORS,
    }
    return PublicResponse(f"{sentence}\n".encode(), status, headers)


def preflight() -> Response:
    """Answer OPTIONS: what a page of another site may ask (the Fetch standard, CORS preflight)."""
    return PublicResponse(b"", 204, {"Allow": "GET, HEAD, OPTIONS", **_CORS})


def _known_etag(version: Version) -> str | None:
    """The ETag under which the client knows this version; None if it does not."""
    # A client that takes gzip takes the plain bytes too; one that does not takes only these.
    etags = (_gzip_etag(version), version.etag) if _takes_gzip() else (version.etag,)
    if "If-None-Match" in tk.request.headers:
        known = tk.request.if_none_match
        return next((etag for etag in etags if known.contains_weak(etag)), None)
    since = tk.request.if_modified_since
    if since is None or version.modified is None:
        return None
    return etags[0] if version.modified.replace(microsecond=0) <= since else None


def _takes_gzip() -> bool:
    return tk.request.accept_encodings.best_match((_GZIP, "identity"), "identity") == _GZIP


def _gzip_etag(version: Version) -> str:
    # Other bytes need another strong ETag (RFC 9110, section 8.8.3.3).
    return f"{version.etag}-{_GZIP}"


def _validators(version: Version, etag: str) -> dict[str, str]:
    headers = {
        "ETag": quote_etag(etag),
        "Cache-Control": _cache_control(version),
        "Vary": ", ".join((*version.varies_with, "Accept-Encoding")),
        **_CORS,
    }
    if version.modified is not None:
        headers["Last-Modified"] = http_date(version.modified.astimezone(timezone.utc))
    return headers


def _cache_control(version: Version) -> str:
    if version.is_immutable:
        return f"public, max-age={version.max_age or WEEK}, immutable"
    return f"public, max-age={version.max_age}, must-revalidate"


def _parts(body: bytes | Iterable[str]) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    for part in body:
        yield part.encode()


def _gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    # Its head bears no date: the same document gives the same bytes.
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)
    for part in parts:
        packed = packer.compress(part)
        if packed:
            yield packed
    yield packer.flush()
