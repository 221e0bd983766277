"""The daily work on several machines at once, and killed in the middle: processes for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa

from tests import factories
from tests.conformance.test_actions import dataset
from tests.mails import Mailbox

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

READERS = [f"reader-{rank}@vallee.example" for rank in range(12)]
SECONDS = 90
_SERVER = "smtp.server = localhost"
_DEPARTMENT = "heraultdata.department_email = data@herault.example"


@pytest.fixture
def command(ckan_config: dict[str, Any], mailbox: Mailbox, tmp_path: Path) -> list[str]:
    """The command of a server's timer, on the databases of this test."""
    factories.standard(name="herault-arbres", level="territorial", priority=False)
    factories.version(standard="herault-arbres", published_on="2020-01-01")
    partner = factories.partner()
    for reader in READERS:
        factories.referent(partner["id"], email=reader)
    dataset(partner, "herault-arbres")
    settings = tmp_path / "ckan.ini"
    # The environment names the databases; the server of the mails is this test's own.
    ours = f"smtp.server = {ckan_config['smtp.server']}\n{_DEPARTMENT}"
    theirs = Path("test.ini").read_text(encoding="utf-8")
    assert _SERVER in theirs
    settings.write_text(theirs.replace(_SERVER, ours), encoding="utf-8")
    ckan = Path(sys.executable).with_name("ckan")
    return [str(ckan), "-c", str(settings), "heraultdata", "daily"]


def started(command: list[str]) -> subprocess.Popen[bytes]:
    """The command under way."""
    return subprocess.Popen(
        command, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def test_two_machines_at_once(command: list[str], mailbox: Mailbox) -> None:
    running = [started(command) for _ in range(2)]
    for process in running:
        output, _ = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, output.decode()
    assert mailbox.recipients() == sorted([*READERS, "data@herault.example"])


def test_killed_in_the_middle(
    command: list[str], mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.delay = 0.3
    process = started(command)
    _wait_until(lambda: len(mailbox.mails) >= 3)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=SECONDS)
    mailbox.delay = 0
    written = model.Session.scalar(
        sa.text("SELECT count(*) FROM heraultdata_sent_notice WHERE kind = 'day'")
    )
    model.Session.rollback()
    before = len(mailbox.mails)
    assert 0 < before < len(READERS)
    second = started(command)
    output, _ = second.communicate(timeout=SECONDS)
    assert second.returncode == 0, output.decode()
    # What the server took as the process died is told again: rather twice than never.
    assert len(mailbox.mails) == len(READERS) + 1 + before - written
    assert before - written in (0, 1)
    assert set(mailbox.recipients()) == {*READERS, "data@herault.example"}


def _wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.05)
