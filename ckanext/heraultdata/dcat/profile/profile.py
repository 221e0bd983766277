"""The profile of ckanext-dcat that loses nothing of a dataset: DCAT-AP 3 as harvesters need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from rdflib import DCAT, ORG, RDF, SKOS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.term import Node

from ckanext.dcat.profiles import CleanedURIRef, EuropeanDCATAP3Profile
from ckanext.dcat.utils import catalog_uri, resource_uri

from . import catalogue, completing, services, skolem, telling
from .completing import Completed
from .vocabulary import AUTHORITY, GEODCATAP, LICENCES

_FILE_TYPES = f"{AUTHORITY}file-type/"
_MEDIA_TYPES = "/media-types/"

Values = dict[str, Any]
"""A dataset or a file, as CKAN's actions take it."""


class HeraultDataDcatAp(EuropeanDCATAP3Profile):
    """DCAT-AP 3 and its annex for high-value datasets, for the datasets of the portal.

    What the profiles of ckanext-dcat tell well, they tell; the rest is told here. No blank node is
    left but those of periods, which keep a stable label: data.gouv.fr fetches whatever has an
    address there, and loses the period.
    """

    def graph_from_dataset(self, dataset_dict: Values, dataset_ref: URIRef) -> None:
        """Tell a dataset.

        Args:
            dataset_dict: the dataset, as `package_show` gives it.
            dataset_ref: its node.
        """
        completed = completing.complete(dataset_dict)
        with self._apart():
            super().graph_from_dataset(completed.fields, dataset_ref)
            self._tell(completed, dataset_ref)

    def graph_from_catalog(self, catalog_dict: Values | None, catalog_ref: URIRef) -> None:
        """Tell the catalogue, without its datasets.

        Args:
            catalog_dict: values that stand for those of the site's configuration.
            catalog_ref: its node.
        """
        with self._apart():
            for triple in catalogue.told_of_catalogue(catalog_dict or {}, catalog_ref):
                self.g.add(triple)
            self._tell_concepts()

    def parse_dataset(self, dataset_dict: Values, dataset_ref: URIRef) -> Values:
        """Read a dataset.

        Args:
            dataset_dict: what is read is put there.
            dataset_ref: its node.

        Returns:
            The same, with what ckanext-dcat leaves out: all the territories with their codes, the
            level of the data, the licences by their addresses.
        """
        read = super().parse_dataset(dataset_dict, dataset_ref)
        places = [self._place(node) for node in self.g.objects(dataset_ref, DCT.spatial)]
        if places:
            read["spatial_coverage"] = places
        level = self._object_value(dataset_ref, GEODCATAP.spatialResolutionAsText)
        if level:
            read["spatial_granularity"] = telling.granularity_named(str(level))
        for file in read["resources"]:
            licence = self.g.value(URIRef(file["distribution_ref"]), DCT.license)
            if isinstance(licence, URIRef) and licence.startswith(LICENCES):
                file["license"] = str(licence)
        licence = self.g.value(dataset_ref, DCT.license)
        if isinstance(licence, URIRef) and licence.startswith(LICENCES):
            read["license_id"] = licence.removeprefix(LICENCES)
        return read

    def _tell(self, completed: Completed, dataset: URIRef) -> None:
        # Named as ckanext-dcat names them, down to what it escapes.
        files = {CleanedURIRef(resource_uri(file.fields)): file for file in completed.files}
        # One, and a text (DCAT-AP 3) even where it is an address.
        self.g.set((dataset, DCT.identifier, Literal(completed.identifier)))
        for triple in telling.told_of_dataset(completed, dataset):
            self.g.add(triple)
        for node, file in files.items():
            for triple in telling.told_of_file(file, node, completed):
                self.g.add(triple)
        for period in completed.periods:
            self._tell_period(dataset, period.get("start"), period.get("end"))
        for triple in list(services.told_of_services(completed, dataset, files, self.g)):
            self.g.add(triple)
        if completed.high_value:
            for triple in list(telling.told_for_annex(self.g)):
                self.g.add(triple)
        self._tell_concepts()

    def _tell_period(self, dataset: URIRef, start: str | None, end: str | None) -> None:
        node = BNode()
        self.g.add((dataset, DCT.temporal, node))
        self.g.add((node, RDF.type, DCT.PeriodOfTime))
        self._add_date_triple(node, DCAT.startDate, start)
        self._add_date_triple(node, DCAT.endDate, end)

    def _tell_concepts(self) -> None:
        for triple in list(telling.told_of_concepts(self.g)):
            self.g.add(triple)

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Tell in a graph of its own, which joins the others with names for its blank nodes."""
        whole = self.g
        self.g = Graph(namespace_manager=whole.namespace_manager)
        try:
            yield
            for triple in skolem.named(self.g, catalog_uri(), kept=[DCT.temporal]):
                whole.add(triple)
        finally:
            self.g = whole

    def _place(self, node: Node) -> dict[str, str]:
        told = {
            "code": self._object_value(node, DCT.identifier),
            "text": self._object_value(node, SKOS.prefLabel),
            "uri": str(node) if self._has_an_address(node) else "",
        }
        return {key: value for key, value in told.items() if value}

    @staticmethod
    def _has_an_address(node: Node) -> bool:
        return isinstance(node, URIRef) and "/.well-known/genid/" not in node

    def _agents_details(self, subject: Node, predicate: URIRef) -> list[Values]:
        """The bodies, with their SIRET where it is told beside their SIREN."""
        agents = super()._agents_details(subject, predicate)
        for agent in agents:
            siret = self._object_value(URIRef(agent["uri"]), ORG.identifier)
            if siret:
                agent["identifier"] = siret
        return agents

    def _distribution_format(
        self, distribution: URIRef, normalize_ckan_format: bool = True
    ) -> tuple[str | None, str | None]:
        """The media type and the format, as CKAN names them rather than by their addresses."""
        told = super()._distribution_format(distribution, normalize_ckan_format)
        medium, kind = (str(each) if each else None for each in told)
        if medium and _MEDIA_TYPES in medium:
            medium = medium.split(_MEDIA_TYPES, 1)[1]
        if kind and kind.startswith(_FILE_TYPES):
            kind = tk.h.unified_resource_format(kind.removeprefix(_FILE_TYPES))
        return medium, kind
