"""The API of freshness: which datasets are late with the update that their frequency promises."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import clock
from ..api import page_of, validated
from . import freshness_schemas, freshness_tracker
from .freshness_tracker import DatasetFreshness
from .narrowing import organizations_asked


@tk.side_effect_free
def heraultdata_freshness_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the datasets of partners whose frequency promises updates, what is late first.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `status` (`late` or `fresh`), `on` (today), `limit` (50, at
            most 1000), `offset`.

    Returns:
        `count` and `results`: `organization_id`, `package_id`, `frequency` (an address of the
        European vocabulary), `changed_on` (the last change of the data), `status`, `due_on`
        (tolerance included), `days_left`, `days_late`.
    """
    data = validated(data_dict, freshness_schemas.listed(), context)
    tk.check_access("heraultdata_freshness_list", context, data)
    found = freshness_tracker.on(
        data.get("on") or clock.today(), organizations_asked(context, data.get("organization_id"))
    )
    status = data.get("status")
    if status is not None:
        found = [each for each in found if each.freshness.status is status]
    page = page_of(found, data)
    return {"count": len(found), "results": [_shown(each) for each in page]}


def _shown(each: DatasetFreshness) -> dict[str, Any]:
    return {
        "organization_id": each.organization_id,
        "package_id": each.package_id,
        "frequency": each.frequency,
        "changed_on": clock.iso(each.changed_on),
        "status": each.freshness.status.value,
        "due_on": clock.iso(each.freshness.due_on),
        "days_left": each.freshness.days_left,
        "days_late": each.freshness.days_late,
    }
