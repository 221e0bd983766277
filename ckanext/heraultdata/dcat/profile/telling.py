"""What is said of a dataset beside what ckanext-dcat's own profiles say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rdflib import DCAT, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.namespace import XSD
from rdflib.term import Node

from . import media, sentences
from .bodies import Body, told_of_body, told_of_contact
from .completing import Completed, File, Licence
from .following import Specification
from .licences import documented
from .places import located
from .vocabulary import (
    GEODCATAP,
    ODRS,
    SCHEMA,
    SPDX,
    VCARD,
    Label,
    Triple,
    address,
    described,
    labelled,
)

_CHECKSUM = re.compile(r"(?:[0-9a-fA-F]{2})+")
_ALGORITHM = "https://spdx.org/rdf/terms/#checksumAlgorithm_"
_ALGORITHMS_BY_DIGITS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
_HIGH_VALUE_KEYWORD = Literal("hvd")
"""What data.gouv.fr knows high-value data by."""
_COMPRESSED = "https://www.iana.org/assignments/media-types/application/gzip"
_GRANULARITIES = {
    "infracommunale": Label("Part of a commune", "Infracommunale"),
    "communale": Label("Commune", "Communale"),
    "intercommunale": Label("Grouping of communes", "Intercommunale"),
    "cantonale": Label("Canton", "Cantonale"),
    "departementale": Label("Département", "Départementale"),
    "regionale": Label("Region", "Régionale"),
    "autre": Label("Other", "Autre"),
}


def granularity_named(text: str) -> str:
    """The level of the data that a label names, empty where none does."""
    named = (code for code, label in _GRANULARITIES.items() if text in (label.en, label.fr))
    return next(named, "")


def told_of_dataset(completed: Completed, dataset: URIRef) -> Iterator[Triple]:
    """What is said of a dataset, but for its files, periods and services.

    Args:
        completed: the dataset.
        dataset: its node.
    """
    yield from _told_of_people(completed, dataset)
    for place in completed.places:
        node = address(place.address) if place.address else BNode()
        yield dataset, DCT.spatial, node
        yield from located(place, node)
    if completed.granularity in _GRANULARITIES:
        level = _GRANULARITIES[completed.granularity]
        yield from labelled(dataset, GEODCATAP.spatialResolutionAsText, level)
    yield dataset, RDFS.seeAlso, URIRef(completed.page)
    for page in completed.planned:
        yield dataset, DCT.relation, URIRef(page)
    if completed.licence:
        yield from _licensed(dataset, completed.licence)
    if completed.high_value:
        yield dataset, DCAT.keyword, _HIGH_VALUE_KEYWORD
    for file in completed.files:
        for specification in file.follows:
            if specification.address:
                yield from _conforming(dataset, specification)


def told_of_file(file: File, node: URIRef, completed: Completed) -> Iterator[Triple]:
    """What is said of a file.

    Args:
        file: the file.
        node: its node.
        completed: its dataset.
    """
    yield node, DCAT.accessURL, address(file.addresses.access)
    if file.addresses.download:
        yield node, DCAT.downloadURL, address(file.addresses.download)
    if not file.fields.get("description"):
        yield from labelled(node, DCT.description, sentences.file_of(completed.title))
    yield from _told_of_format(file, node)
    yield from _told_of_content(file, node)
    if file.licence:
        yield from _licensed(node, file.licence)
    if completed.people.origin:
        yield from _told_of_origin(completed, node)
    for specification in file.follows:
        yield from _conforming(node, specification)


def told_of_concepts(graph: Graph) -> Iterator[Triple]:
    """What is said of the concepts of the EU's tables that a graph names."""
    for node in set(graph.objects()):
        if isinstance(node, URIRef):
            yield from described(node)


def told_for_annex(graph: Graph) -> Iterator[Triple]:
    """What the annex for high-value datasets wants said of addresses: that they are resources."""
    for predicate in (DCAT.accessURL, VCARD.hasEmail, VCARD.hasURL):
        for node in graph.objects(None, predicate):
            yield node, RDF.type, RDFS.Resource


def _told_of_people(completed: Completed, dataset: URIRef) -> Iterator[Triple]:
    people = completed.people
    yield from _by(dataset, DCT.publisher, people.publisher)
    if people.creator:
        yield from _by(dataset, DCT.creator, people.creator)
    for contact in people.contacts:
        node = BNode()
        yield dataset, DCAT.contactPoint, node
        yield from told_of_contact(contact, node)
    statement = BNode()
    yield dataset, DCT.provenance, statement
    yield statement, RDF.type, DCT.ProvenanceStatement
    if completed.provenance:
        yield statement, RDFS.label, Literal(completed.provenance, lang=completed.language)
    else:
        yield from labelled(statement, RDFS.label, sentences.source(people.origin))


def _by(dataset: URIRef, predicate: URIRef, body: Body) -> Iterator[Triple]:
    node = address(body.uri) if body.uri else BNode()
    yield dataset, predicate, node
    yield from told_of_body(body, node)


def _told_of_origin(completed: Completed, node: URIRef) -> Iterator[Triple]:
    """The mention of the origin (convention, article 4), where those who take the file see it."""
    people = completed.people
    statement = BNode()
    yield node, DCT.rights, statement
    yield statement, RDF.type, DCT.RightsStatement
    yield from labelled(statement, RDFS.label, sentences.source(people.origin))
    yield statement, ODRS.attributionText, Literal(people.origin)
    yield statement, ODRS.attributionURL, URIRef(completed.page)


def _told_of_format(file: File, node: URIRef) -> Iterator[Triple]:
    given, mimetype = file.fields.get("format"), file.fields.get("mimetype")
    kind = media.file_type_uri(given, mimetype)
    if kind:
        yield node, DCT["format"], URIRef(kind)
    elif given:
        # A format that is in no table of the EU may stand nowhere else (DCAT-AP 3).
        yield node, SCHEMA.encodingFormat, Literal(given)
    yield from _medium(node, DCAT.mediaType, media.media_type_uri(given, mimetype))
    package = media.packaging_uri(given, mimetype)
    way = DCAT.compressFormat if package == _COMPRESSED else DCAT.packageFormat
    yield from _medium(node, way, package)


def _medium(node: URIRef, predicate: URIRef, medium: str | None) -> Iterator[Triple]:
    if medium:
        yield node, predicate, URIRef(medium)
        yield URIRef(medium), RDF.type, DCT.MediaType


def _told_of_content(file: File, node: URIRef) -> Iterator[Triple]:
    size = file.fields.get("size")
    if size is not None and str(size).isdecimal():
        yield node, DCAT.byteSize, Literal(str(size), datatype=XSD.nonNegativeInteger)
    checksum = str(file.fields.get("hash") or "")
    name = _ALGORITHMS_BY_DIGITS.get(len(checksum))
    given = file.fields.get("hash_algorithm") or (f"{_ALGORITHM}{name}" if name else "")
    if not given or not _CHECKSUM.fullmatch(checksum):
        return
    algorithm, counted = address(given), BNode()
    yield node, SPDX.checksum, counted
    yield counted, RDF.type, SPDX.Checksum
    yield counted, SPDX.checksumValue, Literal(checksum.lower(), datatype=XSD.hexBinary)
    yield counted, SPDX.algorithm, algorithm
    yield algorithm, RDF.type, SPDX.ChecksumAlgorithm


def _licensed(node: URIRef, licence: Licence) -> Iterator[Triple]:
    subject: Node = address(licence.address) if licence.address else BNode()
    yield node, DCT.license, subject
    yield from documented(subject, licence.name)


def _conforming(node: URIRef, specification: Specification) -> Iterator[Triple]:
    standard: Node = address(specification.address) if specification.address else BNode()
    yield node, DCT.conformsTo, standard
    yield standard, RDF.type, DCT.Standard
    if specification.name:
        yield standard, RDFS.label, Literal(specification.name)
    if specification.label:
        yield from labelled(standard, RDFS.label, specification.label)
