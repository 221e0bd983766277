"""Actions of CKAN and of the extension, called as a person of the demo."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def call(user: str, action: str, /, **arguments: object) -> Any:  # noqa: ANN401 - answers of any shape
    """Call an action with the rights of a user.

    Args:
        user: name of the user.
        action: name of the action.
        **arguments: what it takes.

    Returns:
        What it answers.
    """
    return tk.get_action(action)({"user": user}, arguments)


def save_dataset(user: str, action: str, /, **arguments: object) -> dict[str, Any]:
    """Call an action on datasets as CKAN's form does: an editor may say whether it is a draft."""
    return tk.get_action(action)({"user": user, "allow_state_change": True}, arguments)


def portal() -> str:
    """Name of the user that stands for the portal itself, a sysadmin."""
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
