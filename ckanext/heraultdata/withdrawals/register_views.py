"""The public register of withdrawals, as a page, a feed and JSON."""

from __future__ import annotations

from hashlib import sha256

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, jsonify, make_response
from flask_wtf.csrf import generate_csrf

from .. import pages
from ..words import reader_locale
from . import register, register_feed, wording

heraultdata_withdrawal_register = Blueprint("heraultdata_withdrawal_register", __name__)

_FILTERS = ("organization_id", "reason_class", "since")


@heraultdata_withdrawal_register.route("/register")
def index() -> Response:
    """The register for people, page by page."""
    filters = pages.filters(*_FILTERS)
    asked = pages.asked_page(size=50)
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_withdrawal_register", limit=asked.size, offset=asked.offset, **filters
        )
    page = tk.render(
        "heraultdata/withdrawals/register.html",
        {
            "entries": found["results"],
            "count": found["count"],
            "pager": asked.pager(found["count"], found["results"]),
            "filters": filters,
            "organizations": register.organizations(),
            "reasons": wording.reason_names(),
        },
    )
    # Each page bears a new token against forged forms, which makes it no other page.
    return _unless_known(make_response(page), passed_over=generate_csrf())


@heraultdata_withdrawal_register.route("/register.atom")
def feed() -> Response:
    """The newest lines of the register, for readers of feeds."""
    filters = pages.filters(*_FILTERS)
    with pages.refusals_as_pages():
        found = pages.call("heraultdata_withdrawal_register", **filters)
    answer = make_response(
        register_feed.as_atom(
            found["results"],
            address=_address("feed", filters),
            page=_address("index", filters),
            language=reader_locale(),
        )
    )
    answer.headers["Content-Type"] = f"{register_feed.MEDIA_TYPE}; charset=utf-8"
    return _unless_known(answer)


@heraultdata_withdrawal_register.route("/register.json")
def json() -> Response:
    """The register for programs, as the API gives it."""
    filters = pages.filters(*_FILTERS, "limit", "offset")
    try:
        found = pages.call("heraultdata_withdrawal_register", **filters)
    except tk.ValidationError as refusal:
        answer = jsonify({"errors": pages.flat_errors(refusal)})
        answer.status_code = pages.BAD_FORM
        return answer
    return _unless_known(jsonify(found))


def _address(view: str, filters: dict[str, str]) -> str:
    return tk.url_for(f"heraultdata_withdrawal_register.{view}", _external=True, **filters)


def _unless_known(answer: Response, passed_over: str = "") -> Response:
    """Answer 304 to a client that has these bytes already (RFC 9110, section 13).

    Args:
        answer: the whole answer.
        passed_over: a text that counts for nothing in the comparison.
    """
    bytes_compared = answer.get_data()
    if passed_over:
        bytes_compared = bytes_compared.replace(passed_over.encode(), b"")
    answer.set_etag(sha256(bytes_compared).hexdigest(), weak=bool(passed_over))
    answer.make_conditional(tk.request.environ)
    return answer
