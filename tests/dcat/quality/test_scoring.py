"""The score read from the description of a dataset."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef

from ckanext.heraultdata.dcat.quality.scoring import score_of

DATASET = URIRef("https://portal.example/dataset/1")
PREFIXES = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .
@prefix iana: <https://www.iana.org/assignments/media-types/> .
@prefix d: <https://portal.example/dataset/> .
"""
OF_DATASET = {
    "title": 'dct:title "Arbres"@fr',
    "description": 'dct:description "Les arbres"@fr',
    "keywords": 'dcat:keyword "arbre"@fr',
    "theme": "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI>",
    "spatial": "dct:spatial <http://id.insee.fr/geo/commune/34010>",
    "temporal": "dct:temporal [ a dct:PeriodOfTime ]",
    "access_rights": (
        "dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC>"
    ),
    "contact": "dcat:contactPoint [ a <http://www.w3.org/2006/vcard/ns#Kind> ]",
    "publisher": 'dct:publisher [ a foaf:Agent ; foaf:name "Aniane" ]',
    "issued": 'dct:issued "2026-01-01"^^xsd:date',
    "modified": 'dct:modified "2026-01-02"^^xsd:date',
}
CSV = "http://publications.europa.eu/resource/authority/file-type/CSV"
OF_FILE = {
    "access_url": "dcat:accessURL d:page",
    "download_url": "dcat:downloadURL <https://portal.example/f.csv>",
    "format": f"dct:format <{CSV}>",
    "media_type": "dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv>",
    "licence": "dct:license <http://publications.europa.eu/resource/authority/licence/ETALAB_2_0>",
    "rights": 'dct:rights [ a dct:RightsStatement ; dct:description "Aniane" ]',
    "size": 'dcat:byteSize "12"^^xsd:nonNegativeInteger',
}


def described(
    *left_out: str, changed: dict[str, str] | None = None, files: tuple[str, ...] | None = None
) -> Graph:
    """A dataset of one file, without some statements, with some in place of others."""
    said = {**OF_DATASET, **OF_FILE, **(changed or {})}
    kept = {name: text for name, text in said.items() if name not in left_out}
    file = " ; ".join(text for name, text in kept.items() if name in OF_FILE)
    blocks = files if files is not None else (f"[ a dcat:Distribution ; {file} ]",)
    dataset = [text for name, text in kept.items() if name in OF_DATASET]
    dataset += [f"dcat:distribution {block}" for block in blocks]
    return Graph().parse(
        data=f"{PREFIXES} d:1 a dcat:Dataset ; {' ; '.join(dataset)} .", format="turtle"
    )


def test_a_whole_description_has_all_the_points() -> None:
    found = score_of(described(), DATASET)
    assert (found.points, found.gaps) == (405, ())


@pytest.mark.parametrize(
    ("left_out", "gaps"),
    [
        ("keywords", ("keywords",)),
        ("theme", ("theme",)),
        ("spatial", ("spatial",)),
        ("temporal", ("temporal",)),
        ("access_rights", ("access_rights", "known_access_rights")),
        ("contact", ("contact",)),
        ("publisher", ("publisher",)),
        ("issued", ("issued",)),
        ("modified", ("modified",)),
        ("title", ("dcat_ap",)),
        ("description", ("dcat_ap",)),
        ("access_url", ("access_url", "dcat_ap")),
        ("download_url", ("download_url", "download_answer")),
        ("format", ("format", "vocabularies", "non_proprietary", "machine_readable")),
        ("media_type", ("media_type", "vocabularies")),
        ("licence", ("licence", "known_licence")),
        ("rights", ("rights",)),
        ("size", ("size",)),
    ],
)
def test_what_is_not_said_is_a_gap(left_out: str, gaps: tuple[str, ...]) -> None:
    assert score_of(described(left_out), DATASET).gaps == gaps


@pytest.mark.parametrize(
    ("name", "text", "gaps"),
    [
        ("format", 'dct:format "CSV"', ("vocabularies", "non_proprietary", "machine_readable")),
        (
            "format",
            "dct:format <http://publications.europa.eu/resource/authority/file-type/BMP>",
            ("machine_readable",),
        ),
        (
            "format",
            "dct:format <http://publications.europa.eu/resource/authority/file-type/XLS>",
            ("non_proprietary",),
        ),
        ("media_type", 'dcat:mediaType "text/csv"', ("vocabularies",)),
        (
            "media_type",
            "dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv>",
            (),
        ),
        ("licence", "dct:license <https://licence.example/>", ("known_licence",)),
        ("access_rights", 'dct:accessRights "PUBLIC"', ("known_access_rights",)),
        ("keywords", 'dcat:keyword " "', ("keywords",)),
        ("title", 'dct:title ""', ("dcat_ap",)),
        ("publisher", "dct:publisher [ a foaf:Agent ]", ("dcat_ap",)),
        ("access_url", 'dcat:accessURL "https://portal.example/f.csv"', ("dcat_ap",)),
        ("access_url", "dcat:accessURL <ftp://portal.example/f.csv>", ("access_url",)),
    ],
)
def test_what_is_said_in_other_words_counts_for_what_it_is(
    name: str, text: str, gaps: tuple[str, ...]
) -> None:
    assert score_of(described(changed={name: text}), DATASET).gaps == gaps


def test_an_address_that_did_not_answer_costs_its_points() -> None:
    found = score_of(described(), DATASET, {"https://portal.example/f.csv"})
    assert found.gaps == ("download_answer",)
    both = {"https://portal.example/f.csv", "https://portal.example/dataset/page"}
    assert score_of(described(), DATASET, both).gaps == ("access_url", "download_answer")


def test_without_a_file_or_with_several() -> None:
    assert score_of(described(files=()), DATASET).gaps == ("files",)
    whole = " ; ".join(OF_FILE.values())
    found = score_of(described(files=(f"[ {whole} ]", "[ dcat:accessURL d:page ]")), DATASET)
    assert found.points == 405
    assert "licence" in found.gaps


def test_what_the_graph_does_not_know_has_no_points() -> None:
    found = score_of(Graph(), DATASET)
    assert found.points == 0
