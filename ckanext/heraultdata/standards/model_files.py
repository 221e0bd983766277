"""The empty model of the file of a standard: as CSV, or as a spreadsheet that helps."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import ckan.plugins.toolkit as tk
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..messages import Message
from ..validation.engine.fields import Field, TableSchema
from ..words import sentence
from .columns import Column, explain

DELIMITERS = (";", ",")
TEXT = "@"
NUMBER_FORMATS = {"date": "yyyy-mm-dd", "integer": "0", "number": "General", "year": "0"}
"""How a spreadsheet shows each type; the others are text, so that 00123 stays 00123."""

# Limits of Excel: rows of a sheet, characters of a list, of a message and of its title.
_LAST_ROW = 1_048_576
_LONGEST_LIST = 255
_LONGEST_PROMPT = 255
_LONGEST_PROMPT_TITLE = 32
_ISO_DATES = ("default", "any", "%Y-%m-%d")
_COMPULSORY_COLOUR = "FFE2B8"
_OPTIONAL_COLOUR = "E9ECEF"
_YES_AND_NO = (("oui", "non"), ("true", "false"))


def file_name(standard: str, extension: str, siren: str | None, day: date) -> str:
    """What a file is called: `<siren>_<standard>_<year>`, `<standard>-modele` without a SIREN.

    Args:
        standard: name of the standard.
        extension: without the dot.
        siren: of the organisation that publishes the file, None for a model that is nobody's.
        day: today.
    """
    stem = f"{siren}_{standard}_{day.year}" if siren else f"{standard}-modele"
    return f"{stem}.{extension}"


def csv_model(schema: TableSchema, delimiter: str) -> bytes:
    """The header alone, in UTF-8: an empty model is a valid file.

    With `;`, which spreadsheets in French open by themselves, a byte order mark tells Excel that
    the accents are UTF-8; with `,`, which programs read, there is none.

    Args:
        schema: the standard's table.
        delimiter: one of `DELIMITERS`.
    """
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerow([field.name for field in schema.fields])
    return written.getvalue().encode("utf-8-sig" if delimiter == ";" else "utf-8")


def xlsx_model(schema: TableSchema) -> bytes:
    """A workbook in the reader's language: the header, drop-down lists, and a sheet of help.

    Args:
        schema: the standard's table.
    """
    workbook = Workbook()
    data = workbook.worksheets[0]
    data.title = tk._("Data")
    columns = [
        _ColumnOfModel(rank, field, column)
        for rank, (field, column) in enumerate(
            zip(schema.fields, explain(schema).columns, strict=True), start=1
        )
    ]
    _write_header(data, columns)
    _write_help(workbook.create_sheet(tk._("Help")), schema)
    lists = _Lists(workbook)
    for column in columns:
        _guide(data, column, lists)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def offered_values(field: Field) -> tuple[str, ...]:
    """The values to choose from in a column, empty where it is free.

    A boolean may have ten spellings: one for yes and one for no are offered.
    """
    if field.enum:
        return tuple(str(value) for value in field.enum)
    if field.type != "boolean":
        return ()
    for yes, no in _YES_AND_NO:
        if yes in field.true_values and no in field.false_values:
            return yes, no
    return (*field.true_values[:1], *field.false_values[:1])


def number_format(field: Field) -> str:
    """How a spreadsheet shows the values of a column, as Excel writes it."""
    if offered_values(field) or (field.type == "date" and field.format not in _ISO_DATES):
        return TEXT
    return NUMBER_FORMATS.get(field.type, TEXT)


@dataclass(frozen=True)
class _ColumnOfModel:
    """A column of the sheet, counted from 1."""

    rank: int
    field: Field
    words: Column

    @property
    def letter(self) -> str:
        return get_column_letter(self.rank)

    @property
    def help(self) -> str:
        """What to write in the column: whether it is compulsory first, the description last."""
        return "\n".join(
            part
            for part in (
                _obligation(self.words),
                *(sentence(message) for message in (self.words.type, *self.words.constraints)),
                _of_example(self.words),
                self.words.description,
            )
            if part
        )


def _obligation(column: Column) -> str:
    return tk._("Compulsory.") if column.required else tk._("Optional.")


def _of_example(column: Column) -> str:
    if not column.example:
        return ""
    return tk._("Example: {value}").format(value=column.example)


def _write_header(sheet: Worksheet, columns: Sequence[_ColumnOfModel]) -> None:
    for column in columns:
        cell = _write(sheet, 1, column.rank, column.field.name)
        colour = _COMPULSORY_COLOUR if column.words.required else _OPTIONAL_COLOUR
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=colour)
        cell.alignment = Alignment(vertical="top")
        cell.comment = Comment(_printable(column.help), tk._("Portal"), height=200, width=360)
        dimension = sheet.column_dimensions[column.letter]
        dimension.width = min(max(len(column.field.name) + 4, 12), 40)
        dimension.number_format = number_format(column.field)
    sheet.freeze_panes = "A2"


def _write_help(sheet: Worksheet, schema: TableSchema) -> None:
    explained = explain(schema)
    for rank, cells in enumerate(_help_rows(explained.columns), start=1):
        for place, text in enumerate(cells, start=1):
            cell = _write(sheet, rank, place, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=rank == 1)
    below = len(explained.columns) + 3
    for rank, rule in enumerate(explained.rules, start=below):
        _write(sheet, rank, 1, sentence(rule))
    for letter, width in zip("ABCDEF", (28, 28, 14, 48, 28, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"


def _help_rows(columns: Sequence[Column]) -> Iterator[tuple[str, ...]]:
    yield (
        tk._("Column"),
        tk._("Title"),
        tk._("Compulsory"),
        tk._("What to write"),
        tk._("Example"),
        tk._("Description"),
    )
    for column in columns:
        asked: list[Message] = [column.type, *column.constraints]
        values = [tk._("One of: {values}").format(values=", ".join(column.values))]
        yield (
            column.name,
            column.title or "",
            tk._("Yes") if column.required else tk._("No"),
            "\n".join([*map(sentence, asked), *(values if column.values else [])]),
            column.example or "",
            column.description or "",
        )


class _Lists:
    """The hidden sheet of the lists that are too long, or too odd, to stand in a rule."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sheet: Worksheet | None = None
        self._count = 0

    def formula(self, values: Sequence[str]) -> str:
        """Where Excel finds these values: in the rule itself, else in the hidden sheet."""
        inline = ",".join(values)
        plain = not any(character in value for value in values for character in ',"\n')
        if plain and len(inline) <= _LONGEST_LIST and all(v == v.strip() for v in values):
            return f'"{inline}"'
        return self._written(values)

    def _written(self, values: Sequence[str]) -> str:
        sheet = self._sheet = self._sheet or self._workbook.create_sheet(tk._("Lists"))
        sheet.sheet_state = "hidden"
        self._count += 1
        for row, value in enumerate(values, start=1):
            _write(sheet, row, self._count, value)
        letter = get_column_letter(self._count)
        return f"{quote_sheetname(sheet.title)}!${letter}$1:${letter}${len(values)}"


def _guide(sheet: Worksheet, column: _ColumnOfModel, lists: _Lists) -> None:
    """Show the help of a column beside its cells, and its list where it has one."""
    values = offered_values(column.field)
    rule = DataValidation(
        type="list" if values else None,
        formula1=lists.formula(values) if values else None,
        allow_blank=True,
        showErrorMessage=bool(values),
        showInputMessage=True,
        promptTitle=column.field.name[:_LONGEST_PROMPT_TITLE],
        prompt=_shortened(column.help),
        errorTitle=column.field.name[:_LONGEST_PROMPT_TITLE],
        error=tk._("Choose a value of the list.") if values else None,
    )
    rule.add(f"{column.letter}2:{column.letter}{_LAST_ROW}")
    sheet.add_data_validation(rule)


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Write a text as a text, even one that starts as a formula does."""
    cell = cast(Cell, sheet.cell(row=row, column=column))  # the others are of merged ranges
    cell.value = _printable(text)
    cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def _shortened(text: str) -> str:
    text = _printable(text)
    return text if len(text) <= _LONGEST_PROMPT else text[: _LONGEST_PROMPT - 1] + "…"
