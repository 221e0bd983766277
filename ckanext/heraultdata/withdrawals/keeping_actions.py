"""CKAN's actions by which a partner could take away what has been public: they lead to a request.

None of them changes what is out of reach, whoever asks; `package_update` and what goes by it are
looked at by `keeping_updates`.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Action, Context
from flask import has_request_context

from ..arguments import require_identifiers
from ..words import sentence
from . import keeping


@tk.chained_action
def package_delete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Delete no dataset that is out of reach."""
    package = keeping.package_of(data_dict.get("id"))
    if package is not None:
        tk.check_access("package_delete", context, data_dict)
        keeping.require_takeable(context, package.id)
    return next_action(context, data_dict)


@tk.chained_action
def dataset_purge(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Purge no dataset that is out of reach, nor one of which a file is.

    CKAN's trash goes on to the next one: it stops at the first refusal otherwise.
    """
    package = keeping.package_of(data_dict.get("id"))
    if package is not None:
        tk.check_access("dataset_purge", context, data_dict)
        reference = keeping.reference_within(package.id)
        if reference is not None and _is_asked_by_the_trash():
            tk.h.flash_notice(sentence(keeping.out_of_reach_message(reference)))
            return None
        keeping.refuse_out_of_reach(reference)
    return next_action(context, data_dict)


def _is_asked_by_the_trash() -> bool:
    return has_request_context() and tk.request.endpoint == "admin.trash"


@tk.chained_action
def resource_delete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Delete no file that is out of reach."""
    resource = _resource(data_dict.get("id"))
    if resource is not None and resource.package_id:
        tk.check_access("resource_delete", context, data_dict)
        keeping.require_takeable(context, resource.package_id, resource.id)
    return next_action(context, data_dict)


@tk.chained_action
def bulk_update_private(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Make none of the datasets private where one of them may not be."""
    return _bulk("bulk_update_private", next_action, context, data_dict)


@tk.chained_action
def bulk_update_delete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Delete none of the datasets where one of them may not be."""
    return _bulk("bulk_update_delete", next_action, context, data_dict)


def _bulk(name: str, next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    require_identifiers(data_dict)
    tk.check_access(name, context, data_dict)
    for package_id in data_dict.get("datasets", []):
        package = model.Session.get(model.Package, package_id)
        if package is not None and package.owner_org == data_dict.get("org_id"):
            keeping.require_takeable(context, package.id)
    return next_action(context, data_dict)


@tk.chained_action
def member_create(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Put no dataset into another organisation, past the field that says whose it is."""
    return _membership("member_create", next_action, context, data_dict)


@tk.chained_action
def member_delete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Take no dataset out of its organisation, past the field that says whose it is."""
    return _membership("member_delete", next_action, context, data_dict)


def _membership(
    name: str, next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    package = keeping.package_of(data_dict.get("object")) if _is_of_dataset(data_dict) else None
    if package is not None:
        tk.check_access(name, context, data_dict)
        keeping.require_takeable(context, package.id)
    return next_action(context, data_dict)


def _is_of_dataset(data_dict: dict[str, Any]) -> bool:
    # Groups sort datasets by theme: those come and go.
    group_id = data_dict.get("id")
    group = model.Group.get(group_id) if isinstance(group_id, str) else None
    return data_dict.get("object_type") == "package" and bool(group and group.is_organization)


@tk.chained_action
def resource_view_create(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Show no file in a new way that is out of reach."""
    keeping.require_file_in_reach(
        "resource_view_create", context, data_dict, data_dict.get("resource_id")
    )
    return next_action(context, data_dict)


@tk.chained_action
def resource_view_update(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Change no view of a file that is out of reach."""
    return _view("resource_view_update", next_action, context, data_dict)


@tk.chained_action
def resource_view_delete(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Delete no view of a file that is out of reach: it is restored with its views."""
    return _view("resource_view_delete", next_action, context, data_dict)


def _view(name: str, next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    view_id = data_dict.get("id")
    view = model.ResourceView.get(view_id) if isinstance(view_id, str) else None
    if view is not None:
        asked = {**data_dict, "resource_id": view.resource_id}
        keeping.require_file_in_reach(name, context, asked, view.resource_id)
    return next_action(context, data_dict)


def _resource(identifier: object) -> model.Resource | None:
    return model.Resource.get(identifier) if isinstance(identifier, str) else None
