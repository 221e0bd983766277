"""What is accepted in cells and worth saying: formulas, compulsory cells of blanks only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...messages import N_, Message
from .cells import Value
from .faults import Remark
from .fields import Field

FORMULA = "formula"
BLANK_TEXT = "blank-text"
# With units and exponents: what the type of the column reads is no formula.
READ_AS_NUMBERS = frozenset({"integer", "number", "geopoint"})

_FORMULA_STARTS = frozenset("=+-@\t\r")
_SIGNED_NUMBER = re.compile(r"[+\-][0-9\s.,()/\-]*")
TITLES: dict[str, str] = {
    FORMULA: N_("Formula in a cell"),
    BLANK_TEXT: N_("Compulsory cell of blanks only"),
}
SENTENCES: dict[str, str] = {
    FORMULA: N_(
        "Cells begin like a formula of a spreadsheet (=, +, - or @), and may run when the file is"
        " opened: write their result in their place. Columns: {names}; first row: {row}."
    ),
    BLANK_TEXT: N_(
        "Compulsory cells hold blanks only, which is accepted and tells nothing: fill them."
        " Columns: {names}; first row: {row}."
    ),
}


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula.

    Args:
        text: a cell, or any text that goes into a file.
    """
    return text[:1] in _FORMULA_STARTS and _SIGNED_NUMBER.fullmatch(text) is None


def remark_of(column: Field, cell: str, value: Value | None) -> str | None:
    """The kind of remark that a cell deserves, None for most.

    Args:
        column: its column.
        cell: its text.
        value: its value, None where it is not of the type.
    """
    if column.type in READ_AS_NUMBERS and value is not None:
        return None
    if is_formula(cell):
        return FORMULA
    if column.required and value is not None and cell.isspace():
        return BLANK_TEXT
    return None


@dataclass
class CellRemarks:
    """The remarks on cells of a file, gathered by kind.

    Attributes:
        first_rows: for each kind, the first row where each column deserves it.
    """

    first_rows: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, kind: str, column: str, row: int) -> None:
        """Note a cell.

        Args:
            kind: the kind of remark.
            column: name of the column.
            row: number of the record.
        """
        rows = self.first_rows.setdefault(kind, {})
        rows[column] = min(row, rows.get(column, row))

    def remarks(self) -> list[Remark]:
        """One remark for each kind, with the columns."""
        return [
            Remark(
                kind,
                Message(TITLES[kind]),
                Message(
                    SENTENCES[kind], {"names": ", ".join(rows), "row": str(min(rows.values()))}
                ),
                column=next(iter(rows)) if len(rows) == 1 else None,
            )
            for kind, rows in sorted(self.first_rows.items())
        ]
