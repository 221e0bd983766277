"""What is said of the catalogue as a whole: the département publishes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import ckan.plugins.toolkit as tk
from rdflib import DCAT, FOAF, RDF, SKOS, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.namespace import XSD

from ...datasets import defaults, territories
from . import addresses, known, people, sentences
from .bodies import told_of_body
from .completing import language
from .licences import DEFAULT, documented
from .places import Place, located
from .vocabulary import AUTHORITY, THEMES, Label, Triple, address, labelled

_LANGUAGES = {
    "ca": "CAT",
    "de": "DEU",
    "en": "ENG",
    "es": "SPA",
    "fr": "FRA",
    "it": "ITA",
    "oc": "OCI",
}
"""The languages of a site of the département, in the EU's table."""
_THEMES_TITLE = Label("Data theme", "Thème de données")


def told_of_catalogue(given: Mapping[str, object], catalogue: URIRef) -> Iterator[Triple]:
    """What is said of the catalogue, without its datasets.

    Args:
        given: `title`, `description`, `homepage`, `language`, in place of those of the site, and
            `modified`, a moment.
        catalogue: its node.
    """
    department = known.department()
    body = people.body_of(department) if department else people.site_itself()
    publisher = URIRef(body.uri or f"{addresses.site()}/#publisher")
    title = given.get("title") or tk.config["ckan.site_title"]
    yield catalogue, RDF.type, DCAT.Catalog
    yield catalogue, DCT.title, Literal(title, lang=language())
    description = given.get("description") or tk.config["ckan.site_description"]
    if description:
        yield catalogue, DCT.description, Literal(description, lang=language())
    else:
        yield from labelled(catalogue, DCT.description, sentences.catalogue_of(body.name))
    yield catalogue, DCT.publisher, publisher
    yield from told_of_body(body, publisher)
    yield from _told_of_site(given, catalogue)
    if department is not None:
        yield from _told_of_department(department, catalogue)
    modified = given.get("modified")
    if isinstance(modified, datetime):
        yield catalogue, DCT.modified, _moment(modified)


def _told_of_site(given: Mapping[str, object], catalogue: URIRef) -> Iterator[Triple]:
    homepage = address(str(given.get("homepage") or f"{addresses.site()}/"))
    yield catalogue, FOAF.homepage, homepage
    yield homepage, RDF.type, FOAF.Document
    spoken = str(given.get("language") or language())
    code = _LANGUAGES.get(spoken[:2])
    if code:
        yield catalogue, DCT.language, URIRef(f"{AUTHORITY}language/{code}")
    yield catalogue, DCT.license, DEFAULT
    yield from documented(DEFAULT)
    yield catalogue, DCAT.themeTaxonomy, THEMES
    yield THEMES, RDF.type, SKOS.ConceptScheme
    yield from labelled(THEMES, DCT.title, _THEMES_TITLE)


def _told_of_department(department: known.Organization, catalogue: URIRef) -> Iterator[Triple]:
    yield catalogue, DCT.issued, _moment(department.created)
    group = defaults.territory(department.partner, territories.listed_department())
    place = Place(group.get("code", ""), group.get("text", ""), group.get("uri", ""))
    if place.address:
        node = URIRef(place.address)
        yield catalogue, DCT.spatial, node
        yield from located(place, node)


def _moment(moment: datetime) -> Literal:
    return Literal(moment.isoformat(), datatype=XSD.dateTime)
