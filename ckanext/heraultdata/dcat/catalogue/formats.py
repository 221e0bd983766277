"""The forms in which the catalogue is served, and which one a client wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MIMEAccept

from ..kinds import Serialisation


@dataclass(frozen=True)
class Format:
    """A form of a document.

    Attributes:
        extension: how its addresses end, without the dot.
        media_type: of the answer.
        serialisation: how its triples are written.
    """

    extension: str
    media_type: str
    serialisation: Serialisation


_ALL = (
    *(Format(kind.extension, kind.media_type, kind) for kind in Serialisation),
    Format("rdf", Serialisation.RDF_XML.media_type, Serialisation.RDF_XML),
    # All that Turtle says, Notation3 says in the same way.
    Format("n3", "text/n3", Serialisation.TURTLE),
)
FORMATS: Mapping[str, Format] = {form.extension: form for form in _ALL}
"""By the end of the address; those of ckanext-dcat."""

_HTML = "text/html"
# Where a client likes several as much, the first wins: a browser always gets its page.
_OFFERED: Mapping[str, Format | None] = {
    _HTML: None,
    "application/xhtml+xml": None,
    **{kind.media_type: FORMATS[kind.extension] for kind in Serialisation},
    "text/n3": FORMATS["n3"],
}

_RDFLIB_NAMES: Mapping[str, str] = {"turtle": "ttl", "pretty-xml": "xml", "json-ld": "jsonld"}


def accepted(accept: MIMEAccept) -> Format | None:
    """The form that a client wants of an address that is a page for people too.

    Args:
        accept: what it accepts, with its preferences.

    Returns:
        None for the page.
    """
    return _OFFERED[accept.best_match(_OFFERED, _HTML)]


def named(name: str) -> Format | None:
    """The form of a name, as ckanext-dcat's actions take them.

    Args:
        name: the end of an address or rdflib's own name, such as `ttl` or `turtle`.
    """
    return FORMATS.get(_RDFLIB_NAMES.get(name, name))
