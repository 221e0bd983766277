"""What the folder of the stack remembers from one run to the next."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .console import StackError


class State:
    """A few values in `state.json`, written at once, read by their owner only."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, and make it where it is new."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "log").mkdir(exist_ok=True)
        except PermissionError as error:
            raise StackError(_not_ours(folder)) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise StackError(_not_ours(folder))
        self.folder = folder
        self._file = folder / "state.json"

    def get(self, key: str) -> str | None:
        """Give a remembered value."""
        return self._read().get(key)

    def set(self, key: str, value: str) -> None:
        """Remember a value."""
        values = {**self._read(), key: value}
        fresh = self._file.with_suffix(".new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:  # noqa: PTH123 - the mode
            json.dump(values, stream, indent=1)
        fresh.replace(self._file)

    def remembered_token(self, key: str, length: int) -> str:
        """Give the random hexadecimal text of that name, drawn on first use."""
        value = self.get(key)
        if value is None:
            value = secrets.token_hex(length // 2)
            self.set(key, value)
        return value

    @property
    def identity(self) -> str:
        """Short name of this stack: sets its databases apart on a shared server."""
        return self.remembered_token("identity", 6)

    @property
    def secret(self) -> str:
        """Password of its services and key of its sessions."""
        return self.remembered_token("secret", 40)

    @contextmanager
    def lock(self, name: str = "services") -> Iterator[None]:
        """Keep other runs of the stack out for a while."""
        with (self.folder / f"{name}.lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        except PermissionError as error:
            raise StackError(_not_ours(self.folder)) from error


def _not_ours(folder: Path) -> str:
    return (
        f"{folder} belongs to another user. Run as that user, or give another folder"
        " with HERAULTDATA_VAR=/some/folder."
    )
