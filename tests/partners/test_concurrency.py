"""Two people at once on the référents of a partner: one change, and a clear answer to the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

AT_ONCE = 6


def at_once(app: Any, action: str, arguments: dict[str, object]) -> list[str]:
    """What each of several callers gets for the same call at once: `done` or the refusal's name."""
    user = factories.user(sysadmin=True).name
    model.Session.commit()
    model.Session.remove()
    together = threading.Barrier(AT_ONCE)

    def call(_rank: int) -> str:
        with app.flask_app.test_request_context():
            try:
                together.wait(timeout=20)
                tk.get_action(action)({"user": user}, dict(arguments))
            except (tk.ValidationError, tk.ObjectNotFound) as refusal:
                return type(refusal).__name__
            finally:
                model.Session.remove()
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(call, range(AT_ONCE)))


def test_the_same_person_is_named_once(app: Any) -> None:
    partner = factories.partner()

    answers = at_once(
        app,
        "heraultdata_referent_create",
        {"organization_id": partner["id"], "name": "A", "email": "a@partner.example"},
    )

    assert answers == ["ValidationError"] * (AT_ONCE - 1) + ["done"]


def test_a_referent_is_deleted_once(app: Any) -> None:
    referent = factories.referent(factories.partner()["id"])

    answers = at_once(app, "heraultdata_referent_delete", {"id": referent["id"]})

    assert answers == ["NotFound"] * (AT_ONCE - 1) + ["done"]
