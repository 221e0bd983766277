"""The API of the platforms that copy the catalogue, and of the copies followed there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import access, clock
from ..api import page_of, transition, validated
from . import followup_service, followups, platforms
from . import platform_schemas as schemas
from .kinds import FollowupState


@tk.side_effect_free
def heraultdata_platform_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the platforms known to copy the catalogue, and deleted ones that still hold copies.

    Args:
        context: CKAN's context.
        data_dict: `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`: `id`, `name`, `kind`, `url`, `contact_email`, `deleted_at`,
        `pending` (copies not settled) and `seen` (those of them seen there).
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_platform_list", context, data)
    found = platforms.find()
    return {"count": len(found), "results": [_platform_dict(p) for p in page_of(found, data)]}


def heraultdata_platform_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make a platform known that copies the catalogue.

    Args:
        context: CKAN's context.
        data_dict: `name`, `kind` (`ckan`, `opendatasoft`, `udata`, `dcat`), `url`;
            `contact_email`.

    Returns:
        The platform.
    """
    data = validated(data_dict, schemas.create(), context)
    tk.check_access("heraultdata_platform_create", context, data)
    with transition():
        platform_id = platforms.create(_details(data), access.actor_of(context), clock.now())
    return _platform_dict(platforms.get(platform_id))


def heraultdata_platform_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Correct a platform; a contact that is left out is emptied.

    Args:
        context: CKAN's context.
        data_dict: `id`, and the fields of `heraultdata_platform_create`.

    Returns:
        The platform.
    """
    data = validated(data_dict, schemas.update(), context)
    tk.check_access("heraultdata_platform_update", context, data)
    with _platform_there(), transition():
        platforms.update(data["id"], _details(data), access.actor_of(context), clock.now())
    return _platform_dict(platforms.get(data["id"]))


def heraultdata_platform_delete(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Follow no more copies at a platform; those followed already stay so until they are gone.

    Args:
        context: CKAN's context.
        data_dict: `id`.

    Returns:
        Its `id`.
    """
    data = validated(data_dict, schemas.delete(), context)
    tk.check_access("heraultdata_platform_delete", context, data)
    with _platform_there(), transition():
        platforms.delete(data["id"], access.actor_of(context), clock.now())
    return {"id": data["id"]}


def heraultdata_followup_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say of a copy that it is gone (`confirmed`), or take it up again (`pending`).

    Args:
        context: CKAN's context.
        data_dict: `id` of the line, `state` (`confirmed`, `pending`), `note`.

    Returns:
        The line, as in `followups` of a request.
    """
    data = validated(data_dict, schemas.followup_update(), context)
    tk.check_access("heraultdata_followup_update", context, data)
    is_confirmed = data["state"] == FollowupState.CONFIRMED.value
    change = followup_service.confirm if is_confirmed else followup_service.take_up
    now = clock.now()
    with _followup_there(), transition():
        change(data["id"], data.get("note"), access.actor_of(context), now)
    return followups.as_dict(followups.get(data["id"]), clock.date_in_paris(now))


@contextmanager
def _platform_there() -> Iterator[None]:
    try:
        yield
    except platforms.PlatformNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such platform.")) from None


@contextmanager
def _followup_there() -> Iterator[None]:
    try:
        yield
    except followup_service.FollowupNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such line of a copy.")) from None


def _details(data: dict[str, Any]) -> platforms.PlatformDetails:
    return platforms.PlatformDetails(
        name=data["name"],
        kind=data["kind"],
        url=data["url"],
        contact_email=data.get("contact_email"),
    )


def _platform_dict(platform: platforms.PlatformRecord) -> dict[str, Any]:
    deleted_at = platform.deleted_at
    return {
        **vars(platform),
        "kind": platform.kind.value,
        "deleted_at": deleted_at.isoformat() if deleted_at else None,
    }
