"""What a file is, by its name, its first bytes and, of an archive, the names of what it holds.

Pure: the bytes are read elsewhere (`file_facts.py`). The content decides where it is plain, the
name where the content is of a kind that many formats share (text, XML, JSON, old Office files).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

ZIP_TYPE = "application/zip"
GZIP_TYPE = "application/gzip"


@dataclass(frozen=True)
class Kind:
    """The kind of a file.

    Attributes:
        format: the format of its content, as CKAN writes it.
        mimetype: the media type of its bytes: of a ZIP of a CSV, that of ZIP; empty for a service.
    """

    format: str
    mimetype: str

    @property
    def is_package(self) -> bool:
        """Whether its bytes are those of an archive."""
        return self.mimetype in (ZIP_TYPE, GZIP_TYPE)


def _kinds(lines: str) -> Iterator[tuple[Kind, list[str]]]:
    for line in lines.strip().splitlines():
        name, mimetype, *extensions = line.split()
        yield Kind(name, mimetype), extensions


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_TEXTS = [
    *_kinds("""
    CSV        text/csv                    csv
    TSV        text/tab-separated-values   tsv
    TXT        text/plain                  txt text
    HTML       text/html                   html htm
    Markdown   text/markdown               md markdown
    YAML       application/yaml            yaml yml
    SQL        application/sql             sql
    ICS        text/calendar               ics ical
    RTF        application/rtf             rtf
    TTL        text/turtle                 ttl
    N-Triples  application/n-triples       nt
    N-Quads    application/n-quads         nq
    TriG       application/trig            trig
    N3         text/n3                     n3
    """)
]
_JSONS = [
    *_kinds("""
    JSON       application/json            json
    GeoJSON    application/geo+json        geojson
    JSON-LD    application/ld+json         jsonld
    TopoJSON   application/json            topojson
    JSONL      application/json            jsonl ndjson geojsonl
    """)
]
_MARKUPS = [
    *_kinds("""
    XML        application/xml             xml netex siri
    GML        application/gml+xml         gml
    KML        application/vnd.google-earth.kml+xml   kml
    GPX        application/gpx+xml         gpx
    RDF        application/rdf+xml         rdf owl
    RSS        application/rss+xml         rss
    Atom       application/atom+xml        atom
    SVG        image/svg+xml               svg
    XSD        application/xml             xsd
    XSLT       application/xslt+xml        xsl xslt
    QGIS       application/xml             qgs
    """)
]
_OLD_OFFICE = [
    *_kinds("""
    XLS        application/vnd.ms-excel        xls xlt
    DOC        application/msword              doc dot
    PPT        application/vnd.ms-powerpoint   ppt pps
    """)
]
_ZIPPED_DOCUMENTS = [
    *_kinds(f"""
    XLSX       {_OPEN_XML}spreadsheetml.sheet            xlsx
    XLSM       application/vnd.ms-excel.sheet.macroEnabled.12          xlsm
    XLSB       application/vnd.ms-excel.sheet.binary.macroEnabled.12   xlsb
    DOCX       {_OPEN_XML}wordprocessingml.document      docx
    PPTX       {_OPEN_XML}presentationml.presentation    pptx
    ODS        {_OPEN_DOCUMENT}spreadsheet               ods
    ODT        {_OPEN_DOCUMENT}text                      odt
    ODP        {_OPEN_DOCUMENT}presentation              odp
    ODG        {_OPEN_DOCUMENT}graphics                  odg
    KMZ        application/vnd.google-earth.kmz          kmz
    EPUB       application/epub+zip                      epub
    """)
]
_PICTURES = [
    *_kinds("""
    PNG        image/png     png
    JPEG       image/jpeg    jpg jpeg jpe
    GIF        image/gif     gif
    TIFF       image/tiff    tif tiff
    GeoTIFF    image/tiff    geotiff gtiff
    WebP       image/webp    webp
    BMP        image/bmp     bmp
    JP2        image/jp2     jp2
    """)
]
_OTHERS = [
    *_kinds("""
    PDF        application/pdf                       pdf
    ZIP        application/zip                       zip
    GZ         application/gzip                      gz tgz
    7Z         application/x-7z-compressed           7z
    RAR        application/vnd.rar                   rar
    TAR        application/x-tar                     tar
    GTFS       application/zip                       gtfs
    SHP        application/vnd.shp                   shp
    DBF        application/vnd.dbf                   dbf
    GPKG       application/geopackage+sqlite3        gpkg
    SQLite     application/vnd.sqlite3               sqlite sqlite3 db mbtiles
    Parquet    application/vnd.apache.parquet        parquet geoparquet
    DWG        image/vnd.dwg                         dwg
    DXF        image/vnd.dxf                         dxf
    LAS        application/vnd.las                   las
    LAZ        application/vnd.laszip                laz
    MP3        audio/mpeg                            mp3
    MP4        video/mp4                             mp4
    """)
]
_ALL = [*_TEXTS, *_JSONS, *_MARKUPS, *_OLD_OFFICE, *_ZIPPED_DOCUMENTS, *_PICTURES, *_OTHERS]
_BY_EXTENSION = {extension: kind for kind, extensions in _ALL for extension in extensions}
_BY_FORMAT = {kind.format.lower(): kind for kind, _ in _ALL}
_BY_MIMETYPE = {kind.mimetype: kind for kind, _ in reversed(_ALL)}


def _set(*groups: Sequence[tuple[Kind, list[str]]]) -> frozenset[Kind]:
    return frozenset(kind for group in groups for kind, _ in group)


_WRITTEN = _set(_TEXTS, _JSONS, _MARKUPS) | {_BY_FORMAT["dxf"]}
"""Kinds whose bytes are text."""
_DOCUMENTS = _set(_ZIPPED_DOCUMENTS)
_NOT_DATA = _set(_PICTURES) | {_BY_FORMAT[name] for name in ("pdf", "html", "markdown", "mp3")}
"""Kinds that an archive is not named after: portals show such formats in the page."""

_SIGNATURES = {
    b"%PDF": "pdf",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"PAR1": "parquet",
    b"{\\rtf": "rtf",
    b"BEGIN:VCALENDAR": "ics",
    b"LASF": "las",
    b"\x00\x00\x00\x0cjP": "jp2",
}
_SAME_BEGINNING = {"tiff": "geotiff", "las": "laz"}
"""What has the same first bytes, and another name."""
_OLE = b"\xd0\xcf\x11\xe0"
_ROOTS = {
    "kml": "kml",
    "gpx": "gpx",
    "rdf": "rdf",
    "rss": "rss",
    "feed": "atom",
    "svg": "svg",
    "html": "html",
    "qgis": "qgis",
    "stylesheet": "xslt",
}
_DOCUMENT_TYPE = r"<!doctype\b(?!\s+html)[^>\[]*(?:\[[^\]]*\]\s*)?>"
_PROLOG = re.compile(rf"\s*(?:<\?.*?\?>|<!--.*?-->|{_DOCUMENT_TYPE}|\s+)", re.I | re.S)
_ROOT = re.compile(r"\s*<(?:[\w.-]+:)?(?P<root>[\w.-]+)(?P<rest>[^>]*)")
_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|table)\b", re.I)
_JSON = re.compile(r'\s*(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\}\s*$)|\[\s*\{\s*")')
_LINKED = re.compile(r'"@(?:context|graph)"\s*:')
_SIGN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]', re.S)
_GEOGRAPHIC = {"FeatureCollection": "geojson", "Topology": "topojson"}
_GTFS = frozenset({"stops.txt", "routes.txt", "trips.txt", "stop_times.txt"})
_SEPARATORS = ";,\t|"
_NOISE = ("__macosx/", ".")
_GUIDES = re.compile(r"(?:readme|lisez|licen[cs]e|notice|metadata|metadonnees)", re.I)
_SERVICES = frozenset({"WMS", "WFS", "WMTS", "WCS", "CSW"})
_PARAMETERS = ("outputformat", "output_format", "format", "f")


def of_name(name: str) -> Kind | None:
    """The kind that the name of a file tells, in any case; of `x.csv.gz`, that of a packed CSV.

    Args:
        name: the name, with or without a path.
    """
    extensions = [each.lstrip(".").lower() for each in PurePosixPath(name).suffixes]
    kind = _BY_EXTENSION.get(extensions[-1]) if extensions else None
    if kind is None or not kind.is_package or len(extensions) == 1:
        return kind
    inner = _BY_EXTENSION.get(extensions[-2])
    return Kind(inner.format, kind.mimetype) if inner else kind


def of_format(name: str) -> Kind | None:
    """The kind whose format CKAN writes so."""
    return _BY_FORMAT.get(name.strip().lower())


def of_mimetype(mimetype: str) -> Kind | None:
    """The first kind of files with a media type."""
    return _BY_MIMETYPE.get(mimetype.split(";")[0].strip())


def of_address(address: str) -> Kind | None:
    """The kind that an address of the web tells: its extension, its parameters or its service.

    Args:
        address: the address, which is not opened.
    """
    try:
        parts = urlsplit(address)
        parameters = {key.lower(): value for key, value in parse_qsl(parts.query)}
    except ValueError:
        return None
    service = parameters.get("service", "").upper()
    for name in _PARAMETERS:
        asked = _asked(parameters.get(name, ""))
        if asked is not None:
            return asked
    if service in _SERVICES:
        return Kind(service, "")
    return of_name(unquote(parts.path).rsplit("/", 1)[-1])


def _asked(value: str) -> Kind | None:
    return _BY_EXTENSION.get(value.lower()) or of_format(value) or of_mimetype(value)


def of_file(name: str, head: bytes, members: Sequence[str] | None = None) -> Kind | None:
    """The kind of a file.

    Args:
        name: the name under which it was sent.
        head: its first bytes, some thousands; fewer where it has no more.
        members: the names of what a ZIP holds; None where they cannot be read.

    Returns:
        The kind, None where neither tells it.
    """
    named = of_name(name)
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(named, head, members)
    if head.startswith(b"\x1f\x8b"):
        inner = named if named and named.mimetype == GZIP_TYPE else None
        return inner or _BY_FORMAT["gz"]
    if head.startswith(_OLE):
        return named if named in _set(_OLD_OFFICE) else _of_ole(head) or named
    found = _by_signature(head)
    if found is not None:
        return (
            named
            if named and _SAME_BEGINNING.get(found.format.lower()) == named.format.lower()
            else found
        )
    text = _text(head)
    if text is None:
        return None if named in _WRITTEN and b"\x00" in head else named
    return _of_text(named, text)


def _by_signature(head: bytes) -> Kind | None:
    for signature, name in _SIGNATURES.items():
        if head.startswith(signature):
            return _BY_FORMAT[name]
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _BY_FORMAT["webp"]
    if head.startswith(b"SQLite format 3\x00"):
        return _BY_FORMAT["gpkg" if head[68:71] in (b"GPK", b"GP1") else "sqlite"]
    return _BY_FORMAT["tar"] if head[257:262] == b"ustar" else None


def _of_ole(head: bytes) -> Kind | None:
    names = {"Workbook": "xls", "WordDocument": "doc", "PowerPoint Document": "ppt"}
    for stream, name in names.items():
        if stream.encode("utf-16-le") in head:
            return _BY_FORMAT[name]
    return None


def _text(head: bytes) -> str | None:
    """The bytes as text, None where they are none; letters beyond ASCII do not matter here."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if b"\x00" in head:
        return None
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


def _of_text(named: Kind | None, text: str) -> Kind | None:
    if _WEB_PAGE.match(text):
        return _BY_FORMAT["html"]
    if text.lstrip().startswith("<"):
        found = _of_markup(named, text)
        if found is not None:
            return found
    if _JSON.match(text):
        return _of_json(named, text)
    if named in _WRITTEN or not text.strip():
        return named
    return _table_or_text(text)


def _of_markup(named: Kind | None, text: str) -> Kind | None:
    start = 0
    while (prolog := _PROLOG.match(text, start)) and prolog.end() > start:
        start = prolog.end()
    root = _ROOT.match(text, start)
    if root is None:
        return None
    if root["root"].lower() in _ROOTS:
        return _BY_FORMAT[_ROOTS[root["root"].lower()]]
    if named in _set(_MARKUPS):
        is_gml = named == _BY_FORMAT["xml"] and _is_gml(root)
        return _BY_FORMAT["gml"] if is_gml else named
    if start == 0 and named in _WRITTEN:
        return None
    return _BY_FORMAT["gml"] if _is_gml(root) else _BY_FORMAT["xml"]


def _is_gml(root: re.Match[str]) -> bool:
    return root["root"] in ("FeatureCollection", "CityModel") and "opengis.net/gml" in root["rest"]


def _of_json(named: Kind | None, text: str) -> Kind:
    if named in (_BY_FORMAT["jsonl"], _BY_FORMAT["topojson"]):
        return named
    found = _GEOGRAPHIC.get(_declared_type(text))
    if found is not None:
        return _BY_FORMAT[found]
    if _LINKED.search(text):
        return _BY_FORMAT["json-ld"]
    return named if named in _set(_JSONS) else _BY_FORMAT["json"]


def _declared_type(text: str) -> str:
    """The member `type` of a JSON object itself, and of nothing within it."""
    depth, before = 0, ["", ""]
    for sign in _SIGN.findall(text):
        if depth == 1 and before == ['"type"', ":"]:
            return sign.strip('"')
        depth += (sign in "{[") - (sign in "}]")
        before = [before[1], sign]
    return ""


def _table_or_text(text: str) -> Kind:
    lines = [line for line in text.splitlines()[:6] if line.strip()]
    for separator in _SEPARATORS if len(lines) > 1 else "":
        counts = {line.count(separator) for line in lines[: max(len(lines) - 1, 2)]}
        if len(counts) == 1 and counts != {0}:
            return _BY_FORMAT["tsv" if separator == "\t" else "csv"]
    return _BY_FORMAT["txt"]


def _of_zip(named: Kind | None, head: bytes, members: Sequence[str] | None) -> Kind:
    if members is None:
        return named if named in _DOCUMENTS or (named and named.is_package) else _BY_FORMAT["zip"]
    names = [name for name in members if not _is_noise(name)]
    document = _of_document(named, head, names)
    if document is not None:
        return document
    return Kind(_content(names) or "ZIP", ZIP_TYPE)


def _is_noise(name: str) -> bool:
    lower = name.lower()
    return lower.endswith("/") or lower.startswith(_NOISE) or "/." in lower


def _of_document(named: Kind | None, head: bytes, names: Sequence[str]) -> Kind | None:
    stored = _stored_mimetype(head)
    if stored is not None and stored in _DOCUMENTS:
        return stored
    if "[Content_Types].xml" in names:
        return _of_open_xml(names)
    if "content.xml" in names and "mimetype" in names:
        return named if named in _DOCUMENTS else _BY_FORMAT["ods"]
    is_kmz = "doc.kml" in names or named == _BY_FORMAT["kmz"]
    if is_kmz and any(name.lower().endswith(".kml") for name in names):
        return _BY_FORMAT["kmz"]
    return None


def _of_open_xml(names: Sequence[str]) -> Kind | None:
    folders = {name.partition("/")[0] for name in names}
    if "xl" in folders:
        if "xl/workbook.bin" in names:
            return _BY_FORMAT["xlsb"]
        return _BY_FORMAT["xlsm" if "xl/vbaProject.bin" in names else "xlsx"]
    if "word" in folders:
        return _BY_FORMAT["docx"]
    return _BY_FORMAT["pptx"] if "ppt" in folders else None


def _stored_mimetype(head: bytes) -> Kind | None:
    """The media type that OpenDocument and EPUB have as their first member, not compressed."""
    start = 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    if head[30:38] != b"mimetype":
        return None
    size = int.from_bytes(head[18:22], "little")
    return of_mimetype(head[start : start + size].decode("latin-1"))


def _content(names: Iterable[str]) -> str | None:
    """The format of what an archive holds, where all of it that is data has one."""
    paths = [PurePosixPath(name.lower()) for name in names]
    if {path.name for path in paths} >= _GTFS:
        return "GTFS"
    extensions = {path.suffix for path in paths}
    if {".shp", ".dbf"} <= extensions:
        return "SHP"
    if any(part.endswith(".gdb") for path in paths for part in path.parts[:-1]):
        return "GDB"
    data = [path for path in paths if not _GUIDES.match(path.name)]
    kinds = {_BY_EXTENSION.get(path.suffix.lstrip(".")) for path in data} - _NOT_DATA
    if len(kinds) != 1:
        return None
    (kind,) = kinds
    return None if kind is None or kind.is_package else kind.format
