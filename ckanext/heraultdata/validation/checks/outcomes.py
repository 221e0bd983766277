"""A run told as ckanext-validation tells it: its table, its badges and its pages read this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..engine.report import Report, as_dict
from ..frictionless_check import Outcome
from .running import VersionReport


def outcome_of(reports: Sequence[VersionReport]) -> Outcome:
    """The outcome of a run: that of the newest version that the file meets, else of the newest.

    A file of a version that still serves is right: what it owes to a newer one has its own dates.

    Args:
        reports: of the versions, the newest first, one at least.
    """
    valid = (each.report for each in reports if each.report.valid)
    told = next(valid, reports[0].report)
    return Outcome("success" if told.valid else "failure", _as_frictionless(told))


def _as_frictionless(report: Report) -> dict[str, Any]:
    """A report in the shape of frictionless 5, in the language of the site."""
    told: dict[str, Any] = as_dict(report, str(tk.config["ckan.locale_default"]))
    stats = {"errors": report.error_count, "warnings": len(report.warnings)}
    task = {
        "name": report.file,
        "type": "table",
        "valid": report.valid,
        "place": report.file,
        "labels": [],
        "stats": {**stats, "rows": report.rows, "seconds": report.seconds},
        "warnings": [warning["message"] for warning in told["warnings"]],
        "errors": [_error(error) for error in told["errors"]],
    }
    return {
        "valid": report.valid,
        "stats": {**stats, "tasks": 1, "seconds": report.seconds},
        "warnings": [],
        "errors": [],
        "tasks": [task],
    }


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        "type": error["code"],
        "title": error["title"],
        "message": error["message"],
        "description": error["message"],
        "note": "",
        "tags": [],
        "rowNumber": error["row"],
        "fieldName": error["column"],
        "cell": error["cell"],
    }
    return {key: value for key, value in found.items() if value is not None}
