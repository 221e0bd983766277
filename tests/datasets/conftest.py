"""Set-up of the tests of datasets: a commune under convention, with its people."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories


@pytest.fixture
def commune() -> dict[str, Any]:
    """A commune of the territory, under convention since 2024."""
    partner = factories.partner(
        name="aniane",
        title="Commune d’Aniane",
        partner_type="commune",
        siren="213400104",
        insee_code="34010",
        population="3000",
        email="contact@aniane.example",
        website="https://www.aniane.example",
    )
    factories.signed_convention(partner["id"])
    return partner
