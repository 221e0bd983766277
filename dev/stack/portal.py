"""The portal of the demo: its configuration, its tables, its content."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Template

from . import databases
from .console import run, say
from .environment import Environment
from .services import Services
from .settings import Settings
from .state import State


class Portal:
    """CKAN with the extension, on the databases of the demo."""

    def __init__(
        self, settings: Settings, state: State, services: Services, environment: Environment
    ) -> None:
        """Take the parts; nothing is written yet."""
        self._settings = settings
        self._state = state
        self._services = services
        self._environment = environment
        self.configuration = settings.folder / "ckan.ini"
        self._log = settings.logs / "portal.log"
        self._tables = settings.folder / "tables"
        self._index = settings.folder / "index"

    def ckan(self, *arguments: str) -> list[str]:
        """Give the command line of CKAN's command for this portal."""
        return [str(self._environment.program("ckan")), "-c", str(self.configuration), *arguments]

    def variables(self) -> dict[str, str]:
        """Give the environment of its processes, where nothing overrides the file."""
        kept = self._environment.variables().items()
        return {name: value for name, value in kept if not name.startswith("CKAN_")}

    def prepare(self) -> None:
        """Write the configuration, then make or upgrade the tables where anything changed."""
        addresses = databases.ensure(
            self._settings, self._state, self._services, self._environment, ["demo"], empty=False
        )[0]
        if addresses.is_new:
            self._tables.unlink(missing_ok=True)
            self._index.unlink(missing_ok=True)
        self._write_configuration(addresses)
        self._upgrade_tables()
        self._fill_index()

    def fill(self) -> None:
        """Run the demo's filler, which leaves alone what is there."""
        folder = self._settings.root / "dev"
        if not (folder / "demo" / "__main__.py").exists():
            return
        say("Filling the demo")
        output = self._settings.folder / "demo.json"
        run(
            [self._environment.python, "-m", "demo", "--config", self.configuration,
             "--output", output],
            cwd=folder,
            env=self.variables(),
            log=self._log,
            failure="The demo could not be filled",
        )  # fmt: skip

    def _write_configuration(self, addresses: databases.Databases) -> None:
        template = Template((self._settings.root / "dev" / "ckan.ini.template").read_text())
        values = {
            "secret": self._state.secret,
            "site_url": self._settings.site_url,
            "site_id": f"heraultdata_{self._state.identity}_demo",
            "folder": str(self._settings.folder),
            "main": addresses.main,
            "datastore": addresses.datastore,
            "datastore_readonly": addresses.datastore_readonly,
            "redis": self._services.redis.url,
            "solr": self._services.solr.url,
        }
        # A percent sign begins an interpolation in the file.
        text = template.substitute({key: value.replace("%", "%%") for key, value in values.items()})
        fresh = self.configuration.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(text)
        fresh.replace(self.configuration)

    def _upgrade_tables(self) -> None:
        wanted = self._fingerprint_of_sources()
        if _is_stamped(self._tables, wanted):
            return
        say("Making the tables of the portal")
        for arguments in (("db", "upgrade"), ("heraultdata", "init")):
            run(
                self.ckan(*arguments),
                env=self.variables(),
                log=self._log,
                failure=f"`ckan {' '.join(arguments)}` failed",
            )
        self._tables.write_text(wanted)

    def _fingerprint_of_sources(self) -> str:
        """Tell apart the states of what makes tables: pins, migrations, models, commands."""
        root = self._settings.root
        pins = root / "dev" / f"requirements-{self._environment.version}.txt"
        sources = (root / "ckanext" / "heraultdata").rglob("*.py")
        digest = hashlib.sha256()
        for file in [pins, *sorted(sources)]:
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _fill_index(self) -> None:
        """Index the datasets again where the index does not come from this database and core."""
        wanted = self._services.solr.url + self._services.solr.fingerprint()
        if _is_stamped(self._index, wanted):
            return
        run(
            self.ckan("search-index", "rebuild"),
            env=self.variables(),
            log=self._log,
            failure="The datasets could not be indexed",
        )
        self._index.write_text(wanted)


def _is_stamped(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted
