"""Rules between the columns of a row, proved for whole columns at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ..checks import RowRule
from ..fields import CheckDescription
from .cells import ColumnProof

_NUMBERS = {"integer": pl.Int64, "number": pl.Float64}
_OPERATORS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    ">": lambda first, second: first > second,
    ">=": lambda first, second: first >= second,
    "==": lambda first, second: first == second,
    "<=": lambda first, second: first <= second,
    "<": lambda first, second: first < second,
}


def proof_of(
    rule: RowRule, columns: Sequence[ColumnProof], asked: Sequence[CheckDescription]
) -> pl.Expr | None:
    """Which rows keep to a rule, among those whose cells are proved.

    Args:
        rule: the rule of the row path.
        columns: the columns that it is on, in its order.
        asked: the custom checks as the schema writes them.

    Returns:
        An expression on the frame, None where only the row path can judge.
    """
    if rule.code == "cohesive-columns-value":
        missing = [column.missing() for column in columns]
        return pl.all_horizontal(missing) | ~pl.any_horizontal(missing)
    if rule.code == "one-of-required":
        return ~pl.all_horizontal([column.missing() for column in columns])
    if rule.code == "compare-columns-value":
        return _comparison(columns, _operators_of(rule, asked))
    if rule.code == "sum-columns-value":
        return _sum(columns)
    return None


def _operators_of(rule: RowRule, asked: Sequence[CheckDescription]) -> set[str]:
    """The operators that the schema gives to the comparisons of these two columns."""
    return {
        str(check.params.get("op"))
        for check in asked
        if check.name == rule.code
        and (check.params.get("column"), check.params.get("column2")) == rule.columns
    }


def _comparison(columns: Sequence[ColumnProof], operators: set[str]) -> pl.Expr | None:
    first, second = columns
    values = _comparable(first, second)
    if values is None or not operators or not operators <= _OPERATORS.keys():
        return None
    holds = pl.all_horizontal([_OPERATORS[name](*values) for name in sorted(operators)])
    return holds | first.missing() | second.missing()


def _comparable(first: ColumnProof, second: ColumnProof) -> tuple[pl.Expr, pl.Expr] | None:
    kinds = {first.field.type, second.field.type}
    if kinds == {"date"}:
        # Proved dates are written year-month-day: their texts are in the order of the days.
        return pl.col(first.name), pl.col(second.name)
    if len(kinds) == 1 and kinds <= _NUMBERS.keys():
        kind = _NUMBERS[first.field.type]
        return _number(first, kind), _number(second, kind)
    return None


def _sum(columns: Sequence[ColumnProof]) -> pl.Expr | None:
    if any(column.field.type != "integer" for column in columns):
        return None
    total, *parts = [_number(column, pl.Int64) for column in columns]
    holds = total == pl.sum_horizontal(parts)
    return holds | pl.any_horizontal([column.missing() for column in columns])


def _number(column: ColumnProof, kind: type[pl.DataType]) -> pl.Expr:
    return pl.col(column.name).cast(kind, strict=False)
