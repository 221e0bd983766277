"""A schema read with all its oddities: what can be used is used, the rest is remarked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...messages import N_, Message
from .faults import Remark
from .field_reading import SchemaReading, read_field
from .fields import (
    CheckDescription,
    Field,
    ForeignKey,
    Json,
    JsonSchema,
    TableSchema,
)
from .schema_remarks import remarks_on

__all__ = [
    "CheckDescription",
    "Field",
    "ForeignKey",
    "JsonSchema",
    "ReadSchema",
    "SchemaError",
    "TableSchema",
    "read_schema",
]

NAME = re.compile(r"[-a-z0-9._/]+")
JSON_SCHEMA_KEYS = frozenset({"properties", "$defs", "definitions", "allOf", "anyOf", "oneOf"})


@dataclass(frozen=True)
class ReadSchema:
    """A schema, and what is wrong in it.

    Attributes:
        schema: what a file is checked against.
        remarks: what could not be used, or is odd; never the fault of a file.
    """

    schema: TableSchema | JsonSchema
    remarks: tuple[Remark, ...] = ()


class SchemaError(ValueError):
    """What is given is no schema.

    Attributes:
        message: why, and the way out.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def read_schema(source: bytes | str | Mapping[str, Json]) -> ReadSchema:
    """Read a Table Schema or a JSON Schema.

    Args:
        source: the document, or its text (UTF-8, with or without BOM).

    Raises:
        SchemaError: it is no JSON object, or describes neither columns nor a document.
    """
    document = _document(source)
    nested = document.get("schema")
    if "fields" not in document and isinstance(nested, Mapping) and "fields" in nested:
        document = nested
    if _is_json_schema(document):
        return ReadSchema(
            JsonSchema(
                document,
                _text(document.get("title")),
                _text(document.get("description")),
                _text(document.get("version")),
            )
        )
    return _table(document)


def _document(source: bytes | str | Mapping[str, Json]) -> Mapping[str, Json]:
    if isinstance(source, Mapping):
        return source
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source.lstrip("\ufeff")
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(
            Message(N_("The schema is not JSON: check that the file is the schema itself."))
        ) from error
    if not isinstance(document, dict):
        raise SchemaError(Message(N_("The schema is not a JSON object: it begins with a brace.")))
    return document


def _is_json_schema(document: Mapping[str, Json]) -> bool:
    if isinstance(document.get("fields"), list):
        return False
    address = document.get("$schema")
    return (isinstance(address, str) and "json-schema.org" in address) or bool(
        JSON_SCHEMA_KEYS & document.keys()
    )


def _table(document: Mapping[str, Json]) -> ReadSchema:
    described = document.get("fields")
    if isinstance(document.get("resources"), list) and described is None:
        raise SchemaError(
            Message(N_("This is a data package: give the schema of one of its tables."))
        )
    reading = SchemaReading()
    fields = _fields(described, reading)
    if not fields:
        raise SchemaError(
            Message(N_("The schema has no columns: “fields” must list at least one, with a name."))
        )
    name = _text(document.get("name"))
    if name is not None and not NAME.fullmatch(name):
        reading.remark(
            "schema-name",
            None,
            N_(
                "The name of the schema, “{name}”, holds capitals, accents or blanks, which the"
                " State's validator refuses."
            ),
            name=name,
        )
    names = {field.name for field in fields}
    schema = TableSchema(
        fields=fields,
        missing_values=_missing_values(document, reading),
        primary_key=_known_names(document.get("primaryKey"), names, "primaryKey", reading),
        foreign_keys=_foreign_keys(document.get("foreignKeys"), names, reading),
        custom_checks=_custom_checks(document.get("custom_checks"), reading),
        name=name,
        title=_text(document.get("title")),
        description=_text(document.get("description")),
        version=_text(document.get("version")),
        homepage=_text(document.get("homepage")),
    )
    return ReadSchema(schema, (*reading.remarks, *remarks_on(schema)))


def _fields(described: Json, reading: SchemaReading) -> tuple[Field, ...]:
    if not isinstance(described, list):
        return ()
    fields: dict[str, Field] = {}
    for place, description in enumerate(described, 1):
        field = read_field(description, reading)
        if field is None:
            reading.remark(
                "schema-field",
                None,
                N_("Column {place} of the schema has no name: it is left out."),
                place=place,
            )
        elif field.name in fields:
            reading.remark(
                "schema-field",
                field.name,
                N_("The schema describes the column “{name}” twice: the first is used."),
                name=field.name,
            )
        else:
            fields[field.name] = field
    return tuple(fields.values())


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: Json) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(text for text in value if isinstance(text, str))
    return ()


def _missing_values(document: Mapping[str, Json], reading: SchemaReading) -> tuple[str, ...]:
    if "missingValues" not in document:
        return ("",)
    return reading.missing_values(document["missingValues"], None) or ()


def _known_names(value: Json, names: set[str], key: str, reading: SchemaReading) -> tuple[str, ...]:
    asked = _texts(value)
    unknown = [name for name in asked if name not in names]
    if not unknown:
        return asked
    reading.remark(
        "schema-key",
        None,
        N_(
            "“{key}” of the schema names columns that it does not describe, {names}: it is not"
            " checked."
        ),
        key=key,
        names=", ".join(unknown),
    )
    return ()


def _foreign_keys(value: Json, names: set[str], reading: SchemaReading) -> tuple[ForeignKey, ...]:
    keys: list[ForeignKey] = []
    for described in value if isinstance(value, list) else []:
        reference = described.get("reference") if isinstance(described, dict) else None
        if not isinstance(reference, dict):
            continue
        columns = _known_names(described.get("fields"), names, "foreignKeys", reading)
        resource = _text(reference.get("resource")) or ""
        others = _texts(reference.get("fields"))
        if resource:
            reading.remark(
                "schema-foreign-key",
                columns[0] if len(columns) == 1 else None,
                N_("{columns} refers to another table, “{table}”, which is not checked."),
                columns=", ".join(columns),
                table=resource,
            )
        elif columns and _known_names(list(others), names, "foreignKeys", reading):
            keys.append(ForeignKey(columns, resource, others))
    return tuple(keys)


def _custom_checks(value: Json, reading: SchemaReading) -> tuple[CheckDescription, ...]:
    checks: list[CheckDescription] = []
    for described in value if isinstance(value, list) else []:
        name = described.get("name") if isinstance(described, dict) else None
        if not isinstance(name, str):
            reading.remark(
                "schema-check", None, N_("A custom check of the schema has no name: left out.")
            )
            continue
        params = described.get("params")
        checks.append(CheckDescription(name, params if isinstance(params, dict) else {}))
    return tuple(checks)
