"""The actions of ckanext-validation, and those of CKAN that check a file before they keep it."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlparse

import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict
from flask import has_request_context
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata import clock, config

from . import batch, hooks, jobs, making, schema_fields, service, sources, upstream
from . import model as store
from .frictionless_check import Outcome
from .rules import FileFacts


def resource_validation_run(context: Context, data_dict: DataDict) -> None:
    """Start the check of a resource.

    Args:
        context: CKAN's context.
        data_dict: `resource_id`, and `async` (default true): false waits for the outcome.

    Raises:
        tk.ValidationError: the resource has no file, or one of a format that is not checked.
    """
    tk.check_access("resource_validation_run", context, data_dict)
    resource_id = data_dict.get("resource_id")
    if not resource_id:
        raise tk.ValidationError({"resource_id": [tk._("Missing value")]})
    resource = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    formats = upstream.settings.get_supported_formats()
    facts = FileFacts.of(resource)
    if not facts.has_format_of(formats):
        message = tk._("This format is not checked. Those that are: {formats}.")
        raise tk.ValidationError({"format": [message.format(formats=", ".join(formats))]})
    if not facts.can_be_checked(formats):
        raise tk.ValidationError({"url": [tk._("The resource has neither an address nor a file.")]})
    service.ask(resource_id, clock.now())
    if tk.asbool(data_dict.get("async", True)):
        jobs.enqueue(resource_id, asked_for=True)
    else:
        jobs.check_resource(resource_id, asked_for=True)


def resource_validation_run_batch(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Queue the checks of many files.

    Args:
        context: CKAN's context.
        data_dict: `dataset_ids` (a list, or one as text) or `query` (`q`, `fq`, `fq_list` of
            `package_search`, as objects or JSON); neither for all the files that can be checked.

    Returns:
        `output`: a sentence with the number of files.

    Raises:
        tk.ValidationError: `query` is no JSON object.
    """
    tk.check_access("resource_validation_run_batch", context, data_dict)
    ids = _loaded(data_dict.get("dataset_ids"))
    query = _loaded(data_dict.get("query")) or {}
    if not isinstance(query, dict):
        raise tk.ValidationError({"query": [tk._("A JSON object is expected, between braces.")]})
    queued = batch.run([ids] if isinstance(ids, str) else list(ids or []), query)
    return {"output": f"Done. {queued} resources sent to the validation queue"}


def _loaded(value: Any) -> Any:  # noqa: ANN401  # whatever JSON holds
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


@tk.chained_action
def resource_create(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Check the file before it is kept where `ckanext.validation.run_on_create_sync` asks for it.

    Raises:
        tk.ValidationError: the file is not valid; the report stands under `validation`.
    """
    if upstream.settings.get_create_mode_from_config() != "sync":
        return _check_at_once(context, original(context, data_dict))
    tk.check_access("resource_create", context, data_dict)
    return _save_checked(original, context, data_dict, current={})


@tk.chained_action
def resource_update(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Check the file before it is kept where `ckanext.validation.run_on_update_sync` asks for it.

    Raises:
        tk.ValidationError: the file is not valid; the report stands under `validation`.
    """
    if upstream.settings.get_update_mode_from_config() != "sync":
        return _check_at_once(context, original(context, data_dict))
    tk.check_access("resource_update", context, data_dict)
    current = tk.get_action("resource_show")({"ignore_auth": True}, {"id": data_dict["id"]})
    return _save_checked(original, context, data_dict, current)


def _check_at_once(context: Context, saved: dict[str, Any]) -> dict[str, Any]:
    """Check a small file against its standard while its editor waits; others wait for the worker.

    Whoever takes the check first makes it: the job that was queued then finds nothing to do.
    """
    size = saved.get("size")
    small = isinstance(size, int) and size <= config.check_at_once_bytes()
    of_standard = bool(saved.get("standard")) and saved.get("url_type") == "upload"
    if not (small and of_standard and has_request_context()) or context.get("defer_commit"):
        return saved
    if not store.tables_exist():  # the hook has told the log
        return saved
    jobs.check_resource(saved["id"])
    return tk.get_action("resource_show")({"ignore_auth": True}, {"id": saved["id"]})


def _save_checked(
    save: Action, context: Context, data_dict: DataDict, current: dict[str, Any]
) -> dict[str, Any]:
    schema_fields.merge(data_dict)
    candidate = _candidate(data_dict, current)
    upload = data_dict.get("upload")
    has_new_file = isinstance(upload, FileStorage) and bool(upload.filename)
    facts = FileFacts.of(candidate)
    unchanged = bool(current) and not has_new_file and facts == FileFacts.of(current)
    checkable = facts.can_be_checked(upstream.settings.get_supported_formats())
    if unchanged or not checkable or not jobs.plugins_agree(candidate):
        with hooks.checked_already():
            return save(context, data_dict)
    made = _make(candidate, upload if has_new_file else None)
    outcome = made.outcome
    if outcome.status != "success":
        # A report where there is one, as ckanext-validation gives it; else the reasons.
        raise tk.ValidationError({"validation": [outcome.report or " ".join(outcome.messages)]})
    with hooks.checked_already():
        saved = save(context, data_dict)
    service.finish_unqueued(saved, outcome, made.reports)
    return tk.get_action("resource_show")({"ignore_auth": True}, {"id": saved["id"]})


def _candidate(data_dict: DataDict, current: dict[str, Any]) -> dict[str, Any]:
    """The resource as it will be, as far as a check needs it."""
    candidate: dict[str, Any] = {**data_dict, "id": current.get("id")}
    for kept in ("url_type", "last_modified"):
        candidate.setdefault(kept, current.get(kept))
    upload = candidate.pop("upload", None)
    if isinstance(upload, FileStorage) and upload.filename:
        candidate.update(url=upload.filename, url_type="upload")
    if not candidate.get("format"):
        path = urlparse(str(candidate.get("url") or "")).path
        candidate["format"] = PurePosixPath(path).suffix.removeprefix(".")
    return candidate


def _make(candidate: dict[str, Any], upload: FileStorage | None) -> making.Made:
    try:
        if upload is None:
            return making.of_resource(candidate, private=False)
        with sources.copied(upload) as path:
            return making.of_upload(candidate, path)
    except sources.CannotCheckError as error:
        return making.Made(Outcome.error(str(error)))


def get_actions() -> dict[str, Action | ChainedAction]:
    """The actions by name; those that need no mending are ckanext-validation's own."""
    return {
        "resource_validation_run": resource_validation_run,
        "resource_validation_show": upstream.action.resource_validation_show,
        "resource_validation_delete": upstream.action.resource_validation_delete,
        "resource_validation_run_batch": resource_validation_run_batch,
        "resource_create": resource_create,
        "resource_update": resource_update,
    }
