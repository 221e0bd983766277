"""PostgreSQL, Redis, Solr: started by who needs them first, stopped by who leaves last."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from . import daemons
from .console import say
from .environment import Environment
from .postgres import Postgres
from .redis import Redis
from .settings import Settings
from .solr import Solr
from .state import State


class Service(Protocol):
    """What the three have in common."""

    name: str

    @property
    def url(self) -> str:
        """Address for its clients."""
        ...

    def is_running(self) -> bool:
        """Tell whether the server of this folder runs."""
        ...

    def start(self) -> None:
        """Start it, without waiting for it to answer."""
        ...

    def wait(self) -> None:
        """Wait until it answers."""
        ...

    def stop(self) -> None:
        """Stop it, where it runs."""
        ...


class Services:
    """The services of one checkout, those given in the environment included."""

    def __init__(self, settings: Settings, state: State, environment: Environment) -> None:
        """Take the settings; nothing is started yet."""
        self._settings = settings
        self._state = state
        self.postgres = Postgres(settings, state)
        self.redis = Redis(settings, state)
        self.solr = Solr(settings, state, environment)
        self._users = settings.folder / "users"
        self._kept = settings.folder / "kept"

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Have the services for a while; on leaving, stop them unless others use or keep them."""
        mine = self._users / str(os.getpid())
        try:
            with self._state.lock():
                self._users.mkdir(exist_ok=True)
                daemons.record(mine, os.getpid())
                self._start()
            yield
        finally:
            with self._state.lock():
                mine.unlink(missing_ok=True)
                if not self._kept.exists() and not self._living_users():
                    self._stop()

    def keep(self) -> None:
        """Start the services and let them run until `release`."""
        with self._state.lock():
            self._start()
            self._kept.touch()

    def release(self) -> None:
        """Stop the services."""
        with self._state.lock():
            self._kept.unlink(missing_ok=True)
            for pid in self._living_users():
                say(f"Process {pid} (a demo or a test run) was using the services")
            self._stop()

    def _own(self) -> list[Service]:
        """Give the services that are ours to start; Solr first, it is the slowest."""
        settings = self._settings
        candidates: list[tuple[Service, str | None]] = [
            (self.solr, settings.solr_url),
            (self.redis, settings.redis_url),
            (self.postgres, settings.postgres_url),
        ]
        return [service for service, given in candidates if given is None]

    def _start(self) -> None:
        fresh = [service for service in self._own() if not service.is_running()]
        if fresh:
            say(f"Starting {_names(fresh)}")
        for service in fresh:
            service.start()
        for service in reversed(fresh):
            service.wait()

    def _stop(self) -> None:
        running = [service for service in self._own() if service.is_running()]
        if running:
            say(f"Stopping {_names(running)}")
        for service in running:
            service.stop()

    def _living_users(self) -> list[int]:
        users: list[Path] = sorted(self._users.glob("*")) if self._users.exists() else []
        return [pid for pid in map(daemons.living, users) if pid is not None]


def _names(services: list[Service]) -> str:
    return ", ".join(service.name for service in services)
