"""Pages of a partner's calendar: its private address, and the calendar at that address."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, make_response

from .. import clock, pages
from ..words import reader_locale
from . import calendar, calendar_feeds

heraultdata_calendar = Blueprint("heraultdata_calendar", __name__)


@heraultdata_calendar.route("/partner/<name>/calendar")
def show(name: str) -> str:
    """The address of a partner's calendar, and how to subscribe to it."""
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        found = pages.call("heraultdata_calendar_show", organization_id=partner["id"])
    return tk.render(
        "heraultdata/conformance/calendar.html", {"partner": partner, "calendar": found}
    )


@heraultdata_calendar.route("/partner/<name>/calendar", methods=["POST"])
def renew(name: str) -> Response:
    """Give the calendar an address, or a new one."""
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        pages.call("heraultdata_calendar_create", organization_id=partner["id"])
    return _to_calendar(name, tk._("The calendar has a new address."))


@heraultdata_calendar.route("/partner/<name>/calendar/delete", methods=["POST"])
def revoke(name: str) -> Response:
    """Make the address of the calendar void."""
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        pages.call("heraultdata_calendar_delete", organization_id=partner["id"])
    return _to_calendar(name, tk._("The address of the calendar is revoked."))


@heraultdata_calendar.route("/conformance/calendar/<token>.ics")
def feed(token: str) -> Response:
    """The calendar for whoever has its address, in the language of the site."""
    try:
        partner = calendar_feeds.partner_of(token)
    except calendar_feeds.FeedNotFoundError:
        tk.abort(404, tk._("There is nothing at this address."))
    now = clock.now()
    days = calendar.entries(partner, clock.date_in_paris(now))
    answer = make_response(calendar.as_ical(partner, days, now, reader_locale()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    # CKAN would let caches that people share keep what it shows without a session.
    tk.request.environ["__no_cache__"] = True
    return answer


def _to_calendar(name: str, done: str) -> Response:
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_calendar.show", name=name)
