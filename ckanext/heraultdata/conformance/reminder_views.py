"""The page of what a reader wishes of the mails; its private address needs no account."""

from __future__ import annotations

from http import HTTPStatus

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from ckan.types import Response
from flask import Blueprint, make_response

from .. import clock
from ..mailing import preferences
from ..mailing.preferences import UnknownTokenError, Wishes

heraultdata_reminder = Blueprint("heraultdata_reminder", __name__)
# The reader's program posts without a cookie (RFC 8058): what it proves is the token itself.
csrf.exempt(heraultdata_reminder)

_ONE_CLICK = "List-Unsubscribe"
_YES, _NO = "yes", "no"


@heraultdata_reminder.route("/reminders/<token>", endpoint="preferences")
def show(token: str) -> Response:
    """What the reader wishes, with the form to change it."""
    return _page(token, _address_of(token))


@heraultdata_reminder.route("/reminders/<token>", methods=["POST"])
def change(token: str) -> Response:
    """Stop the mails or take them up again, choose a language."""
    address = _address_of(token)
    asked = tk.request.form
    before = _wishes_of(address)
    if _ONE_CLICK in asked:
        preferences.record(address, Wishes(True, before.language), clock.now())
        return _page(token, address, saved=True)
    stopped, language = asked.get("stopped"), asked.get("language")
    errors = {}
    if stopped not in (_YES, _NO):
        errors["stopped"] = [tk._("Choose which mails you wish.")]
    if language not in languages():
        errors["language"] = [tk._("Choose one of the languages of the portal.")]
    if errors:
        return _page(token, address, errors=errors)
    preferences.record(address, Wishes(stopped == _YES, language), clock.now())
    return _page(token, address, saved=True)


def languages() -> dict[str, str]:
    """The languages in which the portal writes, in their own words."""
    offered = tk.config["ckan.locales_offered"] or [tk.config["ckan.locale_default"]]
    return {code: name for code, name in (("fr", "Français"), ("en", "English")) if code in offered}


def _address_of(token: str) -> str:
    try:
        return preferences.address_of(token)
    except UnknownTokenError:
        tk.abort(
            HTTPStatus.NOT_FOUND,
            tk._("This address is not complete: follow the link of the mail, or copy all of it."),
        )


def _wishes_of(address: str) -> Wishes:
    return preferences.of([address]).get(address, Wishes())


def _page(
    token: str, address: str, saved: bool = False, errors: dict[str, list[str]] | None = None
) -> Response:
    wishes = _wishes_of(address)
    page = tk.render(
        "heraultdata/conformance/reminders.html",
        {
            "token": token,
            "address": address,
            "wishes": wishes,
            "languages": languages(),
            "saved": saved,
            "errors": errors or {},
        },
    )
    response = make_response(page, HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK)
    # Whoever has the address may change what it keeps: nobody else is to learn it.
    response.cache_control.no_store = True
    tk.request.environ["__no_cache__"] = True
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
