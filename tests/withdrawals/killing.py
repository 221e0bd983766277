"""Processes of the portal that are killed, as by `kill -9`, at a step of what they do."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from itertools import count

import ckan.model as model
from ckanext.datastore.backend import postgres
from sqlalchemy import event
from sqlalchemy.engine import Engine

_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.truncate", "socket.connect"})
"""What a process does to disks and to the network, as Python's audit hooks name it."""


def run_killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do some work in a process of its own, killed before a step of it.

    Steps are statements and commits of the databases, changes of disks, connections to others.

    Args:
        step: the rank of the step, from 1.
        work: what is done.

    Returns:
        Whether the process was killed: False where it had fewer steps, and did all of its work.
    """
    close_connections()
    child = os.fork()
    if child == 0:
        _work_and_leave(step, work)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the process failed otherwise"
    return False


def close_connections() -> None:
    """Leave no connection open that two processes would share."""
    model.Session.remove()
    for engine in (model.meta.engine, postgres.get_write_engine(), postgres.get_read_engine()):
        assert engine is not None
        engine.dispose()


def _work_and_leave(step: int, work: Callable[[], object]) -> None:
    try:
        _kill_at(step)
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _kill_at(step: int) -> None:
    steps = count(1)

    def note(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def note_change(name: str, arguments: tuple[object, ...]) -> None:
        writes = name == "open" and isinstance(arguments[1], str) and "w" in arguments[1]
        if name in _CHANGES or writes:
            note()

    event.listen(Engine, "before_cursor_execute", note)
    event.listen(Engine, "commit", note)
    sys.addaudithook(note_change)
