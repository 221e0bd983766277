"""Checks asked for by the hundred, and the listing of what they found."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from . import model as store
from . import upstream

log = logging.getLogger(__name__)

PAGE_SIZE = 100
#: Errors of one type that a listing gives for each file.
ERRORS_OF_A_TYPE = 10


def datasets(dataset_ids: list[str], query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Find datasets, private ones included.

    Args:
        dataset_ids: identifiers or names; when empty, `query` decides.
        query: `q`, `fq` and `fq_list` of `package_search`; when empty, all those that have a file
            of a format that is checked.
    """
    search: dict[str, Any] = {"q": "", "fq": "", "fq_list": []}
    if dataset_ids:
        search["q"] = " OR ".join(f'id:"{item}" OR name:"{item}"' for item in dataset_ids)
    elif query:
        upstream.action._update_search_params(search, query)
    else:
        upstream.action._add_default_formats(search)
    search.update(q=search["q"] or "*:*", include_private=True, include_drafts=True)
    start = 0
    while True:
        page = {**search, "sort": "id asc", "rows": PAGE_SIZE, "start": start}
        found = tk.get_action("package_search")({"ignore_auth": True}, page)["results"]
        yield from found
        if len(found) < PAGE_SIZE:
            return
        start += PAGE_SIZE


def run(dataset_ids: list[str], query: Mapping[str, Any]) -> int:
    """Queue the check of the files of datasets.

    Args:
        dataset_ids: as for `datasets`.
        query: as for `datasets`.

    Returns:
        How many were queued.
    """
    formats = upstream.settings.get_supported_formats()
    queued = 0
    for dataset in datasets(dataset_ids, query):
        for resource in dataset.get("resources", []):
            if str(resource.get("format") or "").lower() not in formats:
                continue
            try:
                tk.get_action("resource_validation_run")(
                    {"ignore_auth": True}, {"resource_id": resource["id"], "async": True}
                )
            except tk.ValidationError as error:
                log.warning("Resource %s is not checked: %s", resource["id"], error)
            else:
                queued += 1
    return queued


def listed_errors() -> Iterator[dict[str, str]]:
    """The errors of all the files, ten of a type for each, by the columns of `report-full`."""
    packages = model.package_table
    query = (
        sa.select(
            packages.c.name,
            store.resources.c.id,
            store.resources.c.format,
            store.table.c.status,
            store.table.c.report,
        )
        .join(store.resources, store.resources.c.id == store.table.c.resource_id)
        .join(packages, packages.c.id == store.resources.c.package_id)
        .where(
            store.table.c.status.in_(["failure", "error"]),
            store.resources.c.state == model.State.ACTIVE,
            packages.c.state == model.State.ACTIVE,
        )
        .order_by(packages.c.name, store.resources.c.position)
    )
    for name, resource_id, format_, status, report in model.Session.execute(query):
        address = f"{tk.config['ckan.site_url']}/dataset/{name}/resource/{resource_id}"
        described = json.loads(report) if isinstance(report, str) else report or {}
        seen: Counter[str] = Counter()
        for task in described.get("tasks", []):
            for error in task["errors"]:
                seen[error["type"]] += 1
                if seen[error["type"]] <= ERRORS_OF_A_TYPE:
                    yield {
                        "dataset": name,
                        "resource_id": resource_id,
                        "format": format_,
                        "url": address,
                        "status": status,
                        "error_code": error["type"],
                        "error_message": error["message"],
                    }
