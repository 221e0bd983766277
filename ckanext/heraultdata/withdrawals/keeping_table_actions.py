"""The DataStore's actions by which the rows of what has been public could be emptied."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Action, Context

from . import keeping, keeping_rules


@tk.chained_action
def datastore_delete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Keep the rows of what has been public: deleting them is emptying it."""
    resource = _resource(data_dict)
    if resource is not None:
        _check_access("datastore_delete", context, resource)
        keeping.require_takeable(context, str(resource.package_id), resource.id)
    return next_action(context, data_dict)


@tk.chained_action
def datastore_create(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Keep the columns of what has been public, and the tables of what is out of reach."""
    resource = _resource(data_dict)
    if resource is not None:
        _check_access("datastore_create", context, resource)
        keeping.require_in_reach(str(resource.package_id), resource.id)
        if data_dict.get("delete_fields") and _drops_columns(resource.id, data_dict):
            keeping.require_takeable(context, str(resource.package_id), resource.id)
    return next_action(context, data_dict)


@tk.chained_action
def datastore_upsert(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Let nobody of a partner write blanks over a whole row of what has been public."""
    resource = _resource(data_dict)
    if resource is not None:
        _check_access("datastore_upsert", context, resource)
        keeping.require_in_reach(str(resource.package_id), resource.id)
        if data_dict.get("method", "upsert") != "insert" and _writes_blanks(resource.id, data_dict):
            keeping.require_takeable(context, str(resource.package_id), resource.id)
    return next_action(context, data_dict)


def _check_access(name: str, context: Context, resource: model.Resource) -> None:
    # A copy: CKAN adds to the arguments as it looks at them.
    tk.check_access(name, tk.fresh_context(context), {"resource_id": resource.id})


def _drops_columns(resource_id: str, data_dict: dict[str, Any]) -> bool:
    fields = data_dict.get("fields")
    names = [each.get("id") for each in fields or [] if isinstance(each, dict)]
    existing = {each["id"] for each in _columns(resource_id)}
    return bool(keeping_rules.dropped_columns(existing, [str(name) for name in names]))


def _writes_blanks(resource_id: str, data_dict: dict[str, Any]) -> bool:
    records = data_dict.get("records")
    if not isinstance(records, list):
        return False
    rows = [each for each in records if isinstance(each, dict)]
    keys = {each["id"] for each in _columns(resource_id) if each.get("schema", {}).get("uniquekey")}
    return keeping_rules.is_emptying(rows, keys)


def _columns(resource_id: str) -> list[dict[str, Any]]:
    try:
        found = tk.get_action("datastore_info")({"ignore_auth": True}, {"id": resource_id})
    except tk.ObjectNotFound:
        return []
    return found["fields"]


def _resource(data_dict: dict[str, Any]) -> model.Resource | None:
    resource_id = data_dict.get("resource_id") or data_dict.get("id")
    found = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    return found if found is not None and found.package_id else None
