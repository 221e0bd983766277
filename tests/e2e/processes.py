"""The portal of the browser tests: CKAN's server, its worker and a mail server, for real."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from urllib.error import URLError

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 120
SECONDS_TO_ANSWER = 60
SECONDS_TO_CHECK = 120
SECONDS_TO_STOP = 10

_CONFIGURATION = """
[app:main]
use = config:{tests}
testing = false
WTF_CSRF_ENABLED = true
ckan.site_url = {url}
ckan.locale_default = fr
ckan.locales_offered = fr en
ckan.webassets.path = {folder}/webassets
smtp.server = {host}:{smtp_port}
heraultdata.department_email = data@herault.example
"""


@dataclass
class Mailbox:
    """A mail server that keeps what it is given."""

    received: list[Message] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a message."""
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(message_from_bytes(content, policy=default))
        return "250 Message accepted for delivery"


class Portal:
    """The processes; they use the databases of the tests, by CKAN's environment variables."""

    def __init__(self, folder: Path) -> None:
        self.mailbox = Mailbox()
        self._folder = folder
        self._smtp = Controller(self.mailbox, hostname=HOST, port=_free_port())
        self._port = _free_port()
        self._configuration = folder / "portal.ini"
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self._port}"

    def start(self) -> None:
        """Start everything, on tables that are up to date, and wait until it answers."""
        self._smtp.start()
        self._write_configuration()
        self.run("db", "upgrade")
        self._start("web", "run", "-H", HOST, "-p", str(self._port), "-r", "-D", "-t")
        self._start("worker", "jobs", "worker")
        self._wait()

    def stop(self) -> None:
        """Stop everything that was started."""
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._smtp.stop()

    def run(self, *arguments: str) -> str:
        """Run CKAN's command on this portal, and give what it says."""
        done = subprocess.run(self._ckan(*arguments), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self, name: str) -> str:
        """What a process (`web` or `worker`) has written."""
        return (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _write_configuration(self) -> None:
        tests = ROOT / "test.ini"
        settings = _CONFIGURATION.format(
            tests=tests, url=self.url, folder=self._folder, host=HOST, smtp_port=self._smtp.port
        )
        # CKAN 2.11 looks for the loggers in the file itself, not in the one that it uses.
        _, loggers, logging = tests.read_text(encoding="utf-8").partition("[loggers]")
        self._configuration.write_text(settings + loggers + logging, encoding="utf-8")

    def _ckan(self, *arguments: str) -> list[str]:
        program = Path(sys.executable).with_name("ckan")
        return [str(program), "-c", str(self._configuration), *arguments]

    def _start(self, name: str, *arguments: str) -> None:
        with (self._folder / f"{name}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(
                    self._ckan(*arguments),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            ended = [process for process in self._processes if process.poll() is not None]
            assert not ended, self.log("web") + self.log("worker")
            assert time.monotonic() < deadline, self.log("web")
            time.sleep(0.2)

    def _answers(self) -> bool:
        with suppress(URLError, OSError):
            address = f"{self.url}/api/3/action/status_show"
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own
                return answer.status == 200
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
