"""The API of the harvesters seen."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ...api import page_of, validated
from . import schemas, visits
from .visits import Harvester


@tk.side_effect_free
def heraultdata_harvester_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the programs that read the catalogue, the one that asked last first.

    Args:
        context: CKAN's context.
        data_dict: `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`: `agent` (what the program calls itself, empty where it does not),
        `first_seen`, `last_request`, `last_walk` (`began`, `ended`, `pages`; of the whole
        catalogue), `unfinished_walk` (`began`, `reached`), `requests`, `requests_today`,
        `requests_30_days`, `not_modified`, `client_errors` (400 to 499), `server_errors` (from
        500), `last_error` (`status`, `at`). What was not seen is null.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_harvester_list", context, data)
    found = visits.seen()
    return {"count": len(found), "results": [_shown(each) for each in page_of(found, data)]}


def _shown(each: Harvester) -> dict[str, Any]:
    walk, unfinished, error = each.last_walk, each.unfinished, each.last_error
    return {
        "agent": each.agent,
        "first_seen": each.first_seen.isoformat(),
        "last_request": each.last_request.isoformat(),
        "last_walk": walk
        and {
            "began": walk.began.isoformat(),
            "ended": walk.ended.isoformat(),
            "pages": walk.pages,
        },
        "unfinished_walk": unfinished
        and {"began": unfinished.began.isoformat(), "reached": unfinished.reached},
        "requests": each.requests,
        "requests_today": each.requests_today,
        "requests_30_days": each.requests_30_days,
        "not_modified": each.not_modified,
        "client_errors": each.client_errors,
        "server_errors": each.server_errors,
        "last_error": error and {"status": error.status, "at": error.at.isoformat()},
    }
