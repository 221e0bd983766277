"""A process that changes the catalogue at random while others read it, and what it did when."""

from __future__ import annotations

import json
import os
import signal
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.heraultdata.dcat.pieces import queueing
from tests.withdrawals import making
from tests.withdrawals.killing import close_connections


@dataclass(frozen=True)
class Deed:
    """Something that was done to a dataset.

    Attributes:
        package_id: the dataset.
        kind: `published` or `gone`, for the public.
        begun: when nothing of it could be seen yet, in seconds of the machine's own clock.
        done: when it was committed.
    """

    package_id: str
    kind: str
    begun: float
    done: float


class Meddler:
    """Edits, publishes, hides, withdraws, restores and makes datasets, in an order of its own."""

    def __init__(self, partner: Mapping[str, Any], ids: Collection[str], seed: int) -> None:
        """Take the datasets of a partner that are public already."""
        self._partner = partner
        self._random = Random(seed)  # noqa: S311 - to be the same each time
        self._public = list(ids)
        self._private: list[str] = []
        self._withdrawn: list[tuple[str, str, str]] = []
        self._numbers = iter(range(seed * 10_000, (seed + 1) * 10_000))

    def deeds(self) -> Iterator[Deed | None]:
        """Do one thing after the other; gives what the public can see of each."""
        while True:
            deed = self._random.choice(
                (
                    self._edit, self._edit, self._make, self._publish, self._publish,
                    self._hide, self._withdraw, self._restore, self._refresh,
                )
            )  # fmt: skip
            yield deed()

    def _edit(self) -> None:
        if self._public:
            notes = f"Version {next(self._numbers)}"
            self._patch(self._random.choice(self._public), notes=notes)

    def _make(self) -> None:
        self._private.append(making.private_dataset(self._partner, name=self._name())["id"])

    def _publish(self) -> Deed | None:
        if not self._private:
            return None
        package_id = self._taken(self._private)
        self._public.append(package_id)
        return self._timed(package_id, "published", lambda: making.publish(package_id))

    def _hide(self) -> Deed | None:
        if len(self._public) < 2:
            return None
        package_id = self._taken(self._public)
        self._private.append(package_id)
        return self._timed(package_id, "gone", lambda: self._patch(package_id, private=True))

    def _withdraw(self) -> Deed | None:
        if len(self._public) < 2:
            return None
        package_id = self._taken(self._public)
        request = making.ask(self._partner, {"id": package_id})
        self._withdrawn.append((package_id, request["id"], request["items"][0]["id"]))
        return self._timed(package_id, "gone", lambda: making.execute(request))

    def _restore(self) -> Deed | None:
        if not self._withdrawn:
            return None
        package_id, request_id, item_id = self._taken(self._withdrawn)
        self._public.append(package_id)
        return self._timed(
            package_id,
            "published",
            lambda: call_action(
                "heraultdata_withdrawal_restore",
                making.site_context(),
                id=request_id,
                item_ids=[item_id],
            ),
        )

    def _refresh(self) -> None:
        """Do what a worker of the portal does."""
        queueing.refresh_catalogue()

    def _patch(self, package_id: str, **fields: Any) -> None:
        call_action("package_patch", making.site_context(), id=package_id, **fields)

    def _timed(self, package_id: str, kind: str, do: Callable[[], object]) -> Deed:
        begun = time.monotonic()
        do()
        return Deed(package_id, kind, begun, time.monotonic())

    def _taken(self, among: list[Any]) -> Any:
        return among.pop(self._random.randrange(len(among)))

    def _name(self) -> str:
        return f"walked-{next(self._numbers)}"


@dataclass
class History:
    """When datasets were public."""

    deeds: list[Deed] = field(default_factory=list)

    def lived_through(self, ids: Collection[str], begun: float, done: float) -> set[str]:
        """Those that were public during all of a time.

        Args:
            ids: the datasets that were public before anything was done.
            begun: the first moment.
            done: the last one.
        """
        living = set(ids)
        for deed in self.deeds:
            if deed.kind == "published" and deed.done < begun:
                living.add(deed.package_id)
            elif deed.kind == "gone" and deed.begun < done:
                living.discard(deed.package_id)
        return living - {
            deed.package_id
            for deed in self.deeds
            if deed.kind == "published" and begun <= deed.done <= done
        }

    def hidden_at(self, begun: float, done: float) -> set[str]:
        """Those that nobody may have seen between two moments."""
        hidden: dict[str, float] = {}
        for deed in self.deeds:
            if deed.kind == "gone" and deed.done < begun:
                hidden[deed.package_id] = deed.done
            elif deed.kind == "published" and deed.begun < done:
                hidden.pop(deed.package_id, None)
        return set(hidden)


@contextmanager
def meddled_with(
    partner: Mapping[str, Any], ids: Collection[str], seed: int, log: Path
) -> Iterator[None]:
    """Let another process change the catalogue during the block.

    Args:
        partner: whose datasets are changed.
        ids: the public ones.
        seed: of what is done.
        log: where it is told, for `read`.
    """
    log.touch()
    close_connections()
    child = os.fork()
    if child == 0:
        _meddle_and_leave(Meddler(partner, ids, seed), log)
    try:
        yield
    finally:
        os.kill(child, signal.SIGTERM)
        _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status), "the other process was killed"
    assert os.WEXITSTATUS(status) == 0, "the other process failed"


def read(log: Path) -> History:
    """What was done, in order."""
    return History([Deed(**json.loads(line)) for line in log.read_text().splitlines()])


def _meddle_and_leave(meddler: Meddler, log: Path) -> None:
    """Go on until told to stop, and end what is under way."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    try:
        with log.open("w", buffering=1) as stream:
            for deed in meddler.deeds():
                if deed:
                    stream.write(json.dumps(vars(deed)) + "\n")
                if stopped:
                    break
        model.Session.remove()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
