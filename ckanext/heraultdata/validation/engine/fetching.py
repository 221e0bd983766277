"""A file at an address of the web: fetched within limits, never from inside the network.

An address comes from anybody. Each hop is resolved once, what it resolves to is looked at, and the
connection goes to that very address: a name that resolves to another one a moment later (DNS
rebinding) changes nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message as Headers
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from ...messages import N_, Message
from .limits import MEBIBYTE, Limits

REDIRECTS = 5
_CONNECT_SECONDS = 10
_READ_SECONDS = 30
_PART = 64 * 1024
_REDIRECTIONS = (301, 302, 303, 307, 308)
_SAFE_IN_ADDRESS = "/:?#[]@!$&'()*+,;=%-._~"
_EMBEDS_IPV4 = ipaddress.ip_network("64:ff9b::/96")
_DECODED = ("gzip", "x-gzip", "deflate")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchError(Exception):
    """The file cannot be fetched.

    Attributes:
        message: the sentence that says why, and the way out.
        status: what the server answered with instead of the file; None where it did not answer.
    """

    def __init__(self, message: Message, status: int | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.status = status


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched.

    Attributes:
        path: its copy on this disk, which goes with the block that fetched it.
        name: its name, by its server or its address; empty where neither gives one.
        media_type: its type, by its server, without parameters; empty where it gives none.
    """

    path: Path
    name: str
    media_type: str


@contextmanager
def fetched(
    url: str, limits: Limits, allow_private: bool = False, accept: str = "*/*"
) -> Iterator[Fetched]:
    """Fetch a file, and keep it for as long as the block lasts.

    Args:
        url: an address that starts with http:// or https://.
        limits: the most bytes of the file, once decompressed, and the most seconds for all of it.
        allow_private: take addresses of private networks and of this machine too.
        accept: the media types that are asked for.

    Raises:
        FetchError: the address cannot be taken, its server does not answer with a file, or the
            file passes a limit.
    """
    ends_at = time.monotonic() + limits.seconds
    with tempfile.NamedTemporaryFile(prefix="heraultdata-") as copy:
        for _ in range(REDIRECTS + 1):
            with _Exchange(_target(url, allow_private), ends_at, limits, accept) as exchange:
                location = exchange.redirected_to()
                if location is None:
                    for part in exchange.parts():
                        copy.write(part)
                    copy.flush()
                    yield Fetched(
                        Path(copy.name), _name_of(exchange.headers, url), exchange.media_type()
                    )
                    return
            url = urljoin(url, location)
    raise FetchError(
        Message(
            N_(
                "The address redirects more than {most} times: give the address of the file itself."
            ),
            {"most": REDIRECTS},
        )
    )


@dataclass(frozen=True)
class _Target:
    """Where a hop goes: the address as asked for, and what its host resolved to."""

    parts: SplitResult
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def path(self) -> str:
        asked = self.parts.path or "/"
        return f"{asked}?{self.parts.query}" if self.parts.query else asked


def refuse_private(url: str) -> None:
    """Refuse an address that is not one of the public Internet, for those who fetch it otherwise.

    Raises:
        FetchError: it is not, or it is no address of the web.
    """
    _target(url, allow_private=False)


def _target(url: str, allow_private: bool) -> _Target:
    try:
        parts = urlsplit(quote(url.strip(), safe=_SAFE_IN_ADDRESS))
        host = unquote(parts.hostname or "")
        port = parts.port
    except ValueError:
        raise FetchError(_not_an_address(url)) from None
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise FetchError(_not_an_address(url))
    port = port or (443 if parts.scheme.lower() == "https" else 80)
    try:
        host = host if ":" in host else host.encode("idna").decode("ascii")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(
            Message(
                N_("The server {host} is not found: check the address."), {"host": _shown(host)}
            )
        ) from None
    addresses = tuple(dict.fromkeys(str(item[4][0]) for item in found))
    if not allow_private and not all(is_public(address) for address in addresses):
        raise FetchError(
            Message(
                N_(
                    "The address of {host} is not on the public Internet: "
                    "put the file where everybody can fetch it, or send it."
                ),
                {"host": _shown(host)},
            )
        )
    return _Target(parts, host, port, addresses)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet.

    Args:
        address: an IPv4 or IPv6 address; the IPv4 address that an IPv6 one carries counts.
    """
    outer = ipaddress.ip_address(address.split("%")[0])
    return all(each.is_global and not each.is_multicast for each in (outer, *_carried_by(outer)))


def _carried_by(address: _Address) -> Iterator[ipaddress.IPv4Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address in _EMBEDS_IPV4:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    for carried in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
        if carried is not None:
            yield carried


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to the address that was looked at, under the name that was asked for."""

    def __init__(self, target: _Target, ends_at: float) -> None:
        super().__init__(target.host, target.port, timeout=_READ_SECONDS)
        self._target = target
        self._ends_at = ends_at
        self._opened: socket.socket | None = None

    def connect(self) -> None:
        self._opened = self._first_to_answer()
        if self._target.parts.scheme.lower() == "https":
            context = ssl.create_default_context()
            secured = context.wrap_socket(
                self._opened, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._opened = secured
            self._opened.settimeout(_READ_SECONDS)
            secured.do_handshake()
        self._opened.settimeout(_READ_SECONDS)
        if time.monotonic() >= self._ends_at:
            # The guard came before there was anything to cut.
            raise TimeoutError
        self.sock = self._opened

    def _first_to_answer(self) -> socket.socket:
        failure = OSError()
        for address in self._target.addresses:
            seconds = min(_CONNECT_SECONDS, max(self._ends_at - time.monotonic(), 0.1))
            try:
                return socket.create_connection((address, self.port), seconds)
            except OSError as refusal:
                failure = refusal
        raise failure

    def cut(self) -> None:
        """End whatever waits on the socket; http.client lets go of it before the answer is read."""
        if self._opened is None:
            return
        try:
            self._opened.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other end was faster.
            return


class _Exchange:
    """One request and its answer, cut off when the time is over, whatever the server drips."""

    def __init__(self, target: _Target, ends_at: float, limits: Limits, accept: str) -> None:
        self._target = target
        self._limits = limits
        self._accept = accept
        self._connection = _PinnedConnection(target, ends_at)
        self._over = threading.Event()
        self._guard = threading.Timer(max(ends_at - time.monotonic(), 0.0), self._cut)
        self._guard.daemon = True

    def __enter__(self) -> _Exchange:
        self._guard.start()
        try:
            with self._failures_in_words():
                self._connection.putrequest("GET", self._target.path, skip_accept_encoding=True)
                self._connection.putheader("User-Agent", "ckanext-heraultdata")
                self._connection.putheader("Accept", self._accept)
                self._connection.putheader("Accept-Encoding", "identity")
                self._connection.endheaders()
                self._answer = self._connection.getresponse()
        except FetchError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._guard.cancel()
        self._connection.close()

    @property
    def headers(self) -> Headers:
        """The headers of the answer."""
        return self._answer.headers

    def media_type(self) -> str:
        """The type that the server gives, without parameters."""
        return (self.headers.get("Content-Type") or "").split(";")[0].strip().lower()

    def redirected_to(self) -> str | None:
        """Where the server sends us; None where it answers with the file.

        Raises:
            FetchError: it answers with neither.
        """
        location = self.headers.get("Location")
        if self._answer.status in _REDIRECTIONS and location:
            return location
        if self._answer.status == http.client.OK:
            return None
        raise FetchError(
            Message(
                N_("The server {host} answers with the error {status} instead of the file."),
                {"host": _shown(self._target.host), "status": str(self._answer.status)},
            ),
            self._answer.status,
        )

    def parts(self) -> Iterator[bytes]:
        """The bytes of the file, decompressed, counted as they come."""
        length = self.headers.get("Content-Length") or ""
        if length.isdigit() and int(length) > self._limits.bytes:
            raise FetchError(self._too_large())
        count = 0
        for part in self._decoded():
            count += len(part)
            if count > self._limits.bytes:
                raise FetchError(self._too_large())
            yield part
        if self._over.is_set():
            # A socket that was cut reads like the end of a file of unknown length.
            raise FetchError(self._too_slow())

    def _decoded(self) -> Iterator[bytes]:
        encoding = (self.headers.get("Content-Encoding") or "").strip().lower()
        if encoding not in _DECODED:
            yield from self._raw()
            return
        # 32: gzip and zlib alike, by their own headers.
        decoder = zlib.decompressobj(zlib.MAX_WBITS | 32)
        for part in self._raw():
            waiting = part
            while waiting:
                try:
                    yield decoder.decompress(waiting, _PART)
                except zlib.error:
                    raise FetchError(self._broken()) from None
                waiting = decoder.unconsumed_tail
        yield decoder.flush()

    def _raw(self) -> Iterator[bytes]:
        while True:
            with self._failures_in_words():
                part = self._answer.read(_PART)
            if not part:
                break
            yield part
        if self._answer.length and not self._over.is_set():
            # A body that ends before its Content-Length is no error to http.client.
            raise FetchError(self._broken())

    @contextmanager
    def _failures_in_words(self) -> Iterator[None]:
        try:
            yield
        except ssl.SSLError:
            raise FetchError(
                Message(
                    N_("The connection to {host} is not safe: its certificate is not valid."),
                    {"host": _shown(self._target.host)},
                )
            ) from None
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            # http.client trips over its own closed file where the socket was cut under it.
            raise FetchError(self._too_slow() if self._over.is_set() else self._broken()) from None

    def _cut(self) -> None:
        self._over.set()
        self._connection.cut()

    def _broken(self) -> Message:
        return Message(
            N_("The server {host} does not answer as it should: try again later."),
            {"host": _shown(self._target.host)},
        )

    def _too_slow(self) -> Message:
        return Message(
            N_("The server {host} takes more than {seconds} seconds to send the file: send it."),
            {"host": _shown(self._target.host), "seconds": round(self._limits.seconds)},
        )

    def _too_large(self) -> Message:
        return Message(
            N_("The file is too large: the most is {most} MB."),
            {"most": self._limits.bytes // MEBIBYTE},
        )


def _not_an_address(url: str) -> Message:
    return Message(
        N_("“{url}” is not an address of the web: it must start with http:// or https://."),
        {"url": _shown(url)},
    )


def _name_of(headers: Headers, url: str) -> str:
    name = headers.get_filename() or unquote(urlsplit(url).path)
    return re.split(r"[/\\]", name)[-1][:255]


def _shown(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"
