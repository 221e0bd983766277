"""Which records of a frame are proved right, cells and rules together."""

from __future__ import annotations

import polars as pl

from ..checks import CellRule, RowRule
from ..fields import TableSchema
from ..headers import HeaderMatch
from ..limits import Limits
from ..records import RecordChecker
from .cells import ColumnProof
from .rules import proof_of

_NOTHING = frozenset({""})


class RecordProof:
    """What proves the records of a file right, made once."""

    def __init__(
        self, schema: TableSchema, match: HeaderMatch, checker: RecordChecker, limits: Limits
    ) -> None:
        """Prepare the proof.

        Args:
            schema: the standard.
            match: what each column of the file is.
            checker: the row path, whose rules are to be proved.
            limits: what a cell may hold.
        """
        of_cells = [rule for rule in checker.rules if isinstance(rule, CellRule)]
        of_rows = [rule for rule in checker.rules if isinstance(rule, RowRule)]
        self._columns = [
            ColumnProof(
                str(index),
                check,
                _NOTHING if match.fields[index] is None else schema.missing_values_of(check.field),
                [rule for rule in of_cells if match.columns[rule.column] == index],
                limits.cell,
            )
            for index, check in enumerate(checker.checks)
        ]
        rules = [self._rule(rule, schema, match) for rule in of_rows]
        proved = [rule for rule in rules if rule is not None]
        self._rules = proved if len(proved) == len(rules) else None

    def unproved(self, frame: pl.DataFrame) -> list[int]:
        """The places in a frame of the records that only the row path can judge."""
        if not frame.height:
            return []
        if self._rules is None:
            return list(range(frame.height))
        proofs = [column.of(frame[column.name]) for column in self._columns]
        conditions = [proof for proof in proofs if proof is not None] + self._rules
        if not any(column.field.required for column in self._columns):
            conditions.append(~pl.all_horizontal([column.missing() for column in self._columns]))
        if not conditions:
            return []
        masks = frame.select(
            condition.fill_null(False).alias(str(index))
            for index, condition in enumerate(conditions)
        )
        doubts = masks.select(~pl.all_horizontal(pl.all()))
        return doubts.to_series().arg_true().to_list()

    def _rule(self, rule: RowRule, schema: TableSchema, match: HeaderMatch) -> pl.Expr | None:
        columns = [self._columns[match.columns[name]] for name in rule.columns]
        return proof_of(rule, columns, schema.custom_checks)
