"""What changes from one Table Schema to another, in sentences not translated."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from ..messages import N_, Message
from ..validation.engine.fields import CheckDescription, Field, TableSchema
from .column_rules import rule_in_words, rules_of_column
from .columns import type_in_words

_ALIKE = 0.65
"""From this likeness of their names, a column that goes and one that comes may be the same."""
_MOST_VALUES = 10


@dataclass(frozen=True)
class Difference:
    """One change between two versions.

    Attributes:
        message: what changes.
        breaking: whether a file that was right can be wrong now.
        column: the column in the newer version, or the one that is gone; None for the table.
    """

    message: Message
    breaking: bool
    column: str | None = None


def differences(older: TableSchema, newer: TableSchema) -> list[Difference]:
    """What changes for the files of a standard from a version to a later one.

    Args:
        older: the version before.
        newer: the version after.

    Returns:
        The changes: of columns in the order of the newer version, of the whole table last. Titles,
        descriptions and examples change no file: where nothing else does, one sentence says so,
        and where nothing at all does the list is empty.
    """
    found = [*_columns(older, newer), *_table(older, newer)]
    if found or older == newer:
        return found
    return [
        Difference(
            Message(N_("Only titles, descriptions or examples change: what is right stays right.")),
            breaking=False,
        )
    ]


# --------------------------------------------------------------------------- columns


def _columns(older: TableSchema, newer: TableSchema) -> Iterator[Difference]:
    renamed = _renamed(older, newer)
    for new in newer.fields:
        before = older.by_name.get(new.name)
        if before is None and new.name in renamed:
            before = older.by_name[renamed[new.name]]
            yield Difference(
                Message(
                    N_("Column “{old}” seems to be renamed “{new}”."),
                    {"old": before.name, "new": new.name},
                ),
                breaking=True,
                column=new.name,
            )
        if before is None:
            yield _added(new)
            continue
        yield from _changed(before, new, older, newer)
    for gone in older.fields:
        if gone.name not in newer.by_name and gone.name not in renamed.values():
            yield Difference(
                # A column that no schema describes is accepted, with a warning.
                Message(N_("Column “{column}” is removed."), {"column": gone.name}),
                breaking=False,
                column=gone.name,
            )


def _added(new: Field) -> Difference:
    sentence = (
        N_("Column “{column}” is added, and compulsory.")
        if new.required
        else N_("Column “{column}” is added; it is optional.")
    )
    return Difference(
        Message(sentence, {"column": new.name}), breaking=new.required, column=new.name
    )


def _renamed(older: TableSchema, newer: TableSchema) -> dict[str, str]:
    """For new columns, the column gone that each may be: names alike, and the same type."""
    gone = [each for each in older.fields if each.name not in newer.by_name]
    come = [each for each in newer.fields if each.name not in older.by_name]
    likeness = sorted(
        (
            (-_likeness(old, new), new.name, old.name)
            for new in come
            for old in gone
            if old.type == new.type
        ),
    )
    pairs: dict[str, str] = {}
    for minus_likeness, new_name, old_name in likeness:
        if -minus_likeness < _ALIKE or new_name in pairs or old_name in pairs.values():
            continue
        pairs[new_name] = old_name
    return pairs


def _likeness(old: Field, new: Field) -> float:
    if old.description and old.description == new.description:
        return 1.0
    names = [
        "".join(letter for letter in each.name.casefold() if letter.isalnum())
        for each in (old, new)
    ]
    # The order decides in difflib: both ways round, so that the answer is the same.
    return max(
        difflib.SequenceMatcher(None, names[0], names[1], autojunk=False).ratio(),
        difflib.SequenceMatcher(None, names[1], names[0], autojunk=False).ratio(),
    )


def _changed(
    old: Field, new: Field, older: TableSchema, newer: TableSchema
) -> Iterator[Difference]:
    changes = (
        *_compulsory(old, new),
        *_types(old, new),
        *_listed_values(old, new),
        *_patterns(old, new),
        *_bounds(old, new),
        *_texts_of_values(old, new, older, newer),
        *_items(old, new),
    )
    for change in changes:
        yield Difference(
            Message(change.sentence, {"column": new.name, **change.values}),
            change.breaking,
            column=new.name,
        )


@dataclass(frozen=True)
class _Change:
    """A change of one column, not yet told of it."""

    sentence: str
    breaking: bool
    values: Mapping[str, object] = field(default_factory=dict)


def _compulsory(old: Field, new: Field) -> Iterator[_Change]:
    if new.required and not old.required:
        yield _Change(N_("Column “{column}” is now compulsory."), breaking=True)
    if old.required and not new.required:
        yield _Change(N_("Column “{column}” is no longer compulsory."), breaking=False)
    if new.unique and not old.unique:
        yield _Change(N_("A value of column “{column}” may now stand only once."), breaking=True)
    if old.unique and not new.unique:
        yield _Change(
            N_("A value of column “{column}” may now stand several times."), breaking=False
        )


def _types(old: Field, new: Field) -> Iterator[_Change]:
    if (old.type, old.format) != (new.type, new.format):
        yield _Change(
            N_("Column “{column}” changes: “{old}” before, “{new}” now."),
            breaking=new.type != "any" and (new.type, new.format) != ("string", "default"),
            values={"old": type_in_words(old), "new": type_in_words(new)},
        )


def _listed_values(old: Field, new: Field) -> Iterator[_Change]:
    if old.enum is None and new.enum is None:
        return
    if old.enum is None:
        yield _Change(
            N_("Column “{column}” now takes these values only: {values}."),
            breaking=True,
            values=_listed(new.enum or ()),
        )
        return
    if new.enum is None:
        yield _Change(
            N_("Column “{column}” now takes any value, no longer a list."), breaking=False
        )
        return
    come = [value for value in new.enum if value not in old.enum]
    gone = [value for value in old.enum if value not in new.enum]
    if come:
        yield _Change(
            N_("Column “{column}” takes more values: {values}."),
            breaking=False,
            values=_listed(come),
        )
    if gone:
        yield _Change(
            N_("Column “{column}” no longer takes these values: {values}."),
            breaking=True,
            values=_listed(gone),
        )


def _listed(values: Sequence[object]) -> dict[str, object]:
    shown = ", ".join(str(value) for value in values[:_MOST_VALUES])
    return {"values": shown + (", …" if len(values) > _MOST_VALUES else "")}


def _patterns(old: Field, new: Field) -> Iterator[_Change]:
    if old.pattern == new.pattern:
        return
    if new.pattern is None:
        yield _Change(
            N_("The form of the values of column “{column}” is free now."), breaking=False
        )
        return
    sentence = (
        N_("The values of column “{column}” must now have the form {pattern}.")
        if old.pattern is None
        else N_("The form of the values of column “{column}” changes: {pattern} now.")
    )
    yield _Change(sentence, breaking=True, values={"pattern": new.pattern})


_LOWER_BOUNDS = {
    "minimum": (
        N_("The least value of column “{column}” is {new} now; it was {old}."),
        N_("Column “{column}” now has a least value, {new}."),
        N_("Column “{column}” no longer has a least value."),
    ),
    "exclusive_minimum": (
        N_("The values of column “{column}” must be above {new} now; it was {old}."),
        N_("The values of column “{column}” must now be above {new}."),
        N_("Column “{column}” no longer has a value to be above."),
    ),
    "min_length": (
        N_("The least length of column “{column}” is {new} now; it was {old}."),
        N_("Column “{column}” now has a least length, {new}."),
        N_("Column “{column}” no longer has a least length."),
    ),
}
_UPPER_BOUNDS = {
    "maximum": (
        N_("The greatest value of column “{column}” is {new} now; it was {old}."),
        N_("Column “{column}” now has a greatest value, {new}."),
        N_("Column “{column}” no longer has a greatest value."),
    ),
    "exclusive_maximum": (
        N_("The values of column “{column}” must be below {new} now; it was {old}."),
        N_("The values of column “{column}” must now be below {new}."),
        N_("Column “{column}” no longer has a value to be below."),
    ),
    "max_length": (
        N_("The greatest length of column “{column}” is {new} now; it was {old}."),
        N_("Column “{column}” now has a greatest length, {new}."),
        N_("Column “{column}” no longer has a greatest length."),
    ),
}


def _bounds(old: Field, new: Field) -> Iterator[_Change]:
    for name, (moved, set_now, dropped) in (_LOWER_BOUNDS | _UPPER_BOUNDS).items():
        before, after = getattr(old, name), getattr(new, name)
        if before == after:
            continue
        if after is None:
            yield _Change(dropped, breaking=False)
        elif before is None:
            yield _Change(set_now, breaking=True, values={"new": str(after)})
        else:
            loosened = _is_looser(before, after, is_lower=name in _LOWER_BOUNDS)
            yield _Change(moved, not loosened, {"old": str(before), "new": str(after)})


def _is_looser(before: object, after: object, is_lower: bool) -> bool:
    try:
        difference = Decimal(str(after)) - Decimal(str(before))
    except InvalidOperation:
        # Bounds of dates: written from the year to the day, their texts sort as they do.
        return str(after) <= str(before) if is_lower else str(after) >= str(before)
    return difference <= 0 if is_lower else difference >= 0


def _texts_of_values(
    old: Field, new: Field, older: TableSchema, newer: TableSchema
) -> Iterator[_Change]:
    if old.type == new.type == "boolean":
        before = {*old.true_values, *old.false_values}
        after = {*new.true_values, *new.false_values}
        if (old.true_values, old.false_values) != (new.true_values, new.false_values):
            yield _Change(
                N_("Yes and no are written differently in column “{column}”: {values}."),
                breaking=not before <= after,
                values=_listed([*new.true_values, *new.false_values]),
            )
    if (old.decimal_char, old.group_char, old.bare_number) != (
        new.decimal_char,
        new.group_char,
        new.bare_number,
    ):
        yield _Change(N_("Numbers are written differently in column “{column}”."), breaking=True)
    missing_before, missing_now = older.missing_values_of(old), newer.missing_values_of(new)
    own = (old.missing_values, new.missing_values) != (None, None)
    if own and missing_before != missing_now:
        yield _Change(
            N_("“No value” is written differently in column “{column}”."),
            breaking=not missing_before <= missing_now,
        )
    if (old.custom_check, old.custom_check_options) != (new.custom_check, new.custom_check_options):
        yield from _own_check(old.custom_check, new.custom_check)


def _own_check(before: str | None, after: str | None) -> Iterator[_Change]:
    if after is None:
        yield _Change(
            N_("Column “{column}” is no longer checked by {check}."), False, {"check": before}
        )
        return
    yield _Change(N_("Column “{column}” is now checked by {check}."), True, {"check": after})


def _items(old: Field, new: Field) -> Iterator[_Change]:
    if old.type == new.type == "array" and old.array_item != new.array_item:
        yield _Change(
            N_("What a list in column “{column}” may hold changes."),
            breaking=new.array_item is not None,
        )


# --------------------------------------------------------------------------- the whole table


def _table(older: TableSchema, newer: TableSchema) -> Iterator[Difference]:
    if older.primary_key != newer.primary_key:
        yield _primary_key(newer)
    if set(older.foreign_keys) != set(newer.foreign_keys):
        yield Difference(
            Message(N_("The references from columns to other ones change.")),
            breaking=not set(newer.foreign_keys) <= set(older.foreign_keys),
        )
    if set(older.missing_values) != set(newer.missing_values):
        yield Difference(
            Message(
                N_("“No value” may now be written in these ways: {values}."),
                {"values": ", ".join(text or "∅" for text in newer.missing_values)},
            ),
            breaking=not set(older.missing_values) <= set(newer.missing_values),
        )
    before = {_told(check): check for check in older.custom_checks}
    after = {_told(check): check for check in newer.custom_checks}
    for told in sorted(after.keys() - before.keys()):
        yield _rule(after[told], breaking=True)
    for told in sorted(before.keys() - after.keys()):
        yield _rule(before[told], breaking=False)


def _primary_key(newer: TableSchema) -> Difference:
    if not newer.primary_key:
        return Difference(Message(N_("No column identifies a row any more.")), breaking=False)
    return Difference(
        Message(
            N_("Each row must now have its own value in {columns}."),
            {"columns": ", ".join(newer.primary_key)},
        ),
        breaking=True,
    )


def _told(check: CheckDescription) -> str:
    return json.dumps([check.name, check.params], sort_keys=True, default=str)


def _rule(check: CheckDescription, breaking: bool) -> Difference:
    of_several = rule_in_words(check)
    if of_several is not None:
        sentence = N_("A rule is added: {rule}.") if breaking else N_("A rule is dropped: {rule}.")
        return Difference(Message(sentence, {"rule": of_several}), breaking)
    name = str(check.params.get("column", ""))
    sentence = (
        N_("A rule is added to column “{column}”: {rule}.")
        if breaking
        else N_("A rule of column “{column}” is dropped: {rule}.")
    )
    told = rules_of_column(TableSchema((), custom_checks=(check,)), Field(name))
    values: dict[str, object] = {"column": name, "rule": told[0] if told else check.name}
    return Difference(Message(sentence, values), breaking, column=name or None)
