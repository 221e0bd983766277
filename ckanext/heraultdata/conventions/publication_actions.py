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
from ..arguments import require_identifiers
from ..validation.checks import letting_in
from ..withdrawals import keeping, keeping_updates
from . import publication


@contextmanager
def _publication() -> Iterator[None]:
    try:
        with transition():
            yield
    except tk.ValidationError as refusal:
        raise publication.PublicationRefusedError(refusal.error_dict) from refusal


@tk.chained_action
def package_owner_org_update(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Check that the dataset, as it is becoming, may be public for its organisation."""
    package = model.Package.get(data_dict.get("id"))
    if package is not None:
        tk.check_access("package_owner_org_update", context, data_dict)
        keeping_updates.check_laid_out(package, _organization_id(data_dict.get("organization_id")))
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
        letting_in.check_move(package, _organization_id(data_dict.get("organization_id")), context)
    return next_action(context, data_dict)


@tk.chained_action
def bulk_update_public(next_action: Action, context: Context, data_dict: dict[str, Any]) -> object:
    """Check the same for a list of datasets: CKAN 2.11 writes them past its other actions."""
    require_identifiers(data_dict)
    tk.check_access("bulk_update_public", context, data_dict)
    for package_id in data_dict.get("datasets", []):
        keeping.require_in_reach(package_id)
    organization_id = _organization_id(data_dict.get("org_id"))
    if organization_id is not None:
        with _publication():
            publication.check_bulk(data_dict.get("datasets", []), organization_id, clock.today())
        letting_in.check_datasets(data_dict.get("datasets", []), organization_id)
    return next_action(context, data_dict)


def _organization_id(organization: str | None) -> str | None:
    group = model.Group.get(organization) if organization else None
    return group.id if group else None
