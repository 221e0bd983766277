"""JSON documents against JSON Schemas, with the place in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.limits import Limits
from ckanext.heraultdata.validation.engine.report import Report, as_dict
from ckanext.heraultdata.validation.engine.schema import read_schema

DRAFTS = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
]
PLACE = {
    "type": "object",
    "required": ["nom"],
    "additionalProperties": False,
    "properties": {
        "nom": {"type": "string", "maxLength": 10},
        "courriel": {"type": "string", "format": "email"},
        "nature": {"enum": ["parc", "place"]},
    },
}


def check(document: Any, schema: dict[str, Any], **options: Any) -> Report:
    described = {"$schema": DRAFTS[2], **schema}
    source = document if isinstance(document, bytes) else json.dumps(document).encode()
    return check_file(source, read_schema(described), name="x.json", **options)


def sentences(report: Report) -> list[str]:
    return [str(fault.message) for fault in report.errors]


@pytest.mark.parametrize("draft", DRAFTS)
def test_drafts(draft: str) -> None:
    schema = {"$schema": draft, "type": "object", "properties": {"lieux": {"items": PLACE}}}
    right = check({"lieux": [{"nom": "Pézenas", "courriel": "a@b.fr"}]}, schema)
    wrong = check({"lieux": [{"nom": "Pézenas"}, {"nom": 3, "courriel": "a.b.fr"}]}, schema)
    assert (right.valid, right.rows) == (True, 1)
    assert sentences(wrong) == [
        "At “lieux”, item 2, “nom”: found 3, whereas a text is expected.",
        'At “lieux”, item 2, “courriel”: "a.b.fr" is not written as the standard has it'
        " (format email).",
    ]
    assert [(fault.row, fault.column) for fault in wrong.errors] == [
        (2, "lieux/1/nom"),
        (2, "lieux/1/courriel"),
    ]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "At the top of the document: “nom” is missing. Add it."),
        ([], "At the top of the document: found [], whereas an object with names and values"
             " is expected."),
        ({"nom": "x" * 11}, f'At “nom”: 10 characters at most, found 11: "{"x" * 11}".'),
        ({"nom": "x", "nature": "pré"},
         'At “nature”: "pré" is not among the values accepted: "parc", "place".'),
        ({"nom": "x", "autre": 1},
         "At the top of the document: the names “autre” are not in the standard. Remove them or"
         " correct them."),
    ],
)  # fmt: skip
def test_sentences(document: object, sentence: str) -> None:
    assert sentences(check(document, PLACE)) == [sentence]


def test_a_report_is_json_in_french_too() -> None:
    told = json.loads(json.dumps(as_dict(check({"nom": 3}, PLACE), "fr")))
    assert told["errors"][0]["column"] == "nom"


@pytest.mark.parametrize(
    "source", [b"{", b"", b"nom;insee\n", b'{"nom": NaN}', b"[" * 100_000, b"\x81\x8d\xff"]
)
def test_what_is_no_json_is_an_error(source: bytes) -> None:
    report = check(source, PLACE)
    assert [fault.code for fault in report.errors] in (["source-error"], ["encoding-error"])


def test_errors_are_counted_beyond_those_listed() -> None:
    report = check([1] * 50, {"items": {"type": "string"}}, limits=Limits(listed_errors=10))
    assert (report.error_count, len(report.errors), report.rows) == (50, 10, 50)


@pytest.mark.parametrize("address", ["http", "https"])
def test_geojson_is_known_without_fetching_it(address: str) -> None:
    schema = {"$ref": f"{address}://geojson.org/schema/FeatureCollection.json"}
    point = {"type": "Point", "coordinates": [3.9, 43.6]}
    feature = {"type": "Feature", "geometry": point, "properties": None}
    assert check({"type": "FeatureCollection", "features": [feature]}, schema).valid
    feature["geometry"] = {"type": "Point", "coordinates": ["3.9"]}
    assert not check({"type": "FeatureCollection", "features": [feature]}, schema).valid


def test_bytes_that_are_no_text_are_told_what_the_standard_expects() -> None:
    (fault,) = check(b"PK\x03\x04\x00\x00", {}).errors
    assert (fault.code, "as JSON" in str(fault.message)) == ("source-error", True)


def test_names_are_quoted_as_the_language_does() -> None:
    report = as_dict(check({"lieu": {}}, {"properties": {"lieu": PLACE}}), "fr")
    told = json.dumps(report["errors"], ensure_ascii=False)
    assert "«\u00a0lieu\u00a0»" in told
    assert "Valeur manquante" in told


def test_a_schema_elsewhere_is_not_fetched_and_is_said() -> None:
    schema = {"properties": {"a": {"$ref": "https://example.org/b.json"}}}
    report = check({"a": 1}, schema)
    assert report.valid
    assert [remark.code for remark in report.warnings] == ["schema-error"]


def test_a_schema_that_refers_to_itself_for_ever_is_no_crash() -> None:
    report = check(
        {}, {"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}}
    )
    assert [fault.code for fault in report.errors] == ["schema-error"]
