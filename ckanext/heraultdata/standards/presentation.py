"""Standards and their versions as the API answers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import clock
from ..messages import RuleError
from ..validation.engine.faults import Remark
from ..words import sentence
from . import content, rules
from .registry import StandardRecord, VersionRecord

Answer = dict[str, Any]


def standard_dict(standard: StandardRecord) -> Answer:
    """A standard as the API answers it.

    Args:
        standard: the standard.
    """
    return {
        "id": standard.id,
        "name": standard.name,
        "title": standard.title,
        "level": standard.level.value,
        "scdl": standard.scdl,
        "priority": standard.priority,
        "concerns": list(standard.concerns),
        "issuer": standard.issuer,
        "homepage": standard.homepage,
        "description": standard.description,
    }


def versions_dicts(standard: StandardRecord, versions: Sequence[VersionRecord]) -> list[Answer]:
    """The versions of a standard as the API answers them, without their schemas.

    Args:
        standard: the standard.
        versions: its versions, without their schemas.
    """
    return [_version_dict(standard, version) for version in versions]


def version_dict(standard: StandardRecord, version: VersionRecord) -> Answer:
    """A version as the API answers it, with its schema and the warnings about it.

    Args:
        standard: its standard.
        version: the version, read with its schema.
    """
    return _version_dict(standard, version) | {
        "schema": version.schema,
        "warnings": [_warning(remark) for remark in _remarks(version)],
    }


def _version_dict(standard: StandardRecord, version: VersionRecord) -> Answer:
    dates = version.dates
    return {
        "id": version.id,
        "standard": standard.name,
        "version": version.version,
        "kind": version.kind.value,
        "published_on": clock.iso(dates.published_on),
        "due_on": clock.iso(dates.due_on),
        "adopted_on": clock.iso(dates.adopted_on),
        "falls_due_on": clock.iso(rules.due_date(standard.level, dates)),
        "legal_reference": version.legal_reference,
        "source_url": version.source_url,
        "comments_until": clock.iso(version.comments_until),
    }


def _remarks(version: VersionRecord) -> Sequence[Remark]:
    try:
        return content.remarks_on(version.kind, version.schema)
    except RuleError as refusal:
        # Kept by an earlier release, whose reading was more lenient.
        return [Remark("schema-error", refusal.message, refusal.message)]


def _warning(remark: Remark) -> dict[str, str | None]:
    return {
        "code": remark.code,
        "title": sentence(remark.title),
        "message": sentence(remark.message),
        "column": remark.column,
    }
