"""Formats and media types, as the tables of the European Union and of IANA name them.

`file_types.csv` holds the file types of the authority table of the Publications Office of the
European Union (CC BY 4.0), with the marks that data.europa.eu gives to them (machine-readable,
non-proprietary), the type registered with IANA that files of each have, and the other names that
people, CKAN and servers give to it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_TABLE = Path(__file__).with_name("file_types.csv")

_REGISTERED = re.compile(
    r"(application|audio|font|image|message|model|multipart|text|video)"
    r"/(?!x-)[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
)
_PACKAGES = frozenset({"ZIP", "GZIP", "TAR", "TAR_GZ", "TAR_XZ", "BZIP2", "7Z", "RAR", "XZ"})
_TEXTS_AND_TABLES_PACKED = {"DOCX", "EPUB", "PPSX", "PPTX", "XLSB", "XLSM", "XLSX"}
_OPEN_DOCUMENTS = {"ODB", "ODC", "ODF", "ODG", "ODP", "ODS", "ODT"}
_ALWAYS_PACKED = {"DWCA", "GTFS", "JAR", "KMZ", "SHP"} | _TEXTS_AND_TABLES_PACKED | _OPEN_DOCUMENTS
"""The formats that are packages themselves: their files are in no other one."""
_WORDS_OF_ZIP = frozenset({"zip", "zipped", "zippe", "zippee", "archive", "compresse"})
_WORDS_OF_GZIP = frozenset({"gz", "gzip"})
_WORDS_OF_PACKAGES = _WORDS_OF_ZIP | _WORDS_OF_GZIP
_FAMILIES = {"XML": "+xml", "JSON": "+json"}
"""How the types of the formats that are made of a general one end."""


@dataclass(frozen=True)
class FileType:
    """A file type of the European table.

    Attributes:
        code: its code, as its address ends.
        media_type: the type registered with IANA that its files have, empty where there is none.
        is_machine_readable: whether data.europa.eu counts it as machine-readable.
        is_non_proprietary: whether data.europa.eu counts it as non-proprietary.
    """

    code: str
    media_type: str
    is_machine_readable: bool
    is_non_proprietary: bool

    @property
    def uri(self) -> str:
        """Its address."""
        return _FILE_TYPES + self.code

    @property
    def is_package(self) -> bool:
        """Whether it says how files are packed, and nothing of what they hold."""
        return self.code in _PACKAGES


@dataclass(frozen=True)
class _Table:
    by_uri: Mapping[str, FileType]
    by_name: Mapping[str, FileType]
    media_types: Mapping[str, str]


def file_type_uri(format: str | None, mimetype: str | None) -> str | None:  # noqa: A002 - CKAN's word
    """The address of a file's format in the European table of file types.

    Of a package whose content is known, the format is that of the content.

    Args:
        format: the format of the file: a name, an extension, a media type or an address.
        mimetype: its media type, asked only where the format says nothing.

    Returns:
        The address, None where the table has no such file type.
    """
    found = _file_type(format, mimetype)
    return found.uri if found else None


def media_type_uri(format: str | None, mimetype: str | None) -> str | None:  # noqa: A002 - CKAN's word
    """The address of a file's media type at IANA; of a package, that of its content where known.

    Args:
        format: the format of the file: a name, an extension, a media type or an address.
        mimetype: its media type; it is left aside where it contradicts the format, or says less.

    Returns:
        The address, None where no registered type is known.
    """
    media_type = _media_type(format, mimetype)
    return _MEDIA_TYPES + media_type if media_type else None


def packaging_uri(format: str | None, mimetype: str | None) -> str | None:  # noqa: A002 - CKAN's word
    """The address at IANA of the package that a file is in, such as a zipped CSV.

    Args:
        format: the format of the file: a name, an extension, a media type or an address.
        mimetype: its media type.

    Returns:
        The address; None where the file is in no package, where nothing is known of what the
        package holds, or where its format is one that always comes so.
    """
    content = _file_type(format, mimetype)
    if content is None or content.is_package or content.code in _ALWAYS_PACKED:
        return None
    package = _package(format) or _package(mimetype)
    return _MEDIA_TYPES + package.media_type if package and package.media_type else None


def is_machine_readable(file_type_uri: str) -> bool:
    """Whether data.europa.eu counts a file type, given by its address, as machine-readable."""
    found = _table().by_uri.get(file_type_uri)
    return found is not None and found.is_machine_readable


def is_non_proprietary(file_type_uri: str) -> bool:
    """Whether data.europa.eu counts a file type, given by its address, as non-proprietary."""
    found = _table().by_uri.get(file_type_uri)
    return found is not None and found.is_non_proprietary


def file_types() -> tuple[FileType, ...]:
    """All the file types of the table, in the order of their codes."""
    return tuple(_table().by_uri.values())


def _file_type(format_: str | None, mimetype: str | None) -> FileType | None:
    by_format, by_mimetype = _named(format_), _named(mimetype)
    if by_format is None:
        return by_mimetype
    if by_mimetype is not None and (by_format.is_package or by_format.code == "RDF"):
        # The name of a package, or of RDF in any writing, says less than the media type.
        return by_mimetype
    return by_format


def _media_type(format_: str | None, mimetype: str | None) -> str:
    found = _file_type(format_, mimetype)
    given = _registered(mimetype) or _registered(format_)
    if found is None:
        return given
    if given and _tells_more(given, found):
        return given
    return found.media_type


def _tells_more(media_type: str, file_type: FileType) -> bool:
    """Whether a media type fits a file type, and says more than the usual one."""
    named = _named(media_type)
    if named is not None and named.is_package:
        return False
    return not file_type.media_type or _ends(media_type, _FAMILIES.get(file_type.code))


def _ends(media_type: str, suffix: str | None) -> bool:
    return suffix is not None and media_type.endswith(suffix)


def _registered(text: str | None) -> str:
    """The media type that a text holds, as IANA writes it; empty where it holds none."""
    media_type = _bare(text)
    if not _REGISTERED.fullmatch(media_type.lower()):
        return ""
    registered = _table().media_types.get(media_type.lower())
    if registered is not None:
        return registered
    # An old or private name of a type that has a registered one.
    return "" if _named(media_type) else media_type


def _named(text: str | None) -> FileType | None:
    """The file type that a text names."""
    bare = _bare(text)
    if not bare:
        return None
    names = _table().by_name
    found = names.get(_squashed(bare))
    if found is not None:
        return found
    content = [word for word in _words(bare) if word not in _WORDS_OF_PACKAGES]
    package = _package_in_words(bare)
    return package and names.get("".join(content), package)


def _package(text: str | None) -> FileType | None:
    """The package that a text names, by itself or beside what it holds."""
    named = _named(text)
    if named is None or named.is_package:
        return named
    return _package_in_words(_bare(text))


def _package_in_words(text: str) -> FileType | None:
    words = set(_words(text))
    if words & _WORDS_OF_GZIP:
        return _table().by_name["gzip"]
    return _table().by_name["zip"] if words & _WORDS_OF_ZIP else None


def _bare(text: str | None) -> str:
    """A name without the address of a table before it, or the parameters behind it."""
    bare = (text or "").strip().split(";")[0]
    for marker in ("/file-type/", "/media-types/", "/mediatypes/"):
        before, found, after = bare.partition(marker)
        if found and before.lower().startswith(("http://", "https://")):
            return after.strip("/# ")
    return bare.strip()


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9+]+", _plain(text))


def _plain(text: str) -> str:
    """A text in lower case, without accents."""
    letters = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _squashed(text: str) -> str:
    """A name without what people write in many ways: capitals, accents, dots, blanks, dashes."""
    return re.sub(r"[^a-z0-9]", "", _plain(text))


@cache
def _table() -> _Table:
    by_uri: dict[str, FileType] = {}
    by_name: dict[str, FileType] = {}
    media_types: dict[str, str] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            file_type = FileType(
                code=row["code"],
                media_type=row["media_type"],
                is_machine_readable=row["is_machine_readable"] == "yes",
                is_non_proprietary=row["is_non_proprietary"] == "yes",
            )
            by_uri[file_type.uri] = file_type
            for name in (file_type.code, *row["names"].split("|")):
                if name:
                    by_name[_squashed(name)] = file_type
            if file_type.media_type:
                media_types[file_type.media_type.lower()] = file_type.media_type
    return _Table(by_uri, by_name, media_types)
