"""What a version says: its schema read as the checks read it, and whether its kind fits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from ..messages import N_, Message, RuleError
from ..validation.engine.faults import Remark
from ..validation.engine.schema import JsonSchema, SchemaError, read_schema
from ..validators import is_keepable
from .rules import Kind

LONGEST_SCHEMA = 5_000_000
"""Characters of a schema; the largest official one has 200 000."""
_KIND_OF_ANOTHER = {
    Kind.TABLE: Message(
        N_("This is a JSON Schema, not a Table Schema: choose the kind “json” for it.")
    ),
    Kind.JSON: Message(
        N_("This is a Table Schema, not a JSON Schema: choose the kind “table” for it.")
    ),
}


def remarks_on(kind: Kind, schema: Mapping[str, object] | None) -> tuple[Remark, ...]:
    """What is odd in the schema of a version; never a fault of a file.

    Args:
        kind: kind of the version.
        schema: its schema, None for a document.

    Raises:
        RuleError: on `schema`, where it is missing, no schema, or of another kind.
    """
    if kind is Kind.DOCUMENT:
        if schema is not None:
            raise RuleError("schema", _NO_SCHEMA_OF_A_DOCUMENT)
        return ()
    if schema is None:
        raise RuleError("schema", _SCHEMA_MISSING)
    try:
        read = read_schema(schema)
    except SchemaError as error:
        raise RuleError("schema", error.message) from error
    if isinstance(read.schema, JsonSchema) is not (kind is Kind.JSON):
        raise RuleError("schema", _KIND_OF_ANOTHER[kind])
    return read.remarks


def parsed(text: str) -> dict[str, object]:
    """Read the text of a schema.

    Args:
        text: JSON, with or without BOM.

    Returns:
        The object, which the database can keep.

    Raises:
        RuleError: on `schema`, where it is too long, no JSON object, or holds a character that
            cannot be kept.
    """
    if len(text) > LONGEST_SCHEMA:
        raise RuleError("schema", _TOO_LONG)
    try:
        schema = json.loads(text.lstrip("\ufeff"), parse_constant=_refuse_constant)
        json.dumps(schema, allow_nan=False)
    except (ValueError, RecursionError):
        raise RuleError("schema", _NOT_JSON) from None
    if not isinstance(schema, dict):
        raise RuleError("schema", _NOT_AN_OBJECT)
    if not is_keepable(_texts_in(schema)):
        raise RuleError("schema", _UNKEEPABLE)
    return schema


def _refuse_constant(name: str) -> None:
    # Python reads NaN and Infinity, which JSON and the database do not have.
    raise ValueError(name)


def _texts_in(document: object) -> Iterator[str]:
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            waiting.extend(value.keys())
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


_TOO_LONG = Message(
    N_("This schema is too long: the most is {most} characters."), {"most": LONGEST_SCHEMA}
)
_NOT_JSON = Message(N_("This schema is not JSON: check that the file is the schema itself."))
_NOT_AN_OBJECT = Message(N_("This schema is not a JSON object: it begins with a brace."))
_UNKEEPABLE = Message(
    N_("This schema holds a character that cannot be kept (NUL, or half of one): remove it.")
)
_SCHEMA_MISSING = Message(
    N_("Give the schema of this version; only a version of the kind “document” has none.")
)
_NO_SCHEMA_OF_A_DOCUMENT = Message(
    N_("A version of the kind “document” has no schema: leave it out, or choose another kind.")
)
