"""The search engine, taken away."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.search import common


def stop_search_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have CKAN look for the search engine where none answers."""
    nowhere = "http://127.0.0.1:1/solr/ckan"
    monkeypatch.setitem(tk.config, "solr_url", nowhere)
    # CKAN 2.11 keeps the address besides.
    settings = getattr(common, "SolrSettings", None)
    if settings is not None:
        monkeypatch.setattr(settings, "_url", nowhere)
