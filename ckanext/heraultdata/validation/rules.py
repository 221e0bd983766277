"""When a file must be checked: pure functions on what a check depends on."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

STATUS_FIELDS = ("validation_status", "validation_timestamp")

#: Formats that a check against a standard reads, beside those that ckanext-validation is set to.
STANDARD_FORMATS = frozenset(
    {"csv", "tsv", "txt", "xls", "xlsx", "ods", "json", "geojson", "zip", "gz"}
)

#: Options that reach frictionless: those that name another file, address or schema do not.
OPTIONS = frozenset(
    {
        "checks",
        "compression",
        "dialect",
        "encoding",
        "innerpath",
        "limit_errors",
        "limit_rows",
        "pick_errors",
        "skip_errors",
    }
)


@dataclass(frozen=True)
class FileFacts:
    """All that the result of a check depends on; two equal ones need one check."""

    url: str
    url_type: str
    format: str
    uploaded_at: str
    schema: str
    options: str
    standard: str = ""

    @classmethod
    def of(cls, resource: Mapping[str, object]) -> FileFacts:
        """Read the facts of a resource.

        Args:
            resource: the fields of a resource as the API gives them, or the columns of its row with
                those of `extras` beside them.
        """
        url = _text(resource.get("url"))
        url_type = _text(resource.get("url_type"))
        is_upload = url_type == "upload"
        return cls(
            # The API gives the address of the download where the table has the name of the file.
            url=url.rsplit("/", 1)[-1] if is_upload else url,
            url_type=url_type,
            format=_text(resource.get("format")).lower(),
            # An upload of another file under the same name shows in its date only.
            uploaded_at=_moment(resource.get("last_modified")) if is_upload else "",
            schema=_canonical(resource.get("schema")),
            options=_canonical(resource.get("validation_options")),
            standard=_text(resource.get("standard")),
        )

    def can_be_checked(self, formats: Collection[str]) -> bool:
        """Whether there is a file, of a format that can be checked."""
        return bool(self.url or self.url_type == "upload") and self.has_format_of(formats)

    def has_format_of(self, formats: Collection[str]) -> bool:
        """Whether its format can be checked: more of them can against a standard."""
        return self.format in formats or (bool(self.standard) and self.format in STANDARD_FORMATS)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _moment(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else _text(value)


def _canonical(value: object) -> str:
    """The same text for a JSON document however it is written: text or objects, spaces, order."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return _text(value)
    return json.dumps(value, sort_keys=True) if value else ""


def unknown_options(options: Mapping[str, object]) -> list[str]:
    """Names of the options that a check does not take, in alphabetical order."""
    return sorted(set(options) - OPTIONS)
