"""The names of formats and media types, as people and CKAN write them, in the official tables."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.dcat.profile.media import (
    FileType,
    file_type_uri,
    file_types,
    is_machine_readable,
    is_non_proprietary,
    media_type_uri,
    packaging_uri,
)

FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code(format_: str | None, mimetype: str | None = None) -> str | None:
    """The code of a file type, without its address."""
    uri = file_type_uri(format_, mimetype)
    return uri and uri.removeprefix(FILE_TYPE)


def media(format_: str | None, mimetype: str | None = None) -> str | None:
    """The media type, without its address."""
    uri = media_type_uri(format_, mimetype)
    return uri and uri.removeprefix(MEDIA_TYPE)


def packaging(format_: str | None, mimetype: str | None = None) -> str | None:
    """The media type of the package, without its address."""
    uri = packaging_uri(format_, mimetype)
    return uri and uri.removeprefix(MEDIA_TYPE)


@pytest.mark.parametrize(
    ("name", "file_type", "media_type"),
    [
        ("CSV", "CSV", "text/csv"),
        (".csv", "CSV", "text/csv"),
        ("text/csv; charset=utf-8", "CSV", "text/csv"),
        (MEDIA_TYPE + "text/csv", "CSV", "text/csv"),
        (FILE_TYPE + "CSV", "CSV", "text/csv"),
        ("TSV", "TSV", "text/tab-separated-values"),
        ("json", "JSON", "application/json"),
        ("application/json", "JSON", "application/json"),
        ("GeoJSON", "GEOJSON", "application/geo+json"),
        ("application/vnd.geo+json", "GEOJSON", "application/geo+json"),
        ("JSON-LD", "JSON_LD", "application/ld+json"),
        ("jsonld", "JSON_LD", "application/ld+json"),
        ("XML", "XML", "application/xml"),
        ("NeTEx", "XML", "application/xml"),
        ("GML", "GML", "application/gml+xml"),
        ("kml", "KML", "application/vnd.google-earth.kml+xml"),
        ("KMZ", "KMZ", "application/vnd.google-earth.kmz"),
        ("GPX", "GPX", "application/xml"),
        ("GTFS", "GTFS", "application/zip"),
        ("GTFS (ZIP)", "GTFS", "application/zip"),
        ("XLS", "XLS", "application/vnd.ms-excel"),
        ("XLSX", "XLSX", XLSX),
        (XLSX, "XLSX", XLSX),
        ("ods", "ODS", "application/vnd.oasis.opendocument.spreadsheet"),
        ("DOC", "DOC", "application/msword"),
        (
            "docx",
            "DOCX",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("ODT", "ODT", "application/vnd.oasis.opendocument.text"),
        ("PDF", "PDF", "application/pdf"),
        ("RTF", "RTF", "application/rtf"),
        ("TXT", "TXT", "text/plain"),
        ("htm", "HTML", "text/html"),
        ("RDF/XML", "RDF_XML", "application/rdf+xml"),
        ("Turtle", "RDF_TURTLE", "text/turtle"),
        ("ttl", "RDF_TURTLE", "text/turtle"),
        (FILE_TYPE + "RDF_TURTLE", "RDF_TURTLE", "text/turtle"),
        ("N-Triples", "RDF_N_TRIPLES", "application/n-triples"),
        ("ZIP", "ZIP", "application/zip"),
        ("application/x-zip-compressed", "ZIP", "application/zip"),
        ("SHP", "SHP", "application/zip"),
        ("Shapefile (zip)", "SHP", "application/zip"),
        ("GeoPackage", "GPKG", "application/geopackage+sqlite3"),
        ("Parquet", "PARQUET", "application/vnd.apache.parquet"),
        ("PNG", "PNG", "image/png"),
        ("jpg", "JPEG", "image/jpeg"),
        ("tif", "TIFF", "image/tiff"),
        ("SVG", "SVG", "image/svg+xml"),
        ("WMS", "WMS_SRVC", "application/xml"),
        ("OGC:WFS", "WFS_SRVC", "application/xml"),
        ("wmts", "WMTS_SRVC", "application/xml"),
        ("API", "REST", None),
        ("SPARQL", "SPARQLQRES", "application/sparql-results+xml"),
        ("ICS", "ICS", "text/calendar"),
        ("RSS", "RSS", "application/xml"),
        ("Atom Feed", "ATOM", "application/atom+xml"),
        ("données liées", "RDF", None),
        ("audio/ogg", None, "audio/ogg"),
        ("inconnu", None, None),
        ("???", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_names_of_formats_and_media_types(
    name: str | None, file_type: str | None, media_type: str | None
) -> None:
    assert code(name) == file_type
    assert code(None, name) == file_type
    assert media(name) == media_type


@pytest.mark.parametrize(
    ("format_", "mimetype", "file_type", "media_type"),
    [
        ("CSV", "text/plain", "CSV", "text/csv"),
        ("CSV", "application/octet-stream", "CSV", "text/csv"),
        ("CSV", "application/vnd.ms-excel", "CSV", "text/csv"),
        ("CSV", "no media type", "CSV", "text/csv"),
        ("XML", "application/gml+xml", "XML", "application/gml+xml"),
        ("XML", "text/xml", "XML", "application/xml"),
        ("JSON", "application/vnd.example+json", "JSON", "application/vnd.example+json"),
        ("API", "application/json", "REST", "application/json"),
        ("API", "application/zip", "REST", None),
        ("WMS", "WMS", "WMS_SRVC", "application/xml"),
        ("unknown", "text/csv", "CSV", "text/csv"),
        ("RDF", "application/rdf+xml", "RDF_XML", "application/rdf+xml"),
        ("RDF", "text/turtle", "RDF_TURTLE", "text/turtle"),
        ("WebM", "video/webm", None, "video/webm"),
        (
            "DOCM",
            "application/vnd.ms-word.document.macroEnabled.12",
            None,
            "application/vnd.ms-word.document.macroEnabled.12",
        ),
        ("Perl", "text/x-perl", None, None),
    ],
)
def test_format_says_what_the_media_type_does_not(
    format_: str, mimetype: str, file_type: str | None, media_type: str | None
) -> None:
    assert code(format_, mimetype) == file_type
    assert media(format_, mimetype) == media_type


@pytest.mark.parametrize(
    ("format_", "mimetype", "file_type", "media_type", "package"),
    [
        ("CSV", "application/zip", "CSV", "text/csv", "application/zip"),
        ("ZIP", "text/csv", "CSV", "text/csv", "application/zip"),
        ("CSV zippé", None, "CSV", "text/csv", "application/zip"),
        ("csv.gz", None, "CSV", "text/csv", "application/gzip"),
        ("NeTEx", "application/zip", "XML", "application/xml", "application/zip"),
        ("ZIP", "application/zip", "ZIP", "application/zip", None),
        ("Plans (zip)", None, "ZIP", "application/zip", None),
        ("XLSX", "application/zip", "XLSX", XLSX, None),
        ("SHP", "application/zip", "SHP", "application/zip", None),
        ("CSV", "text/csv", "CSV", "text/csv", None),
        ("CSV", "application/x-7z-compressed", "CSV", "text/csv", None),
        (None, None, None, None, None),
    ],
)
def test_packages_with_what_they_hold(
    format_: str | None,
    mimetype: str | None,
    file_type: str | None,
    media_type: str | None,
    package: str | None,
) -> None:
    assert code(format_, mimetype) == file_type
    assert media(format_, mimetype) == media_type
    assert packaging(format_, mimetype) == package


def test_table_is_that_of_the_european_union(shared_folder: Path) -> None:
    with (shared_folder / "dcat" / "eu-vocabularies.csv").open(encoding="utf-8") as lines:
        official = [row for row in csv.DictReader(lines) if row["table"] == "file-type"]

    assert [each.uri for each in file_types()] == [row["uri"] for row in official]
    for row in official:
        assert is_machine_readable(row["uri"]) == (row["machine_readable"] == "yes")
        assert is_non_proprietary(row["uri"]) == (row["non_proprietary"] == "yes")
        assert file_type_uri(row["uri"], None) == row["uri"]


def test_what_is_in_no_table_is_neither_readable_nor_open() -> None:
    assert not is_machine_readable(FILE_TYPE + "NOWHERE")
    assert not is_non_proprietary("")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_has_addresses_of_the_tables_or_none(format_: str, mimetype: str) -> None:
    known = {None, *(each.uri for each in file_types())}

    assert file_type_uri(format_, mimetype) in known
    assert (media_type_uri(format_, mimetype) or MEDIA_TYPE).startswith(MEDIA_TYPE)
    assert (packaging_uri(format_, mimetype) or MEDIA_TYPE).startswith(MEDIA_TYPE)


@given(st.sampled_from(file_types()), st.sampled_from([str.lower, str.upper, str.title]))
def test_capitals_do_not_matter(file_type: FileType, spelled: Callable[[str], str]) -> None:
    written = spelled(file_type.code)

    assert file_type_uri(f".{written} ", None) == file_type.uri
