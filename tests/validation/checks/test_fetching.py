"""Files fetched from a real server on the loopback address, which only a setting allows."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ckanext.heraultdata.validation.engine import fetching
from ckanext.heraultdata.validation.engine.fetching import FetchError, fetched
from ckanext.heraultdata.validation.engine.limits import MEBIBYTE, Limits

LIMITS = Limits(bytes=MEBIBYTE, seconds=20)
CSV = b"insee;date\n34172;2024-02-26\n"


class Handler(BaseHTTPRequestHandler):
    """Answers by the path: a file, redirections, and servers that misbehave."""

    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        """Answer."""
        self.server.asked.append(self.path)  # pyright: ignore[reportAttributeAccessIssue]
        getattr(self, "_" + self.path.strip("/").split("/")[0].split("?")[0].split(".")[0])()

    def _file(self) -> None:
        self._send(CSV, {"Content-Type": "text/csv; charset=utf-8"})

    def _named(self) -> None:
        self._send(CSV, {"Content-Disposition": 'attachment; filename="../arbres.csv"'})

    def _gzipped(self) -> None:
        self._send(gzip.compress(CSV), {"Content-Encoding": "gzip"})

    def _bomb(self) -> None:
        self._send(gzip.compress(b"0" * 64 * MEBIBYTE), {"Content-Encoding": "gzip"})

    def _hop(self) -> None:
        left = int(self.path.split("/")[2])
        self._redirect(f"/hop/{left - 1}" if left > 1 else "/file.csv")

    def _to(self) -> None:
        self._redirect(self.path.split("?", 1)[1])

    def _absent(self) -> None:
        self.send_error(404)

    def _large(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(64):
                self.wfile.write(b"0" * MEBIBYTE)
        except OSError:
            self.server.asked.append("hung up")  # pyright: ignore[reportAttributeAccessIssue]

    def _announced(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(64 * MEBIBYTE))
        self.end_headers()

    def _short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(CSV)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b"0")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def _send(self, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def _redirect(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


class Server:
    """A server and what was asked of it."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.asked: list[str] = []
        server.asked = self.asked  # pyright: ignore[reportAttributeAccessIssue]
        self.port = server.server_port
        self.address = f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on the loopback address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        yield Server(listening)
        listening.shutdown()


def _text_of(url: str, limits: Limits = LIMITS) -> bytes:
    with fetched(url, limits, allow_private=True) as file:
        return file.path.read_bytes()


def _refusal(url: str, limits: Limits = LIMITS, allow_private: bool = True) -> str:
    with pytest.raises(FetchError) as refusal, fetched(url, limits, allow_private):
        pass
    return str(refusal.value.message)


def test_a_file_is_there_for_as_long_as_the_block_lasts(server: Server) -> None:
    with fetched(f"{server.address}/file.csv?x=1", LIMITS, allow_private=True) as file:
        assert file.path.read_bytes() == CSV
        assert (file.name, file.media_type) == ("file.csv", "text/csv")

    assert not file.path.exists()


def test_the_servers_name_of_a_file_counts_and_is_no_path(server: Server) -> None:
    with fetched(f"{server.address}/named", LIMITS, allow_private=True) as file:
        assert file.name == "arbres.csv"


def test_spaces_and_accents_of_an_address_are_sent_as_they_must_be(server: Server) -> None:
    assert _text_of(f"{server.address}/file/délibérations 2024.csv") == CSV
    assert server.asked == ["/file/d%C3%A9lib%C3%A9rations%202024.csv"]


def test_a_compressed_answer_is_decompressed(server: Server) -> None:
    assert _text_of(f"{server.address}/gzipped") == CSV


def test_five_redirections_are_followed_and_not_six(server: Server) -> None:
    assert _text_of(f"{server.address}/hop/5") == CSV
    assert "redirects more than 5 times" in _refusal(f"{server.address}/hop/6")


def test_nothing_of_this_machine_is_fetched_unless_it_is_allowed(server: Server) -> None:
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0"):
        sentence = _refusal(f"http://{host}:{server.port}/file.csv", allow_private=False)
        assert "not on the public Internet" in sentence

    assert server.asked == []


def test_a_redirection_to_this_machine_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first hop stands for a public server: it answers from the one address that is let through.
    judge = fetching.is_public
    monkeypatch.setattr(fetching, "is_public", lambda ip: ip == "127.0.0.1" or judge(ip))
    target = f"http://127.0.0.2:{server.port}/file.csv"

    sentence = _refusal(f"{server.address}/to?{target}", allow_private=False)

    assert "127.0.0.2 is not on the public Internet" in sentence
    assert server.asked == [f"/to?{target}"]


def test_a_redirection_to_a_file_of_this_machine_is_refused(server: Server) -> None:
    assert "not an address of the web" in _refusal(f"{server.address}/to?file:///etc/passwd")


def test_a_name_is_resolved_once_so_that_it_cannot_change_in_between(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve, asked = socket.getaddrinfo, []

    def rebinding(host: str, *args: object, **kwargs: object) -> object:
        if host != "rebinding.example":
            return resolve(host, *args, **kwargs)  # pyright: ignore[reportArgumentType]
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return resolve(address, *args, **kwargs)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)

    assert _text_of(f"http://rebinding.example:{server.port}/file.csv") == CSV
    assert asked == ["rebinding.example"]


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, nothing listens
        "224.0.0.1",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not fetching.is_public(address)


@pytest.mark.parametrize("address", ["185.199.108.153", "2a00:1450:4007::200e", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert fetching.is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "arbres.csv",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://example.org/a.csv",
        "http://",
        "http://[::1",
        "http://example.org:99999/",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_of_the_web(url: str) -> None:
    assert "not an address of the web" in _refusal(url)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "x" * 300, "a..b", "é" * 80])
def test_a_server_that_is_not_found(host: str) -> None:
    assert "is not found" in _refusal(f"http://{host}/a.csv")


def test_a_server_that_refuses(server: Server) -> None:
    assert "answers with the error 404" in _refusal(f"{server.address}/absent")


def test_a_server_that_does_not_listen() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        assert "does not answer as it should" in _refusal(f"http://127.0.0.1:{port}/")


def test_a_server_that_speaks_no_tls(server: Server) -> None:
    assert "is not safe" in _refusal(f"https://127.0.0.1:{server.port}/file.csv")


def test_an_answer_that_breaks_off(server: Server) -> None:
    assert "does not answer as it should" in _refusal(f"{server.address}/short")


@pytest.mark.parametrize("path", ["announced", "large", "bomb"])
def test_a_file_that_is_too_large(server: Server, path: str) -> None:
    assert _refusal(f"{server.address}/{path}") == "The file is too large: the most is 1 MB."


@pytest.mark.parametrize("path", ["drip"])
def test_a_server_that_drips_is_cut_off(server: Server, path: str) -> None:
    began = time.monotonic()

    sentence = _refusal(f"{server.address}/{path}", Limits(bytes=MEBIBYTE, seconds=1))

    assert "takes more than 1 seconds" in sentence
    assert time.monotonic() - began < 5


def test_nothing_is_left_on_the_disk(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _text_of(f"{server.address}/file.csv")
    _refusal(f"{server.address}/large")

    assert list(tmp_path.iterdir()) == []
