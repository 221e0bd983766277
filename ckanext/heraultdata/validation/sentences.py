"""An error of frictionless in a sentence that says what is wrong and what is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..messages import N_, Message

_TYPE = re.compile(r'type is "(?P<expected>[^/"]+)')
_CONSTRAINT = re.compile(r'constraint "(?P<name>\w+)" is "(?P<value>.*)"', re.DOTALL)

_BY_TYPE = {
    "missing-label": N_("The column {column} is missing: add it."),
    "incorrect-label": N_("The column {label} stands where {column} is expected."),
    "extra-label": N_("The column {label} is not expected: remove it, or check its name."),
    "duplicate-label": N_("The column {label} stands twice: keep one of them."),
    "blank-label": N_("A column has no name: name it or remove it."),
    "blank-header": N_("The first row is empty: it must hold the names of the columns."),
    "blank-row": N_("This row is empty: remove it."),
    "missing-cell": N_("This row is too short: the cell of {column} is missing."),
    "extra-cell": N_("This row is too long: “{cell}” is beyond the last column."),
    "unique-error": N_("“{cell}” stands twice in this column: each value must be its own."),
    "primary-key": N_("The key of this row is empty, or is that of another row."),
}

_BY_EXPECTED_TYPE = {
    "date": N_("“{cell}” is not a date: write year-month-day, for example 2024-02-26."),
    "datetime": N_("“{cell}” is not a date with its time (ISO 8601)."),
    "integer": N_("“{cell}” is not a whole number."),
    "number": N_("“{cell}” is not a number: write digits, with a dot before decimals."),
    "boolean": N_("“{cell}” is neither true nor false."),
    "year": N_("“{cell}” is not a year of four digits."),
}

_BY_CONSTRAINT = {
    "required": N_("This cell is empty, and must be filled in."),
    "enum": N_("“{cell}” is not among the values allowed: {value}."),
    "pattern": N_("“{cell}” is not written as it must be (pattern {value})."),
    "minimum": N_("{cell} is too small: the least is {value}."),
    "maximum": N_("{cell} is too large: the most is {value}."),
    "minLength": N_("“{cell}” is too short: at least {value} characters."),
    "maxLength": N_("“{cell}” is too long: at most {value} characters."),
}


def sentence_of(error: Mapping[str, object]) -> Message | None:
    """The sentence for an error, None where only frictionless has words for it.

    Args:
        error: an error of a report of frictionless 5, as its descriptor.
    """
    values: dict[str, object] = {
        "column": str(error.get("fieldName") or ""),
        "label": str(error.get("label") or ""),
        "cell": str(error.get("cell") or ""),
    }
    note = str(error.get("note") or "")
    template = _BY_TYPE.get(str(error.get("type")))
    expected, constraint = _TYPE.match(note), _CONSTRAINT.match(note)
    if error.get("type") == "type-error" and expected:
        template = _BY_EXPECTED_TYPE.get(expected["expected"])
    if error.get("type") == "constraint-error" and constraint:
        template = _BY_CONSTRAINT.get(constraint["name"])
        values["value"] = constraint["value"].strip("[]").replace("'", "")
    return Message(template, values) if template else None
