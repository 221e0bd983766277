"""What people read of the columns of a standard: what each holds, and what is asked of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..messages import N_, Message
from ..validation.engine.fields import Field, JsonSchema, TableSchema
from .column_rules import rule_in_words, rules_of_column
from .patterns import pattern_in_words
from .properties import properties_of

_TYPES: Mapping[str, str] = {
    "any": N_("Any value"),
    "array": N_("List, written as JSON"),
    "boolean": N_("Yes or no"),
    "date": N_("Date"),
    "datetime": N_("Date and time"),
    "duration": N_("Duration, such as P1Y2M10D"),
    "geojson": N_("Shape on a map, written as GeoJSON"),
    "geopoint": N_("Point on a map"),
    "integer": N_("Whole number"),
    "number": N_("Number, with a point for decimals"),
    "object": N_("Object, written as JSON"),
    "string": N_("Text"),
    "time": N_("Time of day"),
    "year": N_("Year in 4 digits"),
    "yearmonth": N_("Year and month, such as 2024-12"),
}
_FORMATS: Mapping[tuple[str, str], str] = {
    ("string", "email"): N_("E-mail address"),
    ("string", "uri"): N_("Web address"),
    ("string", "uuid"): N_("Unique identifier (UUID)"),
    ("date", "default"): N_("Date as year-month-day, such as 2024-12-31"),
    ("geopoint", "default"): N_("Point on a map as latitude, longitude, such as 43.61, 3.87"),
    ("geopoint", "array"): N_("Point on a map as [longitude, latitude], such as [3.87, 43.61]"),
    ("geopoint", "object"): N_("Point on a map, written as JSON with lon and lat"),
    ("geojson", "topojson"): N_("Shape on a map, written as TopoJSON"),
}
# Examples of the moments that the standard writes in its own way, by type.
_MOMENTS: Mapping[str, str] = {"datetime": "2024-12-31T08:30:00Z", "time": "08:30:00"}
# What strptime's directives stand for, shown by the last day of 2024 at half past eight.
_DIRECTIVES: Mapping[str, str] = {
    "%Y": "2024",
    "%y": "24",
    "%m": "12",
    "%d": "31",
    "%H": "08",
    "%M": "30",
    "%S": "00",
    "%z": "+01:00",
}


@dataclass(frozen=True)
class Column:
    """One column of a standard, or one property of a document, in sentences not translated yet.

    Attributes:
        name: the header, to the letter; the path of a property.
        title: name for people.
        description: what to write in it.
        type: what kind of value it holds.
        required: whether it must be filled in.
        constraints: what else is asked of a value.
        values: the only values allowed, where there is such a list.
        example: a right value.
    """

    name: str
    title: str | None
    description: str | None
    type: Message
    required: bool
    constraints: tuple[Message, ...] = ()
    values: tuple[str, ...] = ()
    example: str | None = None


@dataclass(frozen=True)
class Explained:
    """All the columns of a version, and the rules that tie several of them together."""

    columns: tuple[Column, ...]
    rules: tuple[Message, ...] = ()


def explain(schema: TableSchema | JsonSchema) -> Explained:
    """Put a schema into words.

    Args:
        schema: the schema as the engine reads it.
    """
    if isinstance(schema, JsonSchema):
        return Explained(
            tuple(
                Column(
                    name=found.path,
                    title=found.title,
                    description=found.description,
                    type=found.type,
                    required=found.required,
                    constraints=found.constraints,
                    values=found.values,
                    example=found.example,
                )
                for found in properties_of(schema.document)
            )
        )
    rules = [rule_in_words(check) for check in schema.custom_checks]
    return Explained(
        columns=tuple(_column(schema, field) for field in schema.fields),
        rules=tuple(rule for rule in rules if rule is not None),
    )


def type_in_words(field: Field) -> Message:
    """What kind of value a column holds."""
    if field.type in ("date", "datetime", "time") and "%" in field.format:
        return _written_by(field.type, field.format)
    if field.type in _MOMENTS and field.format == "default":
        return _like(field.type, _MOMENTS[field.type])
    words = _FORMATS.get((field.type, field.format)) or _TYPES.get(field.type)
    return Message(words or _TYPES["string"])


def _written_by(kind: str, pattern: str) -> Message:
    if pattern == "%Y-%m-%d":
        return Message(_FORMATS["date", "default"])
    example = re.sub(r"%\w", lambda found: _DIRECTIVES.get(found[0], found[0]), pattern)
    return _like(kind, example)


def _like(kind: str, example: str) -> Message:
    return Message(
        N_("{type}, written as in {example}"), {"type": Message(_TYPES[kind]), "example": example}
    )


def _column(schema: TableSchema, field: Field) -> Column:
    return Column(
        name=field.name,
        title=field.title,
        description=field.description,
        type=type_in_words(field),
        required=field.required or field.name in schema.primary_key,
        constraints=(*_constraints(schema, field), *rules_of_column(schema, field)),
        values=tuple(str(value) for value in field.enum or ()),
        example=field.example,
    )


def _constraints(schema: TableSchema, field: Field) -> list[Message]:
    found = [
        *_lengths(field),
        *_bounds(field),
        *([pattern_in_words(field.pattern)] if field.pattern else []),
    ]
    if field.type == "boolean":
        found.append(
            Message(
                N_("Yes is written {yes}; no is written {no}"),
                {"yes": ", ".join(field.true_values), "no": ", ".join(field.false_values)},
            )
        )
    if field.unique or schema.primary_key == (field.name,):
        found.append(Message(N_("No value stands twice in the file")))
    if field.array_item is not None and field.array_item.enum:
        values = ", ".join(str(value) for value in field.array_item.enum)
        found.append(Message(N_("Each item is one of these: {values}"), {"values": values}))
    return found


def _lengths(field: Field) -> list[Message]:
    low, high = field.min_length, field.max_length
    if low is not None and low == high:
        return [Message(N_("Number of characters: {n}"), {"n": low})]
    return [
        Message(words, {"n": bound})
        for words, bound in (
            (N_("Number of characters: {n} at least"), low),
            (N_("Number of characters: {n} at most"), high),
        )
        if bound is not None
    ]


def _bounds(field: Field) -> list[Message]:
    if field.minimum is not None and field.maximum is not None:
        values: dict[str, object] = {"minimum": str(field.minimum), "maximum": str(field.maximum)}
        return [Message(N_("From {minimum} to {maximum}"), values)]
    return [
        Message(words, {"value": str(bound)})
        for words, bound in (
            (N_("{value} at least"), field.minimum),
            (N_("{value} at most"), field.maximum),
            (N_("Greater than {value}"), field.exclusive_minimum),
            (N_("Less than {value}"), field.exclusive_maximum),
        )
        if bound is not None
    ]
