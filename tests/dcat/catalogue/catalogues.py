"""A catalogue as a harvester sees it, and the datasets that a test puts in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ckan.tests.helpers import CKANTestApp
from ckanext.dcat.processors import RDFParser
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, RDF
from werkzeug.test import TestResponse

from tests.withdrawals import making

FORMS = {
    "ttl": ("turtle", "text/turtle"),
    "xml": ("xml", "application/rdf+xml"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("xml", "application/rdf+xml"),
    "n3": ("n3", "text/n3"),
}
"""By the end of the address: the name of its reader in rdflib, and its media type."""


@dataclass(frozen=True)
class Catalogue:
    """The portal, and a partner that publishes there."""

    app: CKANTestApp
    partner: dict[str, Any]

    def publish(self, title: str = "Arbres", **fields: Any) -> str:
        """A public dataset with a file; gives its identifier."""
        made = making.public_dataset(
            self.partner, files={"arbres.csv": b"nom\nchene\n"}, title=title, **fields
        )
        return made["id"]

    def ask(self, address: str = "/catalog.ttl", status: int = 200, **asked: str) -> TestResponse:
        """What an address answers, which must be of that status; `asked` are headers."""
        headers = {name.replace("_", "-"): value for name, value in asked.items()}
        return self.app.get(address, headers=headers, status=status, follow_redirects=False)

    def walk(self, address: str) -> Iterator[tuple[str, TestResponse]]:
        """The pages from an address on, as ckanext-dcat's harvester follows them."""
        following: str | None = address
        while following:
            here, answer = following, self.ask(following)
            parser = RDFParser(profiles=["euro_dcat_ap_3"])
            parser.parse(answer.text, _format=FORMS[ending(here)][0])
            following = path_of(parser.next_page())
            yield here, answer


def ending(address: str) -> str:
    """How a path ends, without the dot."""
    return urlsplit(address).path.rpartition(".")[2]


def path_of(address: str | None) -> str | None:
    """An address without its host."""
    if address is None:
        return None
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def graph_of(answer: TestResponse, form: str = "ttl") -> Graph:
    """The triples of an answer."""
    return Graph().parse(data=answer.get_data(), format=FORMS[form][0])


def datasets_of(graph: Graph) -> list[str]:
    """The identifiers of the datasets of a document, by their URIs."""
    found = [str(uri) for uri in graph.subjects(RDF.type, DCAT.Dataset)]
    return sorted(uri.rpartition("/")[2] for uri in found)


def linked_by(graph: Graph) -> list[str]:
    """The identifiers of the datasets that the catalogue links to."""
    return sorted(str(uri).rpartition("/")[2] for uri in graph.objects(None, DCAT.dataset))


def uri_of(graph: Graph) -> URIRef:
    """The URI of the only dataset of a document."""
    (uri,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert isinstance(uri, URIRef)
    return uri
