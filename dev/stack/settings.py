"""What the environment says: folder, ports and addresses of the stack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .console import StackError

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_WEB_PORT = 5000
CKAN_VERSIONS = ("2.12", "2.11")


@dataclass(frozen=True)
class Settings:
    """The stack of one checkout; None means "not said"."""

    root: Path
    folder: Path
    web_port: int
    postgres_port: int | None
    redis_port: int | None
    solr_port: int | None
    postgres_url: str | None
    redis_url: str | None
    solr_url: str | None

    @property
    def logs(self) -> Path:
        """Folder of the logs."""
        return self.folder / "log"

    @property
    def site_url(self) -> str:
        """Address of the portal; the host is fixed, the development stack is not for a network."""
        return f"http://127.0.0.1:{self.web_port}"


def read_settings(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> Settings:
    """Read the `HERAULTDATA_*` variables.

    Args:
        environ: Environment variables; an empty one counts as absent.
        root: The checkout.

    Returns:
        The settings of the stack.

    Raises:
        StackError: A port is not a number between 1 and 65535.
    """
    folder = Path(environ.get("HERAULTDATA_VAR") or root / "dev" / "var")
    return Settings(
        root=root,
        folder=folder if folder.is_absolute() else root / folder,
        web_port=_port(environ, "HERAULTDATA_PORT") or DEFAULT_WEB_PORT,
        postgres_port=_port(environ, "HERAULTDATA_POSTGRES_PORT"),
        redis_port=_port(environ, "HERAULTDATA_REDIS_PORT"),
        solr_port=_port(environ, "HERAULTDATA_SOLR_PORT"),
        postgres_url=environ.get("HERAULTDATA_POSTGRES_URL") or None,
        redis_url=environ.get("HERAULTDATA_REDIS_URL") or None,
        solr_url=environ.get("HERAULTDATA_SOLR_URL") or None,
    )


def _port(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise StackError(f"{name} is {text!r}: give a port between 1 and 65535.")
    return int(text)
