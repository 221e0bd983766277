"""Two administrators who record the same signature at once: one event, one clear refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests
from ckan.tests.helpers import call_action

from tests import factories
from tests.e2e.conftest import Member
from tests.e2e.processes import SECONDS_TO_ANSWER, Portal

ADMINISTRATORS = 2
ROUNDS = 5


def test_one_event_and_one_refusal(empty_portal: Portal, department_admin: Member) -> None:
    for _ in range(ROUNDS):
        partner = factories.partner()
        convention = factories.convention(partner["id"])
        answers = record_at_once(empty_portal, department_admin, convention["id"])

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        refused = next(answer for answer in answers if answer.status_code == 409)
        assert "déjà" in str(refused.json()["error"]["party"])
        stored = call_action("heraultdata_convention_show", id=convention["id"])
        assert [event["kind"] for event in stored["events"]] == ["signed"]


def record_at_once(portal: Portal, who: Member, convention_id: str) -> list[requests.Response]:
    start = Barrier(ADMINISTRATORS)
    signature = {
        "convention_id": convention_id,
        "kind": "signed",
        "party": "partner",
        "date": "2024-02-26",
    }

    def record(_: int) -> requests.Response:
        start.wait()
        return requests.post(
            f"{portal.url}/api/3/action/heraultdata_convention_event_create",
            json=signature,
            headers={"Authorization": who.token},
            timeout=SECONDS_TO_ANSWER,
        )

    with ThreadPoolExecutor(ADMINISTRATORS) as pool:
        return list(pool.map(record, range(ADMINISTRATORS)))
