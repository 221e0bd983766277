"""The path by columns of the engine, met on files that a test can hold."""

from __future__ import annotations

import pytest

from ckanext.heraultdata.validation.engine.columns import cells, chunks


@pytest.fixture(params=["distinct", "various"])
def small_scale(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few lines, so that records are cut everywhere, and both ways to prove cells."""
    monkeypatch.setattr(chunks, "SMALLEST_CHUNK", 64)
    monkeypatch.setattr(cells, "MANY_IN_SAMPLE", 500 if request.param == "distinct" else 0)
