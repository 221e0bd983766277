"""The services that high-value datasets must have: the portal's API, for each file.

They serve the dataset and are no access service of a file: ckanext-dcat 2.4.4 reads the contact of
an access service, which the annex makes mandatory, and fails to write it again.
Source: DCAT-AP 3.0.0, annex for high-value datasets, data services.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import DCAT, FOAF, RDF, RDFS, Graph, URIRef
from rdflib.namespace import DCTERMS as DCT

from . import addresses, sentences
from .completing import Completed, File
from .vocabulary import DCATAP, Triple, labelled

_SHARED = (
    DCATAP.hvdCategory,
    DCATAP.applicableLegislation,
    DCAT.contactPoint,
    DCAT.theme,
    DCAT.keyword,
    DCT.accessRights,
    DCT.publisher,
)
"""What a service has in common with the dataset that it serves."""

_SPECIFICATION = URIRef(addresses.API_DOCUMENTATION)


def told_of_services(
    completed: Completed, dataset: URIRef, files: dict[URIRef, File], graph: Graph
) -> Iterator[Triple]:
    """What is said of the services of a high-value dataset.

    Where no file is kept as a table, the portal's API tells of each file and of where to get it.

    Args:
        completed: the dataset.
        dataset: its node.
        files: its files by their nodes.
        graph: what is said of the dataset and of its files already.
    """
    if not completed.high_value:
        return
    tables = {node: file for node, file in files.items() if file.is_table}
    for node, file in (tables or files).items():
        service = URIRef(f"{node}#api")
        yield from _told(service, file, dataset)
        for predicate in _SHARED:
            for value in graph.objects(dataset, predicate):
                yield service, predicate, value
        for licence in graph.objects(node, DCT.license):
            yield service, DCT.license, licence


def _told(service: URIRef, file: File, dataset: URIRef) -> Iterator[Triple]:
    endpoint = URIRef(addresses.api(file.fields["id"], is_table=file.is_table))
    documentation = _SPECIFICATION
    title = sentences.file_service(file.title)
    if file.is_table:
        documentation = URIRef(addresses.TABLE_DOCUMENTATION)
        title = sentences.table_service(file.title)
    yield service, RDF.type, DCAT.DataService
    yield from labelled(service, DCT.title, title)
    yield service, DCAT.servesDataset, dataset
    yield service, DCAT.endpointURL, endpoint
    yield service, DCAT.endpointDescription, documentation
    yield service, FOAF.page, documentation
    yield documentation, RDF.type, FOAF.Document
    yield service, DCT.conformsTo, _SPECIFICATION
    yield _SPECIFICATION, RDF.type, DCT.Standard
    yield from labelled(_SPECIFICATION, RDFS.label, sentences.api_specification())
    for resource in (endpoint, documentation):
        yield resource, RDF.type, RDFS.Resource
