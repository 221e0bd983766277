"""CKAN's actions by which a dataset becomes public, with the check of the convention.

`package_create`, `package_update` and all that goes by them (patch, revise, resources, the forms,
the Publish button) call `package_owner_org_update` on their way, after the dataset is laid out
and before a file is stored: one place to check, on CKAN 2.11 and 2.12 alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Action, Context

from .. import clock
from ..api import transition
from . import publication


class PublicationRefusedError(tk.ValidationError):
    """A refusal of publication; `publication_pages` answers it where a page of CKAN does not."""


@contextmanager
def _publication() -> Iterator[None]:
    try:
        with transition():
            yield
    except tk.ValidationError as refusal:
        raise PublicationRefusedError(refusal.error_dict) from refusal


@tk.chained_action
def package_owner_org_update(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Check that the dataset, as it is becoming, may be public for its organisation."""
    package = model.Package.get(data_dict.get("id"))
    if package is not None:
        tk.check_access("package_owner_org_update", context, data_dict)
        with _publication():
            publication.check(
                package.id,
                publication.Visibility(
                    _organization_id(data_dict.get("organization_id")),
                    bool(package.private),
                    package.state,
                ),
                clock.today(),
            )
    return next_action(context, data_dict)


@tk.chained_action
def bulk_update_public(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Check the same for a list of datasets: CKAN 2.11 writes them past its other actions."""
    tk.check_access("bulk_update_public", context, data_dict)
    organization_id = _organization_id(data_dict.get("org_id"))
    if organization_id is not None:
        with _publication():
            publication.check_bulk(data_dict.get("datasets", []), organization_id, clock.today())
    return next_action(context, data_dict)


def _organization_id(organization: str | None) -> str | None:
    group = model.Group.get(organization) if organization else None
    return group.id if group else None
