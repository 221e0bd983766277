"""Sites that serve no RDF, or serve it elsewhere."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import CKANTestApp

from tests.dcat.catalogue.catalogues import Catalogue, datasets_of, graph_of
from tests.searching import stop_search_engine

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

WITHOUT_DCAT = (
    "heraultdata heraultdata_validation scheming_datasets scheming_organizations datastore activity"
)


@pytest.mark.ckan_config("ckan.plugins", WITHOUT_DCAT)
def test_a_site_without_ckanext_dcat(app: CKANTestApp) -> None:
    for address in ("/catalog.ttl", "/catalog/complete.ttl", "/dataset/nowhere.ttl"):
        assert app.get(address, follow_redirects=False).status_code == 404
    for address in ("/", "/dataset/"):
        page = app.get(address, headers={"Accept": "text/turtle"})
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/html")
        assert "Accept" not in page.vary


def test_a_portal_that_cannot_search(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    published = catalogue.publish()
    stop_search_engine(monkeypatch)
    assert datasets_of(graph_of(catalogue.ask())) == [published]
    answer = catalogue.ask("/catalog.ttl?q=Arbres", 503)
    assert answer.text == "The search engine does not answer: try again in a few minutes.\n"
