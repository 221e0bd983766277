"""Addresses for nodes that have none, made of what is said of them: the same in any process.

Source: RDF 1.1 Concepts, section 3.5, "Replacing Blank Nodes with IRIs".
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator

from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from .vocabulary import Triple

_DIGITS = 32


def named(graph: Graph, base: str, kept: Collection[URIRef] = ()) -> Iterator[Triple]:
    """What a graph says, with an address, or a label that does not change, for each blank node.

    Two blank nodes of which the same is said in the same place become one.

    Args:
        graph: a graph whose blank nodes do not point at each other in a circle.
        base: address of the site, that the addresses begin with.
        kept: predicates whose objects stay blank nodes; only their label is made stable.
    """
    names = _Names(graph, base.rstrip("/"), frozenset(kept))
    for subject, predicate, value in graph:
        yield names.of(subject), predicate, names.of(value)


class _Names:
    """The names of the blank nodes of a graph."""

    def __init__(self, graph: Graph, base: str, kept: frozenset[URIRef]) -> None:
        self._graph = graph
        self._base = base
        self._kept = kept
        self._found: dict[BNode, Node] = {}

    def of(self, node: Node) -> Node:
        if not isinstance(node, BNode):
            return node
        if node not in self._found:
            self._found[node] = self._made(node)
        return self._found[node]

    def _made(self, node: BNode) -> Node:
        pointing = list(self._graph.subject_predicates(node))
        places = sorted(
            f"{subject.n3()} {predicate.n3()}"
            for subject, predicate in pointing
            if not isinstance(subject, BNode)
        )
        said = sorted(
            f"{predicate.n3()} {self.of(value).n3()}"
            for predicate, value in self._graph.predicate_objects(node)
        )
        text = "\n".join([*places, "", *said])
        digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
        if any(predicate in self._kept for _, predicate in pointing):
            return BNode(f"b{digest}")
        return URIRef(f"{self._base}/.well-known/genid/{digest}")
