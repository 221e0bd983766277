"""Which form a client wants."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from ckanext.heraultdata.dcat.catalogue import formats
from ckanext.heraultdata.dcat.kinds import Serialisation

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("text/turtle", "ttl"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "jsonld"),
        ("text/n3", "n3"),
        ("text/turtle, text/html;q=0.9", "ttl"),
        ("text/html;q=0.5, application/rdf+xml;q=0.6", "xml"),
        ("application/rdf+xml;q=0.5, application/ld+json", "jsonld"),
        ("text/turtle, */*;q=0.1", "ttl"),
        ("application/ld+json;q=0, text/turtle;q=0.2", "ttl"),
    ],
)
def test_rdf_for_who_prefers_it(accept: str, extension: str) -> None:
    form = formats.accepted(parse_accept_header(accept, MIMEAccept))
    assert form is not None
    assert form.extension == extension


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/*",
        "text/html",
        FIREFOX,
        CHROMIUM,
        "application/xhtml+xml, text/turtle",
        "text/html, text/turtle",
        "text/turtle;q=0.9, text/html",
        "text/turtle;q=0",
        "application/json",
        "image/png",
        "nonsense",
    ],
)
def test_the_page_for_all_others(accept: str) -> None:
    assert formats.accepted(parse_accept_header(accept, MIMEAccept)) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ttl", Serialisation.TURTLE),
        ("turtle", Serialisation.TURTLE),
        ("n3", Serialisation.TURTLE),
        ("xml", Serialisation.RDF_XML),
        ("rdf", Serialisation.RDF_XML),
        ("pretty-xml", Serialisation.RDF_XML),
        ("jsonld", Serialisation.JSON_LD),
        ("json-ld", Serialisation.JSON_LD),
    ],
)
def test_the_names_of_ckanext_dcat(name: str, kind: Serialisation) -> None:
    form = formats.named(name)
    assert form is not None
    assert form.serialisation is kind


def test_no_form_of_an_unknown_name() -> None:
    assert formats.named("csv") is None
