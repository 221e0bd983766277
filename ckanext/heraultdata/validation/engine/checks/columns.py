"""Rules between the columns of a row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ....messages import N_, Message
from ..cells import Value
from ..faults import Fault
from ..fields import CheckDescription
from ..wording import shortened
from .model import CheckError, Context, Found, RowRule
from .params import text_param, texts_param

# Any: the two values are of the same kind, which `comparable` sees to.
OPERATORS: Mapping[str, tuple[Callable[[Any, Any], bool], str]] = {
    ">": (operator.gt, N_("“{first}” must be greater than “{second}”: found {found} and {other}.")),
    ">=": (
        operator.ge,
        N_("“{first}” must be greater than or equal to “{second}”: found {found} and {other}."),
    ),
    "==": (operator.eq, N_("“{first}” must be equal to “{second}”: found {found} and {other}.")),
    "<=": (
        operator.le,
        N_("“{first}” must be less than or equal to “{second}”: found {found} and {other}."),
    ),
    "<": (operator.lt, N_("“{first}” must be less than “{second}”: found {found} and {other}.")),
}
# Types that are compared as they are.
ORDERED = frozenset({date, int})
# A date is not less than another, it comes before.
DATE_SENTENCES: dict[str, str] = {
    ">": N_("“{first}” must come after “{second}”: found {found} and {other}."),
    ">=": N_("“{first}” must not come before “{second}”: found {found} and {other}."),
    "==": N_("“{first}” must be the same date as “{second}”: found {found} and {other}."),
    "<=": N_("“{first}” must not come after “{second}”: found {found} and {other}."),
    "<": N_("“{first}” must come before “{second}”: found {found} and {other}."),
}


def compare_columns(check: CheckDescription, context: Context) -> RowRule | None:
    """Two columns in an order: numbers by value, texts by letters, dates by day."""
    first, second = text_param(check, "column"), text_param(check, "column2")
    written = check.params.get("op")
    if not isinstance(written, str) or written not in OPERATORS:
        raise CheckError(Message(N_("its parameter “op” must be one of >, >=, ==, <= and <")))
    compare, sentence = OPERATORS[written]

    def test(values: tuple[Value | None, ...]) -> Found | None:
        value, other = values
        if type(value) is type(other) and type(value) in ORDERED and compare(value, other):
            return None
        pair = comparable(value, other)
        if pair is not None and compare(*pair):
            return None
        names: dict[str, object] = {
            "first": first,
            "second": second,
            "found": as_text(value),
            "other": as_text(other),
        }
        if pair is None:
            return Found(
                Message(
                    N_("“{first}” ({found}) and “{second}” ({other}) cannot be compared."), names
                )
            )
        template = DATE_SENTENCES[written] if isinstance(pair[0], date) else sentence
        return Found(Message(template, names))

    return RowRule(check.name, Message(N_("Columns that disagree")), (first, second), test)


def comparable(value: Value | None, other: Value | None) -> tuple[object, object] | None:
    """Two values that an operator can compare, None where there is no sense in it.

    Numbers are compared as numbers even where they are typed as texts; values of one type that has
    no order of its own (times, yes or no, lists), as the State's validator has it, by their texts.
    """
    number, other_number = as_number(value), as_number(other)
    if number is not None and other_number is not None:
        return number, other_number
    if isinstance(value, str) and isinstance(other, str):
        return value, other
    if isinstance(value, datetime) and isinstance(other, datetime):
        same_zones = (value.tzinfo is None) == (other.tzinfo is None)
        return (value, other) if same_zones else None
    if type(value) is type(other):
        return (value, other) if isinstance(value, date) else (str(value), str(other))
    return None


def as_number(value: Value | None) -> Decimal | int | None:
    """The number that a value is or writes, None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, str):
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return None
    else:
        return None
    return None if number.is_nan() else number


def as_text(value: Value | None) -> str:
    """A value as a person reads it in the file."""
    return value.isoformat() if isinstance(value, date) else shortened(str(value))


def sum_columns(check: CheckDescription, context: Context) -> RowRule | None:
    """A column that is the sum of others."""
    total = text_param(check, "column")
    parts = texts_param(check, "columns")

    def test(values: tuple[Value | None, ...]) -> Found | None:
        numbers = [as_number(value) for value in values]
        whole = [number for number in numbers if number is not None]
        if len(whole) != len(numbers):
            return None
        expected = _sum(whole[1:])
        if whole[0] == expected:
            return None
        return Found(
            Message(
                N_("“{total}” is {found}, whereas the sum of {parts} is {expected}."),
                {
                    "total": total,
                    "found": as_text(values[0]),
                    "parts": ", ".join(parts),
                    "expected": str(expected),
                },
            )
        )

    return RowRule(check.name, Message(N_("Wrong sum")), (total, *parts), test)


def _sum(numbers: list[Decimal | int]) -> Decimal | int:
    try:
        return sum(numbers)
    except ArithmeticError:
        # Beyond what decimals can add: infinities, or exponents of a million.
        return Decimal("NaN")


def cohesive_columns(check: CheckDescription, context: Context) -> RowRule | Fault | None:
    """Columns all filled, or all empty."""
    columns = (text_param(check, "column"), *texts_param(check, "othercolumns"))
    listed = ", ".join(columns)
    title = Message(N_("Columns to be filled together"))
    absent = [column for column in columns if column not in context.present]
    if len(absent) == len(columns):
        return None
    if absent:
        return Fault(
            check.name,
            title,
            Message(
                N_("The columns {names} go together: add the ones that are missing, {absent}."),
                {"names": listed, "absent": ", ".join(absent)},
            ),
            column=columns[0],
        )

    def test(values: tuple[Value | None, ...]) -> Found | None:
        empty = [name for name, value in zip(columns, values, strict=True) if value is None]
        if not empty or len(empty) == len(columns):
            return None
        return Found(
            Message(
                N_(
                    "The columns {names} are all filled, or all empty: here {empty} is empty or"
                    " wrong, and others are not."
                ),
                {"names": listed, "empty": ", ".join(empty)},
            )
        )

    return RowRule(check.name, title, columns, test, skips_empty=False)


def one_of_required(check: CheckDescription, context: Context) -> RowRule | Fault | None:
    """At least one column of two is filled."""
    first = check.params.get("column1", check.params.get("column"))
    second = text_param(check, "column2")
    if not isinstance(first, str):
        raise CheckError(
            Message(N_("its parameter “{name}” must be the name of a column"), {"name": "column1"})
        )
    title = Message(N_("One column of two to be filled"))
    sentence = Message(
        N_("Fill “{first}” or “{second}”: at least one of the two is compulsory."),
        {"first": first, "second": second},
    )
    present = tuple(column for column in (first, second) if column in context.present)
    if not present:
        return Fault(check.name, title, sentence, column=first)

    def test(values: tuple[Value | None, ...]) -> Found | None:
        return Found(sentence) if all(value is None for value in values) else None

    return RowRule(check.name, title, present, test, skips_empty=False)
