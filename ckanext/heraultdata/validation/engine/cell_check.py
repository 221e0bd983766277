"""One column's check: a cell in, its value and its faults out."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ...messages import Message
from . import wording
from .cell_remarks import remark_of
from .cells import Value, reader_of
from .constraints import Constraint, constraints_of
from .faults import Fault
from .fields import Field
from .mending import candidates

CACHED_CELLS = 4_096
LONGEST_CACHED = 200
LONGEST_CELL = 500


class Checked(NamedTuple):
    """What a cell holds.

    Attributes:
        value: its value; None where there is none or where it is not of the type.
        faults: the faults, for no row yet.
        missing: whether the text stands for no value.
        remark: the kind of remark that the cell deserves.
    """

    value: Value | None
    faults: tuple[Fault, ...]
    missing: bool
    remark: str | None = None


class CellCheck:
    """The check of the cells of one column, made once for a file."""

    def __init__(self, field: Field, missing_values: frozenset[str]) -> None:
        """Make the check.

        Args:
            field: the column.
            missing_values: texts that stand for no value.
        """
        self.field = field
        # Off once a report has all the faults that it lists: the others are counted only.
        self.advises = True
        self._missing_values = missing_values
        self._read = reader_of(field)
        self._constraints = constraints_of(field, self._read)
        self._item = _item_check(field)
        # Results by text; the row path looks here first, and the dictionary stays the same.
        self.known: dict[str | None, Checked] = {}
        self._example: str | None = None
        self._example_sought = False
        self._no_value = Checked(None, self._faults_of_nothing(), missing=True)

    def check(self, cell: str | None) -> Checked:
        """Check a cell.

        Args:
            cell: its text, None where the record has no such cell.
        """
        if cell is None:
            return self._no_value
        known = self.known.get(cell)
        if known is not None:
            return known
        checked = self._checked(cell)
        if len(cell) <= LONGEST_CACHED:
            if len(self.known) >= CACHED_CELLS:
                self.known.clear()
            self.known[cell] = checked
        return checked

    def accepts(self, cell: str) -> bool:
        """Whether a cell has no fault."""
        value, problems = self._problems(cell)
        return not problems and (value is not None or not self.field.required)

    def _faults_of_nothing(self) -> tuple[Fault, ...]:
        if not self.field.required:
            return ()
        title, sentence = wording.broken_constraint(self.field, "required", "")
        return (Fault("constraint-error", title, sentence, column=self.field.name, cell=""),)

    def _checked(self, cell: str) -> Checked:
        if cell in self._missing_values:
            if not cell or not self._no_value.faults:
                return self._no_value
            return Checked(
                None, tuple(replace(fault, cell=cell) for fault in self._no_value.faults), True
            )
        value, problems = self._problems(cell)
        remark = remark_of(self.field, cell, value)
        if not problems:
            return Checked(value, (), False, remark)
        mended = self._mended(cell) if self.advises else None
        faults = tuple(self._fault(cell, mended, problem) for problem in problems)
        return Checked(value, faults, missing=False, remark=remark)

    def _problems(self, cell: str) -> tuple[Value | None, list[tuple[str, Message, Message]]]:
        """The value, and the code, title and sentence of each thing wrong."""
        if cell in self._missing_values:
            return None, []
        value = self._read(cell)
        if value is None:
            return None, [("type-error", *wording.wrong_type(self.field, cell))]
        problems: list[tuple[str, Message, Message]] = []
        for constraint in self._constraints:
            if not constraint.holds(value):
                told = wording.broken_constraint(self.field, constraint.name, cell)
                problems.append(("constraint-error", *told))
        if not problems and self._item is not None and isinstance(value, list):
            problems = self._item.problems(value)
        return value, problems

    def _fault(self, cell: str, mended: str | None, problem: tuple[str, Message, Message]) -> Fault:
        code, title, sentence = problem
        example = None if mended is not None or not self.advises else self.example
        return Fault(
            code=code,
            title=title,
            message=wording.with_advice(sentence, example, cell, mended),
            column=self.field.name,
            cell=cell[:LONGEST_CELL],
            mended=mended,
        )

    def _mended(self, cell: str) -> str | None:
        for text in candidates(self.field, cell):
            if text and text != cell and text not in self._missing_values and self.accepts(text):
                return text
        return None

    @property
    def example(self) -> str | None:
        """A right value: the schema's own where it is right, else one that fits."""
        if not self._example_sought:
            self._example_sought = True
            self._example = next(
                (text for text in self._examples() if text and self.accepts(text)), None
            )
        return self._example

    def _examples(self) -> list[str]:
        field = self.field
        if field.type == "string":
            usual = wording.TEXT_EXAMPLES.get(field.format, ())
        elif field.type == "boolean":
            usual = field.true_values[:1]
        else:
            usual = wording.EXAMPLES.get(field.type, ())
        bounds = [str(bound) for bound in (field.minimum, field.maximum) if bound is not None]
        listed = [wording.as_written(value) for value in (field.enum or ())[:1]]
        return [*([field.example] if field.example else []), *listed, *usual, *bounds]


class ItemCheck:
    """The check of the items of an array."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._read = reader_of(field)
        self._constraints: list[Constraint] = constraints_of(field, self._read)
        self._missing_values = frozenset(field.missing_values or ("",))

    def problems(self, items: list[object]) -> list[tuple[str, Message, Message]]:
        """One problem of each kind, as frictionless counts them."""
        found: dict[str, tuple[str, Message, Message]] = {}
        for item in items:
            for name, title, sentence in self._problems_of(item):
                code = "type-error" if name == "type" else "constraint-error"
                found.setdefault(name, (code, title, wording.in_item(sentence)))
        # frictionless gives the errors of type before the others.
        return sorted(found.values(), key=lambda problem: problem[0] != "type-error")

    def _problems_of(self, item: object) -> list[tuple[str, Message, Message]]:
        text = str(item)
        if item is None or text in self._missing_values:
            if not self._field.required:
                return []
            return [("required", *wording.broken_constraint(self._field, "required", text))]
        value = self._read(item)
        if value is None:
            return [("type", *wording.wrong_type(self._field, text))]
        return [
            (constraint.name, *wording.broken_constraint(self._field, constraint.name, text))
            for constraint in self._constraints
            if not constraint.holds(value)
        ]


def _item_check(field: Field) -> ItemCheck | None:
    if field.type != "array" or field.array_item is None:
        return None
    return ItemCheck(field.array_item)
