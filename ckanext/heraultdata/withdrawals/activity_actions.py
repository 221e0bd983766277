"""CKAN's streams of activities, without those of what is out of reach."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context

from . import activity_labels, hiding

_Activities = list[dict[str, Any]]


@tk.chained_action
@tk.side_effect_free
def package_activity_list(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> _Activities:
    """The stream of a dataset."""
    return _in_reach(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def organization_activity_list(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> _Activities:
    """The stream of an organisation."""
    return _in_reach(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def group_activity_list(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> _Activities:
    """The stream of a group."""
    return _in_reach(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def user_activity_list(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> _Activities:
    """The stream of a user."""
    return _in_reach(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def dashboard_activity_list(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> _Activities:
    """The stream of what a user follows."""
    return _in_reach(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def recently_changed_packages_activity_list(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> _Activities:
    """The stream of the portal."""
    return _in_reach(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def activity_diff(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """What changed, where both sides may be read: CKAN asks for the later one only."""
    answer = next_action(context, data_dict)
    if not hiding.is_shown_to(context) and _hidden(answer["activities"]):
        raise tk.NotAuthorized(tk._("What this compares with is withdrawn."))
    return answer


def _in_reach(next_action: Action, context: Context, data_dict: dict[str, Any]) -> _Activities:
    # CKAN looks at the labels of what happens to datasets, not at those of their views.
    answer = next_action(context, data_dict)
    if not answer or hiding.is_shown_to(context):
        return answer
    hidden = _hidden(answer)
    return [each for each in answer if each["id"] not in hidden]


def _hidden(activities: _Activities) -> frozenset[str]:
    return activity_labels.hidden_among([each["id"] for each in activities])
