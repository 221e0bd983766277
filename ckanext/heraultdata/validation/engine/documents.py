"""A JSON document against a JSON Schema, by jsonschema, with each place in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ...messages import N_, Message
from .faults import Fault, Remark
from .fields import JsonSchema
from .findings import Findings
from .limits import Limits
from .reading import Source
from .reading.content import refuse_oversized
from .reading.encodings import encoding_of
from .reading.model import UnreadableError, unreadable

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

_COUNTED_ERRORS = 10_000
_ERRORS_BETWEEN_GLANCES = 100
_SHOWN = 80
_LISTED_NAMES = 12
_ALTERNATIVES = ("anyOf", "oneOf")

_QUOTED = N_("“{name}”")
_WRONG_TYPE = N_("Wrong type")
_WRONG_VALUE = N_("Wrong value")
_WRONG_LENGTH = N_("Wrong length")
_WRONG_CONTENT = N_("Document that does not fit the standard")

# Title and sentence for each keyword of JSON Schema (validation vocabulary).
_SENTENCES: dict[str, tuple[str, str]] = {
    "additionalProperties": (
        N_("Unknown name"),
        N_("At {place}: the names {names} are not in the standard. Remove them or correct them."),
    ),
    "const": (_WRONG_VALUE, N_("At {place}: found {found}, whereas only {expected} is accepted.")),
    "dependentRequired": (
        N_("Value missing"),
        N_("At {place}: a value that goes with another is missing ({expected})."),
    ),
    "enum": (
        _WRONG_VALUE,
        N_("At {place}: {found} is not among the values accepted: {expected}."),
    ),
    "exclusiveMaximum": (_WRONG_VALUE, N_("At {place}: {found} must be less than {expected}.")),
    "exclusiveMinimum": (_WRONG_VALUE, N_("At {place}: {found} must be more than {expected}.")),
    "format": (
        N_("Wrong format"),
        N_("At {place}: {found} is not written as the standard has it (format {expected})."),
    ),
    "maxItems": (_WRONG_LENGTH, N_("At {place}: {expected} items at most, found {size}.")),
    "maxLength": (
        _WRONG_LENGTH,
        N_("At {place}: {expected} characters at most, found {size}: {found}."),
    ),
    "maximum": (_WRONG_VALUE, N_("At {place}: {found} is too large: the most is {expected}.")),
    "minItems": (_WRONG_LENGTH, N_("At {place}: {expected} items at least, found {size}.")),
    "minLength": (
        _WRONG_LENGTH,
        N_("At {place}: {expected} characters at least, found {size}: {found}."),
    ),
    "minimum": (_WRONG_VALUE, N_("At {place}: {found} is too small: the least is {expected}.")),
    "multipleOf": (_WRONG_VALUE, N_("At {place}: {found} must be a multiple of {expected}.")),
    "pattern": (
        N_("Wrong format"),
        N_("At {place}: {found} is not written as the standard has it (pattern {expected})."),
    ),
    "required": (N_("Value missing"), N_("At {place}: {names} is missing. Add it.")),
    "type": (_WRONG_TYPE, N_("At {place}: found {found}, whereas {expected} is expected.")),
    "uniqueItems": (
        N_("Value that stands twice"),
        N_("At {place}: the same item stands twice in the list."),
    ),
}
_TYPES: dict[str, str] = {
    "array": N_("a list"),
    "boolean": N_("true or false"),
    "integer": N_("a whole number"),
    "null": N_("nothing (null)"),
    "number": N_("a number"),
    "object": N_("an object with names and values"),
    "string": N_("a text"),
}


def check_document(source: Source, schema: JsonSchema, limits: Limits, findings: Findings) -> None:
    """Check a JSON document.

    Args:
        source: its bytes, or where they are.
        schema: the JSON Schema, of any draft from 4 to 2020-12.
        limits: what may be read of it.
        findings: where faults and remarks go; `rows` counts the items of the main list.

    Raises:
        UnreadableError: where it is no JSON, or the schema cannot be used.
    """
    document = _read(source, limits, findings)
    findings.advance(len(_main_list(document)))
    errors = _errors(document, schema, findings)
    for count, fault in enumerate(islice(errors, _COUNTED_ERRORS), 1):
        findings.add([fault])
        if count % _ERRORS_BETWEEN_GLANCES == 0:
            findings.advance(findings.rows)


def _main_list(document: object) -> Sequence[object]:
    """The list that a document is, or holds above all: features of GeoJSON, contracts, places."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return ()
    lists = [value for value in document.values() if isinstance(value, list)]
    return max(lists, key=len, default=())


def _read(source: Source, limits: Limits, findings: Findings) -> object:
    refuse_oversized(source, limits.bytes)
    try:
        encoding = encoding_of(source)
    except UnreadableError as refusal:
        if refusal.fault.code != "source-error":
            raise
        raise unreadable(
            N_("This file is not JSON, which this standard expects: give the data as JSON.")
        ) from refusal
    findings.encoding = encoding.name
    content = source.read_bytes() if isinstance(source, Path) else source
    text = content[encoding.mark :].decode(encoding.name)
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise unreadable(
            N_(
                "The file is not JSON: it breaks off at line {line}, character {column}. See the "
                "commas, brackets and quotation marks around."
            ),
            line=str(error.lineno),
            column=str(error.colno),
        ) from error
    except (RecursionError, ValueError) as error:
        raise unreadable(
            N_("The file is JSON that cannot be read: its lists are too deep, or a number is none.")
        ) from error


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _errors(document: object, schema: JsonSchema, findings: Findings) -> Iterator[Fault]:
    from jsonschema.exceptions import SchemaError
    from referencing.exceptions import Unresolvable

    try:
        for error in _validator(schema.document, findings).iter_errors(document):  # pyright: ignore[reportArgumentType]
            yield _fault(_nearest(error))
    except (SchemaError, Unresolvable, RecursionError, OverflowError) as error:
        raise _unusable() from error


def _validator(schema: Mapping[str, object], findings: Findings) -> Validator:
    """A validator that fetches nothing: but for GeoJSON, what stands elsewhere is not checked."""
    from jsonschema import Draft7Validator
    from jsonschema.validators import validator_for
    from referencing import Registry, Resource
    from referencing.jsonschema import DRAFT7

    from .geojson import geojson_schema

    named = dict(_named(schema, str(schema.get("$id", ""))))

    def retrieved(address: str) -> Resource:
        known = geojson_schema(address) or named.get(address)
        if known is None:
            findings.remark([_not_checked(address)])
        return Resource(known or {}, DRAFT7)

    chosen = validator_for(schema, default=Draft7Validator)
    chosen.check_schema(dict(schema))
    registry = Registry(retrieve=lru_cache(retrieved))  # pyright: ignore[reportCallIssue]
    return chosen(dict(schema), format_checker=chosen.FORMAT_CHECKER, registry=registry)


def _named(part: object, base: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The parts of a schema that have an address, even where a reference beside it hides it."""
    if isinstance(part, dict):
        if isinstance(name := part.get("$id"), str):
            yield urljoin(base, name), part
        for value in part.values():
            yield from _named(value, base)
    elif isinstance(part, list):
        for value in part:
            yield from _named(value, base)


def _not_checked(address: str) -> Remark:
    return Remark(
        "schema-error",
        Message(N_("Part of the standard that was not checked")),
        Message(
            N_("The schema refers to another one, at {address}, which was not checked."),
            {"address": address},
        ),
    )


def _unusable() -> UnreadableError:
    return unreadable(
        N_(
            "The schema of this standard cannot be used to its end, which is no fault of the file: "
            "tell the publisher of the standard."
        ),
        code="schema-error",
    )


def _nearest(error: ValidationError) -> ValidationError:
    """Of alternatives that all fail, the error of the one that fails last, which was meant."""
    from jsonschema.exceptions import best_match

    if error.validator not in _ALTERNATIVES or not error.context:
        return error
    return best_match([error]) or error


def _fault(error: ValidationError) -> Fault:
    keyword = str(error.validator)
    title, template = _SENTENCES.get(
        keyword,
        (_WRONG_CONTENT, N_("At {place}: {found} does not fit the standard (rule “{rule}”).")),
    )
    path = list(error.absolute_path)
    place = _place(path)
    values: dict[str, object] = {
        "place": place,
        "found": _shown(error.instance),
        "expected": _expected(error),
        "names": _names(error),
        "size": _size(error.instance),
        "rule": keyword,
    }
    used = {name: value for name, value in values.items() if f"{{{name}}}" in template}
    return Fault(
        "type-error" if keyword == "type" else "constraint-error",
        Message(title),
        Message(template, used),
        row=_row(path),
        column=_pointer(path) or None,
        cell=_shown(error.instance),
    )


def _row(path: Sequence[str | int]) -> int | None:
    """The number of the item of the main list, from 1, where the error is within one."""
    return next((step + 1 for step in path[:2] if isinstance(step, int)), None)


def _pointer(path: Iterable[str | int]) -> str:
    return "/".join(str(step) for step in path)


def _place(path: Sequence[str | int]) -> Message | str:
    """A path in words, the outermost first: “features”, item 3, “properties”, “name”."""
    if not path:
        return Message(N_("the top of the document"))
    step, *rest = path
    here = Message(_QUOTED, {"name": step})
    if isinstance(step, int):
        here = Message(N_("item {number}"), {"number": step + 1})
    if not rest:
        return here
    return Message("{here}, {rest}", {"here": here, "rest": _place(rest)})


def _shown(instance: object) -> str:
    text = json.dumps(instance, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _size(instance: object) -> int:
    return len(instance) if isinstance(instance, str | list | dict) else 0


def _expected(error: ValidationError) -> object:
    wanted = error.validator_value
    if error.validator == "type":
        return _listed_types([wanted] if isinstance(wanted, str) else list(wanted))  # pyright: ignore[reportArgumentType]
    if error.validator == "enum" and isinstance(wanted, list):
        return ", ".join(_shown(value) for value in wanted)
    if error.validator in ("pattern", "format"):
        return str(wanted)
    return _shown(wanted)


def _listed_types(names: Sequence[str]) -> Message | str:
    first, *rest = names
    here = Message(_TYPES[first]) if first in _TYPES else first
    if not rest:
        return here
    return Message(N_("{first} or {others}"), {"first": here, "others": _listed_types(rest)})


def _names(error: ValidationError) -> Message | str:
    instance, wanted = error.instance, error.validator_value
    if error.validator == "required" and isinstance(wanted, list):
        missing = next((name for name in wanted if f"'{name}'" in error.message), "")
        return _listed_names([missing])
    if error.validator == "additionalProperties" and isinstance(instance, dict):
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        return _listed_names([name for name in instance if name not in known])
    return ""


def _listed_names(names: Sequence[str]) -> Message | str:
    listed = names[:_LISTED_NAMES]
    quoted = {f"name{index}": Message(_QUOTED, {"name": name}) for index, name in enumerate(listed)}
    more = "…" if len(names) > len(listed) else ""
    return Message(", ".join(f"{{{hole}}}" for hole in quoted) + more, dict(quoted))
