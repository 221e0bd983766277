"""Virtual environments: one for each version of CKAN, installed again only when a pin changes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from .console import StackError, run, say
from .settings import Settings
from .state import State

# Variables of the interpreter that runs the stack, which are not for others.
OF_THE_STACK = ("PYTHONHOME", "PYTHONPATH")


@dataclass(frozen=True)
class Environment:
    """A virtual environment with CKAN and this checkout in it."""

    version: str
    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def program(self, name: str) -> Path:
        """Give the path of one of its programs."""
        return self.folder / "bin" / name

    def package_file(self, package: str, *names: str) -> Path:
        """Give the path of a file in an installed package, without importing it."""
        found = next((self.folder / "lib").glob(f"python3*/site-packages/{package}"), None)
        if found is None:
            raise StackError(
                f"{package} is not in {self.folder}: remove that folder and try again."
            )
        return found.joinpath(*names)

    def variables(self) -> dict[str, str]:
        """Give the environment variables of a program that runs in it."""
        return {
            **{name: value for name, value in os.environ.items() if name not in OF_THE_STACK},
            "VIRTUAL_ENV": str(self.folder),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        }


def ensure(settings: Settings, state: State, version: str, *, development: bool) -> Environment:
    """Make the virtual environment of a version of CKAN, or bring it up to date.

    Args:
        settings: The stack.
        state: Keeps other runs out meanwhile.
        version: `2.12` or `2.11`.
        development: Whether the tools of the tests and linters are wanted too.

    Returns:
        An environment that fits the pinned requirements.
    """
    environment = Environment(version, settings.folder / f"venv-{version}")
    with state.lock(f"venv-{version}"):
        files = _requirements(settings.root, version, development=False)
        _install(settings, environment, files, editable=True)
        if development:
            files = _requirements(settings.root, version, development=True)
            _install(settings, environment, files, editable=False)
        _compile_translations(settings, environment)
    return environment


def _requirements(root: Path, version: str, *, development: bool) -> list[Path]:
    files = [root / "dev" / f"requirements-{version}.txt"]
    if development:
        files.append(root / "dev" / "requirements-dev.txt")
    return files


def _install(
    settings: Settings, environment: Environment, files: list[Path], *, editable: bool
) -> None:
    metadata = [settings.root / "pyproject.toml", settings.root / "setup.py"] if editable else []
    stamp = environment.folder / f"installed-{files[-1].stem}"
    wanted = _fingerprint([*files, *metadata], str(settings.root), sys.version)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    log = settings.logs / f"pip-{environment.version}.log"
    if not environment.program("pip").exists():
        say(f"Making a virtual environment for CKAN {environment.version}")
        shutil.rmtree(environment.folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", environment.folder], log=log)
    say(f"Installing {', '.join(file.name for file in files)} with pip")
    options = [word for file in files for word in ("-r", str(file))]
    if editable:
        options += ["-e", str(settings.root)]
    run(
        [environment.python, "-m", "pip", "install", "--disable-pip-version-check", *options],
        env=environment.variables(),
        log=log,
        failure="pip could not install the packages",
    )
    stamp.write_text(wanted)


def _compile_translations(settings: Settings, environment: Environment) -> None:
    """Compile the catalogues that changed: the compiled ones are not kept in git."""
    for source in (settings.root / "ckanext" / "heraultdata" / "i18n").rglob("*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        run(
            [environment.program("pybabel"), "compile", "-i", source, "-o", compiled,
             "-l", source.parents[1].name],
            log=settings.logs / "translations.log",
            failure=f"{source} could not be compiled",
        )  # fmt: skip


def _fingerprint(files: list[Path], *words: str) -> str:
    digest = hashlib.sha256()
    for content in [*(file.read_bytes() for file in files), *(word.encode() for word in words)]:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
