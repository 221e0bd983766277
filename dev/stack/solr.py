"""Solr of this checkout: jars from Maven Central, started by a small Java file."""

from __future__ import annotations

import hashlib
import shutil
import time
import urllib.error
import urllib.request
from pathlib import Path

from . import daemons, ports
from .console import StackError, run, say
from .environment import Environment
from .settings import Settings
from .solr_schema import for_portal
from .state import State

DEFAULT_PORT = 28983
CORE = "ckan"
START_SECONDS = 120
JAVA_OPTIONS = ("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
WORD_LISTS = ("synonyms.txt", "stopwords.txt", "protwords.txt")


class Solr:
    """A server in the folder of the stack, with one core that both versions of CKAN accept."""

    name = "solr"

    def __init__(self, settings: Settings, state: State, environment: Environment) -> None:
        """Take the settings; nothing is started yet."""
        self._settings = settings
        self._state = state
        self._environment = environment
        self._source = settings.root / "dev" / "solr"
        self._folder = settings.folder / "solr"
        self._core = self._folder / "home" / CORE
        self._pid_file = self._folder / "pid"
        self._log = settings.logs / "solr.log"

    @property
    def url(self) -> str:
        """Address of the core."""
        if self._settings.solr_url:
            return self._settings.solr_url
        return f"http://{ports.HOST}:{self._state.get('solr_port')}/solr/{CORE}"

    def is_running(self) -> bool:
        """Tell whether the server of this folder runs."""
        return daemons.living(self._pid_file) is not None

    def start(self) -> None:
        """Start the server on a free port; fetch its jars and make its core on first use."""
        self._fetch()
        self._make_core()
        port = ports.choose(self._state, self.name, self._settings.solr_port, DEFAULT_PORT)
        daemons.start(
            [
                "java", *JAVA_OPTIONS, f"-Dsolr.log.dir={self._settings.logs}",
                "-cp", f"{self._folder / 'lib'}/*",
                self._source / "Launcher.java", self._core.parent, str(port),
            ],
            pid_file=self._pid_file,
            log=self._log,
        )  # fmt: skip

    def wait(self) -> None:
        """Wait until the core answers."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.is_running():
            try:
                with urllib.request.urlopen(f"{self.url}/select?q=*:*&rows=0", timeout=5):  # noqa: S310
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise StackError(f"Solr does not start, see {self._log}")

    def stop(self) -> None:
        """Stop the server; it closes its index first."""
        daemons.stop(self._pid_file)

    def fingerprint(self) -> str:
        """Tell apart the indexes that the core has had: the number of its folder."""
        return "" if self._settings.solr_url else str(self._core.stat().st_ino)

    def _fetch(self) -> None:
        pom = self._source / "pom.xml"
        stamp = self._folder / "lib" / "installed"
        wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        say("Fetching the jars of Solr with Maven")
        shutil.rmtree(stamp.parent, ignore_errors=True)
        run(
            ["mvn", "--batch-mode", "--quiet", "-f", pom, "dependency:copy-dependencies",
             "-DincludeScope=runtime", f"-DoutputDirectory={stamp.parent}"],
            log=self._settings.logs / "maven.log",
            failure="Maven could not fetch the jars of Solr",
        )  # fmt: skip
        stamp.write_text(wanted)

    def _make_core(self) -> None:
        """Lay the core; where its settings changed, its index goes and the portal fills it anew."""
        schema_file = self._environment.package_file("ckan", "config", "solr", "schema.xml")
        files = {
            "schema.xml": for_portal(schema_file.read_text()),
            "solrconfig.xml": (self._source / "solrconfig.xml").read_text(),
            **dict.fromkeys(WORD_LISTS, ""),
        }
        configuration = self._core / "conf"
        if _content(configuration, files) == files:
            return
        shutil.rmtree(self._core, ignore_errors=True)
        configuration.mkdir(parents=True)
        for name, text in files.items():
            (configuration / name).write_text(text)
        (self._core / "core.properties").write_text(f"name={CORE}\n")
        (self._core.parent / "solr.xml").write_text("<solr/>\n")


def _content(folder: Path, names: dict[str, str]) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in names if (folder / name).exists()}
