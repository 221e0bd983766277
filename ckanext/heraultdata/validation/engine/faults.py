"""What a check finds: faults of the file, warnings, in sentences not translated yet."""

from __future__ import annotations

from dataclasses import dataclass

from ...messages import Message


@dataclass(frozen=True)
class Fault:
    """One error of a file.

    Attributes:
        code: frictionless's type of error, or the name of the custom check.
        title: the kind of fault in a few words.
        message: what is wrong, what was found, what is expected and an example of a right value.
        row: number of the record in the file, from 1, blank records included; None for the header.
        column: name of the column, None where it concerns the row or the file.
        cell: text of the cell as found, shortened.
        mended: the text that would be right, where it can be told.
    """

    code: str
    title: Message
    message: Message
    row: int | None = None
    column: str | None = None
    cell: str | None = None
    mended: str | None = None


@dataclass(frozen=True)
class Remark:
    """What is accepted and worth saying: of the file, or of the schema itself."""

    code: str
    title: Message
    message: Message
    column: str | None = None
