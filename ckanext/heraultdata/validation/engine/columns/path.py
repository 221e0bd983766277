"""The columnar path: proves records right by columns, and asks the row path about the others."""

from __future__ import annotations

import csv
import heapq
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

from ..faults import Fault
from ..fields import TableSchema
from ..findings import Findings
from ..headers import HeaderMatch
from ..limits import Limits
from ..reading import DelimitedText, ReadTable
from ..reading.delimited import broken, refuse_beyond
from ..reading.model import Cells, too_many_columns, too_many_rows
from ..records import RecordChecker
from .chunks import chunks_of
from .keys import ColumnKeys
from .proofs import RecordProof
from .structure import Parsed, is_incomplete, parse, read_records

_RECORDS_BETWEEN_GLANCES = 1_000
# polars leaves Python's lock while it works.
_CHUNKS_AT_ONCE = 2


def check_columns(
    text: DelimitedText,
    table: ReadTable,
    schema: TableSchema,
    match: HeaderMatch,
    limits: Limits,
    findings: Findings,
) -> None:
    """Check the records of a text, with the findings that the row path would have.

    Args:
        text: the file.
        table: its header.
        schema: the standard.
        match: what each column of the file is.
        limits: what may be read of it.
        findings: where faults and remarks go.

    Raises:
        UnreadableError: where the rest of the file cannot be read.
    """
    checker = RecordChecker(schema, match, limits.listed_errors)
    findings.add(checker.file_faults)
    check = _Check(
        text,
        limits,
        findings,
        checker,
        RecordProof(schema, match, checker, limits),
        ColumnKeys(schema, match),
        len(match.labels),
        first_number=table.header_row + 1,
        next_number=table.header_row + 1,
        end=table.header_row + 1,
    )
    before = len(findings.errors)
    is_whole = False
    try:
        check.run()
        is_whole = True
    finally:
        findings.rows = check.end - check.first_number
        at_end = _add_keys(check, findings, before)
        if is_whole:
            findings.add(at_end)
        findings.remark(checker.remarks())


def _add_keys(check: _Check, findings: Findings, before: int) -> list[Fault]:
    """Put the faults of keys among those of the records that they are of.

    Returns:
        The faults that are known only where every record was read.
    """
    listed, at_end = check.keys.faults(check.end)
    if listed:
        of_records = findings.errors[before:]
        merged = heapq.merge(of_records, listed, key=_row_of)
        room = findings.listed_errors - before
        findings.errors[before:] = [fault for fault, _ in zip(merged, range(room), strict=False)]
        findings.error_count += len(listed)
    return at_end


def _row_of(fault: Fault) -> int:
    return fault.row or 0


@dataclass
class _Prepared:
    """A chunk in columns, with the places in its frame of the records that are not proved."""

    parsed: Parsed
    unproved: list[int]

    def doubtful(self) -> Iterator[tuple[int, Cells]]:
        """Place in the chunk and cells of the records that are not proved, in order."""
        parsed, unproved = self.parsed, self.unproved
        rows = parsed.frame[unproved].rows() if unproved else []
        lines = unproved
        if parsed.lines is not None and unproved:
            lines = parsed.lines.gather(unproved).to_list()
        framed = zip(lines, map(list, rows), strict=True)
        for line, cells in heapq.merge(framed, parsed.others, key=lambda record: record[0]):
            yield parsed.place_of(line), cells


@dataclass
class _Check:
    """The check of one file, chunk after chunk.

    Attributes:
        first_number: number of the first record.
        next_number: number of the first record of the chunk.
        end: number of the first record that is not checked yet.
    """

    text: DelimitedText
    limits: Limits
    findings: Findings
    checker: RecordChecker
    proof: RecordProof
    keys: ColumnKeys
    width: int
    first_number: int
    next_number: int
    end: int

    def run(self) -> None:
        """Check the chunks in order, while others put the next ones in columns.

        A chunk is thought to start with a record; where the one before ends with an incomplete
        record, what was done for it is done again.
        """
        if self.width > self.limits.columns:
            raise too_many_columns(self.limits.columns)
        chunks = chunks_of(self.text, self.first_number - 1)
        rest = b""
        with ThreadPoolExecutor(_CHUNKS_AT_ONCE) as pool:
            pending = deque(
                (chunk, pool.submit(self._prepared, *chunk))
                for chunk in islice(chunks, _CHUNKS_AT_ONCE)
            )
            while pending:
                (chunk, is_last), prepared = pending.popleft()
                if rest:
                    prepared.cancel()
                    chunk = rest + chunk
                    prepared = pool.submit(self._prepared, chunk, is_last)
                for following in islice(chunks, 1):
                    pending.append((following, pool.submit(self._prepared, *following)))
                rest = self._take(chunk, is_last, prepared.result())

    def _prepared(self, chunk: bytes, is_last: bool) -> _Prepared | None:
        parsed = parse(chunk, self.text.delimiter, self.width, is_last)
        return parsed and _Prepared(parsed, self.proof.unproved(parsed.frame))

    def _take(self, chunk: bytes, is_last: bool, prepared: _Prepared | None) -> bytes:
        """Check a chunk, and give back the bytes of its last record where it is incomplete."""
        if prepared is None or self._rows() + prepared.parsed.height > self.limits.rows:
            return self._take_by_records(chunk, is_last)
        self.keys.take(prepared.parsed, self.next_number)
        for place, cells in prepared.doubtful():
            self.end = self.next_number + place
            refuse_beyond(self.end, cells, self.limits)
            self.findings.add(self.checker.faults_of(self.end, cells))
        self.next_number += prepared.parsed.height
        self.end = self.next_number
        self.findings.advance(self._rows())
        return prepared.parsed.rest

    def _rows(self) -> int:
        return self.next_number - self.first_number

    def _take_by_records(self, chunk: bytes, is_last: bool) -> bytes:
        """Check a chunk that only the csv module can read, or that is beyond the limits."""
        if not is_last and is_incomplete(chunk, self.text.delimiter):
            return chunk
        records = read_records(chunk, self.text.delimiter)
        while True:
            number = self.next_number
            try:
                cells = next(records, None)
            except csv.Error as error:
                raise broken(error, number, self.limits) from error
            if cells is None:
                break
            refuse_beyond(number, cells, self.limits)
            if self._rows() >= self.limits.rows:
                raise too_many_rows(self.limits.rows, number)
            self.keys.take_records(iter([(number, cells)]))
            self.findings.add(self.checker.faults_of(number, cells))
            self.next_number += 1
            self.end = self.next_number
            if self._rows() % _RECORDS_BETWEEN_GLANCES == 0:
                self.findings.advance(self._rows())
        self.findings.advance(self._rows())
        return b""
