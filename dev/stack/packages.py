"""Debian packages that the stack needs: asked for by what they bring, installed where allowed."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import platform
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .console import StackError, run, say
from .settings import Settings

CHROMIUM_COMMANDS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Need:
    """Packages, and the test that tells that what they bring is there."""

    packages: tuple[str, ...]
    is_met: Callable[[], bool]


def postgres_binaries() -> list[Path]:
    """Give the folders of PostgreSQL's server programs, the newest version first."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    folders.sort(key=lambda folder: int(folder.parent.name.split(".")[0]), reverse=True)
    in_path = shutil.which("initdb")
    return [*folders, *([Path(in_path).resolve().parent] if in_path else [])]


def chromium() -> str | None:
    """Give the path of an installed Chromium, None where there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM_COMMANDS)), None)


def _command(*names: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(name) for name in names)


def _has_python_headers() -> bool:
    return Path(sysconfig.get_path("include"), "Python.h").exists()


def _browser_package() -> str:
    """Give the name of the package: Ubuntu has another one than Debian."""
    ubuntu = platform.freedesktop_os_release().get("ID") == "ubuntu"
    return "chromium-browser" if ubuntu else "chromium"


def _has_venv() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


PYTHON_NEEDS = (
    Need(("python3-venv",), _has_venv),
    Need(("python3-dev",), _has_python_headers),
    Need(("gcc", "libc6-dev"), _command("gcc")),
    Need(("libpq-dev",), _command("pg_config")),
    Need(("libmagic1",), lambda: ctypes.util.find_library("magic") is not None),
)
POSTGRES_NEED = Need(("postgresql",), lambda: bool(postgres_binaries()))
REDIS_NEED = Need(("redis-server",), _command("redis-server"))
SOLR_NEEDS = (
    Need(("default-jdk-headless",), _command("javac")),
    Need(("maven",), _command("mvn")),
)
BROWSER_NEED = Need((_browser_package(),), lambda: chromium() is not None)


def needs_of_services(settings: Settings) -> list[Need]:
    """Give the needs of the services that the stack starts itself."""
    needs = [] if settings.postgres_url else [POSTGRES_NEED]
    if not settings.redis_url:
        needs.append(REDIS_NEED)
    if not settings.solr_url:
        needs.extend(SOLR_NEEDS)
    return needs


def missing(needs: Iterable[Need]) -> list[str]:
    """Give the packages that are yet to be installed."""
    return [name for need in needs if not need.is_met() for name in need.packages]


def ensure(needs: Iterable[Need], log: Path) -> None:
    """Install what is missing, with apt-get, as root or with a sudo that asks no password.

    Raises:
        StackError: The user may not install; the message is the command to type.
    """
    names = missing(needs)
    if not names:
        return
    prefix = _right_to_install()
    if prefix is None or not shutil.which("apt-get"):
        raise StackError(
            "Some packages of the system are missing. Type this, then try again:\n\n"
            f"    sudo apt-get update && sudo apt-get install -y {' '.join(names)}\n"
        )
    say(f"Installing {', '.join(names)} with apt-get")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    run([*apt, "update"], log=log, failure="apt-get could not read its lists")
    run(
        [*apt, "install", "-y", "--no-install-recommends", *names],
        log=log,
        failure="apt-get could not install the packages",
    )


def _right_to_install() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    allowed = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if allowed.returncode == 0 else None
