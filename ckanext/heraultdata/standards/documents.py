"""A schema as somebody published it, read with all its oddities: what can be used is used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

import yaml

from ..messages import N_, Message, RuleError
from ..validation.engine.schema import JsonSchema, SchemaError, read_schema
from . import content
from .names import VERSION, placed, standard_name
from .rules import Kind

_TAG = re.compile(r"<[^<>]{0,500}>")
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 4000
_DAY_KEYS = ("lastModified", "last_modified", "updated")
_STUBS = (".yml", ".yaml")

Json = object


@dataclass(frozen=True)
class ReadDocument:
    """What a document tells of a standard and of one version of it.

    Attributes:
        name: the standard's name; empty where nothing tells it.
        version: the number of the version; empty where nothing tells it.
        kind: what the version is made of.
        title: the standard's title; its name where the document has none.
        schema: the schema, None for a document.
        told_on: the day on which it was last modified, as far as it says.
        members: for a data package, the schemas of its tables: addresses, or schemas themselves.
        remarks: what is odd, and was passed over.
    """

    name: str
    version: str
    kind: Kind
    title: str
    description: str | None = None
    homepage: str | None = None
    schema: Mapping[str, Json] | None = None
    told_on: date | None = None
    members: tuple[tuple[str, str | Mapping[str, Json]], ...] = ()
    remarks: tuple[Message, ...] = ()


def read_document(source: bytes, place: str) -> ReadDocument:
    """Read a schema that somebody published.

    The folders decide where they tell the version (`<standard>/<version>/schema.json`): what a
    schema says of itself is often stale.

    Args:
        source: the bytes of the file.
        place: its path or its address.

    Returns:
        A Table Schema or a JSON Schema; a document for whatever else it is.
    """
    remarks: list[Message] = []
    text = _decoded(source, remarks)
    if place.lower().endswith(_STUBS):
        return _document(_from_yaml(text), place, remarks)
    try:
        told = content.parsed(text)
    except RuleError as refusal:
        remarks.append(refusal.message)
        remarks.append(_KEPT_AS_DOCUMENT)
        return _document({}, place, remarks)
    return of_schema(told, place, remarks)


def of_schema(
    told: Mapping[str, Json], place: str, remarks: list[Message] | None = None
) -> ReadDocument:
    """What a schema tells of its standard; a data package or a document where it has no columns.

    Args:
        told: the schema.
        place: its path or its address.
        remarks: what was odd until here.
    """
    remarks = [] if remarks is None else remarks
    try:
        schema = read_schema(told).schema
    except SchemaError as error:
        resources = told.get("resources")
        if isinstance(resources, list):
            return _document(told, place, [*remarks, _PACKAGE], _members(resources))
        return _document(told, place, [*remarks, error.message, _KEPT_AS_DOCUMENT])
    kind = Kind.JSON if isinstance(schema, JsonSchema) else Kind.TABLE
    return _described(told, place, remarks, kind, told)


def _document(
    told: Mapping[str, Json],
    place: str,
    remarks: list[Message],
    members: tuple[tuple[str, str | Mapping[str, Json]], ...] = (),
) -> ReadDocument:
    return _described(told, place, remarks, Kind.DOCUMENT, None, members)


def _described(
    told: Mapping[str, Json],
    place: str,
    remarks: list[Message],
    kind: Kind,
    schema: Mapping[str, Json] | None,
    members: tuple[tuple[str, str | Mapping[str, Json]], ...] = (),
) -> ReadDocument:
    where = placed(place)
    inner = plain_line(told.get("version"), 50).removeprefix("v")
    if not VERSION.fullmatch(inner):
        inner = ""
    if where.version and inner and where.version != inner:
        remarks.append(
            Message(
                N_(
                    "The schema says that it is version {inner}; its folder says {outer}, "
                    "which counts."
                ),
                {"inner": inner, "outer": where.version},
            )
        )
    name = where.name or standard_name(plain_line(told.get("name"), 200))
    name = name or standard_name(PurePosixPath(place).stem)
    return ReadDocument(
        name=name,
        version=where.version or inner,
        kind=kind,
        title=plain_line(told.get("title"), LONGEST_TITLE) or name,
        description=plain_line(told.get("description"), LONGEST_DESCRIPTION) or None,
        homepage=web_address(told.get("homepage")),
        schema=schema,
        told_on=_told_on(told),
        members=members,
        remarks=tuple(remarks),
    )


def _decoded(source: bytes, remarks: list[Message]) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        remarks.append(
            Message(N_("The file is not UTF-8: it is read as Windows-1252, check the accents."))
        )
        return source.decode("cp1252", "replace")


def _from_yaml(text: str) -> Mapping[str, Json]:
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def web_address(value: Json) -> str | None:
    """An address that starts with http:// or https://, None for anything else."""
    address = plain_line(value, 2000)
    return address if re.fullmatch(r"https?://[^\s\"]+", address) else None


def plain_line(value: Json, longest: int) -> str:
    """A text on one line without tags, cut to so many characters; empty for anything else."""
    if not isinstance(value, str | int | float):
        return ""
    text = _TAG.sub(" ", str(value)).replace("<", "‹")
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())[:longest]


def _told_on(told: Mapping[str, Json]) -> date | None:
    created = _day(told.get("created"))
    for key in _DAY_KEYS:
        day = _day(told.get(key))
        # Some schemas were modified before they were created.
        if day is not None and (created is None or day >= created):
            return day
    return None


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _members(resources: list[Json]) -> tuple[tuple[str, str | Mapping[str, Json]], ...]:
    members: list[tuple[str, str | Mapping[str, Json]]] = []
    for resource in resources:
        if not isinstance(resource, Mapping):
            continue
        schema = resource.get("schema")
        if isinstance(schema, str | Mapping) and schema:
            members.append((plain_line(resource.get("name"), 100), schema))
    return tuple(members)


_PACKAGE = Message(N_("This is a data package: it has no columns of its own."))
_KEPT_AS_DOCUMENT = Message(
    N_("It is kept as a document, which no program can check: people declare conformity to it.")
)
