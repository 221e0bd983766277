"""What is said of a licence beside its address: its name, its type, the same licence elsewhere.

Consumers know the Licence Ouverte by its name or its national address, not by its address in the
table of the EU: its node bears both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rdflib import RDF, RDFS, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.term import Node

from .vocabulary import LICENCE_TYPE, LICENCES, Triple, described

DEFAULT = URIRef(f"{LICENCES}ETALAB_2_0")
"""The licence of the descriptions themselves: that of the convention."""

_UNKNOWN_TYPE = "UnknownIPR"


@dataclass(frozen=True)
class _Known:
    """A licence that is known well enough to be described.

    Attributes:
        name: its name, which consumers look for.
        type: its type in the table of ADMS.
        text: the address of its text.
    """

    name: str
    type: str
    text: str


_KNOWN: Mapping[str, _Known] = {
    "ETALAB_2_0": _Known(
        "Licence Ouverte / Open Licence version 2.0",
        "Attribution",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    ),
    "ODC_BL": _Known(
        "Open Database License (ODbL) 1.0",
        "ViralEffect-ShareAlike",
        "http://opendatacommons.org/licenses/odbl/1.0/",
    ),
    "CC_BY_4_0": _Known(
        "Creative Commons Attribution 4.0 International (CC BY 4.0)",
        "Attribution",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC_BYSA_4_0": _Known(
        "Creative Commons Attribution-ShareAlike 4.0 International (CC BY-SA 4.0)",
        "ViralEffect-ShareAlike",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "CC0": _Known(
        "Creative Commons CC0 1.0",
        "PublicDomain",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "ODC_BY": _Known(
        "Open Data Commons Attribution License 1.0 (ODC-By)",
        "Attribution",
        "http://opendatacommons.org/licenses/by/1-0/",
    ),
    "ODC_PDDL": _Known(
        "Open Data Commons Public Domain Dedication and License 1.0 (PDDL)",
        "PublicDomain",
        "http://opendatacommons.org/licenses/pddl/1-0/",
    ),
}


def documented(licence: Node, name: str | None = None) -> Iterator[Triple]:
    """What is said of a licence.

    Args:
        licence: its node.
        name: its name where it stands in no table of the EU; consumers go by the name first.
    """
    known = _KNOWN.get(str(licence).removeprefix(LICENCES))
    kind = URIRef(LICENCE_TYPE + (known.type if known else _UNKNOWN_TYPE))
    yield licence, RDF.type, DCT.LicenseDocument
    yield licence, DCT.type, kind
    yield from described(kind)
    if known:
        yield licence, RDFS.label, Literal(known.name)
        yield licence, SKOS.exactMatch, URIRef(known.text)
    elif name:
        yield licence, RDFS.label, Literal(name)
