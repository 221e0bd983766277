"""The tracker as the API answers it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from .. import clock
from .recorded import AbsenceRecord, DeclarationRecord, ExtensionRecord
from .rules import Status
from .tracker import Counted, Standing, Tracker


def standing_dict(found: Tracker, standing: Standing) -> dict[str, Any]:
    """A standing as the API shows it.

    Args:
        found: the tracker that it is of.
        standing: the standing.
    """
    reckoned = standing.conformance
    return {
        "organization_id": standing.organization_id,
        "package_id": standing.package_id,
        "standard": standing.standard,
        "status": standing.status.value,
        "target_version": found.label(standing, reckoned.target),
        "valid_version": found.label(standing, reckoned.valid),
        "due_on": clock.iso(reckoned.due_on),
        "days_left": reckoned.days_left,
        "days_late": reckoned.days_late,
        "declared": standing.is_declared,
    }


def summary_dicts(found: Counted) -> dict[str, Any]:
    """The counts by standard and status, in the order of the standards' titles."""
    by_standard = found.by_standard
    titles = {name: found.deadlines.standards[name].record.title for name in by_standard}
    return {
        "count": len(by_standard),
        "results": [
            {"standard": name, "title": titles[name], **_counts(by_standard[name])}
            for name in sorted(by_standard, key=lambda name: (titles[name], name))
        ],
        **_counts(sum(by_standard.values(), Counter())),
    }


def _counts(counted: Counter[Status]) -> dict[str, Any]:
    return {
        "total": counted.total(),
        "statuses": {status.value: counted[status] for status in Status},
    }


def record_dict(record: ExtensionRecord | DeclarationRecord) -> dict[str, Any]:
    """More time, or conformity declared, as the API shows it."""
    return {
        name: clock.iso(value) if isinstance(value, date) else value
        for name, value in vars(record).items()
    }


def absence_dict(absence: AbsenceRecord, today: date) -> dict[str, Any]:
    """The answer that a partner holds no data, as the API shows it.

    Args:
        absence: the answer.
        today: the date in Paris.
    """
    return {
        "id": absence.id,
        "organization_id": absence.organization_id,
        "standard": absence.standard,
        "reason": absence.reason,
        "declared_on": clock.iso(absence.declared_on),
        "declared_by": absence.declared_by,
        "ended_on": clock.iso(absence.ended_on),
        "ends_on": clock.iso(absence.ends_on),
        "running": absence.runs_on(today),
    }
