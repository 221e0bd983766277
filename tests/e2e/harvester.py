"""Another portal: a CKAN with ckanext-harvest and ckanext-dcat, which copies ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from ckanext.heraultdata.database import engine
from tests.e2e.processes import ROOT
from tests.isolation import next_database

SCHEMA = "harvester"
SOURCE = "portail-du-departement"
_REDIS_BEYOND_WORKERS = 3

_CONFIGURATION = """
[app:main]
use = config:{tests}
testing = false
ckan.site_url = http://harvester.example
ckan.plugins = harvest dcat dcat_rdf_harvester
ckan.auth.create_unowned_dataset = true
ckan.webassets.path = {folder}/webassets
"""

# Its command that does the same fails after it has made the source.
_MAKE_SOURCE = """
import sys
import ckan.plugins.toolkit as tk
from ckan.cli import load_config
from ckan.config.middleware import make_app

configuration, name, url = sys.argv[1:]
with make_app(load_config(configuration))._wsgi_app.test_request_context():
    tk.get_action("harvest_source_create")(
        {"user": "admin"},
        {"name": name, "title": name, "url": url, "source_type": "dcat_rdf"},
    )
"""


class HarvestingPortal:
    """The other CKAN; its tables are in a schema of their own of the database of the tests."""

    def __init__(self, folder: Path) -> None:
        self._configuration = folder / "harvester.ini"
        tests = ROOT / "test.ini"
        settings = _CONFIGURATION.format(tests=tests, folder=folder)
        # CKAN 2.11 looks for the loggers in the file itself, not in the one that it uses.
        _, loggers, logging = tests.read_text(encoding="utf-8").partition("[loggers]")
        self._configuration.write_text(settings + loggers + logging, encoding="utf-8")

    def install(self, catalogue: str) -> None:
        """Make its tables anew, and tell it of a catalogue.

        Args:
            catalogue: address of the first page, in Turtle.
        """
        self.remove()
        with engine().begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
        self._run("db", "init")
        self._run("db", "upgrade", "-p", "harvest")
        self._run("user", "add", "admin", "email=admin@harvester.example", "password=harvester-1")
        self._run("sysadmin", "add", "admin")
        self._program(_MAKE_SOURCE, SOURCE, catalogue)

    def remove(self) -> None:
        """Leave nothing of it in the database."""
        with engine().begin() as connection:
            connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))

    def harvest(self) -> None:
        """Walk through the catalogue, and take over what it holds."""
        # A run leaves the index with a source that the next one cannot read.
        self._run("search-index", "rebuild", SOURCE)
        self._run("harvester", "run-test", SOURCE)

    def titles(self) -> set[str]:
        """The titles of the datasets that it shows."""
        query = sa.text(
            f"SELECT title FROM {SCHEMA}.package WHERE type = 'dataset' AND state = 'active'"  # noqa: S608
        )
        with engine().connect() as connection:
            return set(connection.scalars(query))

    def _run(self, *arguments: str) -> None:
        program = Path(sys.executable).with_name("ckan")
        self._start(str(program), "-c", str(self._configuration), *arguments)

    def _program(self, program: str, *arguments: str) -> None:
        self._start(sys.executable, "-c", program, str(self._configuration), *arguments)

    def _start(self, *command: str) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env=self._environment()
        )
        assert done.returncode == 0, done.stdout + done.stderr

    @staticmethod
    def _environment() -> dict[str, str]:
        ours = dict(os.environ)
        redis = ours.get("CKAN_REDIS_URL", "redis://127.0.0.1:26379/1")
        return ours | {
            # What the driver of PostgreSQL reads at each connection.
            "PGOPTIONS": f"-csearch_path={SCHEMA}",
            "CKAN_REDIS_URL": next_database(redis, _REDIS_BEYOND_WORKERS),
            "CKAN_SITE_ID": f"{ours.get('CKAN_SITE_ID', 'heraultdata_test')}_harvester",
        }
