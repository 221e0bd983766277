"""The engine's one function: a file and a schema in, a report out.

What is slow to import (frictionless, polars, jsonschema, openpyxl...) is imported where it is used.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...messages import N_, Message
from .faults import Fault
from .fields import JsonSchema
from .findings import Findings
from .limits import Limits
from .reading.content import Source
from .reading.model import UNREADABLE, UnreadableError
from .report import Report

if TYPE_CHECKING:
    from .schema import ReadSchema

log = logging.getLogger(__name__)

_DEFAULT_LIMITS = Limits()


def check_file(
    source: bytes | Path | str,
    schema: ReadSchema,
    *,
    name: str | None = None,
    limits: Limits = _DEFAULT_LIMITS,
    progress: Callable[[int], None] | None = None,
    columnar: bool | None = None,
) -> Report:
    """Check a file against a schema.

    Args:
        source: the bytes, or where they are: a path, or an address of the web as a text.
        schema: the schema, as `read_schema` reads it.
        name: name of the file in the report, by default its path or address.
        limits: what may be read of it, and for how long.
        progress: told the number of records checked, now and then.
        columnar: which path takes the records of a CSV file; by default its size commands. The
            report is the same.

    Returns:
        The report. Nothing is ever raised: a file that cannot be read is a report with an error.
    """
    started = time.monotonic()
    findings = Findings(limits.listed_errors, started + limits.seconds, progress)
    given = name if name is not None else "" if isinstance(source, bytes) else str(source)
    try:
        with _at_hand(source, limits) as content:
            _check(content, given, schema, limits, findings, columnar)
    except UnreadableError as refusal:
        findings.stop(refusal.fault)
    except Exception:  # a file that defeats a reader is reported, and told to those who mend it
        log.exception("the check of a file failed: %s", given)
        findings.stop(_unexpected())
    return Report(
        file=given,
        valid=not findings.error_count,
        rows=findings.rows,
        errors=tuple(findings.errors),
        error_count=findings.error_count,
        warnings=(*schema.remarks, *findings.warnings),
        seconds=time.monotonic() - started,
        encoding=findings.encoding,
        delimiter=findings.delimiter,
    )


def _check(
    source: Source,
    name: str,
    schema: ReadSchema,
    limits: Limits,
    findings: Findings,
    columnar: bool | None,
) -> None:
    if isinstance(schema.schema, JsonSchema):
        from .documents import check_document

        check_document(source, schema.schema, limits, findings)
        return
    from .tables import check_table

    check_table(source, name, schema.schema, limits, findings, columnar)


@contextmanager
def _at_hand(source: bytes | Path | str, limits: Limits) -> Iterator[Source]:
    if not isinstance(source, str):
        yield source
        return
    from .fetching import FetchError, fetched

    try:
        with fetched(source, limits) as file:
            yield file.path
    except FetchError as error:
        raise UnreadableError(Fault("source-error", Message(UNREADABLE), error.message)) from error


def _unexpected() -> Fault:
    return Fault(
        "source-error",
        Message(UNREADABLE),
        Message(
            N_(
                "The file could not be checked to its end, because of a fault of the checker. Save "
                "the file again as “CSV UTF-8” and try again, or tell the portal's team."
            )
        ),
    )
