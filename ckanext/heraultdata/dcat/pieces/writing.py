"""Graphs written without their head, and documents put together from them as they are."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ..kinds import Serialisation

NAMESPACES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geodcatap": "http://data.europa.eu/930/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "locn": "http://www.w3.org/ns/locn#",
    "odrs": "http://schema.theodi.org/odrs#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "time": "http://www.w3.org/2006/time#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes that stand in the head of each document."""

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_ADDRESSES = re.compile('[\x00-\x20<>"{}|\\\\^`\ud800-\udfff\ufffe\uffff]')
_TURTLE_HEAD = re.compile(r"(?:@prefix [^\n]*\n)*")
_XML_HEAD = re.compile(r"^.*?<rdf:RDF(?P<attributes>[^>]*)>\n?", re.DOTALL)
_XML_PREFIX = re.compile(r'xmlns:(?P<prefix>[^=\s]+)="(?P<address>[^"]*)"')


@dataclass(frozen=True)
class Written:
    """A graph in each serialisation, without head.

    Attributes:
        bodies: the texts.
        digest: SHA-256 of its triples, in hexadecimal: the same triples give the same one.
    """

    bodies: Mapping[Serialisation, str]
    digest: str


def write(graph: Graph) -> Written:
    """Write a graph in each serialisation.

    Args:
        graph: its blank nodes have labels that no other graph of the catalogue uses.
    """
    ordered = _in_order(graph)
    lines = (" ".join(node.n3() for node in triple) for triple in ordered)
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Written({kind: _body(ordered, kind) for kind in Serialisation}, digest)


def body(graph: Graph, serialisation: Serialisation) -> str:
    """Write a graph without head.

    Args:
        graph: its blank nodes have labels that no other part of the document uses.
        serialisation: how.
    """
    return _body(_in_order(graph), serialisation)


def document(serialisation: Serialisation, bodies: Iterable[str]) -> Iterator[str]:
    """Put a document together, part by part.

    Args:
        serialisation: that of the bodies.
        bodies: graphs written without head.
    """
    yield _HEADS[serialisation]
    between = ""
    for text in bodies:
        if text:
            yield between + text
            between = _BETWEEN[serialisation]
    yield _FEET[serialisation]


def address(text: str) -> str:
    """An address as editors typed it, without what none can hold (RFC 3987).

    Args:
        text: the address.
    """
    return _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0], errors="replace"), text)


def _in_order(graph: Graph) -> Graph:
    """The same triples, writable in each serialisation, in an order of no process's own."""
    ordered = Graph()
    for prefix, namespace in NAMESPACES.items():
        ordered.bind(prefix, namespace, override=True, replace=True)
    writable = (tuple(_writable(node) for node in triple) for triple in graph)
    for subject, predicate, value in sorted(writable, key=_as_text):
        ordered.add((subject, predicate, value))
    return ordered


def _as_text(triple: tuple[Node, ...]) -> tuple[str, ...]:
    return tuple(node.n3() for node in triple)


def _writable(node: Node) -> Node:
    """What an editor typed, without what one of the serialisations cannot say."""
    if isinstance(node, URIRef):
        return URIRef(address(node))
    if isinstance(node, Literal) and _NOT_IN_XML.search(node):
        text = _NOT_IN_XML.sub("\ufffd", node)
        return Literal(text, lang=node.language, datatype=node.datatype)
    return node


def _body(graph: Graph, serialisation: Serialisation) -> str:
    return _WRITERS[serialisation](graph)


def _turtle(graph: Graph) -> str:
    text = graph.serialize(format=Serialisation.TURTLE.rdflib_name)
    head = _TURTLE_HEAD.match(text)
    end = head.end() if head else 0
    # A prefix of none of ours is said again where it is used.
    own = [line for line in text[:end].splitlines() if line not in _TURTLE_PREFIXES]
    return "\n".join([*own, text[end:].strip("\n")])


def _rdf_xml(graph: Graph) -> str:
    text = graph.serialize(format=Serialisation.RDF_XML.rdflib_name)
    head = _XML_HEAD.match(text)
    if head is None:
        return ""
    inside = text[head.end() :].removesuffix("\n").removesuffix("</rdf:RDF>").strip("\n")
    # A prefix of none of ours goes where it is used: another piece may give it another meaning.
    for found in _XML_PREFIX.finditer(head["attributes"]):
        if NAMESPACES.get(found["prefix"]) != found["address"]:
            inside = inside.replace("<rdf:Description ", f"<rdf:Description {found[0]} ")
    return inside


def _json_ld(graph: Graph) -> str:
    text = graph.serialize(
        format=Serialisation.JSON_LD.rdflib_name, context=dict(NAMESPACES), auto_compact=False
    )
    told = json.loads(text)
    told.pop("@context", None)
    nodes = told.get("@graph", [told] if told else [])
    nodes.sort(key=lambda node: node["@id"])
    return ",\n".join(json.dumps(node, ensure_ascii=False, sort_keys=True) for node in nodes)


_TURTLE_PREFIXES = {f"@prefix {prefix}: <{name}> ." for prefix, name in NAMESPACES.items()}
_WRITERS = {
    Serialisation.TURTLE: _turtle,
    Serialisation.RDF_XML: _rdf_xml,
    Serialisation.JSON_LD: _json_ld,
}
_HEADS = {
    Serialisation.TURTLE: "\n".join(sorted(_TURTLE_PREFIXES)) + "\n\n",
    Serialisation.RDF_XML: '<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF'
    + "".join(f'\n  xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
    + ">\n",
    Serialisation.JSON_LD: '{"@context": '
    + json.dumps(dict(NAMESPACES), sort_keys=True)
    + ',\n"@graph": [\n',
}
_BETWEEN = {
    Serialisation.TURTLE: "\n\n",
    Serialisation.RDF_XML: "\n",
    Serialisation.JSON_LD: ",\n",
}
_FEET = {
    Serialisation.TURTLE: "\n",
    Serialisation.RDF_XML: "\n</rdf:RDF>\n",
    Serialisation.JSON_LD: "\n]}\n",
}
