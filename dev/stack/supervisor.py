"""Processes in the foreground: they end together, and with us."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from .console import StackError, end_group, tail

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody asked to stop; like KeyboardInterrupt, no handler of errors takes it."""


@contextmanager
def stop_on_signal() -> Iterator[None]:
    """Raise `Interrupted` once, on the first signal that asks to stop; ignore those that follow."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        for each in STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted

    before = {number: signal.signal(number, interrupt) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Supervisor:
    """Some processes, each in a session of its own: only we tell them to stop."""

    def __init__(self, logs: Path, variables: Mapping[str, str]) -> None:
        """Take where their output goes and what their environment is."""
        self._logs = logs
        self._variables = dict(variables)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start a process under a name, with a log of that name."""
        with (self._logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._variables,
                start_new_session=True,
            )

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait for a condition.

        Raises:
            StackError: A process ended, or the time is over.
        """
        deadline = time.monotonic() + seconds
        while not is_ready():
            self._check()
            if time.monotonic() > deadline:
                raise StackError(f"The portal does not answer, see the logs in {self._logs}")
            time.sleep(0.2)

    def watch(self) -> None:
        """Wait until a process ends, which none should.

        Raises:
            StackError: A process ended.
        """
        while True:
            self._check()
            time.sleep(1)

    def stop(self) -> None:
        """Stop all the processes and their children."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            end_group(process)

    def _check(self) -> None:
        for name, process in self._processes.items():
            if process.poll() is not None:
                log = self._logs / f"{name}.log"
                raise StackError(f"The process `{name}` ended by itself.{tail(log)}")
