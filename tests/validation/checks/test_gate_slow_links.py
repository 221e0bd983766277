"""A link whose server drips holds a request no longer than the site lets it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal.service import PORTAL
from ckanext.heraultdata.validation.checks import held, running, taking_place
from tests import factories
from tests.validation.checks.test_fetching import Server, server  # noqa: F401
from tests.validation.checks.test_gate import TODAY, Desk, standard

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def test_the_gate_gives_up_a_slow_link(
    server: Server,  # noqa: F811
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    at: Any,
) -> None:
    at(TODAY)
    monkeypatch.setitem(ckan_config, "heraultdata.fetch_private_addresses", True)
    monkeypatch.setattr(running, "REQUEST_SECONDS", 1)
    standard()
    desk = Desk()
    begun = time.monotonic()
    with pytest.raises(tk.ValidationError) as refusal:
        desk.act(
            "resource_create", package_id=desk.dataset["id"], name="Codes", standard="codes",
            format="CSV", url=f"{server.address}/drip/codes.csv",
        )  # fmt: skip
    assert time.monotonic() - begun < 6
    assert "more than 1 seconds" in factories.sentence_of(refusal, "url")


def test_a_job_that_is_stopped_lets_nobody_wait(
    server: Server,  # noqa: F811
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    at: Any,
) -> None:
    at(TODAY)
    monkeypatch.setitem(ckan_config, "heraultdata.fetch_private_addresses", True)
    standard()
    desk = Desk()
    link = {"name": "Codes", "standard": "codes", "url": f"{server.address}/drip/codes.csv"}
    sent = held.Sent(desk.dataset["id"], desk.partner["id"], None, link, None)
    kept = held.hold(sent, held.State.WAITING, PORTAL, clock.now())
    model.Session.commit()
    with UnixSignalDeathPenalty(1, JobTimeoutException):
        taking_place.check_held(kept.id)
    model.Session.expire_all()
    assert [each.state for each in desk.held()] == ["refused"]
