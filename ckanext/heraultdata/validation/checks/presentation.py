"""A report as a page tells it: a verdict, what to do, faults by column and by row, folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ...standards import published
from ..engine.faults import Fault
from ..engine.language import told as in_language
from ..engine.report import Report, folded_faults
from .language import reports_language, told

#: Codes after which nothing else of the file was checked.
UNREADABLE = ("source-error", "encoding-error")
_ROWS_NAMED = 10
_CORRECTIONS_SHOWN = 3
_ROWS_SHOWN = 50


@dataclass(frozen=True)
class ToldFault:
    """An error in the reader's language."""

    code: str
    title: str
    message: str
    row: int | None
    column: str | None
    cell: str | None
    mended: str | None


@dataclass(frozen=True)
class Correction:
    """A value as found, and as it should be."""

    found: str
    mended: str


@dataclass(frozen=True)
class ColumnFault:
    """The same error in several rows of a column; the first one speaks for all.

    Attributes:
        rows: the first rows that have it; empty for the header or the whole file.
        count: how many of the errors listed are of this kind.
    """

    title: str
    message: str
    rows: tuple[int, ...]
    count: int
    corrections: tuple[Correction, ...]

    @property
    def more(self) -> int:
        """In how many more rows than the first one the error stands."""
        return self.count - 1

    @property
    def rows_not_named(self) -> int:
        """How many of its rows are not named."""
        return max(self.count - len(self.rows), 0) if self.rows else 0


@dataclass(frozen=True)
class ColumnFaults:
    """The errors of a column; `column` is None for those of rows, or of the whole file."""

    column: str | None
    count: int
    faults: tuple[ColumnFault, ...]


@dataclass(frozen=True)
class RowFaults:
    """The errors of a row of the file."""

    row: int
    faults: tuple[ToldFault, ...]


@dataclass(frozen=True)
class ReportPage:
    """What the page of a report shows.

    Attributes:
        standard: title of the standard, where it is known.
        verdict: whether the file is right, in a sentence.
        advice: what to do now.
        listed: how many errors are listed, where that is not all of them.
        rows_left_out: how many rows with errors are not shown.
    """

    report: Report
    standard: str | None
    verdict: str
    advice: str
    columns: tuple[ColumnFaults, ...]
    rows: tuple[RowFaults, ...]
    rows_left_out: int
    warnings: tuple[str, ...]
    listed: int | None


_FOR_THE_PUBLISHER = frozenset({"check-renamed"})
"""Warnings on the writing of the standard: the page of the standard shows them."""


def page_of(report: Report) -> ReportPage:
    """Tell a report in the reader's language."""
    faults = faults_of(report)
    rows = _by_row(faults)
    listed = len(faults)
    title = _title_of(report.standard) if report.standard else None
    return ReportPage(
        report=report,
        standard=title,
        verdict=_verdict(report, title),
        advice=_advice(report),
        columns=_by_column(report),
        rows=rows[:_ROWS_SHOWN],
        rows_left_out=max(len(rows) - _ROWS_SHOWN, 0),
        warnings=tuple(
            warning["message"]
            for warning in told(report)["warnings"]
            if warning["code"] not in _FOR_THE_PUBLISHER
        ),
        listed=listed if listed < report.error_count else None,
    )


def faults_of(report: Report) -> list[ToldFault]:
    """The errors listed in a report, in the reader's language."""
    errors = told(report)["errors"]
    return [
        ToldFault(**error, mended=fault.mended)
        for error, fault in zip(errors, report.errors, strict=True)
    ]


def _by_column(report: Report) -> tuple[ColumnFaults, ...]:
    corrections = _corrections(report.errors)
    by_column: dict[str | None, list[ColumnFault]] = {}
    for folded in folded_faults(report.errors):
        first = folded.fault
        shown = ColumnFault(
            title=in_language(first.title, reports_language()),
            message=in_language(first.message, reports_language()),
            rows=folded.rows[:_ROWS_NAMED],
            count=folded.others + 1,
            corrections=corrections.get((first.column, first.code), ())[:_CORRECTIONS_SHOWN],
        )
        by_column.setdefault(first.column, []).append(shown)
    # What concerns the whole file comes first.
    ordered = sorted(by_column.items(), key=lambda item: item[0] is not None)
    return tuple(
        ColumnFaults(column, sum(fault.count for fault in faults), tuple(faults))
        for column, faults in ordered
    )


def _corrections(faults: Iterable[Fault]) -> dict[tuple[str | None, str], tuple[Correction, ...]]:
    """The different corrections proposed, by column and code."""
    found: dict[tuple[str | None, str], dict[Correction, None]] = {}
    for fault in faults:
        if fault.cell is not None and fault.mended is not None:
            correction = Correction(fault.cell, fault.mended)
            found.setdefault((fault.column, fault.code), {})[correction] = None
    return {place: tuple(corrections) for place, corrections in found.items()}


def _by_row(faults: Iterable[ToldFault]) -> tuple[RowFaults, ...]:
    by_row: dict[int, list[ToldFault]] = {}
    for fault in faults:
        if fault.row is not None:
            by_row.setdefault(fault.row, []).append(fault)
    return tuple(RowFaults(row, tuple(found)) for row, found in sorted(by_row.items()))


def _title_of(standard: str) -> str:
    return published.titles([standard]).get(standard, standard)


def _verdict(report: Report, standard: str | None) -> str:
    if _unreadable(report):
        return tk._("The file cannot be read.")
    if not report.valid:
        return tk.ungettext(
            "The file has {n} error.", "The file has {n} errors.", report.error_count
        ).format(n=tk.h.heraultdata_number(report.error_count))
    if standard:
        return tk._("The file meets the standard “{standard}”, version {version}.").format(
            standard=standard, version=report.version
        )
    return tk._("The file meets the schema.")


def _advice(report: Report) -> str:
    if _unreadable(report):
        return tk._("Save it again as CSV (UTF-8), XLSX or ODS, and send it again.")
    if not report.valid:
        return tk._("Correct what follows in the file, save it, and send it again.")
    if report.warnings:
        return tk._("Nothing has to be done. What follows is worth a look.")
    return tk._("Nothing has to be done.")


def _unreadable(report: Report) -> bool:
    return any(fault.code in UNREADABLE for fault in report.errors)
