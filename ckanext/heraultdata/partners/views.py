"""Pages of the partners: their public list, their référents, a new one from the territory."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import clock, pages
from ..conventions.wording import state_names
from . import directory, territory
from .helpers import heraultdata_obligations, heraultdata_partner_types

heraultdata_partner = Blueprint("heraultdata_partner", __name__)

_FILTERS = ("q", "partner_type", "convention_state", "obligation")
_REFERENT_FIELDS = ("name", "email", "phone", "position")
_MOST_PLACES = 40


@heraultdata_partner.route("/partners")
def index() -> str:
    """The public list of partners, with the two figures of the territory."""
    filters = pages.filters(*_FILTERS)
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_partner_list", limit=asked.size, offset=asked.offset, **filters
        )
    return tk.render(
        "heraultdata/partners/index.html",
        {
            "partners": found["results"],
            "count": found["count"],
            "pager": asked.pager(found["count"], found["results"]),
            "filters": filters,
            "figures": directory.territory_figures(clock.today()),
            "partner_types": heraultdata_partner_types(),
            "states": state_names(),
            "obligations": heraultdata_obligations(),
        },
    )


@heraultdata_partner.route("/partner/new")
def new() -> str:
    """A new partner: picked from the communes and EPCI of the territory."""
    with pages.refusals_as_pages():
        tk.check_access("organization_create", pages.context())
    text = pages.filters("q").get("q", "")
    found = directory.places(text)
    return tk.render(
        "heraultdata/partners/new.html",
        {
            "q": text,
            "places": found[:_MOST_PLACES],
            "count": len(found),
            "partner_types": heraultdata_partner_types(),
            "epci": {place.siren: place.name for place in territory.epci()},
        },
    )


@heraultdata_partner.route("/partner/<name>/referents")
def referents(name: str) -> str:
    """The référents of a partner, for its members and the département."""
    return _referents_page(name)


@heraultdata_partner.route("/partner/<name>/referents", methods=["POST"])
def referent_new(name: str) -> Response | tuple[str, int]:
    """Name a référent."""
    typed = pages.filled_in(*_REFERENT_FIELDS)
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        try:
            pages.call("heraultdata_referent_create", organization_id=partner["id"], **typed)
        except tk.ValidationError as refusal:
            return _referents_page(name, typed, refusal), pages.BAD_FORM
    return _to_referents(name, tk._("The référent is added."))


@heraultdata_partner.route("/partner/<name>/referent/<referent_id>")
def referent_edit(name: str, referent_id: str) -> str:
    """The form that corrects a référent."""
    return _referent_page(name, referent_id)


@heraultdata_partner.route("/partner/<name>/referent/<referent_id>", methods=["POST"])
def referent_update(name: str, referent_id: str) -> Response | tuple[str, int]:
    """Correct a référent; its account stays as it is."""
    typed = pages.filled_in(*_REFERENT_FIELDS)
    with pages.refusals_as_pages():
        _, referent = _partner_and_referent(name, referent_id)
        kept = {"user": referent["user"]} if referent["user"] else {}
        try:
            pages.call("heraultdata_referent_update", id=referent_id, **typed, **kept)
        except tk.ValidationError as refusal:
            return _referent_page(name, referent_id, typed, refusal), pages.BAD_FORM
    return _to_referents(name, tk._("The référent is corrected."))


@heraultdata_partner.route("/partner/<name>/referent/<referent_id>/delete")
def referent_confirm_delete(name: str, referent_id: str) -> str:
    """Ask whether a référent is really to be removed."""
    with pages.refusals_as_pages():
        partner, referent = _partner_and_referent(name, referent_id)
        tk.check_access("heraultdata_referent_delete", pages.context(), {"id": referent_id})
    return tk.render(
        "heraultdata/partners/referent_delete.html", {"partner": partner, "referent": referent}
    )


@heraultdata_partner.route("/partner/<name>/referent/<referent_id>/delete", methods=["POST"])
def referent_delete(name: str, referent_id: str) -> Response:
    """Remove a référent."""
    with pages.refusals_as_pages():
        _partner_and_referent(name, referent_id)
        pages.call("heraultdata_referent_delete", id=referent_id)
    return _to_referents(name, tk._("The référent is removed: nothing of the person is kept."))


def _referents_page(
    name: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        found = pages.call("heraultdata_referent_list", organization_id=partner["id"], limit=1000)
    return tk.render(
        "heraultdata/partners/referents.html",
        {
            "partner": partner,
            "referents": found["results"],
            "may_write": pages.may("heraultdata_referent_create", organization_id=partner["id"]),
            "typed": typed or {},
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _referent_page(
    name: str,
    referent_id: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        partner, referent = _partner_and_referent(name, referent_id)
        tk.check_access("heraultdata_referent_update", pages.context(), {"id": referent_id})
    return tk.render(
        "heraultdata/partners/referent_edit.html",
        {
            "partner": partner,
            "referent": referent,
            "typed": referent if typed is None else typed,
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _partner_and_referent(name: str, referent_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    partner = pages.call("heraultdata_partner_show", id=name)
    found = pages.call("heraultdata_referent_list", organization_id=partner["id"], limit=1000)
    for referent in found["results"]:
        if referent["id"] == referent_id:
            return partner, referent
    raise tk.ObjectNotFound(tk._("There is no such référent."))


def _to_referents(name: str, done: str) -> Response:
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_partner.referents", name=name)
