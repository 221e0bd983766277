"""The separator of the cells of a CSV file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection

DELIMITERS = (",", ";", "\t", "|")
_RECORDS = 30


def delimiter_of(sample: str, names: Collection[str], is_whole: bool) -> str:
    """The separator that makes the best table of the start of a text.

    The names of the standard in the header tell first, then how steady the number of cells is,
    then that number: a comma inside texts makes an unsteady table.

    Args:
        sample: the first characters of the text.
        names: the names of the columns expected, none where they are not known.
        is_whole: whether the sample is the whole text, so that its last record is complete.
    """
    return max(DELIMITERS, key=lambda delimiter: _merit(sample, delimiter, names, is_whole))


def _merit(
    sample: str, delimiter: str, names: Collection[str], is_whole: bool
) -> tuple[int, float, int]:
    records = _first_records(sample, delimiter, is_whole)
    if not records:
        return (0, 0.0, 0)
    known = sum(label.strip() in names for label in records[0])
    width, steady = Counter(map(len, records)).most_common(1)[0]
    if width == 1:
        return (known, 0.0, 1)
    return (known, steady / len(records), width)


def _first_records(sample: str, delimiter: str, is_whole: bool) -> list[list[str]]:
    records: list[list[str]] = []
    lines = io.StringIO(sample, newline="")
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if record:
                records.append(record)
            if len(records) > _RECORDS:
                break
    except csv.Error:
        pass
    if not is_whole and 1 < len(records) <= _RECORDS:
        records.pop()
    return records
