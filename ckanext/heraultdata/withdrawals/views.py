"""Pages of requests: the queue, one request and what is done with it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import access, clock, pages
from . import asking, asking_views, convention_end_views, convention_ends, file_views, page, wording

Page = Response | str | tuple[str, int]

heraultdata_withdrawal = Blueprint("heraultdata_withdrawal", __name__, url_prefix="/withdrawals")
for rule, view, methods in (
    ("/new", asking_views.new, ["GET"]),
    ("/new", asking_views.create, ["POST"]),
    ("/convention-end/<name>", convention_end_views.convention_end, ["GET"]),
    ("/convention-end/<name>", convention_end_views.leave, ["POST"]),
    ("/<reference>/paper/<uuid:paper_id>", file_views.paper, ["GET"]),
    ("/<reference>/file/<resource_id>", file_views.kept_file, ["GET"]),
):
    heraultdata_withdrawal.add_url_rule(rule, view_func=view, methods=methods)


@heraultdata_withdrawal.route("")
def index() -> str:
    """The queue: all the requests for the département, a partner's member sees its own."""
    filters = pages.filters("state", "organization_id", "urgent")
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_withdrawal_list", limit=asked.size, offset=asked.offset, **filters
        )
    today = clock.today()
    is_department = access.is_department(pages.context())
    return tk.render(
        "heraultdata/withdrawals/index.html",
        {
            "lines": [page.line(request, today) for request in found["results"]],
            "count": found["count"],
            "pager": asked.pager(found["count"], found["results"]),
            "filters": filters,
            "partners": {each.id: each.title for each in asking.partners_of_reader()},
            "states": wording.state_names(),
            "is_department": is_department,
            "undecided": page.ends(convention_ends.undecided(today)) if is_department else [],
        },
    )


@heraultdata_withdrawal.route("/<reference>")
def show(reference: str) -> str:
    """A request: where it stands, its items, what can be done, what has happened."""
    return _request_page(reference)


@heraultdata_withdrawal.route("/<reference>/execute", methods=["POST"])
def execute(reference: str) -> Page:
    """Take the data off; pressed twice, or by two people, it is done once."""
    with pages.refusals_as_pages():
        try:
            pages.call("heraultdata_withdrawal_execute", id=reference)
        except tk.ValidationError as refusal:
            if not page.is_executed(pages.call("heraultdata_withdrawal_show", id=reference)):
                rejected = page.Rejected("execute", {}, pages.flat_errors(refusal))
                return _request_page(reference, rejected), pages.BAD_FORM
            tk.h.flash_notice(tk._("This withdrawal is executed already: nothing changes."))
            return _to_request(reference)
    tk.h.flash_success(
        tk._("The withdrawal is executed: nobody but the département reaches the data any more.")
    )
    return _to_request(reference)


@heraultdata_withdrawal.route("/<reference>/confirm", methods=["POST"])
def confirm(reference: str) -> Page:
    """Record the writing that follows a call."""
    typed = pages.filled_in("confirmed_on", "note")
    done = tk._("The confirmation is recorded: the withdrawal can be executed.")
    return _done("confirm", reference, done, typed, **file_views.uploaded())


@heraultdata_withdrawal.route("/<reference>/reject", methods=["POST"])
def reject(reference: str) -> Page:
    """Declare a request inadmissible."""
    done = tk._("The request is declared inadmissible: the data stay on line.")
    return _done("reject", reference, done, pages.filled_in("reason"))


@heraultdata_withdrawal.route("/<reference>/cancel", methods=["POST"])
def cancel(reference: str) -> Page:
    """Take a request back."""
    done = tk._("The request is cancelled: the data stay on line.")
    return _done("cancel", reference, done, {})


@heraultdata_withdrawal.route("/<reference>/restore", methods=["POST"])
def restore(reference: str) -> Page:
    """Put back the ticked items, or all of them."""
    ticked = tk.request.form.getlist("item_ids")
    if tk.request.form.get("which") == "all":
        with pages.refusals_as_pages():
            ticked = page.restorable(pages.call("heraultdata_withdrawal_show", id=reference))
    if not ticked:
        nothing = {"item_ids": [tk._("Nothing is ticked: tick the items to put back.")]}
        return _request_page(reference, page.Rejected("restore", {}, nothing)), pages.BAD_FORM
    done = tk._("The items are put back: files and tables follow within minutes.")
    return _done("restore", reference, done, {}, item_ids=ticked)


@heraultdata_withdrawal.route("/<reference>/erase", methods=["POST"])
def erase(reference: str) -> Page:
    """Order that what is withdrawn be destroyed."""
    done = tk._("The erasure is ordered.")
    return _done("erase", reference, done, pages.filled_in("reference"))


def _done(verb: str, reference: str, done: str, typed: dict[str, str], **arguments: object) -> Page:
    """Call the action of a verb with what was typed, and go back to the request."""
    with pages.refusals_as_pages():
        try:
            pages.call(f"heraultdata_withdrawal_{verb}", **{"id": reference, **typed, **arguments})
        except tk.ValidationError as refusal:
            rejected = page.Rejected(verb, typed, pages.flat_errors(refusal))
            return _request_page(reference, rejected), pages.BAD_FORM
    tk.h.flash_success(done)
    return _to_request(reference)


def _request_page(reference: str, rejected: page.Rejected | None = None) -> str:
    with pages.refusals_as_pages():
        request = pages.call("heraultdata_withdrawal_show", id=reference)
    return tk.render(
        "heraultdata/withdrawals/show.html", page.request_page(request, clock.today(), rejected)
    )


def _to_request(reference: str) -> Response:
    return tk.redirect_to("heraultdata_withdrawal.show", reference=reference)
