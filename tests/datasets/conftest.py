"""Set-up of the tests of datasets: a commune under convention, with its people."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories


@pytest.fixture
def commune() -> dict[str, Any]:
    """A commune of the territory, under convention since 2024."""
    return factories.aniane()
