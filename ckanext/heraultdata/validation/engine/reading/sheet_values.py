"""Values of spreadsheets as the texts that a CSV file would hold."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from .sheets import SheetCell

_ZEROS = re.compile(r"0{2,}")
_LARGEST_WHOLE = 10**15


def cell_of(value: object, number_format: str = "") -> SheetCell | None:
    """A cell with its text: numbers without `.0`, dates as ISO 8601 writes them.

    Args:
        value: what the reader of the spreadsheet gives.
        number_format: how the cell shows a number; one made of zeros keeps leading zeros.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return SheetCell("true" if value else "false")
    if isinstance(value, int | float):
        return SheetCell(_number_text(value, number_format), is_number=True)
    if isinstance(value, datetime):
        return SheetCell(_moment_text(value))
    if isinstance(value, date | time):
        return SheetCell(value.isoformat())
    if isinstance(value, timedelta):
        return SheetCell(_duration_text(value))
    return SheetCell(str(value))


def _number_text(value: float, number_format: str) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        value = int(value)
    text = str(value)
    if isinstance(value, int) and _ZEROS.fullmatch(number_format):
        return text.zfill(len(number_format))
    return text


def _moment_text(value: datetime) -> str:
    if value.time() == time(0):
        return value.date().isoformat()
    return value.isoformat(timespec="seconds")


def _duration_text(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}"
