"""The vocabularies of the catalogue, and the concepts of the EU's tables as the shapes want them.

Sources: DCAT-AP 3.0.1 and its annex for high-value datasets 3.0.0; the authority tables of the
Publications Office of the European Union, whose labels are theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from rdflib import RDF, SKOS, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.term import Node

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
"""DCAT 3: rdflib knows DCAT 2 alone."""
DCATAP = Namespace("http://data.europa.eu/r5r/")
GEODCATAP = Namespace("http://data.europa.eu/930/")
GSP = Namespace("http://www.opengis.net/ont/geosparql#")
ODRS = Namespace("http://schema.theodi.org/odrs#")
SCHEMA = Namespace("http://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")

AUTHORITY = "http://publications.europa.eu/resource/authority/"
LICENCES = f"{AUTHORITY}licence/"
PUBLISHER_TYPE = "http://purl.org/adms/publishertype/"
LICENCE_TYPE = "http://purl.org/adms/licencetype/"
HIGH_VALUE_SCHEME = URIRef("http://data.europa.eu/bna/asd487ae75")
THEMES = URIRef(f"{AUTHORITY}data-theme")

Triple = tuple[Node, Node, Node]

_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"
"""What stands in addresses as it is (RFC 3986), besides letters, digits, `-`, `.` and `_`."""


@dataclass(frozen=True)
class Label:
    """A label in the two languages of the portal."""

    en: str
    fr: str

    def literals(self) -> Iterator[Literal]:
        """The label as two literals, each with its language."""
        yield Literal(self.en, lang="en")
        yield Literal(self.fr, lang="fr")


def address(text: str) -> URIRef:
    """An address as RDF can write it: what no address holds is escaped."""
    return URIRef(quote(text.strip(), safe=_IN_ADDRESSES))


def labelled(subject: Node, predicate: URIRef, label: Label) -> Iterator[Triple]:
    """Say a label of something in both languages."""
    for literal in label.literals():
        yield subject, predicate, literal


_THEME_LABELS: Mapping[str, Label] = {
    "AGRI": Label(
        "Agriculture, fisheries, forestry and food",
        "Agriculture, pêche, sylviculture et alimentation",
    ),
    "ECON": Label("Economy and finance", "Économie et finances"),
    "EDUC": Label("Education, culture and sport", "Éducation, culture et sport"),
    "ENER": Label("Energy", "Énergie"),
    "ENVI": Label("Environment", "Environnement"),
    "GOVE": Label("Government and public sector", "Gouvernement et secteur public"),
    "HEAL": Label("Health", "Santé"),
    "INTR": Label("International issues", "Questions internationales"),
    "JUST": Label(
        "Justice, legal system and public safety",
        "Justice, système juridique et sécurité publique",
    ),
    "REGI": Label("Regions and cities", "Régions et villes"),
    "SOCI": Label("Population and society", "Population et société"),
    "TECH": Label("Science and technology", "Science et technologie"),
    "TRAN": Label("Transport", "Transports"),
}
_AVAILABILITY_LABELS: Mapping[str, Label] = {
    "AVAILABLE": Label("available", "disponible"),
    "EXPERIMENTAL": Label("experimental", "expérimental"),
    "STABLE": Label("stable", "stable"),
    "TEMPORARY": Label("temporary", "temporaire"),
}
_STATUS_LABELS: Mapping[str, Label] = {
    "COMPLETED": Label("completed", "terminé"),
    "DEPRECATED": Label("deprecated", "obsolète"),
    "DEVELOP": Label("under development", "en cours d’élaboration"),
    "WITHDRAWN": Label("withdrawn", "retiré"),
}
_HIGH_VALUE_LABELS: Mapping[str, Label] = {
    "c_164e0bf5": Label("Meteorological", "Données météorologiques"),
    "c_a9135398": Label(
        "Companies and company ownership", "Entreprises et propriété d’entreprises"
    ),
    "c_ac64a52d": Label("Geospatial", "Données géospatiales"),
    "c_b79e35eb": Label("Mobility", "Mobilité"),
    "c_dd313021": Label(
        "Earth observation and environment", "Observation de la terre et environnement"
    ),
    "c_e1da4e07": Label("Statistics", "Statistiques"),
}
_PUBLISHER_TYPE_LABELS: Mapping[str, Label] = {
    "Academia-ScientificOrganisation": Label(
        "Academia/Scientific organisation", "Organisme universitaire ou scientifique"
    ),
    "Company": Label("Company", "Entreprise"),
    "IndustryConsortium": Label("Industry consortium", "Groupement d’entreprises"),
    "LocalAuthority": Label("Local Authority", "Collectivité locale"),
    "NationalAuthority": Label("National authority", "Autorité nationale"),
    "NonGovernmentalOrganisation": Label(
        "Non-Governmental Organisation", "Organisation non gouvernementale"
    ),
    "NonProfitOrganisation": Label("Non-Profit Organisation", "Organisme à but non lucratif"),
    "PrivateIndividual(s)": Label("Private Individual(s)", "Particuliers"),
    "RegionalAuthority": Label("Regional authority", "Collectivité régionale"),
    "StandardisationBody": Label("Standardisation body", "Organisme de normalisation"),
    "SupraNationalAuthority": Label("Supra-national authority", "Autorité supranationale"),
}
_LICENCE_TYPE_LABELS: Mapping[str, Label] = {
    "Attribution": Label("Attribution", "Attribution"),
    "PublicDomain": Label("Work in the public domain", "Œuvre dans le domaine public"),
    "UnknownIPR": Label("Unknown", "Droits inconnus"),
    "ViralEffect-ShareAlike": Label(
        "Viral effect (a.k.a. Share-alike)", "Partage dans les mêmes conditions"
    ),
}


@dataclass(frozen=True)
class _Table:
    """A table of codes.

    Attributes:
        base: what the addresses of its concepts begin with.
        scheme: its own address.
        range: the class that DCAT-AP wants of a concept where it is used.
        labels: the labels by code; only a concept that has one can be a skos:Concept.
        title: its name, where the shapes want the scheme to be described.
    """

    base: str
    scheme: URIRef
    range: URIRef
    labels: Mapping[str, Label] | None = None
    title: Label | None = None


def _authority(
    name: str,
    range_class: URIRef = SKOS.Concept,
    labels: Mapping[str, Label] | None = None,
    title: Label | None = None,
) -> _Table:
    scheme = f"{AUTHORITY}{name}"
    return _Table(f"{scheme}/", URIRef(scheme), range_class, labels, title)


_TABLES = (
    _authority("data-theme", labels=_THEME_LABELS),
    _authority("frequency", DCT.Frequency),
    _authority("language", DCT.LinguisticSystem),
    _authority("access-right", DCT.RightsStatement),
    _authority("file-type", DCT.MediaTypeOrExtent),
    _authority("planned-availability", labels=_AVAILABILITY_LABELS),
    _authority(
        "distribution-status",
        labels=_STATUS_LABELS,
        title=Label("Distribution status", "État de la distribution"),
    ),
    _Table(
        "http://data.europa.eu/bna/", HIGH_VALUE_SCHEME, SKOS.Concept, labels=_HIGH_VALUE_LABELS
    ),
    _Table(
        PUBLISHER_TYPE,
        URIRef(f"{PUBLISHER_TYPE}1.0"),
        SKOS.Concept,
        labels=_PUBLISHER_TYPE_LABELS,
        title=Label("Publisher type", "Type de diffuseur"),
    ),
    _Table(
        LICENCE_TYPE,
        URIRef(f"{LICENCE_TYPE}1.0"),
        SKOS.Concept,
        labels=_LICENCE_TYPE_LABELS,
    ),
)


def described(concept: URIRef) -> Iterator[Triple]:
    """What the shapes of DCAT-AP want to know of a concept: its class, its table, its label.

    Said with each dataset, so that a validator which has not loaded the tables accepts it.

    Args:
        concept: an address; nothing is said of one that is of no table.
    """
    table = next((each for each in _TABLES if concept.startswith(each.base)), None)
    if table is None:
        return
    label = (table.labels or {}).get(concept.removeprefix(table.base))
    if table.labels is not None and label is None:
        return
    yield concept, RDF.type, table.range
    yield concept, SKOS.inScheme, table.scheme
    if label is not None:
        yield from labelled(concept, SKOS.prefLabel, label)
    if table.title is not None:
        yield table.scheme, RDF.type, SKOS.ConceptScheme
        yield from labelled(table.scheme, DCT.title, table.title)


def theme_label(theme: str) -> Label | None:
    """The label of a theme, None for what is no theme of the EU's table."""
    return _THEME_LABELS.get(theme.removeprefix(f"{THEMES}/"))
