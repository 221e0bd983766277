"""Changes written straight into their table, and clients that read them as harvesters do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp
from rdflib import Dataset, Graph, Literal, Namespace, URIRef
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from rdflib.namespace import RDF

from ckanext.heraultdata.dcat.kinds import ChangeKind
from ckanext.heraultdata.dcat.model import CatalogueChange, CataloguePiece

SITE = "http://test.ckan.net"
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
LOG = ("/catalog/changes.ttl", "/catalog/changes.xml", "/catalog/changes.jsonld")
FEED = ("/catalog/feed.trig", "/catalog/feed.jsonld")
FORMATS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld", "trig": "trig"}
MEDIA_TYPES = {
    "ttl": "text/turtle",
    "xml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "trig": "application/trig",
}
START = datetime(2026, 11, 20, 8, tzinfo=timezone.utc)
CREATE, UPDATE, DELETE = ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.DELETE


def uri(dataset: str) -> str:
    """The URI of a dataset."""
    return f"{SITE}/dataset/{dataset}"


def tell(kind: ChangeKind, dataset: str, minute: int = 0) -> int:
    """Write a change of a dataset as the journal does, and what the catalogue then holds of it.

    Args:
        kind: what happened.
        dataset: identifier; its title is made of it, in capitals.
        minute: of its moment, from `START`.

    Returns:
        The number of the change.
    """
    return tell_all([(kind, dataset, minute)])[0]


def tell_all(told: list[tuple[ChangeKind, str, int]]) -> list[int]:
    """Write several changes, by set.

    Args:
        told: of each what happened, the dataset and the minute.
    """
    rows = [
        CatalogueChange(
            package_id=dataset,
            uri=uri(dataset),
            kind=kind.value,
            at=START + timedelta(minutes=minute),
            title=None if kind is DELETE else dataset.upper(),
        )
        for kind, dataset, minute in told
    ]
    model.Session.add_all(rows)
    model.Session.flush()
    numbers = [row.id for row in rows]
    last = {dataset: kind for kind, dataset, _ in told}
    for dataset, kind in last.items():
        _hold(dataset, kind is not DELETE)
    model.Session.commit()
    return numbers


def _hold(dataset: str, lives: bool) -> None:
    piece = model.Session.get(CataloguePiece, dataset) or CataloguePiece(package_id=dataset)
    slots = sa.select(sa.func.coalesce(sa.func.max(CataloguePiece.slot), 0) + 1)
    title = dataset.upper()
    piece.changes = piece.serialised = (piece.changes or 0) + 1
    piece.is_public = lives
    piece.slot = (piece.slot or model.Session.scalar(slots)) if lives else None
    piece.uri = uri(dataset) if lives else None
    piece.title = title if lives else None
    piece.digest = f"{dataset}-{piece.changes}" if lives else None
    piece.turtle = f'<{uri(dataset)}> a dcat:Dataset ;\n  dct:title "{title}" .' if lives else None
    described = {"@id": uri(dataset), "@type": "dcat:Dataset", "dct:title": title}
    piece.json_ld = json.dumps(described) if lives else None
    model.Session.add(piece)
    if not lives:
        model.Session.execute(
            sa.update(CatalogueChange)
            .where(CatalogueChange.package_id == dataset)
            .values(title=None)
        )
    model.Session.flush()


def parsed(text: str, extension: str) -> Dataset:
    """A document as a client reads it."""
    read = Dataset()
    read.parse(data=text, format=FORMATS[extension], publicID=f"{SITE}/")
    return read


def default_graph(read: Dataset) -> Graph:
    """The statements outside the named graphs."""
    return read.graph(DATASET_DEFAULT_GRAPH_ID)


@dataclass(frozen=True)
class Member:
    """An activity as a client reads it."""

    kind: str
    dataset: str
    published: datetime


@dataclass
class Client:
    """A client of event streams: it follows the relations, and never reads again what is final.

    Attributes:
        members: those met, in the order of meeting, by the URIs of the activities.
        graphs: descriptions by the URIs of the activities.
        times: how often each member was met, on whatever page.
        final: pages that said they will not change.
    """

    app: CKANTestApp
    members: dict[str, Member] = field(default_factory=dict)
    graphs: dict[str, Graph] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    final: set[str] = field(default_factory=set)
    known: dict[str, list[str]] = field(default_factory=dict)

    def walk(self, address: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Read a page and all that it leads to.

        Args:
            address: of the page, with or without the site.
            meanwhile: what happens after each page that is read.
        """
        waiting = [address if address.startswith(SITE) else SITE + address]
        seen: set[str] = set()
        while waiting:
            page = waiting.pop(0)
            if page in seen:
                continue
            seen.add(page)
            if page not in self.final:
                self.known[page] = self.read(page)
                meanwhile()
            waiting += self.known[page]

    def read(self, page: str) -> list[str]:
        """Read one page; gives the pages that it leads to."""
        answer = self.app.get(page.removeprefix(SITE))
        assert answer.status_code == 200, answer.text
        self.pages.append(page)
        extension = page.partition("?")[0].rpartition(".")[2]
        read = parsed(answer.text, extension)
        graph = default_graph(read)
        (stream,) = graph.subjects(RDF.type, LDES.EventStream)
        assert graph.value(stream, LDES.timestampPath) == AS.published
        assert graph.value(stream, LDES.versionOfPath) == AS.object
        met = [self._member(graph, member) for member in graph.objects(stream, TREE.member)]
        for name, member in sorted(met, key=lambda each: int(each[0].rpartition("/")[2])):
            self.members.setdefault(name, member)
            self.times[name] = self.times.get(name, 0) + 1
            named = read.graph(URIRef(name))
            if len(named):
                self.graphs[name] = named
        node = URIRef(page)
        if (node, LDES.immutable, Literal(True)) in graph:
            self.final.add(page)
        return [self._followed(graph, relation) for relation in graph.objects(node, TREE.relation)]

    def _member(self, graph: Graph, member: object) -> tuple[str, Member]:
        assert isinstance(member, URIRef)
        (kind,) = graph.objects(member, RDF.type)
        (dataset,) = graph.objects(member, AS.object)
        (published,) = graph.objects(member, AS.published)
        assert isinstance(published, Literal)
        assert set(graph.predicates(member)) == {
            RDF.type,
            AS.object,
            AS.published,
        }, "the shape of DCAT-AP Feeds is closed"
        moment = published.toPython()
        assert moment.tzinfo is not None
        return str(member), Member(str(kind).removeprefix(AS), str(dataset), moment)

    def _followed(self, graph: Graph, relation: object) -> str:
        assert isinstance(relation, URIRef)
        assert graph.value(relation, RDF.type) == TREE.GreaterThanOrEqualToRelation
        assert graph.value(relation, TREE.path) == AS.published
        assert graph.value(relation, TREE.value) is not None
        return str(graph.value(relation, TREE.node))

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What happened to which dataset, in the order of meeting."""
        return [
            (member.kind, member.dataset.rpartition("/")[2]) for member in self.members.values()
        ]
