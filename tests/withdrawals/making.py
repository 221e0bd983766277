"""Public datasets of partners and requests for their withdrawal, made through the API."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import rebuild
from ckan.model.types import make_uuid
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

_rank = itertools.count(1)


def site_context() -> dict[str, Any]:
    """The context of the portal itself, which needs no authorisation."""
    return {"user": tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}


def public_dataset(
    partner: Mapping[str, Any], files: Mapping[str, bytes] | None = None, **fields: Any
) -> dict[str, Any]:
    """A public dataset of a partner that needs no convention: what was public before it ended.

    Args:
        partner: the organisation.
        files: the bytes of uploaded files by their names, none unless told.
        fields: of the dataset, such as `name` and `title`.
    """
    made = _private_dataset(partner, **fields)
    for name, content in (files or {}).items():
        add_file(made["id"], name, content)
    return publish(made["id"])


def private_dataset(partner: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A dataset of a partner that has never been public."""
    return _private_dataset(partner, **fields)


def many_datasets(partner: Mapping[str, Any], count: int) -> list[str]:
    """Public datasets without files, written by set past CKAN's actions; gives their names."""
    first = next(_rank)
    names = [f"many-{first}-{rank:05d}" for rank in range(count)]
    rows = [
        {
            "id": make_uuid(),
            "name": name,
            "title": f"Dataset {name}",
            "owner_org": partner["id"],
            "private": False,
            "state": "active",
            "type": "dataset",
        }
        for name in names
    ]
    model.Session.execute(sa.insert(model.package_table), rows)
    model.Session.commit()
    return names


def add_file(package_id: str, name: str, content: bytes) -> dict[str, Any]:
    """An uploaded file of a dataset."""
    return call_action(
        "resource_create",
        context=site_context(),
        package_id=package_id,
        name=name,
        upload=FileStorage(BytesIO(content), filename=name),
        url=name,
    )


def publish(package_id: str) -> dict[str, Any]:
    """Make a dataset public in the database and the index, whatever the gate would say."""
    package = model.Package.get(package_id)
    assert package is not None
    package.private = False
    model.Session.commit()
    rebuild(package_id)
    return call_action("package_show", context=site_context(), id=package_id)


def ask(partner: Mapping[str, Any], *datasets: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A request for the withdrawal of datasets, or of all of a partner where none is given.

    Args:
        partner: the organisation.
        datasets: what is asked for.
        fields: of the request, in place of the usual ones.
    """
    values: dict[str, Any] = {
        "organization_id": partner["id"],
        "scope": "datasets" if datasets else "all",
        "reason_class": "error",
        "reason": "The figures of 2025 are wrong",
    }
    if datasets:
        values["package_ids"] = [dataset["id"] for dataset in datasets]
    return call_action("heraultdata_withdrawal_create", site_context(), **{**values, **fields})


def ask_for_files(
    partner: Mapping[str, Any], *resources: Mapping[str, Any], **fields: Any
) -> dict[str, Any]:
    """A request for the withdrawal of files."""
    ids = [resource["id"] for resource in resources]
    return ask(partner, scope="resources", resource_ids=ids, **fields)


def executed(
    partner: Mapping[str, Any], *datasets: Mapping[str, Any], **fields: Any
) -> dict[str, Any]:
    """A request for the withdrawal of datasets, executed."""
    return execute(ask(partner, *datasets, **fields))


def execute(request: Mapping[str, Any]) -> dict[str, Any]:
    """A request executed."""
    return call_action("heraultdata_withdrawal_execute", site_context(), id=request["id"])


def _private_dataset(partner: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    rank = next(_rank)
    values = {
        "name": f"dataset-{rank}",
        "title": f"Dataset {rank}",
        "notes": "What it is about.",
        "license_id": "lov2",
        "owner_org": partner["id"],
        "private": True,
    }
    return call_action("package_create", context=site_context(), **{**values, **fields})
