"""The score of a dataset, read from its description as harvesters get it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from rdflib import DCAT, DCTERMS, FOAF, Graph, Literal, URIRef
from rdflib.term import Node

from ..profile.media import is_machine_readable, is_non_proprietary
from . import rules
from .rules import Facts, FileFacts, Score

AUTHORITY = "http://publications.europa.eu/resource/authority/"
_FILE_TYPES = f"{AUTHORITY}file-type/"
_LICENCES = f"{AUTHORITY}licence/"
_ACCESS_RIGHTS = f"{AUTHORITY}access-right/"
_MEDIA_TYPES = (
    "http://www.iana.org/assignments/media-types/",
    "https://www.iana.org/assignments/media-types/",
)

Said = dict[Node, list[Node]]
"""What a graph says of a node: the objects by predicate."""


def score_of(graph: Graph, dataset: URIRef, unreachable: Collection[str] = ()) -> Score:
    """Count the points of a dataset.

    Args:
        graph: the description of the dataset, with its files and agents.
        dataset: the dataset in it.
        unreachable: addresses of files that did not answer when they were last checked; all
            others count as answering.
    """
    return rules.score(facts_of(graph, dataset, unreachable))


def facts_of(graph: Graph, dataset: URIRef, unreachable: Collection[str] = ()) -> Facts:
    """What counts of a dataset; takes what `score_of` takes."""
    said = _said_of(graph, dataset)
    files = [_said_of(graph, each) for each in said[DCAT.distribution]]
    access_rights = said[DCTERMS.accessRights]
    return Facts(
        keywords=_is_said(said, DCAT.keyword),
        theme=_is_said(said, DCAT.theme),
        spatial=_is_said(said, DCTERMS.spatial),
        temporal=_is_said(said, DCTERMS.temporal),
        dcat_ap=_has_all_required(graph, said, files),
        access_rights=bool(access_rights),
        known_access_rights=any(_is_in(each, _ACCESS_RIGHTS) for each in access_rights),
        contact=_is_said(said, DCAT.contactPoint),
        publisher=_is_said(said, DCTERMS.publisher),
        issued=_is_said(said, DCTERMS.issued),
        modified=_is_said(said, DCTERMS.modified),
        files=tuple(_facts_of_file(each, unreachable) for each in files),
    )


def _facts_of_file(said: Said, unreachable: Collection[str]) -> FileFacts:
    formats, media_types = said[DCTERMS["format"]], said[DCAT.mediaType]
    licences = said[DCTERMS.license]
    return FileFacts(
        access_url=_answers(said[DCAT.accessURL], unreachable),
        download_url=_is_said(said, DCAT.downloadURL),
        download_answer=_answers(said[DCAT.downloadURL], unreachable),
        format=bool(formats),
        media_type=bool(media_types),
        vocabularies=any(_is_in(each, _FILE_TYPES) for each in formats)
        and any(_is_in(each, _MEDIA_TYPES) for each in media_types),
        non_proprietary=any(is_non_proprietary(str(each)) for each in formats),
        machine_readable=any(is_machine_readable(str(each)) for each in formats),
        licence=bool(licences),
        known_licence=any(_is_in(each, _LICENCES) for each in licences),
        rights=_is_said(said, DCTERMS.rights),
        size=_is_said(said, DCAT.byteSize),
        issued=_is_said(said, DCTERMS.issued),
        modified=_is_said(said, DCTERMS.modified),
    )


def _said_of(graph: Graph, node: Node) -> Said:
    said: Said = defaultdict(list)
    for predicate, value in graph.predicate_objects(node):
        said[predicate].append(value)
    return said


def _is_said(said: Said, predicate: URIRef) -> bool:
    return any(str(value).strip() for value in said[predicate])


def _is_in(value: Node, tables: str | tuple[str, ...]) -> bool:
    return isinstance(value, URIRef) and str(value).startswith(tables)


def _answers(addresses: list[Node], unreachable: Collection[str]) -> bool:
    return any(_is_web(each) and str(each) not in unreachable for each in addresses)


def _is_web(value: Node) -> bool:
    return str(value).startswith(("http://", "https://"))


def _has_all_required(graph: Graph, said: Said, files: list[Said]) -> bool:
    """Whether a dataset has the properties that DCAT-AP 3 makes mandatory, in the form it asks.

    The full shapes take a second for each dataset: they are for the tests of the profile.
    """
    return (
        _is_text(said, DCTERMS.title)
        and _is_text(said, DCTERMS.description)
        and all(any(isinstance(each, URIRef) for each in file[DCAT.accessURL]) for file in files)
        and all(_is_text(_said_of(graph, each), FOAF.name) for each in said[DCTERMS.publisher])
    )


def _is_text(said: Said, predicate: URIRef) -> bool:
    return any(isinstance(value, Literal) for value in said[predicate]) and _is_said(
        said, predicate
    )
