"""When a convention ends, what becomes of the data is asked until it is decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from ckan.tests import factories as ckan_factories
from ckan.tests.helpers import call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal.service import PORTAL
from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.withdrawals import convention_ends
from tests import factories

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-11-24")


@pytest.fixture
def partner() -> dict[str, Any]:
    made = factories.partner(name="vallee-herault")
    convention = factories.signed_convention(made["id"])
    ckan_factories.Dataset(owner_org=made["id"], name="arbres")
    return {**made, "convention_id": convention["id"]}


def end(partner: dict[str, Any], day: str = "2026-11-02") -> None:
    factories.event(partner["convention_id"], "mutual_termination", day)


def lines() -> int:
    found = call_action("heraultdata_journal_list")["results"]
    return len([line for line in found if line["action"] == convention_ends.LEFT])


def test_a_convention_that_goes_on_asks_nothing(partner: dict[str, Any]) -> None:
    assert convention_ends.undecided(TODAY) == []
    assert convention_ends.of_partner("vallee-herault", TODAY) is None
    with pytest.raises(RuleError, match="does not end"):
        convention_ends.leave(partner["id"], PORTAL, clock.now())


def test_one_that_ends_asks_until_it_is_decided(partner: dict[str, Any]) -> None:
    end(partner)
    (found,) = convention_ends.undecided(TODAY)
    assert (found.partner.id, found.public, found.decided_on) == (partner["id"], 1, None)
    convention_ends.leave(partner["id"], PORTAL, clock.now())
    convention_ends.leave(partner["id"], PORTAL, clock.now())
    assert convention_ends.undecided(TODAY) == []
    decided = convention_ends.of_partner(partner["id"], TODAY)
    assert decided is not None
    assert decided.decided_on == TODAY
    assert lines() == 1


def test_a_partner_without_public_data_asks_nothing() -> None:
    other = factories.partner()
    convention = factories.signed_convention(other["id"])
    ckan_factories.Dataset(owner_org=other["id"], private=True)
    end({**other, "convention_id": convention["id"]})
    assert convention_ends.undecided(TODAY) == []
    assert convention_ends.of_partner(other["id"], TODAY) is not None


def test_another_end_asks_again(partner: dict[str, Any]) -> None:
    end(partner, "2025-03-02")
    convention_ends.leave(partner["id"], PORTAL, clock.now())
    again = factories.signed_convention(partner["id"], "2025-04-03", "2025-04-10")
    assert convention_ends.undecided(TODAY) == []
    end({**partner, "convention_id": again["id"]})
    assert [each.convention_id for each in convention_ends.undecided(TODAY)] == [again["id"]]
