"""The API of the journal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..api import DEFAULT_LIMIT, validated
from . import schemas, service
from .model import JournalEntry


@tk.side_effect_free
def heraultdata_journal_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the journal, the newest line first.

    Args:
        context: CKAN's context.
        data_dict: filters `organization_id`, `subject_type`, `subject_id`; `limit` (50, at most
            1000), `offset`.

    Returns:
        `count` and `results`: who, what, when, to what, `before` and `after`.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_journal_list", context, data)
    count, lines = service.entries(
        service.JournalFilter(
            organization_id=data.get("organization_id"),
            subject_type=data.get("subject_type"),
            subject_id=data.get("subject_id"),
        ),
        limit=data.get("limit", DEFAULT_LIMIT),
        offset=data.get("offset", 0),
    )
    return {"count": count, "results": [_line_dict(line) for line in lines]}


def _line_dict(line: JournalEntry) -> dict[str, Any]:
    return {
        "id": line.id,
        "recorded_at": line.recorded_at.isoformat(),
        "user_id": line.user_id,
        "user_name": line.user_name,
        "action": line.action,
        "subject_type": line.subject_type,
        "subject_id": line.subject_id,
        "organization_id": line.organization_id,
        "before": line.before,
        "after": line.after,
    }
