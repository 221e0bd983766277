"""What custom checks are made of: a rule on one cell, or a rule on the values of a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from ....messages import Message
from ..cells import Value
from ..faults import Fault, Remark
from ..fields import CheckDescription


@dataclass(frozen=True)
class Found:
    """What a check says of a value, or of a row.

    Attributes:
        message: what is wrong and what is expected.
        mended: the text that would be right, where it can be told.
    """

    message: Message
    mended: str | None = None


CellTest: TypeAlias = Callable[[Value], Found | None]
RowTest: TypeAlias = Callable[[tuple[Value | None, ...]], Found | None]


@dataclass(frozen=True)
class CellRule:
    """A rule on each cell of one column, for cells that hold a value.

    Attributes:
        code: name of the check as the schema writes it.
        title: the kind of fault.
        column: the column.
        test: gives what is wrong with a value, or None.
    """

    code: str
    title: Message
    column: str
    test: CellTest


@dataclass(frozen=True)
class RowRule:
    """A rule on the values of several columns of a row.

    Attributes:
        code: name of the check as the schema writes it.
        title: the kind of fault.
        columns: the columns, the one that bears the fault first.
        test: gives what is wrong with the values in the order of `columns`, or None.
        skips_empty: whether a row with an empty cell among them is not tested.
    """

    code: str
    title: Message
    columns: tuple[str, ...]
    test: RowTest
    skips_empty: bool = True


@dataclass(frozen=True)
class Context:
    """What a check may know when it is made.

    Attributes:
        present: the columns of the file.
    """

    present: frozenset[str]


@dataclass
class BuiltChecks:
    """The checks of a file.

    Attributes:
        rules: those that run, in the order of the schema.
        faults: errors of the file that no row bears.
        remarks: what is worth saying.
    """

    rules: list[CellRule | RowRule] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


class CheckError(Exception):
    """A check that cannot be made of what the schema says.

    Attributes:
        message: why.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


Maker: TypeAlias = Callable[[CheckDescription, Context], CellRule | RowRule | Fault | None]
