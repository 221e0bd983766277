"""The catalogue walked over while another process edits, publishes and withdraws datasets."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.dcat.processors import RDFParser
from rdflib import Graph
from rdflib.namespace import DCAT, RDF
from werkzeug.serving import make_server

from ckanext.heraultdata.dcat.pieces import queueing
from tests import factories
from tests.dcat.meddling import meddled_with, read
from tests.withdrawals import making

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_request_context"),
    pytest.mark.ckan_config("heraultdata.publication_gate", "off"),
]

DATASETS = 30
PAGE = 4
WALKS, MOST_WALKS = 4, 200
DEEDS = 15
FORMS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}
NEXT = re.compile(r'<([^>]+)>; rel="next"')


@dataclass(frozen=True)
class Page:
    """A page that was read.

    Attributes:
        address: its own.
        ids: the datasets that it describes.
        linked: the datasets that it says the catalogue holds.
        begun: when it was asked for, in seconds of the machine's own clock.
        done: when it was there.
        following: the address of the next one, where there is one.
    """

    address: str
    ids: list[str]
    linked: list[str]
    begun: float
    done: float
    following: str | None


Reader = Callable[[str, str], Page]
"""Reads the page of an address on the server of an address."""


def by_links(server: str, address: str) -> Page:
    """Read a page as a client that knows RDF and the web does: the next one is in the headers."""
    begun = time.monotonic()
    with urlopen(server + address) as answer:  # noqa: S310 - our own server
        text = answer.read().decode()
        link = NEXT.search(", ".join(answer.headers.get_all("Link", [])))
    done = time.monotonic()
    graph = Graph().parse(data=text, format=_form_of(address))
    ids = [_id_of(uri) for uri in graph.subjects(RDF.type, DCAT.Dataset)]
    linked = [_id_of(uri) for uri in graph.objects(None, DCAT.dataset)]
    return Page(address, ids, linked, begun, done, link[1] if link else None)


def as_harvester(server: str, address: str) -> Page:
    """Read a page as ckanext-dcat's harvester does."""
    begun = time.monotonic()
    with urlopen(server + address) as answer:  # noqa: S310 - our own server
        text = answer.read().decode()
    done = time.monotonic()
    parser = RDFParser()
    parser.parse(text, _format=_form_of(address))
    ids = [_id_of(_told(dataset, "uri")) for dataset in parser.datasets()]
    return Page(address, ids, ids, begun, done, parser.next_page())


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


@pytest.fixture
def ids(partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch, ckan_config: Any) -> list[str]:
    """Public datasets, in several pages."""
    monkeypatch.setitem(ckan_config, "ckanext.dcat.datasets_per_page", PAGE)
    names = making.many_datasets(partner, DATASETS)
    package = model.package_table.c
    made = package.name.in_(names)
    model.Session.execute(
        sa.update(model.package_table).where(made).values(notes="Une liste.", license_id="lov2")
    )
    model.Session.commit()
    return list(model.Session.scalars(sa.select(package.id).where(made)))


@pytest.fixture
def server(app: Any) -> Iterator[str]:
    """The portal behind an address of this machine."""
    served = make_server("127.0.0.1", 0, app.app, threaded=True)
    thread = Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join()
    served.server_close()


def walk(server: str, extension: str, reader: Reader) -> list[Page]:
    """All the pages, each from the one before."""
    pages: list[Page] = []
    following: str | None = f"/catalog.{extension}"
    while following:
        pages.append(reader(server, following))
        following = _path_of(pages[-1].following)
    return pages


@pytest.mark.parametrize("reader", [by_links, as_harvester])
def test_a_catalogue_that_nobody_has_read_yet_is_walked_to_its_end(
    reader: Reader, ids: list[str], server: str
) -> None:
    pages = walk(server, "ttl", reader)
    assert Counter(each for page in pages for each in page.ids) == Counter(ids)
    assert len(pages) == -(-DATASETS // PAGE)


@pytest.mark.parametrize("reader", [by_links, as_harvester])
def test_what_lives_through_a_walk_is_met_once_and_what_is_gone_never(
    reader: Reader, partner: dict[str, Any], ids: list[str], server: str, tmp_path: Path
) -> None:
    queueing.refresh_catalogue()
    log = tmp_path / "deeds"
    walks: list[list[Page]] = []
    forms = cycle(FORMS)
    with meddled_with(partner, ids, seed=8, log=log):
        while len(walks) < WALKS or (len(read(log).deeds) < DEEDS and len(walks) < MOST_WALKS):
            walks.append(walk(server, next(forms), reader))
    history = read(log)
    assert len(history.deeds) >= DEEDS
    for pages in walks:
        met = Counter(package_id for page in pages for package_id in page.ids)
        living = history.lived_through(ids, pages[0].begun, pages[-1].done)
        assert len(living) > PAGE
        assert {each: met[each] for each in living} == dict.fromkeys(living, 1)
        for page in pages:
            assert sorted(page.linked) == sorted(page.ids)
            assert len(page.ids) <= PAGE
            assert not history.hidden_at(page.begun, page.done) & set(page.ids), page.address
    last = walks[-1][-1]
    assert history.hidden_at(last.begun, last.done)


def _form_of(address: str) -> str:
    return FORMS[urlsplit(address).path.rpartition(".")[2]]


def _told(dataset: dict[str, Any], key: str) -> str:
    return next(extra["value"] for extra in dataset["extras"] if extra["key"] == key)


def _id_of(uri: object) -> str:
    return str(uri).rpartition("/")[2]


def _path_of(address: str | None) -> str | None:
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
