"""The row path: one record after the other, and the only judge of what is a fault."""

from __future__ import annotations

from collections.abc import Sequence

from . import wording
from .cell_check import LONGEST_CELL, CellCheck, Checked
from .cell_remarks import CellRemarks
from .checks import CellRule, RowRule, build_checks
from .checks.model import Found
from .faults import Fault, Remark
from .fields import Field, TableSchema
from .headers import HeaderMatch, match_header
from .keys import KeyTracker

__all__ = ["HeaderMatch", "KeyTracker", "RecordChecker", "match_header"]

CACHED_VALUES = 4_096
DESCRIBED_FAULTS = 1_000


class RecordChecker:
    """Faults of one record, whatever the others hold: cells, constraints, custom checks.

    Attributes:
        checks: the check of each column of the file, in the order of the file; the same whichever
            path calls them.
        rules: the custom checks that run.
        file_faults: errors of the file that no record bears (a custom check that cannot run).
    """

    def __init__(
        self, schema: TableSchema, header_match: HeaderMatch, described: int = DESCRIBED_FAULTS
    ) -> None:
        """Make the checks of a file.

        Args:
            schema: the standard.
            header_match: what each column of the file is.
            described: faults that have an example and a mended value; more are only to be counted.
        """
        self._to_describe = described
        self.checks = [
            _cell_check(schema, field, label)
            for field, label in zip(header_match.fields, header_match.labels, strict=True)
        ]
        built = build_checks(schema, frozenset(header_match.columns))
        self.rules = tuple(built.rules)
        self.file_faults = tuple(built.faults)
        self._remarks = tuple(built.remarks)
        self._cell_remarks = CellRemarks()
        self._width = len(self.checks)
        self._columns = [(check.known.get, check.check) for check in self.checks]
        self._rules = [_bound_rule(rule, header_match.columns) for rule in built.rules]

    def remarks(self) -> list[Remark]:
        """What is worth saying once every record was given: formulas, blanks, former names."""
        return [*self._remarks, *self._cell_remarks.remarks()]

    def faults_of(self, number: int, cells: Sequence[str | None]) -> list[Fault]:
        """The faults of a record; its remarks are gathered for `remarks`.

        Args:
            number: number of the record in the file, from 1, the header and blank records included.
            cells: its cells, as many as the record has.

        Returns:
            Faults of its cells in the order of the file, extra and missing cells, then custom
            checks in the order of the schema.
        """
        faults: list[Fault] = []
        row = cells if len(cells) == self._width else self._evened(cells)
        checked = [
            known(cell) or check(cell)
            for (known, check), cell in zip(self._columns, row, strict=False)
        ]
        for result in checked:
            if result[1] or result[3]:
                self._take(number, checked, faults)
                break
        if len(cells) != self._width:
            faults += self._uneven(number, cells)
        if checked[0][2] and all(result[2] for result in checked):
            faults = [_blank_row(number)]
        for rule in self._rules:
            fault = rule.fault_of(number, row, checked)
            if fault is not None:
                faults.append(fault)
        if faults and self._to_describe > 0:
            self._to_describe -= len(faults)
            if self._to_describe <= 0:
                for check in self.checks:
                    check.advises = False
        return faults

    def _take(self, number: int, checked: Sequence[Checked], faults: list[Fault]) -> None:
        for check, result in zip(self.checks, checked, strict=True):
            faults += [in_row(fault, number) for fault in result.faults]
            if result.remark is not None:
                self._cell_remarks.note(result.remark, check.field.name, number)

    def _evened(self, cells: Sequence[str | None]) -> list[str | None]:
        return [*cells[: self._width], *[None] * (self._width - len(cells))]

    def _uneven(self, number: int, cells: Sequence[str | None]) -> list[Fault]:
        faults: list[Fault] = []
        for place, cell in enumerate(cells[self._width :], self._width + 1):
            title, message = wording.extra_cell(place, cell or "")
            text = (cell or "")[:LONGEST_CELL]
            faults.append(Fault("extra-cell", title, message, row=number, cell=text))
        for check in self.checks[len(cells) :]:
            name = check.field.name
            title, message = wording.missing_cell(name)
            faults.append(Fault("missing-cell", title, message, number, name, ""))
        return faults


def in_row(fault: Fault, number: int) -> Fault:
    """The same fault in a given row.

    Args:
        fault: a fault of a cell, in no row yet.
        number: number of the record.
    """
    return Fault(
        fault.code, fault.title, fault.message, number, fault.column, fault.cell, fault.mended
    )


def _cell_check(schema: TableSchema, field: Field | None, label: str) -> CellCheck:
    if field is None:
        # Frictionless reads an extra column with no missing value but the empty text.
        return CellCheck(Field(label, type="any"), frozenset({""}))
    return CellCheck(field, schema.missing_values_of(field))


def _blank_row(number: int) -> Fault:
    title, message = wording.BLANK_ROW
    return Fault("blank-row", title, message, row=number)


class _BoundCellRule:
    """A rule on the cells of one column, with its place in the file."""

    def __init__(self, rule: CellRule, columns: dict[str, int]) -> None:
        self._rule = rule
        self._place = columns[rule.column]
        self._known: dict[str, Found | None] = {}

    def fault_of(
        self, number: int, cells: Sequence[str | None], checked: Sequence[Checked]
    ) -> Fault | None:
        value, cell = checked[self._place][0], cells[self._place]
        if value is None or cell is None:
            return None
        try:
            found = self._known[cell]
        except KeyError:
            found = self._rule.test(value)
            if len(self._known) >= CACHED_VALUES:
                self._known.clear()
            self._known[cell] = found
        return None if found is None else _fault(self._rule, found, number, self._rule.column, cell)


class _BoundRowRule:
    """A rule on several columns, with their places in the file."""

    def __init__(self, rule: RowRule, columns: dict[str, int]) -> None:
        self._rule = rule
        self._places = [columns[name] for name in rule.columns]

    def fault_of(
        self, number: int, cells: Sequence[str | None], checked: Sequence[Checked]
    ) -> Fault | None:
        values = tuple([checked[place][0] for place in self._places])
        if self._rule.skips_empty and None in values:
            return None
        found = self._rule.test(values)
        if found is None:
            return None
        return _fault(
            self._rule, found, number, self._rule.columns[0], cells[self._places[0]] or ""
        )


def _bound_rule(
    rule: CellRule | RowRule, columns: dict[str, int]
) -> _BoundCellRule | _BoundRowRule:
    if isinstance(rule, CellRule):
        return _BoundCellRule(rule, columns)
    return _BoundRowRule(rule, columns)


def _fault(rule: CellRule | RowRule, found: Found, number: int, column: str, cell: str) -> Fault:
    message = wording.with_advice(found.message, None, cell, found.mended)
    return Fault(rule.code, rule.title, message, number, column, cell[:LONGEST_CELL], found.mended)
