"""The API of the checks of files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import clock
from ...api import DEFAULT_LIMIT, transition, validated
from .. import jobs
from .. import model as store
from .. import service as adapter
from . import asking, schemas, sent_files, service
from .language import told


def heraultdata_file_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check a file against a standard or a schema; nothing of it is kept.

    Args:
        context: CKAN's context.
        data_dict: `upload` (a file of a form) or `url`; `standard`, with `version` for another than
            its newest, or `schema` (a Table Schema or a JSON Schema, as an object or as text).

    Returns:
        The report, in the language of the caller.

    Raises:
        tk.ValidationError: what is asked makes no sense, or was asked too often.
    """
    with asking.sent_file_checked(context, data_dict) as (report, _):
        return told(report)


def heraultdata_resource_check(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check a file of the portal now, against each published version of its standard.

    Args:
        context: CKAN's context.
        data_dict: `resource_id`.

    Returns:
        The run, as `heraultdata_check_show` answers.

    Raises:
        tk.ValidationError: the file follows no standard that a program can check, or is out
            of reach.
    """
    data = validated(data_dict, schemas.resource_check(), context)
    resource_id = str(data["resource_id"])
    _found_resource(resource_id)
    tk.check_access("heraultdata_resource_check", context, data)
    resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    with transition():
        sent_files.require_versions(resource.get("standard"), clock.today())
        adapter.ask(resource_id, clock.now())
    began = clock.now()
    jobs.check_resource(resource_id, asked_for=True)
    model.Session.rollback()
    run = _last_run_since(resource_id, began)
    if run is None:
        raise tk.ValidationError({"resource_id": [_why_not_checked(resource_id)]})
    return _run_dict(run)


@tk.side_effect_free
def heraultdata_check_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a run of checks: the reports of one file against the versions of its standard.

    Args:
        context: CKAN's context.
        data_dict: `id` of the run, or `resource_id` for the last run of the file in place.

    Returns:
        `id`, `resource_id`, `package_id`, `held_file_id`, `made_at`, `valid`, `stale` (the file or
        its standard has changed since), and `reports`, that of the newest version first.
    """
    data = validated(data_dict, schemas.check_show(), context)
    if bool(data.get("id")) == bool(data.get("resource_id")):
        raise tk.ValidationError({"id": [tk._("Give either id or resource_id.")]})
    run = _existing(lambda: service.run(_run_id(data)))
    tk.check_access("heraultdata_check_show", context, {**data, "run": run.summary})
    return _run_dict(run)


@tk.side_effect_free
def heraultdata_check_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the runs of the files of a resource, the newest first.

    Args:
        context: CKAN's context.
        data_dict: `resource_id`, `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`: `id`, `made_at`, `valid`, `held_file_id`, and `versions` with
        `standard`, `version`, `valid` and `error_count` of each.
    """
    data = validated(data_dict, schemas.check_list(), context)
    _found_resource(str(data["resource_id"]))
    tk.check_access("heraultdata_check_list", context, data)
    count, runs = service.history(
        str(data["resource_id"]), data.get("limit", DEFAULT_LIMIT), data.get("offset", 0)
    )
    return {"count": count, "results": [_listed(run) for run in runs]}


def _found_resource(resource_id: str) -> model.Resource:
    found = model.Resource.get(resource_id)
    if found is None or found.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("Resource was not found."))
    return found


def _last_run_since(resource_id: str, moment: datetime) -> service.Run | None:
    try:
        run = service.run(service.last_run_id(resource_id))
    except service.CheckNotFoundError:
        return None
    return run if run.summary.made_at >= moment else None


def _run_id(data: dict[str, Any]) -> str:
    return str(data["id"]) if data.get("id") else service.last_run_id(str(data["resource_id"]))


def _existing(read: Callable[[], service.Run]) -> service.Run:
    try:
        return read()
    except service.CheckNotFoundError:
        raise tk.ObjectNotFound(tk._("This file has not been checked yet.")) from None


def _why_not_checked(resource_id: str) -> str:
    """Why a check that was asked for left no run: what ckanext-validation's table says of it."""
    state = store.state_of(resource_id)
    if state is None or not state.messages:
        return tk._("The file is being checked, or has just changed: try again in a moment.")
    return " ".join(state.messages)


def _run_dict(run: service.Run) -> dict[str, Any]:
    summary = run.summary
    return {
        "id": summary.id,
        "resource_id": summary.resource_id,
        "package_id": summary.package_id,
        "held_file_id": summary.held_file_id,
        "made_at": summary.made_at.isoformat(),
        "valid": summary.valid,
        "stale": service.is_stale(summary, clock.today()),
        "reports": [told(report) for report in run.reports],
    }


def _listed(run: service.RunSummary) -> dict[str, Any]:
    return {
        "id": run.id,
        "made_at": run.made_at.isoformat(),
        "valid": run.valid,
        "held_file_id": run.held_file_id,
        "versions": [
            {
                "standard": check.standard,
                "version": check.version,
                "valid": check.valid,
                "error_count": check.error_count,
            }
            for check in run.checks
        ],
    }
