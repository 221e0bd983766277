"""The API of the quality of the catalogue: what harvesters miss in each dataset, worst first."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ...api import validated
from . import listing, schemas
from .listing import Asked
from .reach import organizations_read

_DEFAULT_LIMIT = 100


@tk.side_effect_free
def heraultdata_catalogue_score_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the datasets of the catalogue by the points that data.europa.eu gives, worst first.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `gap` (a code: only datasets that lack this), `limit` (100,
            at most 1000), `offset`; all optional.

    Returns:
        `count`, `mean` (of the points, null where there are no datasets), `ratings` (how many are
        `excellent`, `good`, `sufficient`, `bad`), all of what is asked for, and `results`:
        `package_id`, `name`, `title`, `organization_id`, `organization_title`, `uri`, `score` (of
        405), `gaps` (codes).
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_catalogue_score_list", context, data)
    own = organizations_read(context)
    chosen = data.get("organization_id")
    asked = Asked([chosen] if chosen else own, data.get("gap"))
    found = listing.figures(asked)
    page = listing.worst_first(asked, data.get("limit", _DEFAULT_LIMIT), data.get("offset", 0))
    return {
        "count": found.count,
        "mean": found.mean,
        "ratings": {rating.name.lower(): count for rating, count in found.ratings.items()},
        "results": [{**asdict(each), "gaps": list(each.gaps)} for each in page],
    }
