"""What the templates of the pages of standards need, put together from the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from .. import access, clock, pages
from ..messages import N_, Message
from ..partners.helpers import heraultdata_partner_types
from ..validation.engine.fields import TableSchema
from ..validation.engine.schema import read_schema
from ..words import in_words, sentence
from . import figures, registry, rules
from .columns import explain
from .differences import differences
from .participants import takes_part
from .registry import VersionRecord
from .rules import Kind, Level

# A standard as the API answers it.
Standard = Mapping[str, Any]

_LEVELS: Mapping[str, str] = {
    Level.NATIONAL: N_("National standard"),
    Level.TERRITORIAL: N_("Territorial standard"),
    Level.DE_FACTO: N_("De facto standard"),
}


@dataclass(frozen=True)
class Changes:
    """What changes from a version to another, what may break files apart from the rest."""

    breaking: tuple[Message, ...]
    others: tuple[Message, ...]


def frame() -> dict[str, object]:
    """The names of levels and of types, and what puts messages into the reader's language."""
    return {
        "levels": level_names(),
        "partner_types": heraultdata_partner_types(),
        "say": sentence,
    }


def level_names() -> dict[str, str]:
    """Who makes a standard, in the reader's language."""
    return {level.value: tk._(_LEVELS[level]) for level in Level}


def yes_or_no() -> dict[str, str]:
    """The two values of a filter, in the reader's language."""
    return {"true": tk._("Yes"), "false": tk._("No")}


def current_versions(standards: Sequence[Standard]) -> dict[str, VersionRecord]:
    """The newest published version of each standard, by the standard's name, in one query."""
    found = registry.versions_of([one["id"] for one in standards], with_drafts=False)
    today = clock.today()
    newest = {
        standard_id: next((one for one in versions if _is_out(one, today)), None)
        for standard_id, versions in found.items()
    }
    return {one["name"]: version for one in standards if (version := newest[one["id"]]) is not None}


def due_sentences(
    standards: Sequence[Standard], versions: Mapping[str, VersionRecord]
) -> dict[str, str]:
    """When each of these versions is due, in a sentence, by the standard's name."""
    return {
        one["name"]: due_sentence(one, versions[one["name"]])
        for one in standards
        if one["name"] in versions
    }


def versions_shown(standard: Standard) -> list[VersionRecord]:
    """The versions of a standard, drafts first for those who may see them, then the newest."""
    context = pages.context()
    return registry.versions_of(
        [standard["id"]], access.is_department(context), with_drafts_out=takes_part(context)
    )[standard["id"]]


def version_with_schema(
    standard: Standard, versions: Sequence[VersionRecord], number: str | None
) -> VersionRecord | None:
    """A version with its schema.

    Args:
        standard: the standard.
        versions: those that the reader may see.
        number: that of the version, None for the newest published one.

    Returns:
        The version, None where none is asked for and none is published.

    Raises:
        tk.ObjectNotFound: there is none of that number.
    """
    wanted = number or next(iter(_out(versions)), None)
    if wanted is None:
        return None
    if wanted not in [version.version for version in versions]:
        raise tk.ObjectNotFound(tk._("This standard has no such version."))
    return registry.get_version(registry.get(standard["id"]), wanted)


def standard_page(standard: Standard, number: str | None) -> dict[str, object]:
    """All that the template of a standard's page needs.

    Args:
        standard: the standard.
        number: that of the version whose columns are shown, None for the newest.

    Raises:
        tk.ObjectNotFound: there is no such version.
    """
    versions = versions_shown(standard)
    chosen = version_with_schema(standard, versions, number)
    may_write = pages.may("heraultdata_standard_update", id=standard["name"])
    return frame() | {
        "standard": standard,
        "versions": versions,
        "newest": next(iter(_out(versions)), None),
        "today": clock.today(),
        "previous": _previous(versions),
        "due_sentences": {one.version: due_sentence(standard, one) for one in versions},
        "dataset_count": figures.dataset_counts([standard["name"]]).get(standard["name"], 0),
        "may_write": may_write,
        "may_adopt": may_write and chosen is not None and can_be_adopted(standard, chosen),
        **described(chosen),
    }


def described(version: VersionRecord | None) -> dict[str, object]:
    """A version, its columns in sentences not translated, and what is odd in its schema."""
    shown: dict[str, object] = {"chosen": version, "explained": None, "warnings": ()}
    if version is None or version.schema is None:
        return shown
    read = read_schema(version.schema)
    warnings = [remark.message for remark in read.remarks]
    return shown | {"explained": explain(read.schema), "warnings": warnings}


def can_be_adopted(standard: Standard, version: VersionRecord) -> bool:
    """Whether the département can still take a version as its territorial standard."""
    return (
        standard["level"] != Level.TERRITORIAL.value
        and not version.is_draft
        and version.dates.due_on is None
        and version.dates.adopted_on is None
    )


def due_sentence(standard: Standard, version: VersionRecord) -> str:
    """When the files of a partner must conform to a version, in words."""
    due = rules.due_date(Level(standard["level"]), version.dates)
    if version.is_draft:
        return tk._("A draft obliges nobody.")
    if due is None and standard["level"] == Level.DE_FACTO.value:
        return tk._("No date: a de facto standard obliges nobody.")
    if due is None:
        return tk._("No date: no text sets one, and the département has not adopted this version.")
    if version.dates.adopted_on is not None:
        return tk._(
            "Adopted by the département on {adopted_on}: files must conform by {due_on}."
        ).format(adopted_on=in_words(version.dates.adopted_on), due_on=in_words(due))
    return tk._("Files must conform by {due_on}.").format(due_on=in_words(due))


def comparison(standard: Standard, old: str | None, new: str | None) -> dict[str, object]:
    """All that the template of the differences between two versions needs.

    Args:
        standard: the standard.
        old: number of the version to start from, None for the one before `new`.
        new: number of the version to arrive at, None for the newest one.

    Raises:
        tk.ObjectNotFound: there is no such version.
    """
    versions = versions_shown(standard)
    shown = frame() | {"standard": standard, "versions": versions}
    newer = version_with_schema(standard, versions, new)
    before = _previous(versions)
    if newer is None or not (old or newer.version in before):
        return shown | {"older": None}
    older = version_with_schema(standard, versions, old or before[newer.version])
    return shown | {
        "older": older,
        "newer": newer,
        "version_names": {one.version: one.version for one in versions},
        "changes": changes(older, newer) if older else None,
    }


def changes(older: VersionRecord, newer: VersionRecord) -> Changes | None:
    """What changes from a version to another; None where they are not both tables."""
    if older.kind is not Kind.TABLE or newer.kind is not Kind.TABLE:
        return None
    old, new = read_schema(older.schema or {}).schema, read_schema(newer.schema or {}).schema
    if not isinstance(old, TableSchema) or not isinstance(new, TableSchema):
        return None
    found = differences(old, new)
    return Changes(
        breaking=tuple(one.message for one in found if one.breaking),
        others=tuple(one.message for one in found if not one.breaking),
    )


def _out(versions: Sequence[VersionRecord]) -> list[str]:
    """The numbers of the versions published by today, the newest first."""
    today = clock.today()
    return [version.version for version in versions if _is_out(version, today)]


def _is_out(version: VersionRecord, today: date) -> bool:
    return version.dates.published_on is not None and version.dates.published_on <= today


def _previous(versions: Sequence[VersionRecord]) -> dict[str, str]:
    """For each version the published one before it, where there is one."""
    before: dict[str, str] = {}
    for rank, version in enumerate(versions):
        older = next((one for one in versions[rank + 1 :] if not one.is_draft), None)
        if older is not None:
            before[version.version] = older.version
    return before
