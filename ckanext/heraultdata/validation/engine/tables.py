"""A table against a Table Schema, record by record or by columns as its size commands."""

from __future__ import annotations

import gc
import importlib
from dataclasses import replace

from ...messages import N_, Message
from .faults import Remark
from .fields import TableSchema
from .findings import Findings
from .limits import Limits
from .reading import DelimitedText, ReadTable, Source, open_delimited, opened_source
from .reading.content import size_of
from .reading.encodings import encoding_of
from .records import HeaderMatch, KeyTracker, RecordChecker, match_header

COLUMNAR_FROM_BYTES = 256 * 1024
_RECORDS_BETWEEN_GLANCES = 1_000


def check_table(
    source: Source,
    name: str,
    schema: TableSchema,
    limits: Limits,
    findings: Findings,
    columnar: bool | None = None,
) -> None:
    """Check a file that holds a table.

    Args:
        source: its bytes, or where they are.
        name: its name.
        schema: the standard.
        limits: what may be read of it.
        findings: where faults and remarks go.
        columnar: which path takes the records of a text; by default its size commands.

    Raises:
        UnreadableError: where the file, or the rest of it, cannot be read.
    """
    with opened_source(source, name, limits, schema.by_name.keys(), is_whole=False) as content:
        if isinstance(content, ReadTable):
            _check_records(content, schema, findings)
            return
        if columnar is None:
            columnar = size_of(content.source) > COLUMNAR_FROM_BYTES
        try:
            _check_text(content, schema, limits, findings, columnar)
        except UnicodeDecodeError:
            findings.begin_again()
            proved = replace(content, encoding=encoding_of(content.source))
            _check_text(proved, schema, limits, findings, columnar)


def _check_text(
    text: DelimitedText,
    schema: TableSchema,
    limits: Limits,
    findings: Findings,
    columnar: bool,
) -> None:
    table = open_delimited(text, limits)
    if not columnar:
        _check_records(table, schema, findings)
        return
    match = _check_header(table, schema, findings)
    if match is not None:
        _import_columns()
        from .columns import check_columns

        check_columns(text, table, schema, match, limits, findings)


def _import_columns() -> None:
    """Import what the columnar path leans on, faster: all of it lives for ever."""
    collects = gc.isenabled()
    gc.disable()
    try:
        importlib.import_module(".columns", __package__)
    finally:
        if collects:
            gc.enable()


def _check_header(table: ReadTable, schema: TableSchema, findings: Findings) -> HeaderMatch | None:
    """Check the header; None where the records cannot be checked."""
    findings.encoding, findings.delimiter = table.encoding, table.delimiter
    findings.remark(table.remarks)
    match = match_header(schema, table.header)
    findings.add(match.faults)
    findings.remark(match.remarks)
    if match.fatal:
        findings.advance(0)
        return None
    return match


def _check_records(table: ReadTable, schema: TableSchema, findings: Findings) -> None:
    match = _check_header(table, schema, findings)
    if match is None:
        return
    checker = RecordChecker(schema, match, findings.listed_errors)
    keys = KeyTracker(schema, match)
    findings.add(checker.file_faults)
    rows = 0
    try:
        for rows, (number, cells) in enumerate(table.records, 1):
            findings.add(checker.faults_of(number, cells))
            findings.add(keys.faults_of(number, cells))
            if rows % _RECORDS_BETWEEN_GLANCES == 0:
                findings.advance(rows)
        findings.advance(rows)
        findings.add(keys.faults_at_end())
    finally:
        findings.rows = rows
        findings.remark(checker.remarks())
        findings.remark(_numbers_in_texts(table, match))


def _numbers_in_texts(table: ReadTable, match: HeaderMatch) -> list[Remark]:
    names = [
        field.name
        for index, field in enumerate(match.fields)
        if field is not None and field.type == "string" and index in table.number_columns
    ]
    if not names:
        return []
    return [
        Remark(
            "number-in-text",
            Message(N_("Numbers in a column of texts")),
            Message(
                N_(
                    "Numbers stand in columns of texts; their text was checked. Give these columns "
                    "the format “text”, which keeps the zeros in front: {names}."
                ),
                {"names": ", ".join(names)},
            ),
            column=names[0] if len(names) == 1 else None,
        )
    ]
