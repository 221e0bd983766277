"""CKAN's actions by which a file becomes public, with the gate of the standard.

Resources, patches, revisions, the forms and the Publish button all go by `package_create` and
`package_update`.
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Action, Context

from ...datasets import file_facts
from ...withdrawals import keeping_updates
from ...withdrawals.keeping import require_file_in_reach
from . import file_fields, letting_in, marks


@tk.chained_action
def package_create(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Check that the files of a dataset that is public from the start meet their standards."""
    if letting_in.is_watched(context):
        tk.check_access("package_create", context, data_dict)
        letting_in.check(None, context, data_dict)
    with keeping_updates.watched(None, context, data_dict), marks.looked_at(context):
        return next_action(context, file_facts.filled(None, context, data_dict))


@tk.chained_action
def package_update(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Check that what the change makes public meets its standards."""
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    if package is not None:
        tk.check_access("package_update", context, {"id": package.id})
    with keeping_updates.watched(package, context, data_dict):
        if package is not None and letting_in.is_watched(context):
            letting_in.check(package, context, data_dict)
        with marks.looked_at(context):
            return next_action(context, file_facts.filled(package, context, data_dict))


@tk.chained_action
def resource_create(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Look at the fields, and show the gate the file: CKAN 2.11 keeps it from `package_update`."""
    file_fields.require_readable(data_dict)
    with marks.upload_noted(context, None, data_dict.get("upload")):
        return next_action(context, data_dict)


@tk.chained_action
def resource_update(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Look at the fields, and show the gate the file: CKAN 2.11 keeps it from `package_update`."""
    file_fields.require_readable(data_dict)
    require_file_in_reach("resource_update", context, data_dict, data_dict.get("id"))
    with marks.upload_noted(context, data_dict.get("id"), data_dict.get("upload")):
        return next_action(context, data_dict)
