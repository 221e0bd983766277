"""Pages of the conventions: their list, one convention, its events and its documents."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, send_file

from .. import clock, pages
from ..messages import RuleError
from ..partners import directory
from ..words import sentence
from . import documents, forms, page
from .effects import effect
from .model import ConventionDocument
from .wording import NO_CONVENTION, state_names

heraultdata_convention = Blueprint("heraultdata_convention", __name__)

_DESCRIPTION = ("reference", "deliberation_number", "deliberation_date", "representative")
_DOCUMENT = ("kind", "title", "public")


@heraultdata_convention.route("/conventions")
def index() -> str:
    """All the conventions, or those of a partner; the public reads states and dates."""
    filters = pages.filters("state", "organization_id")
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_convention_list", limit=asked.size, offset=asked.offset, **filters
        )
    names = directory.organization_names(
        [filters.get("organization_id"), *(one["organization_id"] for one in found["results"])]
    )
    states = {state: name for state, name in state_names().items() if state != NO_CONVENTION}
    return tk.render(
        "heraultdata/conventions/index.html",
        {
            "conventions": found["results"],
            "count": found["count"],
            "pager": asked.pager(found["count"], found["results"]),
            "filters": filters,
            "organizations": names,
            "partner": names.get(filters.get("organization_id", "")),
            "states": states,
            "may_create": pages.may("heraultdata_convention_create"),
        },
    )


@heraultdata_convention.route("/partner/<name>/convention/new")
def new(name: str) -> str:
    """The form of a new convention."""
    return _new_page(name)


@heraultdata_convention.route("/partner/<name>/convention/new", methods=["POST"])
def create(name: str) -> Response | tuple[str, int]:
    """Make a convention, as a draft."""
    typed = pages.filled_in(*_DESCRIPTION)
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        try:
            made = pages.call(
                "heraultdata_convention_create", organization_id=partner["id"], **typed
            )
        except tk.ValidationError as refusal:
            return _new_page(name, typed, refusal), pages.BAD_FORM
    return _to_convention(made["id"], tk._("The convention is made: record its signatures."))


@heraultdata_convention.route("/convention/<convention_id>")
def show(convention_id: str) -> str:
    """A convention: its state, its dates, its time line, what can be recorded now."""
    return _convention_page(convention_id)


@heraultdata_convention.route("/convention/<convention_id>/edit")
def edit(convention_id: str) -> str:
    """The form that corrects what is written on a convention."""
    return _edit_page(convention_id)


@heraultdata_convention.route("/convention/<convention_id>/edit", methods=["POST"])
def update(convention_id: str) -> Response | tuple[str, int]:
    """Correct what is written on a convention."""
    typed = pages.filled_in(*_DESCRIPTION)
    with pages.refusals_as_pages():
        try:
            pages.call("heraultdata_convention_update", id=convention_id, **typed)
        except tk.ValidationError as refusal:
            return _edit_page(convention_id, typed, refusal), pages.BAD_FORM
    return _to_convention(convention_id, tk._("The convention is corrected."))


@heraultdata_convention.route("/convention/<convention_id>/event", methods=["POST"])
def event_new(convention_id: str) -> Response | tuple[str, int]:
    """Record an event."""
    typed = pages.filled_in(*forms.form_fields())
    with pages.refusals_as_pages():
        try:
            pages.call(
                "heraultdata_convention_event_create",
                convention_id=convention_id,
                **forms.event_data(typed),
                **_uploaded(),
            )
        except tk.ValidationError as refusal:
            recording = page.Rejected(typed, pages.flat_errors(refusal))
            return _convention_page(convention_id, recording=recording), pages.BAD_FORM
    return _to_convention(convention_id, tk._("The event is recorded."))


@heraultdata_convention.route("/convention/<convention_id>/event/effect")
def event_effect(convention_id: str) -> str:
    """What the event being written would bring about, to be shown beside its form."""
    typed = pages.filters(*forms.form_fields())
    with pages.refusals_as_pages():
        convention = pages.call("heraultdata_convention_show", id=convention_id)
        tk.check_access(
            "heraultdata_convention_event_create",
            pages.context(),
            {"convention_id": convention["id"], **typed},
        )
    drafted = forms.drafted_event(typed)
    if drafted is None:
        return ""
    events, others = page.events_and_others(convention["id"])
    try:
        message, allowed = effect(events, drafted, clock.today(), others), True
    except RuleError as refusal:
        message, allowed = refusal.message, False
    return tk.render(
        "heraultdata/conventions/snippets/effect.html",
        {"sentence": sentence(message), "allowed": allowed},
    )


@heraultdata_convention.route("/convention/<convention_id>/document", methods=["POST"])
def document_new(convention_id: str) -> Response | tuple[str, int]:
    """Keep a document."""
    typed = pages.filled_in(*_DOCUMENT)
    with pages.refusals_as_pages():
        try:
            pages.call(
                "heraultdata_convention_document_create",
                convention_id=convention_id,
                **typed,
                **_uploaded(),
            )
        except tk.ValidationError as refusal:
            sending = page.Rejected(typed, pages.flat_errors(refusal))
            return _convention_page(convention_id, sending=sending), pages.BAD_FORM
    return _to_convention(convention_id, tk._("The document is kept."))


@heraultdata_convention.route(
    "/convention/<convention_id>/document/<uuid:document_id>", methods=["POST"]
)
def document_update(convention_id: str, document_id: UUID) -> Response:
    """Show a document to the public, or to the parties only."""
    public = "public" in tk.request.form
    with pages.refusals_as_pages():
        document = _document_of(convention_id, document_id)
        pages.call("heraultdata_convention_document_update", id=document.id, public=public)
    if public:
        return _to_convention(convention_id, tk._("Everybody can read this document now."))
    return _to_convention(convention_id, tk._("Only the parties can read this document now."))


@heraultdata_convention.route("/convention/<convention_id>/document/<uuid:document_id>")
def document_download(convention_id: str, document_id: UUID) -> Response:
    """Send a document, as a file to save."""
    with pages.refusals_as_pages():
        document = _document_of(convention_id, document_id)
        tk.check_access(
            "heraultdata_convention_document_show", pages.context(), {"id": document.id}
        )
    response = send_file(
        BytesIO(document.content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=document.file_name,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _document_of(convention_id: str, document_id: UUID) -> ConventionDocument:
    try:
        document = documents.read(str(document_id))
    except documents.ConventionNotFoundError:
        document = None
    if document is None or document.convention_id != convention_id:
        raise tk.ObjectNotFound(tk._("There is no such document."))
    return document


def _uploaded() -> dict[str, Any]:
    upload = tk.request.files.get("upload")
    return {"upload": upload} if upload and upload.filename else {}


def _new_page(
    name: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        tk.check_access("heraultdata_convention_create", pages.context())
        partner = pages.call("heraultdata_partner_show", id=name)
    return tk.render(
        "heraultdata/conventions/new.html",
        {
            "partner": partner,
            "typed": typed or {},
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _edit_page(
    convention_id: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        convention = pages.call("heraultdata_convention_show", id=convention_id)
        tk.check_access("heraultdata_convention_update", pages.context(), {"id": convention_id})
    names = directory.organization_names([convention["organization_id"]])
    return tk.render(
        "heraultdata/conventions/edit.html",
        {
            "convention": convention,
            "partner": names[convention["organization_id"]],
            "typed": convention if typed is None else typed,
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _convention_page(
    convention_id: str,
    recording: page.Rejected | None = None,
    sending: page.Rejected | None = None,
) -> str:
    with pages.refusals_as_pages():
        convention = pages.call("heraultdata_convention_show", id=convention_id)
    return tk.render(
        "heraultdata/conventions/show.html",
        page.convention_page(convention, clock.today(), recording, sending),
    )


def _to_convention(convention_id: str, done: str) -> Response:
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_convention.show", convention_id=convention_id)
