"""What a document says of the catalogue: its description, what it holds, its other pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import current_app
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, RDF

from ... import config
from ...mailing.service import reading_in
from ..answers import etag_of
from ..kinds import Serialisation
from ..pieces.making import fingerprint
from ..pieces.reading import Window
from ..pieces.writing import body
from ..profile.description import describe_catalogue
from . import addresses
from .parameters import Asked

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")

_SETTINGS = (
    "ckan.site_description",
    "ckan.locales_offered",
    "ckanext.dcat.catalog_endpoint",
)
_DEPARTMENT = sa.text(
    """SELECT md5(department::text) FROM "group" AS department WHERE name = :name"""
)
_DEPARTMENT_AND_EXTRAS = sa.text(
    """
    SELECT md5(concat(department::text, (
        SELECT string_agg(extra::text, ',' ORDER BY key) FROM group_extra AS extra
        WHERE group_id = department.id
    ))) FROM "group" AS department WHERE name = :name
    """
)
# The old names and the new: ckanext-dcat reads either, udata one for each type of node.
_PAGING: Mapping[str, tuple[URIRef, ...]] = {
    "first": (HYDRA.firstPage, HYDRA.first),
    "previous": (HYDRA.previousPage, HYDRA.previous),
    "next": (HYDRA.nextPage, HYDRA.next),
    "last": (HYDRA.lastPage, HYDRA.last),
}


def stamp() -> str:
    """What the catalogue says of itself is made from, in short: the same one, the same text."""
    # A column on CKAN 2.12, a table on CKAN 2.11.
    query = _DEPARTMENT if "extras" in model.group_table.columns else _DEPARTMENT_AND_EXTRAS
    name = config.department_organization()
    department = model.Session.connection().execute(query, {"name": name}).scalar()
    return etag_of(fingerprint(), department, *(tk.config.get(setting) for setting in _SETTINGS))


@lru_cache(maxsize=64)
def catalogue(
    stamp: str, modified: datetime | None, serialisation: Serialisation
) -> tuple[URIRef, str]:
    """The catalogue without its datasets: its URI, and its description without head.

    Args:
        stamp: the present one.
        modified: when it last changed, where the document says so.
        serialisation: how it is written.
    """
    # In the language of the site, whatever the address says.
    with reading_in(current_app, tk.config["ckan.locale_default"]):
        told = describe_catalogue(modified)
    return told.uri, body(told.graph, serialisation)


def links(uri: URIRef, datasets: Iterable[str], serialisation: Serialisation) -> str:
    """That the catalogue holds these datasets, without head.

    Args:
        uri: of the catalogue.
        datasets: their URIs.
        serialisation: how it is written.
    """
    graph = Graph()
    for dataset in datasets:
        graph.add((uri, DCAT.dataset, URIRef(dataset)))
    return body(graph, serialisation)


def other_pages(asked: Asked, extension: str, window: Window) -> dict[str, str]:
    """The addresses of the first page, the next and so on, by relation; of those that there are.

    Args:
        asked: the parameters.
        extension: how the addresses of this form end.
        window: the page.
    """
    numbers = {
        "first": window.first,
        "previous": window.previous,
        "next": window.next,
        "last": window.last,
    }
    return {
        relation: addresses.of_page(extension, number, asked.filters())
        for relation, number in numbers.items()
        if number is not None
    }


def paging(address: str, others: Mapping[str, str], total: int, size: int) -> Graph:
    """How a reader goes on from a page: as ckanext-dcat writes it, and as Hydra has it today.

    Args:
        address: of the page.
        others: those of the other pages, by relation.
        total: datasets in all the pages.
        size: places in a page.
    """
    graph = Graph()
    page = URIRef(address)
    graph.add((page, RDF.type, HYDRA.PagedCollection))
    graph.add((page, RDF.type, HYDRA.PartialCollectionView))
    graph.add((page, HYDRA.totalItems, Literal(total)))
    graph.add((page, HYDRA.itemsPerPage, Literal(size)))
    for relation, other in others.items():
        for predicate in _PAGING[relation]:
            graph.add((page, predicate, Literal(other)))
    return graph
