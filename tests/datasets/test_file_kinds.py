"""What a file is, by its name and its content."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.datasets import file_kinds
from ckanext.heraultdata.datasets.file_facts import measure
from ckanext.heraultdata.datasets.file_kinds import Kind, of_address, of_file, of_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
POINT = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [3.5, 43.6]}}
COLLECTION = json.dumps({"name": "arbres", "type": "FeatureCollection", "features": [POINT]})
RECORDS = json.dumps([{"nom": "Aniane", "geo_shape": {"type": "FeatureCollection"}}])
NESTED = json.dumps({"total": 1, "shape": {"type": "FeatureCollection"}, "type": "list"})
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def zipped(members: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """The bytes of a ZIP, and the names of what it holds."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue(), list(members)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("arbres.csv", Kind("CSV", "text/csv")),
        ("ARBRES.CSV", Kind("CSV", "text/csv")),
        ("v1.2/arbres 2026.05.Xlsx", Kind("XLSX", XLSX)),
        ("arbres.csv.gz", Kind("CSV", "application/gzip")),
        ("arbres.csv.zip", Kind("CSV", "application/zip")),
        ("arbres.v2.zip", Kind("ZIP", "application/zip")),
        ("arbres.parquet", Kind("Parquet", "application/vnd.apache.parquet")),
        ("arbres.gpkg", Kind("GPKG", "application/geopackage+sqlite3")),
        ("arbres.inconnu", None),
        ("arbres", None),
        ("", None),
    ],
)
def test_names(name: str, expected: Kind | None) -> None:
    assert of_name(name) == expected


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("arbres.csv", b"nom;essence\nAniane;platane\n", "CSV"),
        ("arbres.CSV", b"", "CSV"),
        ("arbres.csv", b"PAR1" + bytes(40), "Parquet"),
        ("arbres.csv", b"<!DOCTYPE html><html><body>Erreur</body></html>", "HTML"),
        ("arbres.xls", b"\n<html><table></table></html>", "HTML"),
        ("arbres.csv", b'{"nom": "Aniane"}', "JSON"),
        ("arbres.csv", b"[insee];[nom]\n34010;Aniane\n", "CSV"),
        ("arbres.csv", b'["a","b"]\n', "CSV"),
        ("arbres.xlsx", b"nom;essence\nAniane;platane\n", "CSV"),
        ("arbres.xlsx", b"nom\tessence\nAniane\tplatane\n", "TSV"),
        ("arbres", b"nom,essence\nAniane,platane\nGignac,tilleul\n", "CSV"),
        ("arbres", "nom;essence\nAniane;platane\n".encode("utf-16"), "CSV"),
        ("lisezmoi", b"Bonjour, ceci est un texte.\nFin.", "TXT"),
        ("lisezmoi", b"Bonjour", "TXT"),
        ("lisezmoi.txt", b"Bonjour", "TXT"),
        ("arbres.geojson", COLLECTION.encode(), "GeoJSON"),
        ("arbres.json", COLLECTION.encode(), "GeoJSON"),
        ("arbres.txt", COLLECTION.encode(), "GeoJSON"),
        ("arbres.json", b"\xef\xbb\xbf" + COLLECTION.encode(), "GeoJSON"),
        ("arbres.json", RECORDS.encode(), "JSON"),
        ("arbres.json", NESTED.encode(), "JSON"),
        ("arbres.json", b'{"type": "Topology", "arcs": []}', "TopoJSON"),
        ("arbres.topojson", b'{"arcs": []}', "TopoJSON"),
        ("arbres.jsonl", b'{"nom": "Aniane"}\n{"nom": "Gignac"}\n', "JSONL"),
        ("arbres.json", b'{"@context": {}, "@id": "a"}', "JSON-LD"),
        ("arbres.json", b"[1, 2]", "JSON"),
        ("arbres.xml", (XML + "<arbres/>").encode(), "XML"),
        ("arbres.csv", (XML + "<arbres/>").encode(), "XML"),
        ("arbres.xml", (XML + '<kml xmlns="http://www.opengis.net/kml/2.2"/>').encode(), "KML"),
        ("trace.xml", (XML + "<gpx version='1.1'/>").encode(), "GPX"),
        ("a.xml", (XML + "<rdf:RDF xmlns:rdf='x'/>").encode(), "RDF"),
        ("a.xml", (XML + "<rss version='2.0'/>").encode(), "RSS"),
        ("a.xml", (XML + "<feed xmlns='http://www.w3.org/2005/Atom'/>").encode(), "Atom"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("a.xml", b"<!DOCTYPE arbres [ <!ELEMENT a (b)> ]>\n<arbres/>", "XML"),
        (
            "a.xml",
            b"<wfs:FeatureCollection xmlns:gml='http://www.opengis.net/gml/3.2'/>",
            "GML",
        ),
        ("a.xml", b"<!doctype x" + b" " * 65536, "XML"),
        ("a.gml", b"<arbres/>", "GML"),
        ("a", b"<FeatureCollection xmlns='http://www.opengis.net/gml'/>", "GML"),
        ("a", b"<arbres/>", "XML"),
        ("a.csv", b"<2 ans;3\n<3 ans;4\n", "CSV"),
        ("a.ttl", b"<http://a> <http://b> <http://c> .", "TTL"),
        ("a.nt", b"<http://a> <http://b> <http://c> .", "N-Triples"),
        ("a.ics", b"BEGIN:VCALENDAR\nEND:VCALENDAR", "ICS"),
        ("a.csv", b"%PDF-1.7 ", "PDF"),
        ("a.pdf", b"%PDF-1.7 ", "PDF"),
        ("a.png", b"\x89PNG\r\n", "PNG"),
        ("a.tif", b"II*\x00", "TIFF"),
        ("a.geotiff", b"II*\x00", "GeoTIFF"),
        ("a.jpg", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        ("a.laz", b"LASF\x00\x00", "LAZ"),
        ("a.xls", OLE, "XLS"),
        ("a.doc", OLE, "DOC"),
        ("a.csv", OLE + "Workbook".encode("utf-16-le"), "XLS"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(52) + b"GPKG" + bytes(10), "GPKG"),
        ("a.mbtiles", b"SQLite format 3\x00" + bytes(100), "SQLite"),
        ("a.csv.gz", b"\x1f\x8b\x08\x00", "CSV"),
        ("a.csv", b"\x1f\x8b\x08\x00", "GZ"),
        ("a.tar", bytes(257) + b"ustar", "TAR"),
        ("a.dwg", b"AC1027\x00\x00", "DWG"),
        ("a.csv", b"\x00\x01\x02\x03", None),
        ("a", b"\x00\x01\x02\x03", None),
        ("a", b"", None),
    ],
)
def test_contents(name: str, content: bytes, format_: str | None) -> None:
    kind = of_file(name, content)

    assert (kind and kind.format) == format_


@pytest.mark.parametrize(
    ("name", "members", "expected"),
    [
        ("a.zip", {"arbres.csv": "a"}, Kind("CSV", "application/zip")),
        ("a.csv", {"arbres.csv": "a"}, Kind("CSV", "application/zip")),
        ("a.zip", {"x/": "", "x/1.CSV": "", "x/2.csv": ""}, Kind("CSV", "application/zip")),
        (
            "a.zip",
            {
                "a.csv": "",
                "LISEZMOI.txt": "",
                "doc.pdf": "",
                "__MACOSX/a.csv": "",
                "x/.DS_Store": "",
            },
            Kind("CSV", "application/zip"),
        ),
        ("a.zip", {"a.csv": "", "a.json": ""}, Kind("ZIP", "application/zip")),
        ("a.zip", {"a.inconnu": ""}, Kind("ZIP", "application/zip")),
        ("a.zip", {"a.png": "", "b.png": ""}, Kind("ZIP", "application/zip")),
        ("a.zip", {"a.zip": ""}, Kind("ZIP", "application/zip")),
        ("a.zip", {}, Kind("ZIP", "application/zip")),
        (
            "a.zip",
            {"a.shp": "", "a.shx": "", "a.dbf": "", "a.prj": ""},
            Kind("SHP", "application/zip"),
        ),
        ("a.zip", {"x.gdb/a0001.gdbtable": "", "x.gdb/gdb": ""}, Kind("GDB", "application/zip")),
        (
            "transport.zip",
            {"stops.txt": "", "routes.txt": "", "trips.txt": "", "stop_times.txt": "", "a.txt": ""},
            Kind("GTFS", "application/zip"),
        ),
        ("a.zip", {"netex/lignes.xml": ""}, Kind("XML", "application/zip")),
        ("a.csv", {"[Content_Types].xml": "", "xl/workbook.xml": ""}, Kind("XLSX", XLSX)),
        (
            "a.xlsx",
            {"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/vbaProject.bin": ""},
            Kind("XLSM", "application/vnd.ms-excel.sheet.macroEnabled.12"),
        ),
        (
            "a.xlsx",
            {"[Content_Types].xml": "", "xl/workbook.bin": ""},
            Kind("XLSB", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
        ),
        (
            "a",
            {"[Content_Types].xml": "", "word/document.xml": ""},
            file_kinds.of_format("DOCX"),
        ),
        ("a", {"[Content_Types].xml": "", "ppt/a.xml": ""}, file_kinds.of_format("PPTX")),
        ("a.csv", {"mimetype": ODS, "content.xml": ""}, Kind("ODS", ODS)),
        ("a.odt", {"content.xml": "", "mimetype": "x"}, file_kinds.of_format("ODT")),
        ("a", {"content.xml": "", "mimetype": "x"}, Kind("ODS", ODS)),
        ("a", {"mimetype": "application/epub+zip"}, file_kinds.of_format("EPUB")),
        ("a.zip", {"doc.kml": "", "a.png": ""}, file_kinds.of_format("KMZ")),
        ("a.kmz", {"carte.kml": ""}, file_kinds.of_format("KMZ")),
        ("a.kmz", {"carte.csv": ""}, Kind("CSV", "application/zip")),
    ],
)
def test_archives(name: str, members: dict[str, str], expected: Kind) -> None:
    packed, names = zipped(members)
    head = packed if packed.startswith(b"PK\x03\x04") else b"PK\x03\x04" + packed

    assert of_file(name, head, names) == expected


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.xlsx", "XLSX"), ("a.csv", "ZIP"), ("a", "ZIP"), ("a.csv.zip", "CSV"), ("a.zip", "ZIP")],
)
def test_archives_that_cannot_be_read_are_what_their_name_says(name: str, format_: str) -> None:
    kind = of_file(name, b"PK\x03\x04damaged", None)

    assert kind is not None
    assert kind.format == format_


@pytest.mark.parametrize(
    ("address", "format_"),
    [
        ("https://www.aniane.example/arbres.csv", "CSV"),
        ("https://www.aniane.example/arbres.CSV?download=1#a", "CSV"),
        ("https://www.aniane.example/arbres%20verts.geojson", "GeoJSON"),
        ("https://www.aniane.example/export?format=csv", "CSV"),
        ("https://www.aniane.example/ows?service=WFS&outputFormat=application/json", "JSON"),
        ("https://www.aniane.example/ows?SERVICE=wms&REQUEST=GetCapabilities", "WMS"),
        ("https://www.aniane.example/ows?service=other", None),
        ("https://www.aniane.example/page.php", None),
        ("https://www.aniane.example", None),
        ("https://data.csv", None),
        ("arbres.csv", "CSV"),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_addresses(address: str, format_: str | None) -> None:
    kind = of_address(address)

    assert (kind and kind.format) == format_


def test_kinds_by_format_and_media_type() -> None:
    assert file_kinds.of_format(" csv ") == Kind("CSV", "text/csv")
    assert file_kinds.of_format("SCDL") is None
    assert file_kinds.of_mimetype("text/csv; charset=utf-8") == Kind("CSV", "text/csv")
    assert file_kinds.of_mimetype("application/zip") == Kind("ZIP", "application/zip")
    assert file_kinds.of_mimetype("") is None


@given(st.text(max_size=30), st.binary(max_size=300), st.none() | st.lists(st.text(max_size=20)))
def test_no_bytes_are_too_strange(name: str, head: bytes, members: list[str] | None) -> None:
    for start in (b"", b"PK\x03\x04", b"\x1f\x8b", b"<?xml ", b'{"type":', b"RIFF", b"\xff\xfe"):
        kind = of_file(name, start + head, members)
        assert kind is None or kind.format


@given(st.integers(0, 500), st.binary(min_size=1, max_size=12))
def test_no_archive_is_too_damaged(position: int, damage: bytes) -> None:
    packed, _ = zipped({"arbres.csv": "nom", "doc/lisez-moi.txt": "Bonjour"})
    start = position % len(packed)
    damaged = packed[:start] + damage + packed[start + len(damage) :]

    facts = measure(io.BytesIO(damaged), "arbres.zip")

    assert facts.size == len(damaged)


@given(st.text(alphabet='<>!-?[]{}":,/ \\ntypea\n', max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    kind = of_file("a.csv", text.encode())

    assert kind is not None
    assert of_address(text) is None or of_address(text)
