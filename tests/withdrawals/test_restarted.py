"""What is withdrawn while PostgreSQL crashes and is restarted: a server that is really stopped.

The server of the test run is everybody's, and CKAN keeps the databases that a process began with:
the tests of `restarts.py` run in a process of their own, on a server of their own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from stack.packages import postgres_binaries

from tests.withdrawals.restarting import FOLDER, RestartedPostgres

ROOT = Path(__file__).parents[2]
TESTS = "tests/withdrawals/restarts.py"


@pytest.fixture
def variables() -> Iterator[dict[str, str]]:
    """The environment of a process that uses a server of its own."""
    if not postgres_binaries():
        pytest.skip("the programs of PostgreSQL's server are not on this machine")
    folder = Path(tempfile.mkdtemp(prefix="heraultdata-restarted-"))
    # Where root runs the tests, the server is another user's.
    folder.chmod(0o755)
    server = RestartedPostgres(folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    try:
        server.start()
        yield {**kept, **server.make_databases(), FOLDER: str(folder)}
    finally:
        server.destroy()


def test_no_half_state_and_nothing_lost(variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "pytest", "--ckan-ini=test.ini", "-p", "no:cacheprovider"]
    outcome = subprocess.run(
        [*command, TESTS], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
