"""`make lint`, `make bench` and `make translations`."""

from __future__ import annotations

import subprocess
from pathlib import Path

from . import databases, environment, packages
from .console import run, say
from .environment import Environment
from .portal import Portal
from .services import Services
from .settings import CKAN_VERSIONS, Settings
from .state import State

LANGUAGES = ("fr",)
EXTRACTION = (
    "extract", "--mapping-file=dev/babel.cfg", "--sort-by-file", "--no-location",
    "--omit-header", "--project=ckanext-heraultdata", "--keywords=_", "--keywords=N_",
    "--keywords=P_:1c,2", "--keywords=ungettext:1,2",
)  # fmt: skip


def lint(settings: Settings, state: State) -> int:
    """Run all the linters, even after one that fails, and give the worst exit status."""
    python = _development_environment(settings, state)
    commands = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("pyright",),
    )
    return max(_status(settings.root, python, *command) for command in commands)


def bench(settings: Settings, state: State) -> int:
    """Run each benchmark on the portal of the demo, and give the worst exit status."""
    python = _development_environment(settings, state)
    services = Services(settings, state, python)
    packages.ensure(packages.needs_of_services(settings), settings.logs / "apt.log")
    statuses = [0]
    with services.in_use():
        portal = Portal(settings, state, services, python)
        portal.prepare()
        # A database of its own for what needs a whole territory, made anew.
        [large] = databases.ensure(settings, state, services, python, ["bench"], empty=True)
        variables = {**portal.variables(), "HERAULTDATA_BENCH_DATABASE": large.main}
        for file in sorted((settings.root / "bench").glob("[!_]*.py")):
            say(f"Running {file.name}")
            command = [str(python.python), str(file), "--config", str(portal.configuration)]
            statuses.append(
                subprocess.run(command, cwd=settings.root, env=variables, check=False).returncode
            )
    return max(statuses)


def update_translations(settings: Settings, state: State) -> None:
    """Collect the texts, merge them into the catalogues, and compile these."""
    python = _development_environment(settings, state)
    folder = settings.root / "ckanext" / "heraultdata" / "i18n"
    template = folder / "ckanext-heraultdata.pot"
    folder.mkdir(exist_ok=True)
    _babel(settings.root, python, *EXTRACTION, f"--output-file={template}", "ckanext")
    for language in LANGUAGES:
        catalogue = folder / language / "LC_MESSAGES" / "ckanext-heraultdata.po"
        merge = ["update", "--no-fuzzy-matching", "--ignore-obsolete"]
        _babel(
            settings.root, python, *(merge if catalogue.exists() else ["init"]),
            f"--locale={language}", f"--input-file={template}", f"--output-file={catalogue}",
        )  # fmt: skip
    _babel(
        settings.root, python, "compile", "--statistics", f"--directory={folder}",
        "--domain=ckanext-heraultdata",
    )  # fmt: skip


def _development_environment(settings: Settings, state: State) -> Environment:
    packages.ensure(packages.PYTHON_NEEDS, settings.logs / "apt.log")
    return environment.ensure(settings, state, CKAN_VERSIONS[0], development=True)


def _babel(root: Path, python: Environment, *words: str) -> None:
    run([python.program("pybabel"), *words], cwd=root, env=python.variables())


def _status(root: Path, python: Environment, program: str, *words: str) -> int:
    say(" ".join([program, *words]))
    command = [str(python.program(program)), *words]
    return subprocess.run(command, cwd=root, env=python.variables(), check=False).returncode
