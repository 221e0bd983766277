"""Pages of the platforms that copy the catalogue, and what a person says of a copy there."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import pages
from . import platform_wording

heraultdata_platform = Blueprint("heraultdata_platform", __name__, url_prefix="/platforms")

_FIELDS = ("name", "kind", "url", "contact_email")


@heraultdata_platform.route("")
def index() -> str:
    """The platforms, and what each still holds."""
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call("heraultdata_platform_list", limit=asked.size, offset=asked.offset)
    return tk.render(
        "heraultdata/withdrawals/platforms.html",
        {
            "platforms": found["results"],
            "pager": asked.pager(found["count"], found["results"]),
            "kinds": platform_wording.kind_names(),
        },
    )


@heraultdata_platform.route("/new")
def new() -> str:
    """The form of a new platform."""
    with pages.refusals_as_pages():
        tk.check_access("heraultdata_platform_create", pages.context())
    return _form(None, {}, {})


@heraultdata_platform.route("/new", methods=["POST"])
def create() -> Response | tuple[str, int]:
    """Make a platform known."""
    typed = pages.filled_in(*_FIELDS)
    with pages.refusals_as_pages():
        try:
            made = pages.call("heraultdata_platform_create", **typed)
        except tk.ValidationError as refusal:
            return _form(None, typed, pages.flat_errors(refusal)), pages.BAD_FORM
    return _to_list(tk._("The platform {name} is added.").format(name=made["name"]))


@heraultdata_platform.route("/<platform_id>")
def edit(platform_id: str) -> str:
    """The form that corrects a platform."""
    with pages.refusals_as_pages():
        platform = _platform(platform_id)
    return _form(platform, platform, {})


@heraultdata_platform.route("/<platform_id>", methods=["POST"])
def update(platform_id: str) -> Response | tuple[str, int]:
    """Correct a platform."""
    typed = pages.filled_in(*_FIELDS)
    with pages.refusals_as_pages():
        platform = _platform(platform_id)
        try:
            made = pages.call("heraultdata_platform_update", id=platform_id, **typed)
        except tk.ValidationError as refusal:
            return _form(platform, typed, pages.flat_errors(refusal)), pages.BAD_FORM
    return _to_list(tk._("The platform {name} is corrected.").format(name=made["name"]))


@heraultdata_platform.route("/<platform_id>/delete")
def confirm_delete(platform_id: str) -> str:
    """Ask whether a platform is really to be deleted."""
    with pages.refusals_as_pages():
        platform = _platform(platform_id)
    return tk.render("heraultdata/withdrawals/platform_delete.html", {"platform": platform})


@heraultdata_platform.route("/<platform_id>/delete", methods=["POST"])
def delete(platform_id: str) -> Response:
    """Delete a platform."""
    with pages.refusals_as_pages():
        platform = _platform(platform_id)
        pages.call("heraultdata_platform_delete", id=platform_id)
    return _to_list(tk._("The platform {name} is deleted.").format(name=platform["name"]))


@heraultdata_platform.route("/copy/<followup_id>", methods=["POST"])
def copy(followup_id: str) -> Response:
    """Say of a copy that it is gone, or take it up again, from the page of its request."""
    said = pages.filled_in("state", "note", "reference")
    reference = said.pop("reference", "")
    with pages.refusals_as_pages():
        line = pages.call("heraultdata_followup_update", id=followup_id, **said)
    done = (
        tk._("Recorded: the copy at {platform} is gone.")
        if line["state"] == "confirmed"
        else tk._("Recorded: the copy at {platform} is followed again.")
    )
    tk.h.flash_success(done.format(platform=line["platform"]))
    if reference:
        return tk.redirect_to("heraultdata_withdrawal.show", reference=reference)
    return tk.redirect_to("heraultdata_platform.index")


def _platform(platform_id: str) -> dict[str, Any]:
    found = pages.call("heraultdata_platform_list", limit=1000)
    for platform in found["results"]:
        if platform["id"] == platform_id and platform["deleted_at"] is None:
            return platform
    raise tk.ObjectNotFound(tk._("There is no such platform."))


def _form(platform: dict[str, Any] | None, typed: dict[str, Any], errors: pages.FieldErrors) -> str:
    return tk.render(
        "heraultdata/withdrawals/platform_edit.html",
        {
            "platform": platform,
            "typed": typed,
            "errors": errors,
            "kinds": platform_wording.kind_names(),
        },
    )


def _to_list(done: str) -> Response:
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_platform.index")
