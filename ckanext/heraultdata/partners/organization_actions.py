"""What CKAN's own actions on organisations must not do to a partner."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Action, Context

from ..api import transition
from ..conventions import service as conventions


@tk.chained_action
def organization_purge(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Refuse to purge an organisation that has a convention."""
    return _purge("organization_purge", next_action, context, data_dict)


@tk.chained_action
def group_delete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Delete an organisation as one: CKAN's action on groups leaves its datasets without owner."""
    group = model.Group.get(str(data_dict.get("id", "")))
    if group is not None and group.is_organization:
        return tk.get_action("organization_delete")(context, data_dict)
    return next_action(context, data_dict)


@tk.chained_action
def group_purge(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Refuse the same by CKAN's action on groups."""
    return _purge("group_purge", next_action, context, data_dict)


def _purge(name: str, next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    tk.check_access(name, context, data_dict)
    group = model.Group.get(str(data_dict.get("id", "")))
    if group is not None:
        with transition():
            conventions.refuse_purge(group.id)
    return next_action(context, data_dict)
