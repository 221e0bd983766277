"""Ports on 127.0.0.1: free ones are chosen once and remembered."""

from __future__ import annotations

import socket

from .console import StackError, say
from .state import State

HOST = "127.0.0.1"
ATTEMPTS = 200


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose(state: State, name: str, wanted: int | None, default: int) -> int:
    """Give the port that a service is to listen on.

    Args:
        state: Remembers the choice.
        name: The service.
        wanted: The port asked for in the environment, if any.
        default: Where the search for a free one begins.

    Returns:
        A port that was free a moment ago.

    Raises:
        StackError: The port asked for is taken, or none is free.
    """
    if wanted is not None:
        if not is_free(wanted):
            raise StackError(
                f"Port {wanted} is taken: give {name} another one with"
                f" HERAULTDATA_{name.upper()}_PORT."
            )
        state.set(f"{name}_port", str(wanted))
        return wanted
    first = int(state.get(f"{name}_port") or default)
    for port in range(first, first + ATTEMPTS):
        if is_free(port):
            if port != first:
                say(f"Port {first} is taken, {name} takes {port}")
            state.set(f"{name}_port", str(port))
            return port
    raise StackError(
        f"No free port for {name} from {first} on: set HERAULTDATA_{name.upper()}_PORT."
    )
