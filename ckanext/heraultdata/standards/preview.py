"""What a version would bring about, shown before it is published or adopted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import ckan.plugins.toolkit as tk

from .. import clock
from ..validation.engine.fields import JsonSchema
from ..validation.engine.schema import SchemaError, read_schema
from ..words import in_words, sentence
from . import page, registry, rules
from .obliged import obliged_by
from .page import Standard
from .registry import VersionRecord
from .rules import Dates, Kind, Level


def preview(standard: Standard, version: VersionRecord, dates: Dates) -> dict[str, object]:
    """All that the templates of the two previews need.

    Args:
        standard: the standard.
        version: the version, with its schema.
        dates: those that it would have.
    """
    before = _before(standard, version, dates)
    return page.frame() | {
        "standard": standard,
        "before": before,
        "changes": page.changes(before, version) if before else None,
        "due": _due_sentence(standard, dates),
        "obliged": obliged_by(
            standard["name"], standard["concerns"], standard["priority"], clock.today()
        ),
        **page.described(version),
    }


def sent_schema(content: bytes) -> tuple[Kind, Mapping[str, object]]:
    """Read a schema that somebody sends.

    Args:
        content: the bytes of the file.

    Returns:
        The kind of version that it makes, and the schema as JSON has it.

    Raises:
        tk.ValidationError: it is no schema.
    """
    try:
        read = read_schema(content)
    except SchemaError as refusal:
        raise tk.ValidationError({"schema": [sentence(refusal.message)]}) from refusal
    kind = Kind.JSON if isinstance(read.schema, JsonSchema) else Kind.TABLE
    return kind, json.loads(content.decode("utf-8-sig"))


def _before(standard: Standard, version: VersionRecord, dates: Dates) -> VersionRecord | None:
    """The published version that comes before, with its schema."""
    ends_on = dates.published_on or clock.today()
    found = registry.versions_of([standard["id"]], with_drafts=False, with_schemas=True)
    older = [
        one
        for one in found[standard["id"]]
        if one.id != version.id and _published_before(one, ends_on)
    ]
    return older[0] if older else None


def _published_before(version: VersionRecord, day: date) -> bool:
    return version.dates.published_on is not None and version.dates.published_on < day


def _due_sentence(standard: Standard, dates: Dates) -> str:
    due = rules.due_date(Level(standard["level"]), dates)
    if due is not None and dates.adopted_on is not None:
        return tk._("Adopted on {day}, it makes files conform by {due_on}, one year later.").format(
            day=in_words(dates.adopted_on), due_on=in_words(due)
        )
    if dates.published_on is None:
        return tk._("A draft obliges nobody.")
    day = in_words(dates.published_on)
    if due is not None:
        return tk._("Published on {day}, it makes files conform by {due_on}.").format(
            day=day, due_on=in_words(due)
        )
    return tk._("Published on {day}, it sets no date: it obliges nobody for now.").format(day=day)


def with_dates(version: VersionRecord, **days: date | None) -> Dates:
    """The dates of a version, some of them changed."""
    return replace(version.dates, **days)
