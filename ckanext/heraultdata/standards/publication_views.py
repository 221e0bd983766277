"""Pages by which the département records standards, publishes versions and adopts them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import clock, pages
from ..partners.service import PARTNER_TYPES
from . import comment_page, page, preview
from .registry import VersionRecord
from .rules import Level

heraultdata_standard_publication = Blueprint("heraultdata_standard_publication", __name__)

_TEXTS = ("title", "level", "description", "issuer", "homepage")
_FLAGS = ("scdl", "priority")
_TERRITORIAL = {
    "level": Level.TERRITORIAL.value,
    "scdl": False,
    "priority": True,
    "concerns": list(PARTNER_TYPES),
}


@heraultdata_standard_publication.route("/standard/new")
def new() -> str:
    """The form of a new standard, territorial unless told otherwise."""
    return _new_page(_TERRITORIAL)


@heraultdata_standard_publication.route("/standard/new", methods=["POST"])
def create() -> Response | tuple[str, int]:
    """Record a standard, without any version yet: it obliges nobody."""
    typed = _typed() | {"name": tk.request.form.get("name", "").strip()}
    with pages.refusals_as_pages():
        try:
            standard = pages.call("heraultdata_standard_create", **_sent(typed))
        except tk.ValidationError as refusal:
            return _new_page(typed, refusal), pages.BAD_FORM
    return tk.redirect_to("heraultdata_standard_publication.version_new", name=standard["name"])


@heraultdata_standard_publication.route("/standard/<name>/edit")
def edit(name: str) -> str:
    """The form that corrects what describes a standard."""
    return _edit_page(name)


@heraultdata_standard_publication.route("/standard/<name>/edit", methods=["POST"])
def update(name: str) -> Response | tuple[str, int]:
    """Correct what describes a standard."""
    typed = _typed()
    with pages.refusals_as_pages():
        try:
            pages.call("heraultdata_standard_update", id=name, **_sent(typed))
        except tk.ValidationError as refusal:
            return _edit_page(name, typed, refusal), pages.BAD_FORM
    return _to_standard(name, tk._("The description is corrected."))


@heraultdata_standard_publication.route("/standard/<name>/version/new")
def version_new(name: str) -> str:
    """The form of a new version."""
    return _version_page(name)


@heraultdata_standard_publication.route("/standard/<name>/version/new", methods=["POST"])
def version_create(name: str) -> Response | tuple[str, int]:
    """Keep a version as a draft, which obliges nobody, and show what it would do."""
    typed = pages.filled_in("version")
    upload = tk.request.files.get("schema")
    with pages.refusals_as_pages():
        tk.check_access("heraultdata_standard_version_create", pages.context())
        try:
            kind, schema = preview.sent_schema(upload.read() if upload else b"")
            version = pages.call(
                "heraultdata_standard_version_create",
                standard=name,
                kind=kind.value,
                schema=schema,
                **typed,
            )
        except tk.ValidationError as refusal:
            return _version_page(name, typed, refusal), pages.BAD_FORM
    return tk.redirect_to(
        "heraultdata_standard_publication.publish", name=name, version=version["version"]
    )


@heraultdata_standard_publication.route("/standard/<name>/version/<version>/publish")
def publish(name: str, version: str) -> str:
    """What a draft would do once published, on the day that the address asks for."""
    return _publish_page(name, version, pages.filters("published_on", "due_on"))


@heraultdata_standard_publication.route(
    "/standard/<name>/version/<version>/publish", methods=["POST"]
)
def publish_now(name: str, version: str) -> Response | tuple[str, int]:
    """Publish a draft: from that day it obliges, and is never edited again."""
    typed = pages.filled_in("published_on", "due_on", "legal_reference")
    with pages.refusals_as_pages():
        try:
            _refuse_blank(typed, "published_on")
            pages.call(
                "heraultdata_standard_version_update", standard=name, version=version, **typed
            )
        except tk.ValidationError as refusal:
            return _publish_page(name, version, typed, refusal), pages.BAD_FORM
    return _to_standard(name, tk._("The version is published."))


@heraultdata_standard_publication.route("/standard/<name>/version/<version>/adopt")
def adopt(name: str, version: str) -> str:
    """What the adoption of a version as territorial would do, on the day asked for."""
    return _adopt_page(name, version, pages.filters("adopted_on"))


@heraultdata_standard_publication.route(
    "/standard/<name>/version/<version>/adopt", methods=["POST"]
)
def adopt_now(name: str, version: str) -> Response | tuple[str, int]:
    """Adopt a version: files must conform to it one year after."""
    typed = pages.filled_in("adopted_on", "legal_reference")
    with pages.refusals_as_pages():
        try:
            _refuse_blank(typed, "adopted_on")
            pages.call(
                "heraultdata_standard_version_update", standard=name, version=version, **typed
            )
        except tk.ValidationError as refusal:
            return _adopt_page(name, version, typed, refusal), pages.BAD_FORM
    return _to_standard(name, tk._("The version is adopted as territorial."))


def _typed() -> dict[str, Any]:
    form = tk.request.form
    texts = {name: form.get(name, "").strip() for name in _TEXTS}
    flags = {name: name in form for name in _FLAGS}
    return {**texts, **flags, "concerns": form.getlist("concerns")}


def _sent(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a form sends to the action.

    Raises:
        tk.ValidationError: no type of partner is ticked, which the action takes for all of them.
    """
    if not typed["concerns"]:
        raise tk.ValidationError({"concerns": [tk._("Tick one type of partner at least.")]})
    return dict(typed)


def _refuse_blank(typed: Mapping[str, str], day: str) -> None:
    # Left out, the day would stay as it is, and nothing would be published or adopted.
    if day not in typed:
        raise tk.ValidationError({day: [tk._("Missing value")]})


def _new_page(typed: Mapping[str, Any], refusal: tk.ValidationError | None = None) -> str:
    with pages.refusals_as_pages():
        tk.check_access("heraultdata_standard_create", pages.context())
    return tk.render(
        "heraultdata/standards/new.html", page.frame() | _form(typed, refusal) | {"standard": None}
    )


def _edit_page(
    name: str,
    typed: Mapping[str, Any] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        standard = pages.call("heraultdata_standard_show", id=name)
        tk.check_access("heraultdata_standard_update", pages.context(), {"id": name})
    return tk.render(
        "heraultdata/standards/edit.html",
        page.frame()
        | _form(standard if typed is None else typed, refusal)
        | {"standard": standard},
    )


def _version_page(
    name: str,
    typed: Mapping[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        standard = pages.call("heraultdata_standard_show", id=name)
        tk.check_access("heraultdata_standard_version_create", pages.context())
    return tk.render(
        "heraultdata/standards/version_new.html",
        _form(typed or {}, refusal) | {"standard": standard},
    )


def _publish_page(
    name: str,
    number: str,
    typed: Mapping[str, str],
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        standard, version = _version_to_write(name, number)
        if not version.is_draft:
            raise tk.ObjectNotFound(tk._("This version is published already."))
    published_on = _day(typed.get("published_on")) or clock.today()
    due_on = _day(typed.get("due_on")) or version.dates.due_on
    shown = {"published_on": published_on.isoformat(), **_told(version), **typed}
    return tk.render(
        "heraultdata/standards/publish.html",
        comment_page.with_comments(
            standard,
            preview.preview(
                standard,
                version,
                preview.with_dates(version, published_on=published_on, due_on=due_on),
            ),
        )
        | _form(shown, refusal)
        | {"here": _address("publish", name, number)},
    )


def _adopt_page(
    name: str,
    number: str,
    typed: Mapping[str, str],
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        standard, version = _version_to_write(name, number)
        if not page.can_be_adopted(standard, version):
            raise tk.ObjectNotFound(tk._("This version cannot be adopted, or is adopted already."))
    adopted_on = _day(typed.get("adopted_on")) or clock.today()
    shown = {"adopted_on": adopted_on.isoformat(), **_told(version), **typed}
    return tk.render(
        "heraultdata/standards/adopt.html",
        preview.preview(standard, version, preview.with_dates(version, adopted_on=adopted_on))
        | _form(shown, refusal)
        | {"here": _address("adopt", name, number)},
    )


def _version_to_write(name: str, number: str) -> tuple[page.Standard, VersionRecord]:
    """A standard and a version of it, for those who may change it.

    Raises:
        tk.NotAuthorized: the reader may not.
        tk.ObjectNotFound: there is no such version.
    """
    standard = pages.call("heraultdata_standard_show", id=name)
    asked = {"standard": name, "version": number}
    tk.check_access("heraultdata_standard_version_update", pages.context(), asked)
    version = page.version_with_schema(standard, page.versions_shown(standard), number)
    if version is None:
        raise tk.ObjectNotFound(tk._("This standard has no such version."))
    return standard, version


def _told(version: VersionRecord) -> dict[str, str]:
    return {
        "due_on": clock.iso(version.dates.due_on) or "",
        "legal_reference": version.legal_reference or "",
    }


def _day(text: str | None) -> date | None:
    """A day as a field of a form writes it, None for what is none: the action says so."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _form(typed: Mapping[str, Any], refusal: tk.ValidationError | None) -> dict[str, object]:
    return {"typed": typed, "errors": pages.flat_errors(refusal) if refusal else {}}


def _address(view: str, name: str, version: str) -> str:
    return tk.h.url_for(f"heraultdata_standard_publication.{view}", name=name, version=version)


def _to_standard(name: str, done: str) -> Response:
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_standard.show", name=name)
