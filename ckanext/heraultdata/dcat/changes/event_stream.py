"""The changes as Linked Data Event Streams of ActivityStreams.

Specifications: DCAT-AP Feeds (https://semiceu.github.io/LDES-DCAT-AP-feeds/), Linked Data Event
Streams 1.0 and its server primer (https://w3id.org/ldes/specification), TREE
(https://w3id.org/tree/specification), Activity Streams 2.0.

There are two streams, with the same members:

- the log tells all that ever happened, by URIs alone: whatever becomes of a dataset, nothing of
  what it held stays in it, and its complete pages never change;
- the feed is what DCAT-AP Feeds wants and recommends: the last change of each dataset only, with
  the dataset's description in the named graph of its activity. It needs a serialisation of quads.

An activity bears its type, `as:object` and `as:published` and nothing else, because the shape of
DCAT-AP Feeds is closed; so the dataset itself says where its description is. No resource is a
blank node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..kinds import ChangeKind, Serialisation
from .journal import Change, Fragment
from .vocabulary import TRUE, Iri, Node, Value, moment, number, term

_TYPES = {
    ChangeKind.CREATE: "as:Create",
    ChangeKind.UPDATE: "as:Update",
    ChangeKind.DELETE: "as:Delete",
}
_CONTEXT: tuple[tuple[str, Value], ...] = (
    ("ldes:timestampPath", term("as:published")),
    ("ldes:versionOfPath", term("as:object")),
    ("ldes:versionCreateObject", term("as:Create")),
    ("ldes:versionUpdateObject", term("as:Update")),
    ("ldes:versionDeleteObject", term("as:Delete")),
)


@dataclass(frozen=True)
class Addresses:
    """Where the pages of a stream and what they speak of are.

    Attributes:
        stream: URI of the stream.
        page: of the page itself.
        next: of the next page; None where there is none.
        activities: what the URIs of activities start with; their numbers follow.
        datasets: what the pages of datasets start with; their identifiers follow.
    """

    stream: str
    page: str
    next: str | None
    activities: str
    datasets: str

    def activity(self, change: Change) -> str:
        """The URI of the activity that a change is."""
        return f"{self.activities}{change.id}"

    def description(self, change: Change) -> str:
        """Where the dataset of a change is described."""
        return f"{self.datasets}{change.package_id}.{Serialisation.TURTLE.extension}"


def page(
    fragment: Fragment, addresses: Addresses, is_entry: bool, retention: Node | None = None
) -> list[Node]:
    """What a page of a stream says.

    Args:
        fragment: the changes of the page.
        addresses: where things are.
        is_entry: whether a client may start here: it reads then how the stream is read.
        retention: what the stream keeps, seen from here; None where it keeps all.
    """
    return [
        _stream(fragment, addresses, is_entry),
        *_view(fragment, addresses, retention),
        *(node for change in fragment.changes for node in activity(change, addresses)),
    ]


def activity(change: Change, addresses: Addresses) -> Iterator[Node]:
    """What is said of a change.

    Args:
        change: what happened.
        addresses: where things are.
    """
    yield Node(
        addresses.activity(change),
        (_TYPES[change.kind],),
        (("as:object", Iri(change.uri)), ("as:published", moment(change.at))),
    )
    if change.kind is not ChangeKind.DELETE:
        yield Node(change.uri, (), (("rdfs:seeAlso", Iri(addresses.description(change))),))


def since(address: str, at: datetime) -> Node:
    """The retention policy of a page that starts at a moment.

    Args:
        address: its URI.
        at: the moment.
    """
    return Node(address, ("ldes:RetentionPolicy",), (("ldes:startingFrom", moment(at)),))


def latest(address: str, at: datetime | None) -> Node:
    """The retention policy of the feed: of each dataset its last change.

    It is said in the terms of LDES 1.0 and in the former ones that DCAT-AP Feeds uses.

    Args:
        address: its URI.
        at: the moment where the page starts; None for the beginning.
    """
    starting: tuple[tuple[str, Value], ...] = (
        (("ldes:startingFrom", moment(at)),) if at is not None else ()
    )
    return Node(
        address,
        ("ldes:RetentionPolicy", "ldes:LatestVersionSubset"),
        (("ldes:versionAmount", number(1)), ("ldes:amount", number(1)), *starting),
    )


def _stream(fragment: Fragment, addresses: Addresses, is_entry: bool) -> Node:
    members = (("tree:member", Iri(addresses.activity(change))) for change in fragment.changes)
    view = (("tree:view", Iri(addresses.page)),) if is_entry else ()
    return Node(addresses.stream, ("ldes:EventStream",), (*_CONTEXT, *view, *members))


def _view(fragment: Fragment, addresses: Addresses, retention: Node | None) -> Iterator[Node]:
    said: list[tuple[str, Value]] = []
    relation = f"{addresses.page}#next"
    if retention is not None:
        said.append(("ldes:retentionPolicy", Iri(retention.address)))
    if fragment.next and addresses.next:
        said += [("ldes:immutable", TRUE), ("tree:relation", Iri(relation))]
    yield Node(addresses.page, ("tree:Node",), tuple(said))
    if retention is not None:
        yield retention
    if fragment.next and addresses.next:
        yield Node(
            relation,
            ("tree:GreaterThanOrEqualToRelation",),
            (
                ("tree:path", term("as:published")),
                ("tree:value", moment(fragment.next.at)),
                ("tree:node", Iri(addresses.next)),
            ),
        )
