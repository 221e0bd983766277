"""What needs the other records: unique values, the primary key, keys to the same table."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from ...messages import N_, Message
from .cell_check import LONGEST_CELL, CellCheck
from .cells import key_of
from .faults import Fault
from .fields import ForeignKey, TableSchema
from .headers import HeaderMatch
from .wording import shortened


@dataclass
class _Key:
    """Columns whose values are followed through the file."""

    names: tuple[str, ...]
    places: tuple[int, ...]
    checks: tuple[CellCheck, ...]
    seen: dict[Hashable, int] = field(default_factory=dict)

    def value_of(self, cells: Sequence[str | None]) -> tuple[Hashable, ...]:
        return tuple(
            key_of(check.check(cells[place] if place < len(cells) else None).value)
            for check, place in zip(self.checks, self.places, strict=True)
        )

    def text_of(self, cells: Sequence[str | None]) -> str:
        texts = [(cells[place] or "") if place < len(cells) else "" for place in self.places]
        return ", ".join(texts)[:LONGEST_CELL]


class KeyTracker:
    """Faults that need the other records: unique, primary key, foreign key to the same table."""

    def __init__(self, schema: TableSchema, header_match: HeaderMatch) -> None:
        """Find the keys of a file.

        Args:
            schema: the standard.
            header_match: what each column of the file is.
        """
        self._schema = schema
        self._columns = header_match.columns
        self._unique = [
            self._key((field.name,))
            for field in header_match.fields
            if field is not None and field.unique
        ]
        primary = schema.primary_key
        there = bool(primary) and set(primary) <= self._columns.keys()
        self._primary = self._key(primary) if there else None
        self._foreign = [_Reference(self, key) for key in schema.foreign_keys if self._checks(key)]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that matter: with none, the records need not be fed."""
        keys = [*self._unique, *([self._primary] if self._primary else [])]
        keys += [key for reference in self._foreign for key in (reference.key, reference.target)]
        return frozenset(name for key in keys for name in key.names)

    def faults_of(self, number: int, cells: Sequence[str | None]) -> list[Fault]:
        """The faults of a record.

        Args:
            number: number of the record.
            cells: its cells; the records are fed in the order of the file.
        """
        faults: list[Fault] = []
        for key in self._unique:
            value = key.value_of(cells)
            if value == (None,):
                continue
            before = key.seen.get(value)
            key.seen[value] = number
            if before is not None:
                faults.append(_repeated(key, cells, number, before))
        if self._primary is not None:
            faults += _primary_faults(self._primary, number, cells)
        for reference in self._foreign:
            reference.see(number, cells)
        return faults

    def faults_at_end(self) -> list[Fault]:
        """The faults that are known when every record was fed: foreign keys to the same table."""
        return [fault for reference in self._foreign for fault in reference.faults()]

    def _checks(self, key: ForeignKey) -> bool:
        names = {*key.columns, *key.reference_columns}
        return not key.resource and names <= self._columns.keys() & self._schema.by_name.keys()

    def _key(self, names: tuple[str, ...]) -> _Key:
        fields = [self._schema.by_name[name] for name in names]
        return _Key(
            names,
            tuple(self._columns[name] for name in names),
            tuple(CellCheck(field, self._schema.missing_values_of(field)) for field in fields),
        )


class _Reference:
    """A foreign key to the same table: what refers, and what may be referred to."""

    def __init__(self, tracker: KeyTracker, key: ForeignKey) -> None:
        self.key = tracker._key(key.columns)
        self.target = tracker._key(key.reference_columns)
        self._pending: dict[tuple[Hashable, ...], list[tuple[int, str]]] = {}

    def see(self, number: int, cells: Sequence[str | None]) -> None:
        target = self.target.value_of(cells)
        self.target.seen[target] = number
        self._pending.pop(target, None)
        value = self.key.value_of(cells)
        if set(value) != {None} and value not in self.target.seen:
            self._pending.setdefault(value, []).append((number, self.key.text_of(cells)))

    def faults(self) -> list[Fault]:
        missing = [place for places in self._pending.values() for place in places]
        return [
            Fault(
                "foreign-key",
                Message(N_("Reference to nothing")),
                Message(
                    N_("“{found}” in {names} refers to no row: no row has it in {others}."),
                    {
                        "found": shortened(text),
                        "names": ", ".join(self.key.names),
                        "others": ", ".join(self.target.names),
                    },
                ),
                row=number,
                column=self.key.names[0],
                cell=text,
            )
            for number, text in sorted(missing)
        ]


def _repeated(key: _Key, cells: Sequence[str | None], number: int, before: int) -> Fault:
    text = key.text_of(cells)
    return Fault(
        "unique-error",
        Message(N_("Value that stands twice")),
        Message(
            N_("“{found}” already stands in row {before}: each value may stand only once here."),
            {"found": shortened(text), "before": str(before)},
        ),
        row=number,
        column=key.names[0],
        cell=text,
    )


def _primary_faults(key: _Key, number: int, cells: Sequence[str | None]) -> list[Fault]:
    value = key.value_of(cells)
    column = key.names[0] if len(key.names) == 1 else None
    names = ", ".join(key.names)
    if set(value) == {None}:
        return [
            Fault(
                "primary-key",
                Message(N_("Identifier missing")),
                Message(N_("{names} identifies the row, and is empty: fill it."), {"names": names}),
                row=number,
                column=column,
                cell="",
            )
        ]
    before = key.seen.get(value)
    key.seen[value] = number
    if before is None:
        return []
    text = key.text_of(cells)
    return [
        Fault(
            "primary-key",
            Message(N_("Identifier that stands twice")),
            Message(
                N_("{names} identifies the row: “{found}” already stands in row {before}."),
                {"names": names, "found": shortened(text), "before": str(before)},
            ),
            row=number,
            column=column,
            cell=text,
        )
    ]
