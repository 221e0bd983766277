"""A dataset, and the catalogue, described as graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rdflib import Graph, URIRef

from ckanext.dcat.utils import catalog_uri, dataset_uri

from . import known
from .profile import HeraultDataDcatAp


@dataclass(frozen=True)
class Description:
    """What is said of something.

    Attributes:
        uri: of what is described.
        graph: the statements, the same in any process and whatever language is asked for.
    """

    uri: URIRef
    graph: Graph


def describe(dataset: Mapping[str, Any]) -> Description:
    """Describe a dataset.

    Args:
        dataset: a public one, as `package_show` gives it.
    """
    uri, graph = URIRef(dataset_uri(dict(dataset))), Graph()
    with known.asked_once():
        HeraultDataDcatAp(graph).graph_from_dataset(dict(dataset), uri)
    return Description(uri, graph)


def describe_catalogue(modified: datetime | None) -> Description:
    """Describe the catalogue and who publishes it, without its datasets.

    Args:
        modified: when a dataset last changed, came or went; None where there has been none.
    """
    uri, graph = URIRef(catalog_uri()), Graph()
    HeraultDataDcatAp(graph).graph_from_catalog({"modified": modified}, uri)
    return Description(uri, graph)
