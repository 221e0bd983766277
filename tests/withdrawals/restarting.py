"""A PostgreSQL of its own that is stopped, crashed and started again while it is used."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Timer

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from stack import databases
from stack.console import run
from stack.environment import Environment
from stack.postgres import Postgres
from stack.services import Services
from stack.settings import read_settings
from stack.state import State

FOLDER = "HERAULTDATA_RESTARTED_FOLDER"
"""The variable that tells a process the folder of the server whose databases it uses."""


class RestartedPostgres(Postgres):
    """A server that nobody uses but the tests that stop it.

    Attributes:
        stops: how often it was stopped by this object.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder, which the server's user can reach; nothing is started yet."""
        self._folder = folder
        self.stops = 0
        super().__init__(read_settings({"HERAULTDATA_VAR": str(folder)}), State(folder))

    def make_databases(self) -> dict[str, str]:
        """Make CKAN's databases; give the variables by which CKAN finds them."""
        environment = Environment(sys.version, Path(sys.prefix))
        services = Services(self._settings, self._state, environment)
        [made] = databases.ensure(
            self._settings, self._state, services, environment, ["restarted"], empty=True
        )
        admin = sa.create_engine(self.url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            # As on a portal, and not as the stack sets it: what is committed outlives a crash.
            connection.execute(sa.text("ALTER ROLE ALL SET synchronous_commit = on"))
        admin.dispose()
        return {
            "CKAN_SQLALCHEMY_URL": made.main,
            "CKAN_DATASTORE_WRITE_URL": made.datastore,
            "CKAN_DATASTORE_READ_URL": made.datastore_readonly,
        }

    def halt(self, mode: str) -> None:
        """Stop the server.

        Args:
            mode: `immediate`, a crash that it recovers from when it starts again, or `fast`, as the
                machine's administrator does it.
        """
        self.stops += 1
        run(
            self._server_command("pg_ctl", "stop", "-w", "-s", "-m", mode, "-D", self._data_folder),
            log=self._log,
            cwd=Path("/"),
        )

    def restart(self) -> None:
        """Stop the server and start it again, by a crash each other time."""
        self.halt("fast" if self.stops % 2 else "immediate")
        self.start()

    @contextmanager
    def restarted_at(self, is_chosen: Callable[[int], bool]) -> Iterator[None]:
        """Restart it before some of the statements and commits of this process.

        Args:
            is_chosen: tells whether it is restarted before a step, of which it is given the rank
                from 1.
        """
        steps = count(1)

        def note(*_: object) -> None:
            if is_chosen(next(steps)):
                self.restart()

        event.listen(Engine, "before_cursor_execute", note)
        event.listen(Engine, "commit", note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", note)
            event.remove(Engine, "commit", note)

    @contextmanager
    def down_for(self, seconds: float) -> Iterator[None]:
        """Have it crash, and start again only after a while."""
        self.halt("immediate")
        later = Timer(seconds, self.start)
        later.start()
        try:
            yield
        finally:
            later.join()

    def destroy(self) -> None:
        """Stop it, and leave nothing of it."""
        self.stop()
        shutil.rmtree(self._data_folder.parent, ignore_errors=True)
        shutil.rmtree(self._folder)

    @property
    def _data_folder(self) -> Path:
        data = self._data()
        assert data is not None, "it was never started"
        return data
