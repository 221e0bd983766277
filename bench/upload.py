"""How much memory the web process takes for a file of 200 MB that follows a standard.

The file goes through the API of a real server, in a private dataset, as an editor sends it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import _deliberations

MEBIBYTE = 1024 * 1024
SIZE = 200 * MEBIBYTE
ROWS_OF_PIECE = 20_000
SECONDS_TO_START = 60
SECONDS_TO_UPLOAD = 600


def main() -> None:
    """Measure, and print one figure."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--config", required=True)
    configuration = arguments.parse_args().config
    token = _token_of_sysadmin(configuration)
    with tempfile.TemporaryDirectory() as name, _server(configuration) as server:
        dataset = _Api(server.url, token)
        dataset.make()
        body, boundary = _form(Path(name), dataset.form_fields())
        try:
            server.forget_peak()
            dataset.upload(body, boundary)
            print(f"FIGURE upload_200mb_web_process_mb={server.peak_mebibytes():.0f}")
        finally:
            dataset.purge()


class _Api:
    """A private dataset of an organisation of its own, through the API."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token
        self._name = f"bench-{secrets.token_hex(4)}"

    def make(self) -> None:
        """Make the organisation and the dataset."""
        self._call("organization_create", {"name": self._name, "title": "Bench"})
        dataset = {"title": "Bench", "notes": "Bench", "owner_org": self._name, "private": True}
        self._call("package_create", {"name": self._name, **dataset})

    def upload(self, body: Path, boundary: str) -> None:
        """Send the form of a new resource."""
        kind = f"multipart/form-data; boundary={boundary}"
        with body.open("rb") as stream:
            self._send("resource_create", stream, kind, body.stat().st_size)

    def purge(self) -> None:
        """Leave nothing behind."""
        self._call("dataset_purge", {"id": self._name})
        self._call("organization_purge", {"id": self._name})

    def form_fields(self) -> dict[str, str]:
        """The fields of the resource."""
        return {
            "package_id": self._name,
            "name": "Bench",
            "format": "CSV",
            "standard": "scdl-deliberations",
        }

    def _call(self, action: str, data: dict[str, Any]) -> None:
        content = json.dumps(data).encode()
        self._send(action, content, "application/json", len(content))

    def _send(self, action: str, content: Any, kind: str, length: int) -> None:  # noqa: ANN401
        headers = {
            "Authorization": self._token,
            "Content-Type": kind,
            "Content-Length": str(length),
        }
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self._url}/api/3/action/{action}", content, headers
        )
        try:
            urllib.request.urlopen(request, timeout=SECONDS_TO_UPLOAD).close()  # noqa: S310
        except urllib.error.HTTPError as refusal:
            raise SystemExit(f"{action}: {refusal.read().decode()[:2000]}") from refusal


def _form(folder: Path, fields: dict[str, str]) -> tuple[Path, str]:
    """The body of a form with a file of 200 MB, and its boundary."""
    piece = folder / "piece.csv"
    _deliberations.write(piece, ROWS_OF_PIECE)
    header, _, rows = piece.read_bytes().partition(b"\n")
    boundary = secrets.token_hex(16)
    body = folder / "body"
    with body.open("wb") as stream:
        for name, value in fields.items():
            disposition = f'Content-Disposition: form-data; name="{name}"'
            stream.write(f"--{boundary}\r\n{disposition}\r\n\r\n{value}\r\n".encode())
        disposition = 'Content-Disposition: form-data; name="upload"; filename="bench.csv"'
        stream.write(f"--{boundary}\r\n{disposition}\r\n".encode())
        stream.write(b"Content-Type: text/csv\r\n\r\n" + header + b"\n")
        while stream.tell() < SIZE:
            stream.write(rows)
        stream.write(f"\r\n--{boundary}--\r\n".encode())
    return body, boundary


class _Server:
    """CKAN's own server, and what its process takes."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._process = process

    def wait(self) -> None:
        """Wait until it answers."""
        ends_at = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < ends_at:
            try:
                urllib.request.urlopen(f"{self.url}/api/3/action/status_show").close()  # noqa: S310
            except urllib.error.URLError:
                time.sleep(0.5)
            else:
                return
        raise SystemExit("The server does not answer.")

    def forget_peak(self) -> None:
        """Measure from now on."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def peak_mebibytes(self) -> float:
        """The greatest memory that the process took, in MiB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        if found is None:
            raise SystemExit("The memory of a process is told by Linux only.")
        return int(found[1]) / 1024


@contextmanager
def _server(configuration: str) -> Iterator[_Server]:
    port = _free_port()
    arguments = ("run", "-H", "127.0.0.1", "-p", str(port), "-r", "-D", "-t")
    command = [*_ckan(configuration), *arguments]
    environment = {**os.environ, "CKAN_MAX_UPLOAD_SIZE_MB": "300"}
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        server = _Server(port, process)
        server.wait()
        yield server
    finally:
        process.terminate()
        process.wait()


def _token_of_sysadmin(configuration: str) -> str:
    name = f"bench_{secrets.token_hex(4)}"
    details = (f"email={name}@herault.example", f"password={secrets.token_urlsafe(12)}")
    _run(configuration, "user", "add", name, *details)
    _run(configuration, "sysadmin", "add", name)
    return _run(configuration, "user", "token", "add", name, "bench", "-q").split()[-1]


def _run(configuration: str, *arguments: str) -> str:
    command = [*_ckan(configuration), *arguments]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return answer.stdout


def _ckan(configuration: str) -> list[str]:
    return [str(Path(sys.executable).with_name("ckan")), "-c", configuration]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


if __name__ == "__main__":
    main()
