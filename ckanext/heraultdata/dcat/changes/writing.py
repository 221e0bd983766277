"""Statements written in the serialisations of RDF; the same ones give the same bytes.

Those of triples hold the statements alone; those of quads hold named graphs too. They are written
by hand and not by rdflib, which takes twenty times as long for a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from ..kinds import Serialisation
from ..pieces.writing import NAMESPACES
from ..pieces.writing import address as valid_address
from .vocabulary import PREFIXES, Iri, Node, Value, in_full

Graphs = Mapping[str, str]
"""Texts without head of named graphs, by the address that names them."""

_PREFIXES_BEFORE = re.compile(r"(?:@prefix [^\n]*\n)*")


@dataclass(frozen=True)
class Form:
    """A form of the event streams.

    Attributes:
        extension: how its addresses end, without the dot.
        write: writes statements and named graphs.
        serialisation: that of the texts of its named graphs.
    """

    extension: str
    media_type: str
    write: Callable[[Sequence[Node], Graphs], str]
    serialisation: Serialisation


def _turtle(nodes: Sequence[Node], graphs: Graphs) -> str:
    return "\n".join([*_turtle_head(PREFIXES), "", *map(_turtle_node, nodes)])


def _trig(nodes: Sequence[Node], graphs: Graphs) -> str:
    head = _turtle_head({**NAMESPACES, **PREFIXES})
    named = (_trig_graph(address, text) for address, text in graphs.items())
    return "\n".join([*head, "", *map(_turtle_node, nodes), *named])


def _turtle_head(prefixes: Mapping[str, str]) -> list[str]:
    return [f"@prefix {prefix}: <{address}> ." for prefix, address in sorted(prefixes.items())]


def _turtle_node(node: Node) -> str:
    said = [f"a {', '.join(node.types)}"] if node.types else []
    said += [f"{name} {_turtle_value(value)}" for name, value in node.properties]
    return f"<{valid_address(node.address)}> " + " ;\n  ".join(said) + " .\n"


def _turtle_value(value: Value) -> str:
    if isinstance(value, Iri):
        return f"<{valid_address(value.address)}>"
    return f'"{value.text}"^^{value.datatype}'


def _trig_graph(address: str, text: str) -> str:
    # Prefixes cannot stand within a graph.
    before = _PREFIXES_BEFORE.match(text)
    prefixes = before[0] if before else ""
    return f"{prefixes}<{valid_address(address)}> {{\n{text[len(prefixes) :]}\n}}\n"


def _rdf_xml(nodes: Sequence[Node], graphs: Graphs) -> str:
    names = "".join(f'\n  xmlns:{name}="{address}"' for name, address in sorted(PREFIXES.items()))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f"<rdf:RDF{names}>",
            *map(_xml_node, nodes),
            "</rdf:RDF>\n",
        ]
    )


def _xml_node(node: Node) -> str:
    types = (("rdf:type", Iri(in_full(name))) for name in node.types)
    said = "".join(_xml_property(name, value) for name, value in (*types, *node.properties))
    about = quoteattr(valid_address(node.address))
    return f"  <rdf:Description rdf:about={about}>\n{said}  </rdf:Description>"


def _xml_property(name: str, value: Value) -> str:
    if isinstance(value, Iri):
        return f"    <{name} rdf:resource={quoteattr(valid_address(value.address))}/>\n"
    datatype = quoteattr(in_full(value.datatype))
    return f"    <{name} rdf:datatype={datatype}>{value.text}</{name}>\n"


def _json_ld(nodes: Sequence[Node], graphs: Graphs) -> str:
    head = json.dumps({**NAMESPACES, **PREFIXES} if graphs else dict(PREFIXES), sort_keys=True)
    written = ",\n".join(_json_node(node, graphs.get(node.address)) for node in nodes)
    return f'{{"@context": {head},\n"@graph": [\n{written}\n]}}\n'


def _json_node(node: Node, graph: str | None) -> str:
    said: dict[str, object] = {"@id": valid_address(node.address)}
    if node.types:
        said["@type"] = list(node.types)
    for name, values in _by_name(node.properties).items():
        said[name] = values
    text = json.dumps(said, ensure_ascii=False)
    return text if graph is None else f'{text[:-1]}, "@graph": [\n{graph}\n]}}'


def _by_name(properties: Iterable[tuple[str, Value]]) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for name, value in properties:
        found.setdefault(name, []).append(_json_value(value))
    return found


def _json_value(value: Value) -> dict[str, str]:
    if isinstance(value, Iri):
        return {"@id": valid_address(value.address)}
    return {"@type": value.datatype, "@value": value.text}


TURTLE = Form("ttl", "text/turtle", _turtle, Serialisation.TURTLE)
RDF_XML = Form("xml", "application/rdf+xml", _rdf_xml, Serialisation.RDF_XML)
TRIG = Form("trig", "application/trig", _trig, Serialisation.TURTLE)
JSON_LD = Form("jsonld", "application/ld+json", _json_ld, Serialisation.JSON_LD)
