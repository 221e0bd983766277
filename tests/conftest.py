"""Set-up that the tests of all rooms share."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan.plugins import plugin_loaded
from hypothesis import settings
from passlib.handlers.pbkdf2 import pbkdf2_sha512

from ckanext.heraultdata import clock
from ckanext.heraultdata.database import engine
from tests.isolation import isolate_worker
from tests.mails import daily, mailbox  # noqa: F401 - fixtures

isolate_worker()

# A slow machine is no fault of an example: speed is measured by benchmarks.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")

# Accounts are made by the thousand, and guarded from nobody.
pbkdf2_sha512.default_rounds = 1

# Settings that are read when they are needed: a test may change them without loading CKAN anew.
READ_LATE = ("heraultdata.", "smtp.")
# Settings that decide which addresses there are, and nothing else of what is loaded.
OF_ADDRESSES = "ckan.auth."
SHARED = Path(__file__).parents[2] / "shared"
APPEND_ONLY = ("heraultdata_journal_entry", "heraultdata_convention_event")


@contextmanager
def _rows_may_go() -> Iterator[None]:
    """Let the set-up empty the tables that the database keeps append-only."""
    from ckan import model

    def switch(what: str) -> None:
        with engine().begin() as connection:
            for table in APPEND_ONLY:
                if sa.inspect(connection).has_table(table):
                    connection.execute(sa.text(f"ALTER TABLE {table} {what} TRIGGER USER"))

    model.Session.remove()
    switch("DISABLE")
    try:
        yield
    finally:
        model.Session.remove()
        switch("ENABLE")


def _enable_loggers() -> None:
    """Let loggers speak again: the migrations of CKAN's activity plugin silence them all."""
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.disabled = False


@pytest.fixture(scope="session")
def _migrated() -> set[str]:
    """The plugins whose migrations this process has applied: tables stay from test to test."""
    return set()


@pytest.fixture
def clean_db(
    reset_db: Callable[[], None], migrate_db_for: Callable[[str], None], _migrated: set[str]
) -> None:
    """Empty the database, ours included, with the tables of our migrations in place."""
    with _rows_may_go():
        reset_db()
    for plugin in ("heraultdata", "activity"):
        if plugin not in _migrated and plugin_loaded(plugin):
            migrate_db_for(plugin)
            _migrated.add(plugin)
            _enable_loggers()


@pytest.fixture
def shared_folder() -> Path:
    """The official material beside the checkout; what reads it does not run where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the official material is not beside this checkout")
    return SHARED


class LoadedSite:
    """The plugins that are loaded and the application made of them, kept from test to test.

    CKAN's own fixtures load all the plugins and make the application anew for each test, which
    takes longer than most tests. They are made anew here only where a test asks for other ones.
    """

    def __init__(self) -> None:
        self.settings: object = None
        self.application: object = None

    def load(self, settings: object) -> None:
        """Load the plugins of CKAN's configuration, unless they are from the same settings."""
        from ckan import plugins

        if self.settings == settings:
            return
        self.unload()
        plugins.load_all()
        self.settings = settings

    def unload(self) -> None:
        """Leave nothing loaded, and no application that addresses would still be built by."""
        from ckan import plugins
        from ckan.config import middleware

        plugins.unload_all()
        middleware._internal_test_request_context = None
        self.settings = None
        self.application = None


@pytest.fixture(scope="session")
def _loaded_site() -> LoadedSite:
    return LoadedSite()


@pytest.fixture
def with_plugins(
    ckan_config: dict[str, object], request: pytest.FixtureRequest, _loaded_site: LoadedSite
) -> Iterator[None]:
    """The plugins of the configuration, loaded."""
    changed = [
        mark.args
        for mark in request.node.iter_markers("ckan_config")
        if not mark.args[0].startswith(READ_LATE)
    ]
    _loaded_site.load((ckan_config["ckan.plugins"], changed))
    yield
    if not all(name.startswith(OF_ADDRESSES) for name, _ in changed):
        _loaded_site.unload()


@pytest.fixture
def app(make_app: Callable[[], object], _loaded_site: LoadedSite) -> object:
    """A new client, without cookies, of the application made of the loaded plugins."""
    from ckan.tests.helpers import CKANTestApp

    if _loaded_site.settings is None:
        return make_app()
    if _loaded_site.application is None:
        _loaded_site.application = make_app().app
    return CKANTestApp(_loaded_site.application)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock of the extension to ten in the morning, UTC, of a day; CKAN's own goes on."""

    def set_clock(day: str) -> None:
        moment = datetime.fromisoformat(f"{day}T10:00:00+00:00")
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock
