"""The mails that messages bring about, and the job that a worker of its own makes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from ckan import model

from ckanext.heraultdata import clock
from ckanext.heraultdata.withdrawals import incoming, telling
from tests import factories
from tests.mails import Mailbox
from tests.withdrawals import making
from tests.withdrawals.test_incoming import REFERENT, SITE, mail
from tests.withdrawals.test_mails import DEPARTMENT, body, told, work, worker  # noqa: F401

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_queues"),
    pytest.mark.ckan_config("heraultdata.department_email", DEPARTMENT),
]


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def trees() -> dict[str, Any]:
    """A public dataset of a partner with one référent."""
    partner = factories.partner(title="Vallée")
    factories.referent(partner["id"], email=REFERENT)
    return making.public_dataset(partner, name="arbres", title="Arbres")


def kept(text: str, sender: str = REFERENT, **headers: str) -> incoming.Kept:
    """A message kept as the command does it, its mails sent."""
    made = incoming.keep(mail(text, sender, **headers), clock.now())
    if made.why:
        telling.start_for_tray()
    work()
    return made


def test_a_referent_gets_a_receipt_and_urgency_is_told(
    mailbox: Mailbox, trees: dict[str, Any]
) -> None:
    reference = kept(f"urgent {SITE}/dataset/arbres").reference
    assert told(mailbox) == {
        REFERENT: [f"Withdrawal {reference}: request received"],
        DEPARTMENT: [f"To be read at once: withdrawal {reference}, Vallée"],
    }
    assert "Nothing is suspended by itself" in body(mailbox, DEPARTMENT)


def test_an_admin_who_asked_by_mail_gets_a_receipt(mailbox: Mailbox, trees: dict[str, Any]) -> None:
    admin = factories.user(email="admin@vallee.example")
    factories.join(admin, trees["organization"]["id"], "admin")
    made = kept(f"{SITE}/dataset/arbres", sender="Admin@vallee.example")
    assert made.reference
    assert set(told(mailbox)) == {REFERENT, DEPARTMENT, "admin@vallee.example"}


def test_nobody_answers_a_stranger_and_the_departement_hears_once_a_day(
    mailbox: Mailbox, trees: dict[str, Any], daily: Callable[..., Any]
) -> None:
    for rank in range(3):
        kept(f"{SITE}/dataset/arbres", sender=f"evil-{rank}@evil.example")
    assert told(mailbox) == {DEPARTMENT: ["Mails about withdrawals wait to be looked at"]}
    assert f"{SITE}/withdrawals/messages" in body(mailbox, DEPARTMENT)
    daily("2026-03-02")
    daily("2026-03-03")
    assert len(mailbox.mails) == 1


def test_what_a_program_wrote_is_told_to_nobody(
    mailbox: Mailbox, trees: dict[str, Any], daily: Callable[..., Any]
) -> None:
    kept("Je suis absente", Auto_Submitted="auto-replied")
    daily("2026-03-02")
    assert mailbox.mails == []


def test_a_worker_in_its_own_process_sends_them(
    mailbox: Mailbox,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ckan_config: dict[str, Any],
) -> None:
    # The other process has its own clock.
    monkeypatch.setattr(clock, "now", lambda: datetime.now(timezone.utc))
    request.getfixturevalue("trees")
    made = incoming.keep(mail(f"{SITE}/dataset/arbres"), clock.now())
    model.Session.remove()
    settings = tmp_path / "worker.ini"
    server = f"smtp.server = {ckan_config['smtp.server']}"
    ours = f"{server}\nheraultdata.department_email = {DEPARTMENT}"
    settings.write_text(Path("test.ini").read_text().replace("smtp.server = localhost", ours))
    ckan = Path(sys.executable).with_name("ckan")
    command = [ckan, "-c", settings, "jobs", "worker", "--burst"]
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert set(told(mailbox)) == {REFERENT, DEPARTMENT}, done.stderr.decode()
    assert str(made.reference) in body(mailbox, REFERENT)
