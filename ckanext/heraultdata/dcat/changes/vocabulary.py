"""The terms that the event streams are written with, and statements made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

PREFIXES: Mapping[str, str] = {
    "as": "https://www.w3.org/ns/activitystreams#",
    "ldes": "https://w3id.org/ldes#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "tree": "https://w3id.org/tree#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True)
class Iri:
    """An address in full."""

    address: str


@dataclass(frozen=True)
class Typed:
    """A literal with its datatype, as a prefixed name of XML Schema."""

    text: str
    datatype: str


Value = Iri | Typed


@dataclass(frozen=True)
class Node:
    """What is said of a resource.

    Attributes:
        types: prefixed names of classes.
        properties: prefixed names of properties with their values, in the order of writing.
    """

    address: str
    types: tuple[str, ...] = ()
    properties: tuple[tuple[str, Value], ...] = ()


def term(name: str) -> Iri:
    """A term of a vocabulary as a value.

    Args:
        name: its prefixed name.
    """
    return Iri(in_full(name))


def in_full(name: str) -> str:
    """The address of a term.

    Args:
        name: its prefixed name.
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def moment(at: datetime) -> Typed:
    """A moment as a value.

    Args:
        at: with a zone.
    """
    return Typed(written_moment(at), "xsd:dateTime")


def number(value: int) -> Typed:
    """A whole number as a value."""
    return Typed(str(value), "xsd:integer")


TRUE = Typed("true", "xsd:boolean")


def written_moment(at: datetime) -> str:
    """A moment in ISO 8601, in UTC.

    Args:
        at: with a zone.
    """
    return at.astimezone(timezone.utc).isoformat()
