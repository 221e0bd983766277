"""The API of the public register of withdrawals."""

from __future__ import annotations

from datetime import timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import clock
from ..api import DEFAULT_LIMIT, validated
from . import register, register_schemas
from .register import Entry, RegisterFilter


@tk.side_effect_free
def heraultdata_withdrawal_register(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List what was withdrawn, the newest first; never the reason in the partner's own words.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `reason_class`, `since` (first day of withdrawal), `limit`,
            `offset`; all optional.

    Returns:
        `{count, results}`; of each: `id`, `reference`, `organization_id`, `organization_title`,
        `package_id`, `resource_id` and `resource_name` (null for a whole dataset), `title`,
        `reason_class`, `withdrawn_on`, `erased_on`, `changed_at` (the last of these moments),
        `url` (its address, which answers 410).
        `title` and `resource_name` are null where the reason is personal data.
    """
    tk.check_access("heraultdata_withdrawal_register", context, data_dict)
    data = validated(data_dict, register_schemas.listed(), context)
    asked = RegisterFilter(
        organization_id=data.get("organization_id"),
        reason_class=data.get("reason_class"),
        since=data.get("since"),
    )
    count, entries = register.find(asked, data.get("limit", DEFAULT_LIMIT), data.get("offset", 0))
    return {"count": count, "results": [_entry_dict(entry) for entry in entries]}


def _entry_dict(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "reference": entry.reference,
        "organization_id": entry.organization_id,
        "organization_title": entry.organization_title,
        "package_id": entry.package_id,
        "resource_id": entry.resource_id,
        "title": entry.title,
        "resource_name": entry.resource_name,
        "reason_class": entry.reason_class,
        "withdrawn_on": clock.iso(entry.withdrawn_on),
        "erased_on": clock.iso(entry.erased_on),
        "changed_at": entry.changed_at.astimezone(timezone.utc).isoformat(),
        "url": _address(entry),
    }


def _address(entry: Entry) -> str:
    # By identifiers: a name may tell as much as a title. Without a language, as harvesters know it.
    if entry.resource_id:
        return tk.h.url_for(
            "resource.read",
            id=entry.package_id,
            resource_id=entry.resource_id,
            qualified=True,
            locale="default",
        )
    return tk.h.url_for("dataset.read", id=entry.package_id, qualified=True, locale="default")
