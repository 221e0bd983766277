"""The properties that a JSON Schema describes, each with its path, in sentences not translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..messages import N_, Message
from .patterns import pattern_in_words

MOST_PROPERTIES = 500
_DEEPEST = 12

_TYPES: Mapping[str, str] = {
    "array": N_("List"),
    "boolean": N_("true or false"),
    "integer": N_("Whole number"),
    "null": N_("Nothing"),
    "number": N_("Number"),
    "object": N_("Group of properties"),
    "string": N_("Text"),
}
_FORMATS: Mapping[str, str] = {
    "date": N_("Date as year-month-day, such as 2024-12-31"),
    "date-time": N_("Date and time"),
    "email": N_("E-mail address"),
    "time": N_("Time of day"),
    "uri": N_("Web address"),
    "uuid": N_("Unique identifier (UUID)"),
}

Schema = Mapping[str, object]


@dataclass(frozen=True)
class Property:
    """A property of a document; `path` names those around it, `[]` stands for each of a list."""

    path: str
    title: str | None
    description: str | None
    type: Message
    required: bool
    constraints: tuple[Message, ...]
    values: tuple[str, ...]
    example: str | None


def properties_of(document: Schema) -> list[Property]:
    """The properties of a JSON Schema, at most `MOST_PROPERTIES`, in the order of the schema.

    References are followed within the document only, and never round in a circle.

    Args:
        document: the schema.
    """
    found: dict[str, Property] = {}
    for prop in _walk(document, document, "", False, ()):
        if prop.path:
            found.setdefault(prop.path, prop)
        if len(found) == MOST_PROPERTIES:
            break
    return list(found.values())


def _walk(
    document: Schema, schema: object, path: str, required: bool, above: tuple[int, ...]
) -> Iterator[Property]:
    resolved = _resolved(document, schema)
    yield _property(resolved, path, required)
    if id(resolved) in above or len(above) > _DEEPEST:
        return
    above = (*above, id(resolved))
    compulsory = resolved.get("required")
    names = compulsory if isinstance(compulsory, list) else []
    properties = resolved.get("properties")
    for name, inner in properties.items() if isinstance(properties, Mapping) else ():
        inner_path = f"{path}.{name}" if path else str(name)
        yield from _walk(document, inner, inner_path, name in names, above)
    if isinstance(resolved.get("items"), Mapping):
        yield from _inside(document, resolved["items"], f"{path}[]", above)
    for key in ("allOf", "anyOf", "oneOf"):
        branches = resolved.get(key)
        for branch in branches if isinstance(branches, list) else ():
            yield from _inside(document, branch, path, above)


def _inside(
    document: Schema, schema: object, path: str, above: tuple[int, ...]
) -> Iterator[Property]:
    """The properties within a schema, without the one that the schema itself would make."""
    return (
        prop for prop in _walk(document, schema, path, False, above) if prop.path not in ("", path)
    )


def _resolved(document: Schema, schema: object) -> Schema:
    """The schema that a chain of references leads to, an empty one where it leads nowhere."""
    for _ in range(_DEEPEST):
        if not isinstance(schema, Mapping):
            return {}
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        schema = _target(document, reference)
    return {}


def _target(document: Schema, reference: str) -> object:
    if not reference.startswith("#"):
        return None
    place: object = document
    for part in reference.removeprefix("#").strip("/").split("/"):
        if not part:
            continue
        key = part.replace("~1", "/").replace("~0", "~")
        place = place.get(key) if isinstance(place, Mapping) else None
    return place


def _property(schema: Schema, path: str, required: bool) -> Property:
    pattern = schema.get("pattern")
    constraints = [
        *(
            Message(words, {"value": str(schema[key])})
            for key, words in (
                ("minimum", N_("{value} at least")),
                ("maximum", N_("{value} at most")),
                ("exclusiveMinimum", N_("Greater than {value}")),
                ("exclusiveMaximum", N_("Less than {value}")),
            )
            if _is_number(schema.get(key))
        ),
        *(
            Message(words, {"n": schema[key]})
            for key, words in (
                ("minLength", N_("Number of characters: {n} at least")),
                ("maxLength", N_("Number of characters: {n} at most")),
                ("minItems", N_("Number of items: {n} at least")),
                ("maxItems", N_("Number of items: {n} at most")),
            )
            if _is_number(schema.get(key))
        ),
        *([pattern_in_words(pattern)] if isinstance(pattern, str) else []),
    ]
    values = schema.get("enum", [schema["const"]] if "const" in schema else ())
    return Property(
        path=path,
        title=_text(schema.get("title")),
        description=_text(schema.get("description")),
        type=_type(schema),
        required=required,
        constraints=tuple(constraints),
        values=tuple(str(value) for value in values) if isinstance(values, list) else (),
        example=_example(schema),
    )


def _type(schema: Schema) -> Message:
    kind, form = schema.get("type"), schema.get("format")
    kinds = [one for one in (kind if isinstance(kind, list) else [kind]) if one != "null"]
    first = kinds[0] if kinds else None
    if first in (None, "string") and isinstance(form, str) and form in _FORMATS:
        return Message(_FORMATS[form])
    if first is None and "properties" in schema:
        first = "object"
    if isinstance(first, str) and first in _TYPES and len(kinds) == 1:
        return Message(_TYPES[first])
    return Message(N_("Any value"))


def _example(schema: Schema) -> str | None:
    examples = schema.get("examples")
    first = examples[0] if isinstance(examples, list) and examples else schema.get("example")
    return None if first is None or isinstance(first, (list, Mapping)) else str(first)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
