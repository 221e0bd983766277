"""A Table Schema as the engine uses it: fields, constraints, keys and custom checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

# A value of a JSON document; those of a constraint are read by the type of their field.
Json = object

# https://specs.frictionlessdata.io/table-schema/#types-and-formats
TYPES = frozenset(
    {
        "any",
        "array",
        "boolean",
        "date",
        "datetime",
        "duration",
        "geojson",
        "geopoint",
        "integer",
        "number",
        "object",
        "string",
        "time",
        "year",
        "yearmonth",
    }
)
DEFAULT_TRUE_VALUES = ("true", "True", "TRUE", "1")
DEFAULT_FALSE_VALUES = ("false", "False", "FALSE", "0")


@dataclass(frozen=True)
class Field:
    """One column of a standard, as Table Schema describes it.

    Attributes:
        name: the header, to the letter.
        type: one of `TYPES`.
        format: `default`, `any`, a name that the type knows, or a strptime pattern for dates.
        required: whether a cell must hold a value.
        unique: whether a value may stand only once.
        enum: the values allowed, as the schema writes them; None where there is no list.
        pattern: regular expression, tested as frictionless does: `^pattern$` from the start.
        minimum: least value, as the schema writes it.
        maximum: greatest value, as the schema writes it.
        exclusive_minimum: value that the cell must be above.
        exclusive_maximum: value that the cell must be below.
        min_length: least number of characters, or of items of an array.
        max_length: greatest number of characters, or of items of an array.
        missing_values: texts that stand for no value, None for those of the schema.
        true_values: texts of yes.
        false_values: texts of no.
        array_item: the description of each item of an array, with no name of its own.
        bare_number: False where the text may carry a unit around the number.
        decimal_char: the decimal mark.
        group_char: the mark between thousands.
        example: a right value as a text, where the schema gives one.
        title: name for people.
        description: what to write in the column.
        custom_check: name of the custom check set on the field itself.
        custom_check_options: options of that check.
    """

    name: str
    type: str = "string"
    format: str = "default"
    required: bool = False
    unique: bool = False
    enum: tuple[Json, ...] | None = None
    pattern: str | None = None
    minimum: Json = None
    maximum: Json = None
    exclusive_minimum: Json = None
    exclusive_maximum: Json = None
    min_length: int | None = None
    max_length: int | None = None
    missing_values: tuple[str, ...] | None = None
    true_values: tuple[str, ...] = DEFAULT_TRUE_VALUES
    false_values: tuple[str, ...] = DEFAULT_FALSE_VALUES
    array_item: Field | None = None
    bare_number: bool = True
    decimal_char: str = "."
    group_char: str = ""
    example: str | None = None
    title: str | None = None
    description: str | None = None
    custom_check: str | None = None
    custom_check_options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values must stand elsewhere.

    Attributes:
        columns: the columns of this table.
        resource: the table referred to, empty for this one.
        reference_columns: its columns.
    """

    columns: tuple[str, ...]
    resource: str
    reference_columns: tuple[str, ...]


@dataclass(frozen=True)
class CheckDescription:
    """A custom check as the schema asks for it.

    Attributes:
        name: as the schema writes it; it is the code of the errors.
        params: as the schema writes them.
    """

    name: str
    params: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class TableSchema:
    """The table that a standard describes."""

    fields: tuple[Field, ...]
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    custom_checks: tuple[CheckDescription, ...] = ()
    name: str | None = None
    title: str | None = None
    description: str | None = None
    version: str | None = None
    homepage: str | None = None

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their names."""
        return {field.name: field for field in self.fields}

    def missing_values_of(self, field: Field) -> frozenset[str]:
        """The texts that stand for no value in a column."""
        own = field.missing_values
        return frozenset(self.missing_values if own is None else own)


@dataclass(frozen=True)
class JsonSchema:
    """A JSON Schema, left as it is."""

    document: Mapping[str, Json]
    title: str | None = None
    description: str | None = None
    version: str | None = None
