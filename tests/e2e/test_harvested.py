"""A portal that copies the catalogue loses what is withdrawn here, at its next run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import factories
from tests.e2e.harvester import HarvestingPortal
from tests.e2e.processes import Portal
from tests.withdrawals.making import executed, public_dataset

TREES, WATER = "Arbres d'Aniane", "Eaux d'Aniane"


@pytest.fixture
def elsewhere(empty_portal: Portal, tmp_path: Path) -> Iterator[HarvestingPortal]:
    """A CKAN that knows our catalogue."""
    other = HarvestingPortal(tmp_path)
    other.install(f"{empty_portal.url}/catalog.ttl")
    yield other
    other.remove()


def test_what_is_withdrawn_is_lost_by_who_harvests(elsewhere: HarvestingPortal) -> None:
    partner = factories.partner(name="aniane", title="Commune d'Aniane")
    factories.signed_convention(partner["id"])
    trees = public_dataset(partner, name="arbres-aniane", title=TREES)
    public_dataset(partner, name="eaux-aniane", title=WATER)
    elsewhere.harvest()
    assert elsewhere.titles() == {TREES, WATER}

    executed(partner, trees)

    elsewhere.harvest()
    assert elsewhere.titles() == {WATER}
