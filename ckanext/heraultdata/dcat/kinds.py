"""The words of the catalogue: how it is written, and what happens to a dataset in it."""

from __future__ import annotations

from enum import Enum


class Serialisation(Enum):
    """A way to write RDF: the end of its addresses, its media type and its name in rdflib.

    Attributes:
        extension: how an address of it ends, without the dot.
        media_type: as registered with the IANA.
        rdflib_name: of rdflib's serialiser.
    """

    TURTLE = ("ttl", "text/turtle", "turtle")
    RDF_XML = ("xml", "application/rdf+xml", "xml")
    JSON_LD = ("jsonld", "application/ld+json", "json-ld")

    def __init__(self, extension: str, media_type: str, rdflib_name: str) -> None:
        self.extension = extension
        self.media_type = media_type
        self.rdflib_name = rdflib_name


class ChangeKind(str, Enum):
    """What happened to a dataset in the catalogue."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
