"""The actions of ckanext-harvest that delete, past CKAN's own, what its sources brought."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Action, Context

from .. import access
from ..words import sentence
from . import keeping

_HARVESTED = sa.table(
    "harvest_object", sa.column("package_id", sa.Text), sa.column("harvest_source_id", sa.Text)
)


@tk.chained_action
def harvest_source_clear(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Clear no source whose datasets have been public, or are out of reach."""
    _require_clearable("harvest_source_clear", context, data_dict)
    return next_action(context, data_dict)


@tk.chained_action
def harvest_source_delete(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> object:
    """Delete no source with such datasets, where they go with it."""
    if context.get("clear_source"):
        _require_clearable("harvest_source_delete", context, data_dict)
    return next_action(context, data_dict)


def _require_clearable(name: str, context: Context, data_dict: dict[str, Any]) -> None:
    source = keeping.package_of(data_dict.get("id"))
    if source is None:
        return
    # A copy: ckanext-harvest leaves the source in it.
    tk.check_access(name, tk.fresh_context(context), data_dict)
    brought = sa.select(_HARVESTED.c.package_id).where(
        _HARVESTED.c.harvest_source_id == source.id, _HARVESTED.c.package_id.is_not(None)
    )
    keeping.refuse_out_of_reach(keeping.reference_among(brought))
    if access.is_department(context):
        return
    kept = keeping.kept_among(brought)
    if kept is not None:
        raise keeping.KeptError(sentence(keeping.kept_message(kept)))
