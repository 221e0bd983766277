"""Redis of this checkout."""

from __future__ import annotations

import socket
import time

from . import daemons, ports
from .console import StackError
from .settings import Settings
from .state import State

DEFAULT_PORT = 26379
START_SECONDS = 15


class Redis:
    """A server in the folder of the stack, with a password: jobs are trusted by their worker."""

    name = "redis"

    def __init__(self, settings: Settings, state: State) -> None:
        """Take the settings; nothing is started yet."""
        self._settings = settings
        self._state = state
        self._folder = settings.folder / "redis"
        self._pid_file = self._folder / "pid"
        self._log = settings.logs / "redis.log"

    @property
    def url(self) -> str:
        """Address of its first database."""
        if self._settings.redis_url:
            return self._settings.redis_url
        return f"redis://:{self._state.secret}@{ports.HOST}:{self._state.get('redis_port')}/0"

    def is_running(self) -> bool:
        """Tell whether the server of this folder runs."""
        return daemons.living(self._pid_file) is not None

    def start(self) -> None:
        """Start the server on a free port."""
        self._folder.mkdir(exist_ok=True)
        port = ports.choose(self._state, self.name, self._settings.redis_port, DEFAULT_PORT)
        configuration = self._folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind {ports.HOST}\nport {port}\nrequirepass {self._state.secret}\n"
            f'dir "{self._folder}"\nsave 60 1\nappendonly no\ndaemonize no\n'
        )
        daemons.start(["redis-server", configuration], pid_file=self._pid_file, log=self._log)

    def wait(self) -> None:
        """Wait until the server answers."""
        port = int(self._state.get("redis_port") or DEFAULT_PORT)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.is_running():
            try:
                socket.create_connection((ports.HOST, port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise StackError(f"Redis does not start, see {self._log}")

    def stop(self) -> None:
        """Stop the server; it writes its data first."""
        daemons.stop(self._pid_file)


def with_database(url: str, offset: int) -> str:
    """Give the address of another database of the same Redis.

    Args:
        url: Address, whose path is the number of a database (none means 0).
        offset: How many databases further.

    Returns:
        The address with that database's number.
    """
    scheme, _, rest = url.partition("://")
    server, _, number = rest.partition("/")
    return f"{scheme}://{server}/{int(number or 0) + offset}"
