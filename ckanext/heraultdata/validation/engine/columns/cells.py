"""Cells of a column proved right, by conditions that are stricter than the rules.

A proved cell has no fault, no remark, and passes the custom checks on its column. What is not
proved is not wrong: it goes to the row path, which alone says what is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

import polars as pl

from ..cell_check import CellCheck
from ..checks import CellRule
from ..fields import Field
from .identifiers import proof_of_cell_rules
from .patterns import PLAIN, columnar_pattern

# Digits that a binary number keeps to the last.
SAFE_DIGITS = 15
INTEGER = rf"-?[0-9]{{1,{SAFE_DIGITS}}}"
NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_URI = r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9._~-]+)*/?"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
# First character of a text that is no formula, and not blank.
_SOUND_START = r"\A[^=+\-@\s\x00-\x1f]"
_SOUND_START_OR_EMPTY = r"\A(?:[^=+\-@\t\r]|\z)"

# Texts that rules between columns can take for what they are, by type.
CANONICAL: dict[str, re.Pattern[str]] = {
    "integer": re.compile(INTEGER),
    "number": re.compile(NUMBER),
    "date": re.compile(DATE),
}

_SAMPLE = 2_000
MANY_IN_SAMPLE = 500
_JUDGED = 100_000


class ColumnProof:
    """What proves the cells of one column."""

    def __init__(
        self,
        name: str,
        check: CellCheck,
        missing_values: frozenset[str],
        rules: Sequence[CellRule],
        longest: int,
    ) -> None:
        """Prepare the proof.

        Args:
            name: of the column in the frames.
            check: the check of the row path.
            missing_values: texts that stand for no value.
            rules: the custom checks on the column's cells.
            longest: characters that a cell may have.
        """
        self.name = name
        self.field: Field = check.field
        self._check = check
        self._missing_values = missing_values
        self._rules = rules
        self._longest = longest
        self._canonical = CANONICAL.get(check.field.type)
        self._judged: dict[str, bool] = {}
        self._condition = _condition_of(check.field, name, rules)
        self._missing_texts = sorted(missing_values)
        self._is_plain = not rules and missing_values <= {""} and _is_plain(check.field)

    def missing(self) -> pl.Expr:
        """Which cells hold no value."""
        column = pl.col(self.name)
        return column == "" if self._missing_values == {""} else column.is_in(self._missing_texts)

    def of(self, cells: pl.Series) -> pl.Expr | None:
        """Which cells are proved: an expression on the frame, None where all are.

        A column of few distinct values is judged on these, each once in a file; another one by the
        condition of its type, where it has one.
        """
        if (
            self._is_plain
            and _all_plain(cells)
            and not (cells.str.len_bytes() > self._longest).any()
        ):
            return None
        condition = self._condition
        if condition is not None and (self._is_plain or _is_various(cells)):
            return self._conditional(condition)
        wrong = [text for text in cells.unique().to_list() if not self._judge(text)]
        return ~pl.col(self.name).is_in(wrong) if wrong else None

    def _conditional(self, condition: pl.Expr) -> pl.Expr:
        column = pl.col(self.name)
        proof = condition & (column.str.len_bytes() <= self._longest)
        if self._missing_values - {""}:
            proof &= ~column.is_in(self._missing_texts)
        return proof | (column == "") if self._judge("") else proof

    def _judge(self, text: str) -> bool:
        known = self._judged.get(text)
        if known is None:
            if len(self._judged) >= _JUDGED:
                self._judged.clear()
            known = self._judged[text] = self._is_right(text)
        return known

    def _is_right(self, text: str) -> bool:
        if len(text) > self._longest:
            return False
        checked = self._check.check(text)
        if checked.faults or checked.remark is not None:
            return False
        if checked.value is None:
            return checked.missing
        if self._canonical is not None and not self._canonical.fullmatch(text):
            return False
        return all(rule.test(checked.value) is None for rule in self._rules)


def _all_plain(cells: pl.Series) -> bool:
    """Whether every text begins with a figure or a letter of English, by their order."""
    is_figure = (cells >= "0") & (cells < ":")
    return (is_figure | ((cells >= "A") & (cells < "\x7f"))).all()


def _is_various(cells: pl.Series) -> bool:
    return cells.head(_SAMPLE).n_unique() > MANY_IN_SAMPLE


def _is_plain(field: Field) -> bool:
    """Whether any text will do, but for formulas and blanks."""
    if field.enum is not None or field.type not in ("any", "string"):
        return False
    limits = (field.pattern, field.min_length, field.max_length)
    return field.type == "any" or (field.format == "default" and limits == (None, None, None))


def _condition_of(field: Field, name: str, rules: Sequence[CellRule]) -> pl.Expr | None:
    """What proves a cell that holds a value, None where only its text can be judged."""
    make = _CONDITIONS.get(field.type)
    condition = None if field.enum is not None or make is None else make(field, pl.col(name))
    if condition is None or not rules:
        return condition
    of_rules = proof_of_cell_rules(rules, name)
    return None if of_rules is None else condition & of_rules


def _text(field: Field, cell: pl.Expr) -> pl.Expr | None:
    patterns = {"uri": _URI, "uuid": _UUID}
    if field.format == "default":
        conditions = [_anything(field, cell)]
    elif field.format in patterns:
        conditions = [cell.str.contains(rf"\A{patterns[field.format]}\z")]
    else:
        return None
    if field.pattern is not None:
        columnar = columnar_pattern(field.pattern)
        if columnar is None:
            return None
        conditions.append(cell.str.contains(columnar[0]))
        if columnar[1]:
            conditions.append(cell.str.contains(PLAIN))
    if field.min_length is not None:
        conditions.append(cell.str.len_chars() >= field.min_length)
    if field.max_length is not None:
        conditions.append(cell.str.len_chars() <= field.max_length)
    return pl.all_horizontal(conditions)


def _integer(field: Field, cell: pl.Expr) -> pl.Expr | None:
    bounds = _bounds(field, lambda bound: int(bound) if bound == int(bound) else None)
    if bounds is None:
        return None
    value = cell.cast(pl.Int64, strict=False)
    return pl.all_horizontal(
        cell.str.contains(rf"\A{INTEGER}\z"), *(test(value) for test in bounds)
    )


def _number(field: Field, cell: pl.Expr) -> pl.Expr | None:
    if field.decimal_char != "." or field.group_char:
        return None
    bounds = _bounds(field, _safe_float)
    if bounds is None:
        return None
    value = cell.cast(pl.Float64, strict=False)
    return pl.all_horizontal(cell.str.contains(rf"\A{NUMBER}\z"), *(test(value) for test in bounds))


def _date(field: Field, cell: pl.Expr) -> pl.Expr | None:
    if field.format not in ("default", "%Y-%m-%d") or _has_bound(field):
        return None
    is_day = cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    # strptime has no year 0, and polars' calendar is the same from the first year on.
    return cell.str.contains(rf"\A{DATE}\z") & cell.str.starts_with("0").not_() & is_day


def _anything(field: Field, cell: pl.Expr) -> pl.Expr:
    return cell.str.contains(_SOUND_START if field.required else _SOUND_START_OR_EMPTY)


_CONDITIONS: dict[str, Callable[[Field, pl.Expr], pl.Expr | None]] = {
    "any": _anything,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "string": _text,
}

_COMPARISONS: dict[str, Callable[[pl.Expr, float], pl.Expr]] = {
    "minimum": lambda value, bound: value >= bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusive_minimum": lambda value, bound: value > bound,
    "exclusive_maximum": lambda value, bound: value < bound,
}


def _has_bound(field: Field) -> bool:
    return any(getattr(field, name) is not None for name in _COMPARISONS)


def _bounds(
    field: Field, read: Callable[[Decimal], float | None]
) -> list[Callable[[pl.Expr], pl.Expr]] | None:
    """The bounds of a column, None where one cannot be compared for sure."""
    tests: list[Callable[[pl.Expr], pl.Expr]] = []
    for name, compare in _COMPARISONS.items():
        written = getattr(field, name)
        if written is None:
            continue
        try:
            bound = read(Decimal(str(written)))
        except (InvalidOperation, ValueError, OverflowError):
            return None
        if bound is None or abs(bound) >= 10**SAFE_DIGITS:
            return None
        tests.append(lambda value, compare=compare, bound=bound: compare(value, bound))
    return tests


def _safe_float(bound: Decimal) -> float | None:
    return float(bound) if len(bound.as_tuple().digits) <= SAFE_DIGITS else None
