"""Processes in the background, known by a file with their number and the moment they began."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from .console import StackError


def began(pid: int) -> str | None:
    """Give the moment (in kernel ticks) a living process began, None where there is none.

    The pair of number and moment tells a process from a later one that got its number.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def record(file: Path, pid: int) -> None:
    """Write down a living process."""
    file.write_text(f"{pid} {began(pid)}\n")


def living(file: Path) -> int | None:
    """Give the number of the process that the file names, None where it is gone."""
    try:
        pid, moment = file.read_text().split()
    except (FileNotFoundError, ValueError):
        return None
    return int(pid) if began(int(pid)) == moment else None


def start(command: Sequence[str | Path], *, pid_file: Path, log: Path) -> None:
    """Start a process in the background, in a session of its own: Ctrl-C does not reach it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
        )
    record(pid_file, process.pid)


def stop(pid_file: Path, *, seconds: float = 20) -> None:
    """Stop the process that the file names, by force after some seconds."""
    for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 5.0)):
        pid = living(pid_file)
        if pid is None:
            break
        os.kill(pid, number)
        deadline = time.monotonic() + patience
        while living(pid_file) is not None and time.monotonic() < deadline:
            _reap(pid)
            time.sleep(0.05)
    if living(pid_file) is not None:
        raise StackError(f"The process of {pid_file} does not stop.")
    pid_file.unlink(missing_ok=True)


def _reap(pid: int) -> None:
    """Collect the process where it is our child, so that no zombie stays."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
