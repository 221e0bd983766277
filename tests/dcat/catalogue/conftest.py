"""A catalogue of a partner's public datasets, in pages of two."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.dcat.catalogue.catalogues import Catalogue


@pytest.fixture
def partner(with_plugins: None, clean_db: None, clean_index: None) -> dict[str, Any]:
    """A partner."""
    return factories.partner(title="CC du Grand Pic")


@pytest.fixture
def small_pages(ckan_config: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of two places."""
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", 2)


@pytest.fixture
def catalogue(app: CKANTestApp, partner: dict[str, Any]) -> Catalogue:
    """The catalogue of the portal, empty yet."""
    return Catalogue(app, partner)
