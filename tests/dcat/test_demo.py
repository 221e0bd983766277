"""The demo's catalogue: held to the official shapes, and scored as data.europa.eu does."""

from __future__ import annotations

import statistics
from pathlib import Path

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import CKANTestApp
from demo import content
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from ckanext.heraultdata import clock
from ckanext.heraultdata.dcat.model import CataloguePiece
from ckanext.heraultdata.dcat.pieces import queueing
from ckanext.heraultdata.standards import catalogue
from tests.dcat.profile.conftest import dcat_ap_shapes  # noqa: F401 - a fixture
from tests.dcat.profile.test_shapes import OF_FRENCH_COMMUNES, warned_paths

pytestmark = pytest.mark.usefixtures(
    "with_plugins", "clean_db", "clean_index", "with_request_context"
)

PUBLIC = 8
LEAST_MEAN = 395


def test_catalogue_of_the_demo(
    tmp_path: Path,
    app: CKANTestApp,
    dcat_ap_shapes: Graph,  # noqa: F811 - the fixture
) -> None:
    catalogue.load(clock.now())
    content.fill(tmp_path / "demo.json")
    queueing.refresh_catalogue()
    query = sa.select(CataloguePiece.title, CataloguePiece.score, CataloguePiece.gaps)
    pieces = model.Session.execute(query.where(CataloguePiece.is_public)).all()
    assert len(pieces) == PUBLIC
    assert statistics.mean(piece.score or 0 for piece in pieces) >= LEAST_MEAN, pieces

    graph = Graph().parse(data=app.get("/catalog/complete.ttl").get_data(), format="turtle")
    assert len(set(graph.subjects(RDF.type, DCAT.Dataset))) == PUBLIC
    assert warned_paths(graph, dcat_ap_shapes) <= OF_FRENCH_COMMUNES
