"""The same pages in the words of other profiles of ckanext-dcat, described when asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import current_app
from rdflib import Graph
from rdflib.compare import to_canonical_graph
from rdflib.namespace import DCAT

from ckanext.dcat.exceptions import RDFProfileException
from ckanext.dcat.processors import RDFSerializer

from ...mailing.service import reading_in
from ...messages import N_, Message, RuleError
from ..answers import Version, etag_of
from ..pieces import reading
from ..pieces.reading import Chosen, Piece
from ..pieces.writing import body, document
from . import addresses, description
from .documents import Document
from .formats import Format
from .parameters import Asked


class OtherPage:
    """A page of the catalogue in the words of other profiles."""

    def __init__(self, asked: Asked, chosen: Chosen, form: Format) -> None:
        """Read what the page tells of itself.

        Args:
            asked: the parameters.
            chosen: the datasets that they ask for.
            form: in which it is served.

        Raises:
            RuleError: there is no such profile.
        """
        self._asked = asked
        self._form = form
        self._serializer = _serializer(asked.profiles)
        self.window = reading.window(asked.page, chosen)
        self._package_ids = reading.package_ids(asked.page, chosen)

    def version(self) -> Version:
        """Its version: only its text tells, for nothing of it is stored."""
        return self._made.version

    def document(self) -> Document:
        """Its text."""
        return self._made

    @cached_property
    def _made(self) -> Document:
        others = description.other_pages(self._asked, self._form.extension, self.window)
        address = addresses.of_page(self._form.extension, self._asked.page, self._asked.filters())
        graph = _described(self._serializer, _public(self._package_ids), with_catalogue=True)
        graph += description.paging(address, others, self.window.total, reading.size())
        return _document(graph, self._form, others, address)


class OtherDataset:
    """A dataset in the words of other profiles."""

    def __init__(self, piece: Piece, profiles: tuple[str, ...], form: Format) -> None:
        """Describe it.

        Args:
            piece: of the dataset.
            profiles: their names.
            form: in which it is served.

        Raises:
            RuleError: there is no such profile.
        """
        graph = _described(_serializer(profiles), _public([piece.package_id]), with_catalogue=False)
        address = addresses.of_dataset(form.extension, piece.package_id)
        self._made = _document(graph, form, {}, address)

    def version(self) -> Version:
        """Its version: only its text tells, for nothing of it is stored."""
        return self._made.version

    def document(self) -> Document:
        """Its text."""
        return self._made


def _serializer(profiles: tuple[str, ...]) -> RDFSerializer:
    try:
        return RDFSerializer(profiles=list(profiles))
    except RDFProfileException as unknown:
        raise RuleError(
            "profiles",
            Message(
                N_(
                    "profiles: this portal has no profile of the name {names}; leave profiles out "
                    "to get all that it can say."
                ),
                {"names": ", ".join(profiles)[:200]},
            ),
        ) from unknown


def _public(package_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The datasets as a visitor is shown them; without those that have just gone."""
    shown = []
    for package_id in package_ids:
        try:
            shown.append(
                tk.get_action("package_show")(
                    Context(user="", ignore_auth=False), {"id": package_id}
                )
            )
        except (tk.ObjectNotFound, tk.NotAuthorized):
            continue
    return shown


def _described(
    serializer: RDFSerializer, datasets: Iterable[dict[str, Any]], *, with_catalogue: bool
) -> Graph:
    with reading_in(current_app, tk.config["ckan.locale_default"]):
        catalogue = serializer.graph_from_catalog() if with_catalogue else None
        for dataset in datasets:
            described = serializer.graph_from_dataset(dataset)
            if catalogue is not None:
                serializer.g.add((catalogue, DCAT.dataset, described))
    # ckanext-dcat labels blank nodes anew each time.
    return Graph() + to_canonical_graph(serializer.g)


def _document(graph: Graph, form: Format, others: dict[str, str], address: str) -> Document:
    parts = [*document(form.serialisation, [body(graph, form.serialisation)])]
    return Document(parts, Version(etag_of(*parts)), others, address)
