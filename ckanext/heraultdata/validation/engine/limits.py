"""How much of a file a check reads before it gives up: every file is hostile at first."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one check.

    Attributes:
        bytes: size of the file, and of what an archive unpacks to.
        rows: records of data.
        columns: columns of a table.
        cell: characters of a cell.
        seconds: time of the whole check.
        listed_errors: errors listed in a report; all are counted.
    """

    bytes: int = 500 * MEBIBYTE
    rows: int = 2_000_000
    columns: int = 1_000
    cell: int = 100_000
    seconds: float = 300
    listed_errors: int = 1_000
