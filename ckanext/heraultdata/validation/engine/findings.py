"""What a check has found so far, bounded in size and in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .faults import Fault, Remark
from .reading.model import too_long


@dataclass
class Findings:
    """Faults and remarks as they come, in the order of the file.

    Attributes:
        listed_errors: faults kept; the others are only counted.
        deadline: moment of the monotonic clock when the check must stop.
        progress: told the number of records checked, now and then.
        errors: the faults kept.
        error_count: all the faults.
        warnings: what is accepted and worth saying.
        rows: records of data.
        encoding: of a text file.
        delimiter: of a CSV file.
    """

    listed_errors: int
    deadline: float
    progress: Callable[[int], None] | None = None
    errors: list[Fault] = field(default_factory=list)
    error_count: int = 0
    warnings: list[Remark] = field(default_factory=list)
    rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None

    def begin_again(self) -> None:
        """Forget what was found."""
        self.errors.clear()
        self.warnings.clear()
        self.error_count = self.rows = 0

    def add(self, faults: Sequence[Fault]) -> None:
        """Count faults, and keep those that there is room for."""
        self.error_count += len(faults)
        room = self.listed_errors - len(self.errors)
        if room > 0:
            self.errors.extend(faults[:room])

    def remark(self, remarks: Iterable[Remark]) -> None:
        """Keep what is worth saying."""
        self.warnings.extend(remarks)

    def stop(self, fault: Fault) -> None:
        """Keep the fault that stops the check, in place of the last where there is no room."""
        self.error_count += 1
        if len(self.errors) >= self.listed_errors:
            self.errors.pop()
        self.errors.append(fault)

    def advance(self, rows: int) -> None:
        """Note how many records are checked, and stop where the time is over.

        Raises:
            UnreadableError: the check has lasted too long.
        """
        self.rows = rows
        if self.progress is not None:
            self.progress(rows)
        if time.monotonic() > self.deadline:
            raise too_long()
