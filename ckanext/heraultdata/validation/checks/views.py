"""Pages of the checks: "check a file", a report and its downloads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from ... import clock, config, pages
from .. import jobs, sources
from .. import model as store
from .. import service as adapter
from ..engine.report import Report
from . import asking, downloads, exports, running, service
from .presentation import page_of
from .progress import rows_checked

heraultdata_check = Blueprint("heraultdata_check", __name__)

_RUNS_SHOWN = 20


@heraultdata_check.route("/check")
def form() -> str:
    """The form by which anybody checks a file; nothing is kept."""
    return _form_page(pages.filters("standard", "url"))


@heraultdata_check.route("/check", methods=["POST"])
def check_sent() -> Response | str | tuple[str, int]:
    """Check the file that was sent, and show its report, or give it as a file."""
    typed = pages.filled_in("standard", "url")
    upload = tk.request.files.get("upload")
    data = {**typed, **({"upload": upload} if upload and upload.filename else {})}
    try:
        with asking.sent_file_checked(pages.context(), data) as (report, file):
            download = tk.request.form.get("download")
            if download == "xlsx":
                return downloads.xlsx_of(exports.as_xlsx(report, file))
            if download == "csv":
                return downloads.csv_of(exports.as_csv(report))
    except tk.ValidationError as refusal:
        errors = pages.flat_errors(refusal)
        if _by_htmx():
            # htmx shows nothing of an answer that is an error.
            return tk.render("heraultdata/checks/snippets/refusal.html", {"errors": errors})
        return _form_page(typed, errors=errors), pages.BAD_FORM
    shown = page_of(report)
    if _by_htmx():
        return tk.render("heraultdata/checks/snippets/report.html", {"page": shown})
    return _form_page(typed, page=shown)


def _form_page(typed: dict[str, str], **shown: object) -> str:
    return tk.render(
        "heraultdata/checks/check.html",
        {
            "typed": typed,
            "standards": running.checkable_standards(clock.today()),
            "errors": {},
            "page": None,
            **shown,
        },
    )


@dataclass(frozen=True)
class _Shown:
    """The resource of a page, and the version of the run that it shows."""

    package: dict[str, Any]
    resource: dict[str, Any]
    run: service.Run | None
    rank: int

    @property
    def report(self) -> Report | None:
        return self.run.reports[self.rank] if self.run else None


@heraultdata_check.route("/dataset/<dataset>/resource/<resource_id>/check")
def report(dataset: str, resource_id: str) -> str:
    """The report of a file of the portal, and its history."""
    with pages.refusals_as_pages():
        shown = _shown(dataset, resource_id)
    return tk.render("heraultdata/checks/report.html", _of_report(shown))


@heraultdata_check.route("/dataset/<dataset>/resource/<resource_id>/check/state")
def state(dataset: str, resource_id: str) -> str:
    """What the page asks for while the check is made: the progress, then the report."""
    with pages.refusals_as_pages():
        shown = _shown(dataset, resource_id)
    return tk.render("heraultdata/checks/snippets/state.html", _of_report(shown))


@heraultdata_check.route("/dataset/<dataset>/resource/<resource_id>/check", methods=["POST"])
def check_again(dataset: str, resource_id: str) -> Response:
    """Check a file again: at once where it is small, else by the worker."""
    with pages.refusals_as_pages():
        _, resource = _package_and_resource(dataset, resource_id)
        tk.check_access("heraultdata_resource_check", pages.context(), {"resource_id": resource_id})
        if (resource.get("size") or 0) <= config.check_at_once_bytes():
            pages.call("heraultdata_resource_check", resource_id=resource_id)
        else:
            adapter.ask(resource_id, clock.now())
            jobs.enqueue(resource_id, asked_for=True)
    return tk.redirect_to("heraultdata_check.report", dataset=dataset, resource_id=resource_id)


@heraultdata_check.route("/dataset/<dataset>/resource/<resource_id>/check.csv")
def report_as_csv(dataset: str, resource_id: str) -> Response:
    """The errors of a report as CSV."""
    found, _ = _report_to_download(dataset, resource_id)
    return downloads.csv_of(exports.as_csv(found))


@heraultdata_check.route("/dataset/<dataset>/resource/<resource_id>/check.xlsx")
def report_as_xlsx(dataset: str, resource_id: str) -> Response:
    """The errors of a report, and the file with its faulty cells coloured, as XLSX."""
    found, shown = _report_to_download(dataset, resource_id)
    content = _workbook_of(found, shown)
    return downloads.xlsx_of(content)


def _report_to_download(dataset: str, resource_id: str) -> tuple[Report, _Shown]:
    with pages.refusals_as_pages():
        shown = _shown(dataset, resource_id)
        if shown.report is None:
            raise tk.ObjectNotFound(tk._("This file has not been checked yet."))
        return shown.report, shown


def _workbook_of(found: Report, shown: _Shown) -> bytes:
    run = shown.run
    if run is None or run.summary.held_file_id or service.is_of_older_file(run.summary):
        return exports.as_xlsx(found, None)
    try:
        private = bool(shown.package.get("private"))
        with running.opened(shown.resource, private, running.REQUEST_SECONDS) as file:
            return exports.as_xlsx(found, file)
    except (sources.CannotCheckError, OSError):
        return exports.as_xlsx(found, None)


def _shown(dataset: str, resource_id: str) -> _Shown:
    package, resource = _package_and_resource(dataset, resource_id)
    asked = pages.filters("run", "version")
    try:
        run = service.run(asked.get("run") or service.last_run_id(resource_id))
    except service.CheckNotFoundError:
        if "run" in asked:
            raise tk.ObjectNotFound(tk._("This file has not been checked yet.")) from None
        tk.check_access("heraultdata_check_list", pages.context(), {"resource_id": resource_id})
        return _Shown(package, resource, None, 0)
    if run.summary.resource_id != resource_id:
        raise tk.ObjectNotFound(tk._("There is nothing at this address."))
    tk.check_access("heraultdata_check_show", pages.context(), {"run": run.summary})
    versions = [check.version for check in run.summary.checks]
    rank = versions.index(asked["version"]) if asked.get("version") in versions else 0
    return _Shown(package, resource, run, rank)


def _package_and_resource(dataset: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    package = pages.call("package_show", id=dataset)
    for resource in package["resources"]:
        if resource["id"] == resource_id:
            return package, resource
    raise tk.ObjectNotFound(tk._("Resource was not found."))


def _of_report(shown: _Shown) -> dict[str, Any]:
    resource_id = shown.resource["id"]
    may_check = pages.may("heraultdata_resource_check", resource_id=resource_id)
    check = store.state_of(resource_id) if may_check else None
    history = service.history(resource_id, _RUNS_SHOWN, 0) if may_check else (0, [])
    found = shown.report
    return {
        "pkg_dict": shown.package,
        "resource": shown.resource,
        "run": shown.run.summary if shown.run else None,
        "rank": shown.rank,
        "page": page_of(found) if found else None,
        "stale": service.is_stale(shown.run.summary, clock.today()) if shown.run else False,
        "may_check": may_check,
        "waiting": check is not None and check.is_waited_for,
        "failure": " ".join(check.messages) if check else "",
        "rows_checked": rows_checked(resource_id) if may_check else 0,
        "history_count": history[0],
        "history": history[1],
    }


def _by_htmx() -> bool:
    return tk.request.headers.get("HX-Request") == "true"
