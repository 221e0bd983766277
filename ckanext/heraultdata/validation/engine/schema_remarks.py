"""What is odd in a schema once read: constraints that do not apply, examples that do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from ...messages import N_, Message
from .cell_check import CellCheck
from .cells import reader_of
from .constraints import BOUNDS, bound_of, compiled, read_in_schema, supports
from .faults import Remark
from .field_reading import SCHEMA_TITLE
from .fields import Field, TableSchema

# The names that Table Schema gives to the attributes of a field.
WRITTEN = {
    "exclusive_maximum": "exclusiveMaximum",
    "exclusive_minimum": "exclusiveMinimum",
    "max_length": "maxLength",
    "maximum": "maximum",
    "min_length": "minLength",
    "minimum": "minimum",
    "pattern": "pattern",
}


def remarks_on(schema: TableSchema) -> Iterator[Remark]:
    """What does not hold together in a schema.

    Args:
        schema: the schema as read.
    """
    for field in schema.fields:
        yield from _unsupported(field)
        yield from _unreadable(field)
        if field.example and not _fits(schema, field):
            yield _remark(
                field,
                "schema-example",
                N_(
                    "The example of the column “{name}”, “{example}”, does not fit its type or its"
                    " constraints."
                ),
                example=field.example,
            )


def _remark(field: Field, code: str, sentence: str, **values: object) -> Remark:
    return Remark(
        code, Message(SCHEMA_TITLE), Message(sentence, {"name": field.name, **values}), field.name
    )


def _fits(schema: TableSchema, field: Field) -> bool:
    example = field.example or ""
    return CellCheck(field, schema.missing_values_of(field)).accepts(example)


def _unsupported(field: Field) -> Iterator[Remark]:
    for attribute, name in WRITTEN.items():
        if getattr(field, attribute) is not None and not supports(field.type, attribute):
            yield _remark(
                field,
                "schema-constraint",
                N_(
                    "The column “{name}”: “{constraint}” does not apply to the type {type}, and is"
                    " not checked."
                ),
                constraint=name,
                type=field.type,
            )


def _unreadable(field: Field) -> Iterator[Remark]:
    sentence = N_(
        "The column “{name}”: the value of “{key}” in the schema cannot be used, and is not"
        " checked."
    )
    read = reader_of(field)
    for name in BOUNDS:
        written = getattr(field, name) is not None
        if written and supports(field.type, name) and bound_of(field, name, read) is None:
            yield _remark(field, "schema-constraint", sentence, key=WRITTEN[name])
    if field.pattern is not None and compiled(field.pattern) is None:
        yield _remark(field, "schema-constraint", sentence, key="pattern")
    if field.enum is not None and None in [read_in_schema(value, read) for value in field.enum]:
        yield _remark(
            field,
            "schema-constraint",
            N_(
                "The column “{name}”: some values of “enum” are not of the type {type}, and are"
                " left out."
            ),
            type=field.type,
        )
