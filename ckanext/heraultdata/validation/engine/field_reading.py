"""One field of a schema, from the JSON that its publisher wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...messages import N_, Message
from .faults import Remark
from .fields import (
    DEFAULT_FALSE_VALUES,
    DEFAULT_TRUE_VALUES,
    TYPES,
    Field,
    Json,
)

SCHEMA_TITLE = N_("Oddity of the schema")
# JSON Schema's words, and constraints written beside "constraints": no validator reads them there.
MISPLACED = frozenset(
    {"contraints", "enum", "maxLength", "minLength", "maximum", "minimum", "pattern", "required"}
)
CONSTRAINTS = frozenset(
    {
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxLength",
        "maximum",
        "minLength",
        "minimum",
        "pattern",
        "required",
        "unique",
    }
)


@dataclass
class SchemaReading:
    """The remarks made on a schema while it is read."""

    remarks: list[Remark] = field(default_factory=list)

    def remark(self, code: str, column: str | None, sentence: str, **values: object) -> None:
        """Note what is odd.

        Args:
            code: kind of oddity.
            column: the column that it is about.
            sentence: the English sentence, marked with `N_`.
            **values: what goes into its holes.
        """
        self.remarks.append(Remark(code, Message(SCHEMA_TITLE), Message(sentence, values), column))

    def missing_values(self, value: Json, column: str | None) -> tuple[str, ...] | None:
        """Texts that stand for no value, None where the schema's are no list."""
        if isinstance(value, list):
            texts = [_value_of(entry) for entry in value]
            return tuple(text for text in texts if text is not None)
        self.remark(
            "schema-missing-values",
            column,
            N_("“missingValues” of the schema is no list: the empty cell is used."),
        )
        return ("",)


def _value_of(entry: Json) -> str | None:
    value = entry.get("value") if isinstance(entry, dict) else entry
    return value if isinstance(value, str) else None


def read_field(description: Json, reading: SchemaReading, name: str | None = None) -> Field | None:
    """A field as the engine uses it.

    Args:
        description: the JSON of the field.
        reading: takes the remarks.
        name: name of an array's item, which has none of its own.

    Returns:
        The field; None where it has no name.
    """
    if not isinstance(description, Mapping):
        return None
    own_name = description.get("name") if name is None else name
    if not isinstance(own_name, str) or not own_name.strip():
        return None
    column = own_name.strip()
    reader = _FieldReader(column, description, reading)
    return reader.field("string" if name is None else "any")


@dataclass(frozen=True)
class _FieldReader:
    """Reads the parts of one field, each with suspicion."""

    name: str
    description: Mapping[str, Json]
    reading: SchemaReading

    def field(self, default_type: str) -> Field:
        self._misplaced()
        constraints = self._constraints()
        check, options = self._custom_check()
        return Field(
            name=self.name,
            type=self._type(default_type),
            format=self._format(),
            required=self._flag(constraints, "required"),
            unique=self._flag(constraints, "unique"),
            enum=self._enum(constraints),
            pattern=self._text(constraints, "pattern"),
            minimum=constraints.get("minimum"),
            maximum=constraints.get("maximum"),
            exclusive_minimum=constraints.get("exclusiveMinimum"),
            exclusive_maximum=constraints.get("exclusiveMaximum"),
            min_length=self._length(constraints, "minLength"),
            max_length=self._length(constraints, "maxLength"),
            missing_values=self._missing_values(),
            true_values=self._words("trueValues", DEFAULT_TRUE_VALUES),
            false_values=self._words("falseValues", DEFAULT_FALSE_VALUES),
            array_item=self._array_item(),
            bare_number=self.description.get("bareNumber") is not False,
            decimal_char=self._mark("decimalChar") or ".",
            group_char=self._mark("groupChar"),
            example=self._example(),
            title=self._text(self.description, "title"),
            description=self._text(self.description, "description"),
            custom_check=check,
            custom_check_options=options,
        )

    def _remark(self, code: str, sentence: str, **values: object) -> None:
        self.reading.remark(code, self.name, sentence, name=self.name, **values)

    def _type(self, default: str) -> str:
        written = self.description.get("type")
        if written is None:
            return default
        if isinstance(written, str) and written in TYPES:
            return written
        self._remark(
            "schema-type",
            N_(
                "The column “{name}” has a type that does not exist, “{type}”: it is checked as a"
                " text."
            ),
            type=str(written),
        )
        return "string"

    def _format(self) -> str:
        written = self.description.get("format")
        if not isinstance(written, str) or not written:
            return "default"
        return written.removeprefix("fmt:")

    def _constraints(self) -> Mapping[str, Json]:
        written = self.description.get("constraints")
        if written is None:
            return {}
        if not isinstance(written, Mapping):
            self._unusable("constraints")
            return {}
        unknown = sorted(set(written) - CONSTRAINTS)
        if unknown:
            self._remark(
                "schema-constraint",
                N_(
                    "The column “{name}” has constraints that do not exist, {constraints}: they are"
                    " not checked."
                ),
                constraints=", ".join(unknown),
            )
        return written

    def _misplaced(self) -> None:
        misplaced = sorted(MISPLACED & self.description.keys())
        if misplaced:
            self._remark(
                "schema-constraint",
                N_(
                    "The column “{name}” has keys beside its “constraints”, {keys}: they are not"
                    " checked."
                ),
                keys=", ".join(misplaced),
            )

    def _flag(self, constraints: Mapping[str, Json], key: str) -> bool:
        written = constraints.get(key, False)
        if not isinstance(written, bool):
            self._unusable(key)
        return written is True

    def _enum(self, constraints: Mapping[str, Json]) -> tuple[Json, ...] | None:
        written = constraints.get("enum")
        if written is None:
            return None
        if isinstance(written, list) and written:
            return tuple(written)
        self._unusable("enum")
        return None

    def _length(self, constraints: Mapping[str, Json], key: str) -> int | None:
        written = constraints.get(key)
        if written is None:
            return None
        if isinstance(written, int) and not isinstance(written, bool):
            return written
        if isinstance(written, str) and written.isdecimal():
            return int(written)
        self._unusable(key)
        return None

    def _unusable(self, key: str) -> None:
        self._remark(
            "schema-constraint",
            N_(
                "The column “{name}”: the value of “{key}” in the schema cannot be used, and is not"
                " checked."
            ),
            key=key,
        )

    def _text(
        self,
        mapping: Mapping[str, Json],
        key: Literal["pattern", "title", "description"],
    ) -> str | None:
        written = mapping.get(key)
        if written is None or isinstance(written, str):
            return written or None
        self._unusable(key)
        return None

    def _mark(self, key: Literal["decimalChar", "groupChar"]) -> str:
        written = self.description.get(key)
        return written if isinstance(written, str) else ""

    def _words(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        written = self.description.get(key)
        if written is None:
            return default
        if isinstance(written, list):
            return tuple(text for text in written if isinstance(text, str))
        self._unusable(key)
        return default

    def _missing_values(self) -> tuple[str, ...] | None:
        if "missingValues" not in self.description:
            return None
        return self.reading.missing_values(self.description["missingValues"], self.name)

    def _array_item(self) -> Field | None:
        written = self.description.get("arrayItem")
        if not isinstance(written, Mapping) or not written:
            return None
        without_nesting = {key: value for key, value in written.items() if key != "arrayItem"}
        return read_field(without_nesting, self.reading, name=self.name)

    def _example(self) -> str | None:
        for key in ("example", "examples", "exemple"):
            written = self.description.get(key)
            of_array = self.description.get("type") == "array"
            if isinstance(written, list) and key == "examples" and not of_array:
                written = written[0] if written else None
            if written is not None and written != "":
                return (
                    written if isinstance(written, str) else json.dumps(written, ensure_ascii=False)
                )
        return None

    def _custom_check(self) -> tuple[str | None, Mapping[str, Json]]:
        written = self.description.get("customCheck")
        if isinstance(written, str) and written:
            return written, {}
        if not isinstance(written, Mapping):
            return None, {}
        name = written.get("name")
        options = written.get("params", written.get("options"))
        if not isinstance(name, str):
            self._unusable("customCheck")
            return None, {}
        return name, options if isinstance(options, Mapping) else {}
