"""The API of partners and référents: check, authorise, call the service, answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import access, clock
from ..api import page_of, transition, validated
from ..words import sentence
from . import directory, schemas, service
from .model import Referent


@tk.side_effect_free
def heraultdata_partner_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the partners, sorted by title.

    Args:
        context: CKAN's context.
        data_dict: `q` (part of the title), `partner_type`, `convention_state` (a state, or `none`
            where there is no convention), `obligation`, `on`, `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_partner_show` answers.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_partner_list", context, data)
    wanted = directory.DirectoryFilter(
        text=data.get("q"),
        partner_type=data.get("partner_type"),
        convention_state=data.get("convention_state"),
        obligation=data.get("obligation"),
    )
    entries = directory.entries(service.find(), data.get("on") or clock.today())
    kept = directory.matching(entries, wanted)
    page = page_of(kept, data)
    readable = access.organizations_read_in_full(context)
    return {
        "count": len(kept),
        "results": [_partner_dict(e, readable.includes(e.partner.id)) for e in page],
    }


@tk.side_effect_free
def heraultdata_partner_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a partner.

    Args:
        context: CKAN's context.
        data_dict: `id` (identifier or name of the organisation), `on`.

    Returns:
        The organisation's identifiers and fields, `obligation` and `obligation_reason`,
        `convention_id`, `convention_state`, `effective_on`, `ends_on`, `dataset_count`; to its
        members and the département also `private_dataset_count` and `has_referent`.
    """
    data = validated(data_dict, schemas.show(), context)
    tk.check_access("heraultdata_partner_show", context, data)
    try:
        partner = service.get(str(data["id"]))
    except service.PartnerNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such partner.")) from None
    entry = directory.entries([partner], data.get("on") or clock.today())[0]
    readable = access.organizations_read_in_full(context)
    return _partner_dict(entry, readable.includes(partner.id))


@tk.side_effect_free
def heraultdata_referent_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the référents of a partner.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`.
    """
    data = validated(data_dict, schemas.referent_list(), context)
    tk.check_access("heraultdata_referent_list", context, data)
    referents = service.referents([data["organization_id"]])
    page = page_of(referents, data)
    return {"count": len(referents), "results": [_referent_dict(r) for r in page]}


def heraultdata_referent_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Name a référent of a partner.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `name`, `email`; `phone`, `position`, `user`.

    Returns:
        The référent.
    """
    data = validated(data_dict, schemas.referent_create(), context)
    tk.check_access("heraultdata_referent_create", context, data)
    with transition():
        referent = service.create_referent(
            data["organization_id"], _details(data), access.actor_of(context), clock.now()
        )
    return _referent_dict(referent)


def heraultdata_referent_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Correct a référent; what is left out is emptied.

    Args:
        context: CKAN's context.
        data_dict: `id`, and the fields of `heraultdata_referent_create` but the organisation.

    Returns:
        The référent.
    """
    data = validated(data_dict, schemas.referent_update(), context)
    referent = _found_referent(data["id"])
    tk.check_access("heraultdata_referent_update", context, data)
    with _referent_there(), transition():
        updated = service.update_referent(
            referent.id, _details(data), access.actor_of(context), clock.now()
        )
    return _referent_dict(updated)


def heraultdata_referent_delete(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Forget a référent.

    Args:
        context: CKAN's context.
        data_dict: `id`.

    Returns:
        Its `id`.
    """
    data = validated(data_dict, schemas.referent_delete(), context)
    referent_id = _found_referent(data["id"]).id
    tk.check_access("heraultdata_referent_delete", context, data)
    with _referent_there(), transition():
        service.delete_referent(referent_id, access.actor_of(context), clock.now())
    return {"id": referent_id}


def _found_referent(referent_id: object) -> Referent:
    with _referent_there():
        return service.get_referent(str(referent_id))


@contextmanager
def _referent_there() -> Iterator[None]:
    """Answer that there is no such référent, where there is none or it has just been deleted."""
    try:
        yield
    except service.PartnerNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such référent.")) from None


def _details(data: dict[str, Any]) -> service.ReferentDetails:
    return service.ReferentDetails(
        name=data["name"],
        email=data["email"],
        phone=data.get("phone"),
        position=data.get("position"),
        user_id=data.get("user"),
    )


def _referent_dict(referent: Referent) -> dict[str, Any]:
    return {
        "id": referent.id,
        "organization_id": referent.organization_id,
        "name": referent.name,
        "email": referent.email,
        "phone": referent.phone,
        "position": referent.position,
        "user": referent.user_id,
    }


def _partner_dict(entry: directory.DirectoryEntry, in_full: bool) -> dict[str, Any]:
    convention = entry.convention
    answer = {
        **vars(entry.partner),
        "organization_id": entry.partner.id,
        "obligation": entry.verdict.obligation.value,
        "obligation_reason": sentence(entry.verdict.reason),
        "convention_id": entry.convention_id,
        "convention_state": convention.state.value if convention else None,
        "effective_on": clock.iso(convention.effective_on) if convention else None,
        "ends_on": clock.iso(convention.ends_on) if convention else None,
        "dataset_count": entry.counts.public,
    }
    if not in_full:
        return answer
    return answer | {
        "private_dataset_count": entry.counts.private,
        "has_referent": entry.has_referent,
    }
