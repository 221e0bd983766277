"""The API of the conventions: check, authorise, call the service, answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from .. import access, clock, config
from ..api import page_of, transition, validated
from ..messages import N_, Message, RuleError
from ..partners import service as partners
from . import documents, schemas, service
from .auth import reads_all
from .presentation import convention_dict
from .rules import Authorisation, EventKind

_DOCUMENT_KINDS = {
    EventKind.SIGNED: documents.Kind.CONVENTION,
    EventKind.AMENDED: documents.Kind.AMENDMENT,
}


@tk.side_effect_free
def heraultdata_convention_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a convention and its state on a day.

    Args:
        context: CKAN's context.
        data_dict: `id`; `on` (YYYY-MM-DD, default today in Paris).

    Returns:
        Its description, `state`, `effective_on`, `renewals`, `term_ends_on`, `ends_on`, `events`;
        the public reads identifiers, state, dates and public documents only.
    """
    data = validated(data_dict, schemas.show(), context)
    tk.check_access("heraultdata_convention_show", context, data)
    return _shown(context, _found(data["id"]), data.get("on") or clock.today())


@tk.side_effect_free
def heraultdata_convention_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List conventions with their state on a day.

    Args:
        context: CKAN's context.
        data_dict: filters `organization_id`, `state`; `on`, `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_convention_show` answers, without documents.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_convention_list", context, data)
    day = data.get("on") or clock.today()
    organization_id = data.get("organization_id")
    conventions = service.find(organization_ids=[organization_id] if organization_id else None)
    if "state" in data:
        conventions = [c for c in conventions if c.on(day).state is data["state"]]
    page = page_of(conventions, data)
    readable = access.organizations_read_in_full(context)
    return {
        "count": len(conventions),
        "results": [
            convention_dict(c, day, in_full=readable.includes(c.organization_id)) for c in page
        ],
    }


def heraultdata_convention_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make a convention for a partner, as a draft.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`; `reference`, `deliberation_number`, `deliberation_date`,
            `representative`.

    Returns:
        The convention.
    """
    data = validated(data_dict, schemas.create(), context)
    tk.check_access("heraultdata_convention_create", context, data)
    with transition():
        partners.require_partner(data["organization_id"])
        convention_id = service.create(
            data["organization_id"], _description(data), access.actor_of(context), clock.now()
        )
    return _shown(context, service.get(convention_id), clock.today())


def heraultdata_convention_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Correct the description of a convention; what is left out is emptied.

    Args:
        context: CKAN's context.
        data_dict: `id`, and the fields of `heraultdata_convention_create` but the organisation.

    Returns:
        The convention.
    """
    data = validated(data_dict, schemas.update(), context)
    tk.check_access("heraultdata_convention_update", context, data)
    convention = _found(data["id"])
    with transition():
        service.update(convention.id, _description(data), access.actor_of(context), clock.now())
    return _shown(context, service.get(convention.id), clock.today())


def heraultdata_convention_event_create(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Record an event of a convention.

    Args:
        context: CKAN's context.
        data_dict: `convention_id`, `kind`, `date`; as the kind asks `party`, `deadline`,
            `breaches`, `authorisations` (`[{party, number, date}]`), `voids`; `note`; `upload`
            (the PDF of the letter, the amendment, the convention) and `public` for it.

    Returns:
        The convention with the event.
    """
    data = validated(data_dict, schemas.event_create(), context)
    convention = _found(data["convention_id"])
    tk.check_access("heraultdata_convention_event_create", context, data)
    with transition():
        kind: EventKind = data["kind"]
        new = service.NewEvent(
            kind=kind,
            date=data["date"],
            party=data.get("party"),
            deadline=data.get("deadline"),
            breaches=data.get("breaches"),
            authorisations=tuple(Authorisation(**a) for a in data.get("authorisations", [])),
            voids=data.get("voids"),
            note=data.get("note"),
            document=_event_document(data, kind),
        )
        service.record_event(
            convention.id, new, access.actor_of(context), clock.today(), clock.now()
        )
    return _shown(context, service.get(convention.id), clock.today())


def heraultdata_convention_document_create(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Keep a document of a convention that belongs to no event.

    Args:
        context: CKAN's context.
        data_dict: `convention_id`, `kind` (`convention`, `amendment`, `letter`, `other`),
            `upload` (a PDF); `title`, `public` (default: no).

    Returns:
        The convention with the document.
    """
    data = validated(data_dict, schemas.document_create(), context)
    tk.check_access("heraultdata_convention_document_create", context, data)
    convention = _found(data["convention_id"])
    with transition():
        document = _uploaded_pdf(
            data["upload"], data["kind"], data.get("title"), data.get("public", False)
        )
        documents.add(convention.id, document, access.actor_of(context), clock.now())
    return _shown(context, service.get(convention.id), clock.today())


def heraultdata_convention_document_update(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show a document to the public, or to the parties only.

    Args:
        context: CKAN's context.
        data_dict: `id` of the document, `public`.

    Returns:
        The convention of the document.
    """
    data = validated(data_dict, schemas.document_update(), context)
    tk.check_access("heraultdata_convention_document_update", context, data)
    document_id = str(data["id"])
    try:
        convention_id = documents.read(document_id).convention_id
    except documents.ConventionNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such document.")) from None
    with transition():
        documents.set_public(document_id, data["public"], access.actor_of(context), clock.now())
    return _shown(context, service.get(convention_id), clock.today())


def _found(convention_id: str) -> service.ConventionRecord:
    try:
        return service.get(str(convention_id))
    except documents.ConventionNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such convention.")) from None


def _shown(context: Context, convention: service.ConventionRecord, day: date) -> dict[str, Any]:
    return convention_dict(
        convention,
        day,
        in_full=reads_all(context, convention.organization_id),
        kept=documents.summaries(convention.id),
    )


def _description(data: dict[str, Any]) -> service.Description:
    return service.Description(
        reference=data.get("reference"),
        deliberation_number=data.get("deliberation_number"),
        deliberation_date=data.get("deliberation_date"),
        representative=data.get("representative"),
    )


def _event_document(data: dict[str, Any], kind: EventKind) -> documents.NewDocument | None:
    if "upload" not in data:
        return None
    document_kind = _DOCUMENT_KINDS.get(kind, documents.Kind.LETTER)
    return _uploaded_pdf(data["upload"], document_kind, None, data.get("public", False))


def _uploaded_pdf(
    upload: object, kind: documents.Kind, title: str | None, public: bool
) -> documents.NewDocument:
    if not isinstance(upload, FileStorage):
        raise RuleError("upload", Message(N_("Send the document as a file, in a multipart form.")))
    most = config.document_max_size()
    content = upload.stream.read(most + 1)
    documents.check_pdf(content, most)
    file_name = documents.kept_name(upload.filename or "")
    return documents.NewDocument(kind, title or file_name, file_name, content, public)
