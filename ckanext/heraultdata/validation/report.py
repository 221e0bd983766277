"""What a page shows of a report of frictionless: pure, and deaf to what it does not know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..messages import Message
from .sentences import sentence_of


@dataclass(frozen=True)
class ReportedError:
    """One error; `row` and `column` are null where it concerns the whole file or the header.

    Attributes:
        row: number of the row in the file, the header being 1.
        column: name of the column.
        sentence: what is wrong, to be put into the reader's language.
        message: the same in frictionless's words, for what has no sentence of ours.
    """

    row: int | None
    column: str | None
    sentence: Message | None
    message: str


@dataclass(frozen=True)
class ReportSummary:
    """A report: rows of data read, errors counted, and those of them that are listed."""

    rows: int
    error_count: int
    errors: tuple[ReportedError, ...]


def summarise(report: str | Mapping[str, Any] | None) -> ReportSummary | None:
    """Read a report as `resource_validation_show` gives it (JSON text), or as objects.

    Returns:
        The summary; None where there is no report, or one of an older frictionless.
    """
    described = json.loads(report) if isinstance(report, str) else report
    if not described or "tasks" not in described:
        return None
    tasks: list[Mapping[str, Any]] = described["tasks"]
    listed = [_error(error) for task in tasks for error in task.get("errors", [])]
    listed += [_error(error) for error in described.get("errors", [])]
    return ReportSummary(
        rows=sum(task.get("stats", {}).get("rows") or 0 for task in tasks),
        error_count=described.get("stats", {}).get("errors") or len(listed),
        errors=tuple(listed),
    )


def _error(error: Mapping[str, Any]) -> ReportedError:
    return ReportedError(
        row=error.get("rowNumber"),
        column=error.get("fieldName") or error.get("label"),
        sentence=sentence_of(error),
        message=str(error.get("message") or error.get("title") or ""),
    )
