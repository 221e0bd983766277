"""Copies in any DCAT catalogue (Turtle or RDF/XML), read page by page to its end.

Pages follow by `hydra:next` of Hydra, or by `hydra:nextPage` of its first version. The catalogue is
read once for all that is looked for; what it does not hold is absent only where its last page was
read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, Namespace
from rdflib.term import Node

from .asking import Asker, Reply, is_of_web
from .model import Answer, CannotAskError, Failure, FoundDataset, FoundFile, Question, Sought

_HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
_ADMS = Namespace("http://www.w3.org/ns/adms#")
_ACCEPT = "text/turtle, application/rdf+xml;q=0.9"
# JSON-LD is left out: its reader fetches what the document names, from anywhere.
_FORMATS = {
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
}
_MOST_PAGES = 500
_OF_DATASET = (DCTERMS.identifier, _ADMS.identifier, DCAT.landingPage, FOAF.page, DCTERMS.source)
_OF_FILE = (DCTERMS.identifier, DCAT.accessURL, DCAT.downloadURL)


@dataclass
class Catalogue:
    """A DCAT catalogue at the address of its first page."""

    url: str
    asker: Asker
    _read: tuple[FoundDataset, ...] | None = field(default=None, init=False)
    _failure: CannotAskError | None = field(default=None, init=False)

    def questions(self, sought: Sought) -> Iterable[Question]:
        """All the catalogue at once: identifiers, landing pages and titles are in it."""
        yield partial(self._ask, sought)

    def _ask(self, sought: Sought) -> Answer:
        if self._failure:
            raise self._failure
        if self._read is None:
            try:
                self._read = tuple(self._datasets())
            except CannotAskError as failure:
                self._failure = failure
                raise
        return Answer(self.url, 200, self._read)

    def _datasets(self) -> Iterator[FoundDataset]:
        address: str | None = self.url
        visited: set[str] = set()
        while address:
            if address in visited or len(visited) >= _MOST_PAGES:
                raise CannotAskError(Failure.INCOMPLETE, address, 200)
            visited.add(address)
            graph = _graph(self.asker.get(address, _ACCEPT))
            if not any(graph.subjects(RDF.type, DCAT.Catalog)) and len(visited) == 1:
                raise CannotAskError(Failure.NOT_READABLE, address, 200)
            for node in set(graph.subjects(RDF.type, DCAT.Dataset)):
                yield _dataset(graph, node)
            address = _next(graph, address)


def _graph(reply: Reply) -> Graph:
    rdf_format = _FORMATS.get(reply.media_type)
    if rdf_format is None:
        raise CannotAskError(Failure.NOT_READABLE, reply.address, reply.status)
    graph = Graph()
    try:
        graph.parse(data=reply.content, format=rdf_format, publicID=reply.address)
    except Exception as broken:
        # Each of rdflib's readers fails with errors of its own.
        raise CannotAskError(Failure.NOT_READABLE, reply.address, reply.status) from broken
    return graph


def _next(graph: Graph, page: str) -> str | None:
    for link in (_HYDRA.next, _HYDRA.nextPage):
        for address in graph.objects(None, link):
            if not is_of_web(str(address)):
                raise CannotAskError(Failure.NOT_READABLE, page, 200)
            return str(address)
    return None


def _dataset(graph: Graph, node: Node) -> FoundDataset:
    references = set(_texts(graph, node, _OF_DATASET))
    if isinstance(node, URIRef):
        references.add(str(node))
    pages = [*graph.objects(node, DCAT.landingPage), *graph.objects(node, FOAF.page)]
    return FoundDataset(
        titles=tuple(str(title) for title in graph.objects(node, DCTERMS.title)),
        references=frozenset(references),
        files=tuple(_file(graph, each) for each in graph.objects(node, DCAT.distribution)),
        page=next((str(page) for page in pages if isinstance(page, URIRef)), None)
        or (str(node) if isinstance(node, URIRef) else None),
    )


def _file(graph: Graph, node: Node) -> FoundFile:
    references = set(_texts(graph, node, _OF_FILE))
    if isinstance(node, URIRef):
        references.add(str(node))
    title = next((str(each) for each in graph.objects(node, DCTERMS.title)), "")
    return FoundFile(title, frozenset(references))


def _texts(graph: Graph, node: Node, properties: Iterable[URIRef]) -> Iterator[str]:
    for each in properties:
        yield from (str(value) for value in graph.objects(node, each))
