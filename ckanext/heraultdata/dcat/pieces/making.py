"""A dataset as the database has it, turned into what the catalogue stores of it."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context
from rdflib import Graph, Literal
from rdflib.namespace import DCAT, DCTERMS, RDF
from sqlalchemy import exc

from ... import config
from ...mailing.service import application, reading_in
from ..profile.description import Description, describe
from ..quality.links import unreachable_links
from ..quality.scoring import Score, score_of
from .writing import Written, address, write

log = logging.getLogger(__name__)

_ROOM = Path(__file__).parents[1]
_SOURCES = (
    _ROOM / "profile",
    _ROOM / "quality",
    _ROOM / "pieces" / "writing.py",
    _ROOM.parent / "datasets",
    _ROOM.parent / "i18n",
    _ROOM.parent / "schemas" / "dataset.yaml",
)
_SETTINGS = (
    "ckan.locale_default",
    "ckan.root_path",
    "ckan.site_title",
    "ckan.site_url",
    "ckanext.dcat.base_uri",
    "ckanext.dcat.rdf.profiles",
    "ckanext.dcat.resource.inherit.license",
    "licenses_group_url",
)


_PASSING = (exc.InterfaceError, exc.OperationalError, exc.TimeoutError)
"""Failures that are none of the dataset's: a server that restarts, a pool that is used up."""


@dataclass(frozen=True)
class Made:
    """What is stored of a dataset.

    Attributes:
        title: of the dataset.
        organization_id: of its partner.
        uri: that harvesters know it by.
        written: its description.
        score: what it has of data.europa.eu's points.
    """

    title: str
    organization_id: str | None
    uri: str
    written: Written
    score: Score


def make(package_id: str) -> Made | None:
    """Describe a dataset, the same whoever asks and in whatever language.

    What the session of CKAN has under way is given up: what counts is committed.

    Args:
        package_id: a dataset.

    Returns:
        None where there is no such dataset, or a visitor may not read it.
    """
    model.Session.rollback()
    with reading_in(application(), tk.config["ckan.locale_default"]):
        try:
            # As a visitor: another plugin may hide what CKAN calls public.
            dataset = tk.get_action("package_show")(
                Context(ignore_auth=False, user="", use_cache=False), {"id": package_id}
            )
        except (tk.ObjectNotFound, tk.NotAuthorized):
            return None
        try:
            return _made(dataset, describe(dataset))
        except _PASSING:
            raise
        except Exception:
            # One dataset that another extension spoiled must not take the whole catalogue away.
            log.exception("Told with its title alone: %s", dataset["id"])
            return _made(dataset, _least(dataset))


def _made(dataset: dict[str, Any], described: Description) -> Made:
    return Made(
        title=dataset["title"] or dataset["name"],
        organization_id=dataset.get("owner_org"),
        uri=address(described.uri),
        written=write(described.graph),
        score=score_of(described.graph, described.uri, unreachable_links(dataset)),
    )


def _least(dataset: dict[str, Any]) -> Description:
    from rdflib import URIRef

    from ckanext.dcat.utils import dataset_uri

    uri = URIRef(dataset_uri(dataset))
    graph = Graph()
    graph.add((uri, RDF.type, DCAT.Dataset))
    graph.add((uri, DCTERMS.identifier, Literal(dataset["id"])))
    graph.add((uri, DCTERMS.title, Literal(dataset["title"] or dataset["name"])))
    return Description(uri, graph)


def fingerprint() -> str:
    """What texts are made with: the profile, its tables and the settings that it reads."""
    of_ckan = (tk.config.get(name) for name in _SETTINGS)
    ours = (config.department_email(), config.department_organization())
    return _fingerprint(tuple(map(str, (*of_ckan, *ours))))


@lru_cache(maxsize=8)
def _fingerprint(settings: tuple[str, ...]) -> str:
    made_with = hashlib.sha256(repr((version("ckanext-dcat"), version("rdflib"))).encode())
    made_with.update(repr(settings).encode())
    for source in _SOURCES:
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file() and path.suffix != ".pyc":
                made_with.update(path.read_bytes())
    return made_with.hexdigest()
