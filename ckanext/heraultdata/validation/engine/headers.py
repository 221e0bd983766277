"""Headers of a file against the names of a standard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...messages import N_, Message
from .faults import Fault, Remark
from .fields import Field, TableSchema
from .folding import folded

MISSING_COLUMN = N_("Missing column")


@dataclass(frozen=True)
class HeaderMatch:
    """What each column of a file is.

    Attributes:
        labels: the headers, without the blanks around them.
        fields: for each column of the file, the field of the standard, None for an extra column.
        columns: the index in the file of each header, by name, extra columns included.
        faults: errors of the header.
        remarks: what is accepted and worth saying.
        fatal: whether the rows cannot be checked.
    """

    labels: tuple[str, ...]
    fields: tuple[Field | None, ...]
    columns: dict[str, int]
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]
    fatal: bool


def match_header(schema: TableSchema, labels: Sequence[str | None]) -> HeaderMatch:
    """Match the headers of a file to the fields of a standard, by name and in any order.

    A column that is compulsory, or part of the primary key, must be there; the others may be
    missing, and columns that the standard does not know may be added (partial matching of
    Validata, with a remark). Case counts.

    Args:
        schema: the standard.
        labels: the first record of the file.
    """
    names = tuple((label or "").strip() for label in labels)
    fields = tuple(schema.by_name.get(name) for name in names)
    columns = {name: index for index, name in enumerate(names) if name}
    faults = _duplicates(names)
    if not faults and not any(fields):
        faults = [_no_known_column(schema, names)]
    if faults:
        return HeaderMatch(names, fields, columns, tuple(faults), (), fatal=True)
    return HeaderMatch(
        names,
        fields,
        columns,
        tuple(_missing_compulsory(schema, names)),
        tuple(_remarks(schema, labels, names)),
        fatal=False,
    )


def _duplicates(names: Sequence[str]) -> list[Fault]:
    counts = Counter(name for name in names if name)
    return [
        Fault(
            code="duplicate-label",
            title=Message(N_("Column twice")),
            message=Message(
                N_(
                    "{count} columns are named “{name}”: nothing else can be checked."
                    " Rename or remove the ones that are too many."
                ),
                {"count": count, "name": name},
            ),
            column=name,
        )
        for name, count in counts.items()
        if count > 1
    ]


def _no_known_column(schema: TableSchema, names: Sequence[str]) -> Fault:
    return Fault(
        code="no-known-column",
        title=Message(N_("No column of the standard")),
        message=Message(
            N_(
                "No column of the file is one of the standard's. Found: {found}."
                " Expected, in the first row of the file: {expected}."
            ),
            {
                "found": _listed(name for name in names if name) or "–",
                "expected": _listed(field.name for field in schema.fields),
            },
        ),
    )


def is_compulsory(schema: TableSchema, field: Field) -> bool:
    """Whether a file must have the column."""
    return field.required or field.name in schema.primary_key


def _missing_compulsory(schema: TableSchema, names: Sequence[str]) -> list[Fault]:
    by_folded = {folded(name): name for name in names if name and name not in schema.by_name}
    faults: list[Fault] = []
    for field in schema.fields:
        if field.name in names or not is_compulsory(schema, field):
            continue
        near = by_folded.get(folded(field.name))
        if near is None:
            message = Message(
                N_("The compulsory column “{name}” is missing: add it."), {"name": field.name}
            )
        else:
            message = Message(
                N_(
                    "The compulsory column “{name}” is missing. The file has “{near}”: did you"
                    " mean that one? Then rename it “{name}”, to the letter."
                ),
                {"name": field.name, "near": near},
            )
        faults.append(
            Fault(
                code="missing-label",
                title=Message(MISSING_COLUMN),
                message=message,
                column=field.name,
                mended=None if near is None else field.name,
            )
        )
    return faults


def _remarks(
    schema: TableSchema, labels: Sequence[str | None], names: Sequence[str]
) -> list[Remark]:
    known = schema.by_name
    remarks: list[Remark] = []
    missing = [
        field.name
        for field in schema.fields
        if field.name not in names and not is_compulsory(schema, field)
    ]
    if missing:
        remarks.append(
            _about(
                "missing-label",
                MISSING_COLUMN,
                N_("Optional columns are missing, which is accepted: {names}."),
                missing,
            )
        )
    by_folded = {folded(name): name for name in missing}
    extra = [name for name in names if name and name not in known]
    near = [(name, by_folded[folded(name)]) for name in extra if folded(name) in by_folded]
    for name, expected in near:
        remarks.append(
            Remark(
                "extra-label",
                Message(N_("Name that is nearly right")),
                Message(
                    N_("The column “{name}” is not checked: did you mean “{expected}”?"),
                    {"name": name, "expected": expected},
                ),
                column=name,
            )
        )
    others = [name for name in extra if folded(name) not in by_folded]
    if others:
        remarks.append(
            _about(
                "extra-label",
                N_("Extra column"),
                N_("Columns are not in the standard, and are not checked: {names}."),
                others,
            )
        )
    nameless = [str(index) for index, name in enumerate(names, 1) if not name]
    if nameless:
        remarks.append(
            Remark(
                "blank-label",
                Message(N_("Column without a name")),
                Message(
                    N_("Columns have no name, and are not checked; their places: {places}."),
                    {"places": _listed(nameless)},
                ),
            )
        )
    padded = [name for name, label in zip(names, labels, strict=True) if name and name != label]
    if padded:
        remarks.append(
            _about(
                "blank-around-label",
                N_("Blanks around a name"),
                N_("Blanks stand around the names of columns: remove them. Columns: {names}."),
                padded,
            )
        )
    present = [name for name in names if name in known]
    if present != [field.name for field in schema.fields if field.name in names]:
        remarks.append(
            Remark(
                "disordered-label",
                Message(N_("Order of the columns")),
                Message(
                    N_("The columns are not in the order of the standard, which is accepted."),
                ),
            )
        )
    return remarks


def _about(code: str, title: str, sentence: str, names: Sequence[str]) -> Remark:
    return Remark(
        code,
        Message(title),
        Message(sentence, {"names": _listed(names)}),
        column=names[0] if len(names) == 1 else None,
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
