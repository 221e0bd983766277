"""Constraints of a field on the value of a cell, as frictionless 5 tests them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from .cells import Reader, Value, key_of
from .fields import Field

Test: TypeAlias = Callable[[Value], bool]

BOUNDS = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum")
BOUNDED = frozenset({"date", "datetime", "integer", "number", "time", "year", "yearmonth"})
MEASURED = frozenset({"array", "object", "string"})


@dataclass(frozen=True)
class Constraint:
    """A constraint ready to be tested.

    Attributes:
        name: the attribute of the field that it comes from.
        holds: the test on a value that is there.
    """

    name: str
    holds: Test


def supports(field_type: str, constraint: str) -> bool:
    """Whether a type takes a constraint.

    Args:
        field_type: one of the types of Table Schema.
        constraint: an attribute of `Field`, such as `min_length`.
    """
    if constraint in BOUNDS:
        return field_type in BOUNDED
    if constraint in ("min_length", "max_length"):
        return field_type in MEASURED
    if constraint == "pattern":
        return field_type == "string"
    return True


def constraints_of(field: Field, read: Reader) -> list[Constraint]:
    """The constraints of a column, in the order in which frictionless tests them.

    What the type does not take, or what cannot be read (a bound that is no number, a pattern that
    does not compile), is left out: the schema is at fault, not the file.

    Args:
        field: the column.
        read: its reader.
    """
    found: list[Constraint] = []
    if field.type in MEASURED:
        found += _lengths(field)
    if field.type == "string" and field.pattern is not None:
        found += _pattern(field.pattern)
    if field.type in BOUNDED:
        found += [
            Constraint(name, _bound(name, bound))
            for name in BOUNDS
            if (bound := bound_of(field, name, read)) is not None
        ]
    if field.enum is not None:
        found += _enum(field.enum, read)
    return found


def bound_of(field: Field, name: str, read: Reader) -> Value | None:
    """The bound of a column, None where there is none or where it cannot be read."""
    written = getattr(field, name)
    bound = None if written is None else read_in_schema(written, read)
    # Nothing compares with what is not a number.
    return None if isinstance(bound, Decimal) and bound.is_nan() else bound


def read_in_schema(written: object, read: Reader) -> Value | None:
    """A value that a schema writes, where a number may stand for its text."""
    value = read(written)
    if value is None and isinstance(written, int | float) and not isinstance(written, bool):
        return read(str(written))
    return value


def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern as frictionless compiles it, None where it cannot be.

    An alternation that no bracket holds is therefore anchored on one side of each end only.
    """
    try:
        return re.compile(f"^{pattern}$")
    except (re.error, OverflowError, RecursionError):
        return None


def _lengths(field: Field) -> list[Constraint]:
    found: list[Constraint] = []
    if (least := field.min_length) is not None:
        found.append(Constraint("min_length", lambda value: len(value) >= least))  # pyright: ignore[reportArgumentType]
    if (most := field.max_length) is not None:
        found.append(Constraint("max_length", lambda value: len(value) <= most))  # pyright: ignore[reportArgumentType]
    return found


def _pattern(pattern: str) -> list[Constraint]:
    regex = compiled(pattern)
    if regex is None:
        return []
    match = regex.match
    return [Constraint("pattern", lambda value: match(value) is not None)]  # pyright: ignore[reportArgumentType, reportCallIssue]


COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "minimum": lambda value, bound: value >= bound,  # pyright: ignore[reportOperatorIssue]
    "maximum": lambda value, bound: value <= bound,  # pyright: ignore[reportOperatorIssue]
    "exclusive_minimum": lambda value, bound: value > bound,  # pyright: ignore[reportOperatorIssue]
    "exclusive_maximum": lambda value, bound: value < bound,  # pyright: ignore[reportOperatorIssue]
}


def _bound(name: str, bound: Value) -> Test:
    compare = COMPARISONS[name]

    def holds(value: Value) -> bool:
        if isinstance(value, Decimal) and value.is_nan():
            return False
        try:
            return compare(value, bound)
        except TypeError:
            # A moment with a zone and one without cannot be compared.
            return False

    return holds


def _enum(allowed: tuple[object, ...], read: Reader) -> list[Constraint]:
    values = [read_in_schema(written, read) for written in allowed]
    keys = {key_of(value) for value in values if value is not None}
    if not keys:
        return []
    return [Constraint("enum", lambda value: key_of(value) in keys)]
