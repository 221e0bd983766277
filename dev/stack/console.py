"""Progress lines, errors meant for people, and commands that leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE_SECONDS = 10


class StackError(Exception):
    """Something that the person at the keyboard can mend; the message says how."""


def say(message: str) -> None:
    """Print a progress line, on standard error so that commands keep standard output."""
    print(f"==> {message}", file=sys.stderr, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    failure: str | None = None,
) -> None:
    """Run a command to its end in a session of its own.

    Args:
        command: Program and arguments.
        log: File that takes its output; without one, the output goes to the terminal.
        env: Whole environment, the present one by default.
        cwd: Folder to run in.
        failure: What did not work, in words, for the error message.

    Raises:
        StackError: The command failed; the message holds the end of the log.
    """
    output = log.open("ab") if log else None
    try:
        start = log.stat().st_size if log else 0
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
        )
        try:
            process.wait()
        except BaseException:
            end_group(process)
            raise
    finally:
        if output:
            output.close()
    if process.returncode == 0:
        return
    what = failure or f"`{' '.join(str(word) for word in command[:4])}` failed"
    raise StackError(f"{what} (exit status {process.returncode}).{tail(log, start) if log else ''}")


def end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and its children to stop, and insist after a while."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def tail(log: Path, start: int = 0) -> str:
    """Give the last lines of a log, from a position on, to end an error message."""
    with log.open("rb") as stream:
        stream.seek(start)
        lines = stream.read().decode(errors="replace").splitlines()[-25:]
    return "\n".join(["", *(f"    {line}" for line in lines), f"The whole log: {log}"])
