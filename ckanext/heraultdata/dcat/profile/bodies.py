"""The bodies that publish and make data, and how to reach them, as a dataset or a partner says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rdflib import FOAF, ORG, RDF, Literal, URIRef
from rdflib.namespace import DCTERMS as DCT
from rdflib.term import Node

from .vocabulary import PUBLISHER_TYPE, VCARD, Triple, address

SIREN_LENGTH = 9
_TYPES_BY_SIREN = {
    "1": "NationalAuthority",
    "20": "LocalAuthority",
    "21": "LocalAuthority",
    "22": "LocalAuthority",
    "23": "RegionalAuthority",
    "24": "LocalAuthority",
    "25": "LocalAuthority",
    "26": "LocalAuthority",
}
"""What the first digits of a SIREN say of a public body (INSEE, composition of the SIREN)."""


@dataclass(frozen=True)
class Body:
    """A body, such as a partner.

    Attributes:
        uri: its address, empty where it has none.
        name: its name.
        identifier: its SIREN, or what stands for it.
        siret: the SIRET of its seat, or empty.
        email: its public address, or empty.
        website: its site, or empty.
        type: its type in the table of ADMS, or empty.
    """

    uri: str = ""
    name: str = ""
    identifier: str = ""
    siret: str = ""
    email: str = ""
    website: str = ""
    type: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str | None]) -> Body:
        """Make it of what the form of a dataset asks of a publisher or a producer."""
        identifier = fields.get("identifier") or ""
        return cls(
            uri=fields.get("uri") or "",
            name=fields.get("name") or "",
            identifier=identifier,
            email=fields.get("email") or "",
            website=fields.get("url") or "",
            type=fields.get("type") or type_of(identifier),
        )

    @property
    def siren(self) -> str:
        """Its SIREN, empty where it is not known."""
        digits = self.identifier or self.siret
        return digits[:SIREN_LENGTH] if digits.isdigit() else ""

    @property
    def is_named(self) -> bool:
        """Whether it can be told who it is."""
        return bool(self.name or self.identifier or self.uri)

    def is_also(self, other: Body) -> bool:
        """Whether the two are one body: by their SIREN where both have one, else by their name."""
        if self.siren and other.siren:
            return self.siren == other.siren
        return self.name.casefold() == other.name.casefold()

    def completed(self, told: Body) -> Body:
        """What the portal knows of it, with what a dataset says besides.

        Args:
            told: the same body as the dataset names it; its SIRET is kept beside the SIREN.
        """
        has_siret = self.identifier and told.identifier != self.identifier
        return replace(
            self,
            name=self.name or told.name,
            identifier=self.identifier or told.identifier,
            siret=told.identifier if has_siret else "",
            email=told.email or self.email,
            website=told.website or self.website,
            type=self.type or told.type,
        )


@dataclass(frozen=True)
class Contact:
    """How to reach those who answer for a dataset."""

    name: str = ""
    email: str = ""
    page: str = ""

    @property
    def is_reachable(self) -> bool:
        """Whether it gives a way to write to somebody."""
        return bool(self.email or self.page)


def type_of(siren: str) -> str:
    """The type of a public body, from its SIREN or SIRET; empty where they do not tell."""
    types = (name for digits, name in _TYPES_BY_SIREN.items() if siren.startswith(digits))
    name = next(types, "")
    return f"{PUBLISHER_TYPE}{name}" if name and siren.isdigit() else ""


def told_of_body(body: Body, node: Node) -> Iterator[Triple]:
    """What is said of a body.

    Args:
        body: the body.
        node: its node.
    """
    yield node, RDF.type, FOAF.Agent
    yield node, RDF.type, ORG.Organization
    yield node, FOAF.name, Literal(body.name or body.identifier)
    if body.identifier:
        yield node, DCT.identifier, Literal(body.identifier)
    if body.siret:
        yield node, ORG.identifier, Literal(body.siret)
    if body.email:
        yield node, FOAF.mbox, _mail(body.email)
    if body.website:
        yield node, FOAF.homepage, address(body.website)
    if body.type:
        yield node, DCT.type, address(body.type)


def told_of_contact(contact: Contact, node: Node) -> Iterator[Triple]:
    """What is said of a contact.

    Args:
        contact: the contact.
        node: its node.
    """
    yield node, RDF.type, VCARD.Kind
    if contact.name:
        yield node, VCARD.fn, Literal(contact.name)
    if contact.email:
        yield node, VCARD.hasEmail, _mail(contact.email)
    if contact.page:
        yield node, VCARD.hasURL, address(contact.page)


def _mail(email: str) -> URIRef:
    return address(f"mailto:{email}")
