"""Roles and databases of the portal and of the tests, made through the environment's driver."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from .console import StackError
from .environment import Environment
from .services import Services
from .settings import Settings
from .state import State


@dataclass(frozen=True)
class Databases:
    """Addresses of the databases of one portal."""

    main: str
    datastore: str
    datastore_readonly: str
    is_new: bool


def ensure(
    settings: Settings,
    state: State,
    services: Services,
    environment: Environment,
    purposes: Sequence[str],
    *,
    empty: bool,
) -> list[Databases]:
    """Make databases, each with its DataStore and permissions.

    Args:
        settings: The stack.
        state: Its identity sets the names apart on a shared server.
        services: Where PostgreSQL answers.
        environment: Its CKAN gives the permissions of the DataStore, its driver the connection.
        purposes: What each is for: `demo`, `test_212_gw0`...
        empty: Whether databases that exist are dropped first.

    Returns:
        Their addresses, in the same order.

    Raises:
        StackError: PostgreSQL refused; the message holds what it said.
    """
    owner = f"heraultdata_{state.identity}"
    reader = f"{owner}_reader"
    pairs = [(f"{owner}_{purpose}", f"{owner}_datastore_{purpose}") for purpose in purposes]
    order = {
        "admin_url": services.postgres.url,
        "owner": owner,
        "reader": reader,
        "password": state.secret,
        "pairs": pairs,
        "empty": empty,
    }
    program = settings.root / "dev" / "stack" / "make_databases.py"
    outcome = subprocess.run(
        [environment.python, "-I", program],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        env=environment.variables(),
        check=False,
    )
    if outcome.returncode != 0:
        raise StackError(f"The databases could not be made.\n{outcome.stderr}")
    fresh: list[str] = json.loads(outcome.stdout)
    url = services.postgres.url
    return [
        Databases(
            main=_address(url, owner, state.secret, main),
            datastore=_address(url, owner, state.secret, datastore),
            datastore_readonly=_address(url, reader, state.secret, datastore),
            is_new=main in fresh,
        )
        for main, datastore in pairs
    ]


def _address(admin_url: str, user: str, password: str, database: str) -> str:
    """Give the address of a database of the server that the administrator's address names."""
    parts = urlsplit(admin_url)
    server = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        ("postgresql", f"{user}:{password}@{server}", f"/{database}", parts.query, "")
    )
