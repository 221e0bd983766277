"""The report of a check: what it says, what is stored, what people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ...messages import Message
from .faults import Fault, Remark
from .language import told

Stored: TypeAlias = dict[str, object]


@dataclass(frozen=True)
class Report:
    """What a check says of a file.

    Attributes:
        file: its name as given.
        valid: whether it holds no error.
        rows: records of data, blank ones included, header excluded.
        errors: the errors listed, a thousand at most by default, in the order of the file.
        error_count: all the errors.
        warnings: what is accepted and worth saying.
        seconds: time of the check.
        encoding: of a text file, None for others.
        delimiter: of a CSV file, None for others.
        standard: name of the standard, where it is known.
        version: its version.
    """

    file: str
    valid: bool
    rows: int
    errors: tuple[Fault, ...]
    error_count: int
    warnings: tuple[Remark, ...]
    seconds: float
    encoding: str | None = None
    delimiter: str | None = None
    standard: str | None = None
    version: str | None = None


@dataclass(frozen=True)
class FoldedFault:
    """Faults that say the same of the same column.

    Attributes:
        fault: the first of them.
        others: how many more there are.
        rows: the rows of them all, in order.
    """

    fault: Fault
    others: int
    rows: tuple[int, ...]


def as_dict(report: Report, language: str) -> Stored:
    """The report of the API, in a language.

    Args:
        report: what the check says.
        language: `fr` or `en`.
    """
    return {
        "file": report.file,
        "valid": report.valid,
        "standard": report.standard,
        "version": report.version,
        "rows": report.rows,
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "errors": [
            {
                "code": fault.code,
                "title": told(fault.title, language),
                "message": told(fault.message, language),
                "row": fault.row,
                "column": fault.column,
                "cell": fault.cell,
            }
            for fault in report.errors
        ],
        "error_count": report.error_count,
        "warnings": [
            {
                "code": remark.code,
                "title": told(remark.title, language),
                "message": told(remark.message, language),
                "column": remark.column,
            }
            for remark in report.warnings
        ],
        "seconds": report.seconds,
    }


def folded_faults(faults: Iterable[Fault]) -> list[FoldedFault]:
    """Identical faults together: same column, same code, same sentence but for what it quotes.

    It is for people: neither the list nor the count of a report changes.

    Args:
        faults: the faults listed.
    """
    groups: dict[tuple[str | None, str, str], list[Fault]] = {}
    for fault in faults:
        key = (fault.column, fault.code, _problem(fault.message).template)
        groups.setdefault(key, []).append(fault)
    return [
        FoldedFault(
            fault=group[0],
            others=len(group) - 1,
            rows=tuple(fault.row for fault in group if fault.row is not None),
        )
        for group in groups.values()
    ]


def _problem(message: Message) -> Message:
    """The sentence without the advice that stands around it."""
    inner = message.values.get("problem")
    return _problem(inner) if isinstance(inner, Message) else message


def to_storage(report: Report) -> Stored:
    """The report with sentences not translated yet, for JSON.

    Args:
        report: what the check says.
    """
    return {
        "file": report.file,
        "valid": report.valid,
        "rows": report.rows,
        "errors": [
            {
                **_said_to_storage(fault),
                "row": fault.row,
                "cell": fault.cell,
                "mended": fault.mended,
            }
            for fault in report.errors
        ],
        "error_count": report.error_count,
        "warnings": [_said_to_storage(remark) for remark in report.warnings],
        "seconds": report.seconds,
        "encoding": report.encoding,
        "delimiter": report.delimiter,
        "standard": report.standard,
        "version": report.version,
    }


def from_storage(stored: Mapping[str, object]) -> Report:
    """The report that was stored.

    Args:
        stored: what `to_storage` gave.
    """
    plain = {key: value for key, value in stored.items() if key not in ("errors", "warnings")}
    return Report(
        **plain,  # pyright: ignore[reportArgumentType]
        errors=tuple(
            Fault(
                **_said_from_storage(said),
                row=said["row"],
                cell=said["cell"],
                mended=said["mended"],
            )
            for said in _list(stored["errors"])
        ),
        warnings=tuple(Remark(**_said_from_storage(said)) for said in _list(stored["warnings"])),
    )


def _said_to_storage(said: Fault | Remark) -> Stored:
    return {
        "code": said.code,
        "title": _message_to_storage(said.title),
        "message": _message_to_storage(said.message),
        "column": said.column,
    }


def _said_from_storage(said: Mapping[str, object]) -> dict:
    return {
        "code": said["code"],
        "title": _message_from_storage(said["title"]),
        "message": _message_from_storage(said["message"]),
        "column": said["column"],
    }


def _list(stored: object) -> list[dict]:
    return stored if isinstance(stored, list) else []


def _message_to_storage(message: Message) -> Stored:
    return {
        "template": message.template,
        "values": {
            name: _message_to_storage(value) if isinstance(value, Message) else value
            for name, value in message.values.items()
        },
    }


def _message_from_storage(stored: object) -> Message:
    if not isinstance(stored, dict):
        raise TypeError(stored)
    return Message(
        stored["template"],
        {
            name: _message_from_storage(value) if isinstance(value, dict) else value
            for name, value in stored["values"].items()
        },
    )
