"""The lists of the portal as files for spreadsheets: which columns each has, in words.

Each list comes from its action, all its pages, so that a file holds what its reader may see.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
import xlsxwriter

from .. import pages
from ..messages import N_
from ..validation.checks.exports import HEADER, WORKBOOK, without_formula
from ..validators import MOST_RESULTS
from . import export_words as words
from .export_words import Cell, Names

_CELL = 32_000
_WIDTH = 24

# A line of a list, as its action answers it.
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a file.

    Attributes:
        heading: the English words, marked with `N_`.
        key: which value of the line it shows.
        read: what makes a cell of the value.
    """

    heading: str
    key: str
    read: Callable[[object, Names], Cell] = words.as_it_is


@dataclass(frozen=True)
class ExportedList:
    """A list that can be taken away.

    Attributes:
        action: what answers it, page by page.
        columns: those of the file.
    """

    action: str
    columns: tuple[Column, ...]


_PARTNER = (
    Column(N_("Partner"), "organization_id", words.partner),
    Column(N_("Identifier of the partner"), "organization_id"),
)
_DATASET = (
    Column(N_("Dataset"), "package_id", words.dataset),
    Column(N_("Identifier of the dataset"), "package_id"),
)
_STANDARD = (
    Column(N_("Standard"), "standard", words.standard),
    Column(N_("Name of the standard"), "standard"),
)
_VERSION = Column(N_("Version"), "version")

LISTS: Mapping[str, ExportedList] = {
    "conformance": ExportedList(
        "heraultdata_conformance_list",
        (
            *_PARTNER,
            *_DATASET,
            *_STANDARD,
            Column(N_("Status"), "status", words.status),
            Column(N_("Version to reach"), "target_version"),
            Column(N_("Version met"), "valid_version"),
            Column(N_("Due on"), "due_on", words.day),
            Column(N_("Days left"), "days_left"),
            Column(N_("Days late"), "days_late"),
            Column(N_("Declared, not checked"), "declared"),
        ),
    ),
    "freshness": ExportedList(
        "heraultdata_freshness_list",
        (
            *_PARTNER,
            *_DATASET,
            Column(N_("Frequency of update"), "frequency", words.frequency),
            Column(N_("Last change of the data"), "changed_on", words.day),
            Column(N_("Status"), "status", words.freshness),
            Column(N_("Due on"), "due_on", words.day),
            Column(N_("Days left"), "days_left"),
            Column(N_("Days late"), "days_late"),
        ),
    ),
    "extensions": ExportedList(
        "heraultdata_extension_list",
        (
            *_PARTNER,
            *_STANDARD,
            _VERSION,
            Column(N_("Extended to"), "due_on", words.day),
            Column(N_("Reason"), "reason"),
            Column(N_("Asked on"), "asked_on", words.day),
            Column(N_("Asked by"), "asked_by", words.user),
            Column(N_("Decision"), "granted", words.decision),
            Column(N_("Decided on"), "decided_on", words.day),
            Column(N_("Decided by"), "decided_by", words.user),
            Column(N_("Reason for the decision"), "decision_reason"),
        ),
    ),
    "declarations": ExportedList(
        "heraultdata_declaration_list",
        (
            *_PARTNER,
            *_DATASET,
            *_STANDARD,
            _VERSION,
            Column(N_("Grounds"), "grounds"),
            Column(N_("Declared on"), "declared_on", words.day),
            Column(N_("Declared by"), "declared_by", words.user),
        ),
    ),
    "absences": ExportedList(
        "heraultdata_absence_list",
        (
            *_PARTNER,
            *_STANDARD,
            Column(N_("Reason"), "reason"),
            Column(N_("Declared on"), "declared_on", words.day),
            Column(N_("Declared by"), "declared_by", words.user),
            Column(N_("Counts until (this day excluded)"), "ends_on", words.day),
            Column(N_("Counts today"), "running"),
        ),
    ),
    "partners": ExportedList(
        "heraultdata_partner_list",
        (
            Column(N_("Partner"), "title"),
            Column(N_("Identifier of the partner"), "organization_id"),
            Column(N_("Type of partner"), "partner_type", words.partner_type),
            Column(N_("SIREN"), "siren"),
            Column(N_("INSEE code"), "insee_code"),
            Column(N_("Population"), "population"),
            Column(N_("Agents"), "agents"),
            Column(N_("Legal obligation"), "obligation", words.obligation),
            Column(N_("Convention"), "convention_state", words.convention_state),
            Column(N_("In force since"), "effective_on", words.day),
            Column(N_("Ends on"), "ends_on", words.day),
            Column(N_("Public datasets"), "dataset_count"),
            Column(N_("Website"), "website"),
        ),
    ),
    "conventions": ExportedList(
        "heraultdata_convention_list",
        (
            *_PARTNER,
            Column(N_("Identifier of the convention"), "id"),
            Column(N_("State"), "state", words.convention_state),
            Column(N_("In force since"), "effective_on", words.day),
            Column(N_("Renewals"), "renewals"),
            Column(N_("Current year ends on"), "term_ends_on", words.day),
            Column(N_("Ends on"), "ends_on", words.day),
            Column(N_("Reference"), "reference"),
            Column(N_("Number of the délibération"), "deliberation_number"),
            Column(N_("Date of the délibération"), "deliberation_date", words.day),
            Column(N_("Representative"), "representative"),
        ),
    ),
    "standards": ExportedList(
        "heraultdata_standard_list",
        (
            Column(N_("Standard"), "title"),
            Column(N_("Name of the standard"), "name"),
            Column(N_("Level"), "level", words.level),
            Column(N_("SCDL"), "scdl"),
            Column(N_("Priority"), "priority"),
            Column(N_("Concerns"), "concerns", words.partner_types),
            Column(N_("Issued by"), "issuer"),
            Column(N_("Newest version"), "versions", words.newest_version),
            Column(N_("Published on"), "versions", words.newest_published_on),
            Column(N_("Due on"), "versions", words.newest_due_on),
            Column(N_("Documentation of the issuer"), "homepage"),
        ),
    ),
}
"""By the name that stands in the address of the file."""


def lines_of(exported: ExportedList, filters: Mapping[str, str]) -> list[dict[str, Any]]:
    """All the lines of a list, as the user who asks may see them.

    Args:
        exported: the list.
        filters: what its action takes.

    Raises:
        tk.NotAuthorized: the list is not for this user.
        tk.ValidationError: the action does not take these filters.
    """
    lines: list[dict[str, Any]] = []
    while True:
        page = pages.call(exported.action, **filters, limit=MOST_RESULTS, offset=len(lines))
        lines += page["results"]
        if len(lines) >= page["count"] or not page["results"]:
            return lines


def as_csv(exported: ExportedList, lines: Sequence[Line]) -> bytes:
    """The list as CSV, with `;` and a byte order mark, as spreadsheets in French expect it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_headings(exported))
    writer.writerows([_csv_cell(cell) for cell in row] for row in _rows(exported, lines))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(exported: ExportedList, lines: Sequence[Line]) -> bytes:
    """The list as a sheet with a heading that stays, dates as dates, filters on the columns."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, WORKBOOK) as workbook:
        header = workbook.add_format(HEADER)
        as_date = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(exported.columns) - 1, _WIDTH)
        for rank, heading in enumerate(_headings(exported)):
            sheet.write_string(0, rank, heading, header)
        for row, cells in enumerate(_rows(exported, lines), start=1):
            for rank, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write(row, rank, cell, as_date)
                elif isinstance(cell, int):
                    sheet.write_number(row, rank, cell)
                elif cell:
                    sheet.write_string(row, rank, cell[:_CELL])
        sheet.autofilter(0, 0, len(lines), len(exported.columns) - 1)
    return content.getvalue()


def _headings(exported: ExportedList) -> list[str]:
    return [tk._(column.heading) for column in exported.columns]


def _rows(exported: ExportedList, lines: Sequence[Line]) -> Iterable[list[Cell]]:
    names = words.names_of(lines)
    for line in lines:
        # The public reads less of a convention than its parties do: what is not there is empty.
        yield [column.read(line.get(column.key), names) for column in exported.columns]


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return without_formula(cell)
    return "" if cell is None else str(cell)
