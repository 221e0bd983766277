"""The accounts of the demo, with the passwords and tokens that `demo.json` keeps."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import ckan.model as model
from ckan.lib import api_token

from .calls import call, portal
from .people import Person


@dataclass(frozen=True)
class Account:
    """An account as `demo.json` shows it; `organization` is None for who is in none."""

    name: str
    role: str
    organization: str | None
    password: str
    token: str


def ensure(people: Sequence[Person], file: Path, site_url: str) -> None:
    """Make the accounts that are missing, and write the file.

    A password that somebody changed on the portal stays changed.

    Args:
        people: whose accounts.
        file: `demo.json`, from which passwords and tokens of an earlier run are taken.
        site_url: address of the portal.
    """
    kept = _read(file)
    accounts = [_ensure(person, kept.get(person.name)) for person in people]
    _write(file, {"url": site_url, "accounts": [asdict(account) for account in accounts]})


def _ensure(person: Person, kept: Account | None) -> Account:
    password = kept.password if kept else secrets.token_urlsafe(12)
    user = model.User.get(person.name)
    if user is None:
        call(
            portal(),
            "user_create",
            name=person.name,
            fullname=person.full_name,
            email=person.email,
            password=password,
        )
        if person.role == "sysadmin":
            call(portal(), "user_patch", id=person.name, sysadmin=True)
    elif kept is None:
        # The file is gone, and with it the only copy of the password.
        call(portal(), "user_patch", id=person.name, password=password)
    token = kept.token if kept and _is_good(kept.token) else _new_token(person)
    return Account(person.name, person.role, person.organization, password, token)


def _is_good(token: str) -> bool:
    return api_token.get_user_from_token(token, update_access_time=False) is not None


def _new_token(person: Person) -> str:
    answer = call(portal(), "api_token_create", user=person.name, name="demo")
    return answer["token"]


def _read(file: Path) -> dict[str, Account]:
    try:
        accounts = json.loads(file.read_text(encoding="utf-8"))["accounts"]
        return {account["name"]: Account(**account) for account in accounts}
    except FileNotFoundError:
        return {}


def _write(file: Path, content: dict[str, object]) -> None:
    fresh = file.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 - opened with its mode
        json.dump(content, stream, ensure_ascii=False, indent=1)
        stream.write("\n")
    fresh.replace(file)
