"""CKAN's actions, called as the site itself."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import call_action


def act(action: str, **fields: Any) -> Any:
    """Call an action as the user of the site, without authorisation."""
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return call_action(action, {"user": site["name"], "ignore_auth": True}, **fields)


def dataset(organization: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A private dataset with the least that a program has to say."""
    values = {
        "name": "deliberations-aniane",
        "title": "Délibérations du conseil municipal d’Aniane",
        "notes": "Toutes les délibérations depuis 2020.",
        "owner_org": organization["id"],
        "private": True,
    }
    return act("package_create", **{**values, **fields})
