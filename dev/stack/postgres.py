"""PostgreSQL of this checkout."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from . import ports
from .console import StackError, run
from .packages import postgres_binaries
from .settings import Settings
from .state import State

DEFAULT_PORT = 25432
SERVER_USER = "postgres"
# The data are those of a demo and of tests: speed matters more than a power cut.
SERVER_OPTIONS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


class Postgres:
    """A server in the folder of the stack; as root, it belongs to the user `postgres`."""

    name = "postgres"

    def __init__(self, settings: Settings, state: State) -> None:
        """Take the settings; nothing is started yet."""
        self._settings = settings
        self._state = state
        self._log = settings.logs / "postgres.log"
        self._as_root = os.geteuid() == 0

    @property
    def url(self) -> str:
        """Address, with the name and password of a user that may create databases."""
        if self._settings.postgres_url:
            return self._settings.postgres_url
        return (
            f"postgresql://{SERVER_USER}:{self._state.secret}"
            f"@{ports.HOST}:{self._state.get('postgres_port')}/postgres"
        )

    def is_running(self) -> bool:
        """Tell whether the server of this folder runs."""
        data = self._data()
        if data is None or not (data / "PG_VERSION").exists():
            return False
        status = subprocess.run(
            self._server_command("pg_ctl", "status", "-D", data),
            capture_output=True,
            cwd="/",
            check=False,
        )
        return status.returncode == 0

    def start(self) -> None:
        """Start the server on a free port, and make its folder on first use."""
        data = self._data() or self._make_folder()
        if not (data / "PG_VERSION").exists():
            self._initialise(data)
        port = ports.choose(self._state, self.name, self._settings.postgres_port, DEFAULT_PORT)
        options = " ".join(
            f"-c {key}={value or chr(39) * 2}" for key, value in SERVER_OPTIONS.items()
        )
        run(
            self._server_command(
                "pg_ctl", "start", "-w", "-t", "90", "-s", "-D", data,
                "-l", data.parent / "server.log", "-o", f"-p {port} {options}",
            ),
            log=self._log,
            cwd=Path("/"),
            failure=f"PostgreSQL does not start, see {data.parent / 'server.log'}",
        )  # fmt: skip

    def wait(self) -> None:
        """Do nothing: `start` comes back when the server answers."""

    def stop(self) -> None:
        """Stop the server; its clients are cut off."""
        if not self.is_running():
            return
        data = self._data()
        run(
            self._server_command("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(data)),
            log=self._log,
            cwd=Path("/"),
            failure="PostgreSQL does not stop",
        )

    def _data(self) -> Path | None:
        parent = self._state.get("postgres_folder")
        return Path(parent, "data") if parent else None

    def _make_folder(self) -> Path:
        """Make a folder that the server's user can reach, and remember it."""
        parent = self._settings.folder / "postgres"
        if self._as_root and not _can_reach(self._settings.folder):
            digest = hashlib.sha256(str(self._settings.folder).encode()).hexdigest()[:12]
            parent = Path("/var/tmp", f"heraultdata-{digest}")  # noqa: S108 - made with mode 700
        parent.mkdir(mode=0o700, exist_ok=True)
        if parent.is_symlink() or parent.stat().st_uid not in self._rightful_owners():
            raise StackError(f"{parent} belongs to somebody else: remove it and try again.")
        if self._as_root:
            server_user = pwd.getpwnam(SERVER_USER)
            os.chown(parent, server_user.pw_uid, server_user.pw_gid)
        self._state.set("postgres_folder", str(parent))
        # Left by a checkout that was removed: nobody has the password of these data any more.
        self.stop()
        shutil.rmtree(parent / "data", ignore_errors=True)
        return parent / "data"

    def _rightful_owners(self) -> set[int]:
        owners = {os.geteuid()}
        if self._as_root:
            owners.add(pwd.getpwnam(SERVER_USER).pw_uid)
        return owners

    def _initialise(self, data: Path) -> None:
        password = data.parent / "password"
        password.write_text(self._state.secret)
        if self._as_root:
            os.chown(password, pwd.getpwnam(SERVER_USER).pw_uid, -1)
        password.chmod(0o600)
        run(
            self._server_command(
                "initdb", "-D", data, "-U", SERVER_USER, "-E", "UTF8", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password}", "--no-sync",
            ),
            log=self._log,
            cwd=Path("/"),
            failure="PostgreSQL could not make its folder",
        )  # fmt: skip
        password.unlink()

    def _server_command(self, program: str, *arguments: str | Path) -> list[str]:
        command = [str(self._binaries() / program), *map(str, arguments)]
        return ["runuser", "-u", SERVER_USER, "--", *command] if self._as_root else command

    def _binaries(self) -> Path:
        """Give the programs of the version that made the data, else the newest."""
        found = postgres_binaries()
        data = self._data()
        version_file = data / "PG_VERSION" if data else None
        if version_file is None or not version_file.exists():
            return found[0]
        version = version_file.read_text().strip()
        for folder in found:
            if folder.parent.name.split(".")[0] == version:
                return folder
        raise StackError(
            f"{data} was made by PostgreSQL {version}, which is gone: install it,"
            " or remove that folder to begin anew."
        )


def _can_reach(folder: Path) -> bool:
    check = subprocess.run(
        ["runuser", "-u", SERVER_USER, "--", "test", "-x", folder],
        capture_output=True,
        cwd="/",
        check=False,
    )
    return check.returncode == 0
