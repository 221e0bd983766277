"""A standard in two versions, files that follow it, and datasets that hold them, for the tests."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.standards.rules import Level
from tests import factories
from tests.standards.registry import publish_standard

NAME = "arbres"
FIRST: dict[str, Any] = {
    "fields": [
        {
            "name": "insee",
            "type": "string",
            "constraints": {"required": True, "pattern": r"\d{5}"},
        },
        {"name": "date", "type": "date"},
    ]
}
SECOND: dict[str, Any] = {
    "fields": [
        *FIRST["fields"],
        {"name": "essence", "type": "string", "constraints": {"required": True}},
    ]
}
OF_BOTH = "insee;date;essence\n34172;2024-02-26;platane\n34173;2024-02-27;micocoulier\n"
OF_THE_FIRST = "insee;date\n34172;2024-02-26\n"
OF_NONE = "insee;date;essence\n34172;26/02/2024;platane\n34173;27/02/2024;=1+1\n"


def standard() -> None:
    """The standard, published in 2023 and in 2025."""
    publish_standard(
        NAME,
        title="Arbres urbains",
        level=Level.TERRITORIAL,
        versions={"1.0": ("2023-01-10", FIRST), "2.0": ("2025-06-01", SECOND)},
    )


def file(text: str, name: str = "arbres.csv") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(BytesIO(text.encode()), filename=name)


def dataset(owner_org: str, private: bool = False) -> dict[str, Any]:
    """A dataset of a partner."""
    return call_action(
        "package_create",
        context={"user": _portal()},
        name=f"arbres-{owner_org[:8]}-{private}".lower(),
        title="Arbres",
        notes="Les arbres de la commune.",
        license_id="lov2",
        owner_org=owner_org,
        private=private,
    )


def resource(package: dict[str, Any], text: str, **fields: Any) -> dict[str, Any]:
    """A file of a dataset, which follows the standard."""
    return call_action(
        "resource_create",
        context={"user": _portal()},
        package_id=package["id"],
        name="Arbres",
        **{"standard": NAME, "upload": file(text), "format": "CSV", **fields},
    )


def link(package: dict[str, Any], address: str) -> dict[str, Any]:
    """A file elsewhere, which follows the standard."""
    return call_action(
        "resource_create",
        context={"user": _portal()},
        package_id=package["id"],
        url=address,
        format="CSV",
        name="Arbres",
        standard=NAME,
    )


def change(resource: dict[str, Any], **fields: Any) -> None:
    """Change a file, or fields of it."""
    call_action("resource_patch", context={"user": _portal()}, id=resource["id"], **fields)


def _portal() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def partner() -> dict[str, Any]:
    """A partner with a convention in force."""
    made = factories.partner()
    factories.signed_convention(made["id"])
    return made
