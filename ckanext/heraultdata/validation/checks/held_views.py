"""Pages of a file kept aside, for the editors of its dataset: what became of it, and its bytes."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, send_file

from ... import access, pages
from ..engine.report import Report
from . import downloads, exports, held, running, service
from .model import HeldFile
from .presentation import page_of

heraultdata_held = Blueprint("heraultdata_held", __name__)


@heraultdata_held.route("/held-file/<held_id>")
def show(held_id: str) -> str:
    """What became of the file, and what to mend in it."""
    kept = _readable(held_id)
    dataset = pages.call("package_show", id=kept.package_id)
    replaced = held.replaces(kept)
    report = _report_of(kept)
    return tk.render(
        "heraultdata/checks/held.html",
        {
            "pkg_dict": dataset,
            "dataset_type": dataset["type"],
            "held": kept,
            "replaces": next((r for r in dataset["resources"] if r["id"] == replaced), None),
            "page": page_of(report) if report else None,
        },
    )


@heraultdata_held.route("/held-file/<held_id>/download")
def download(held_id: str) -> Response:
    """The file as it was sent."""
    kept = _readable(held_id)
    if not kept.size:
        if not tk.h.heraultdata_is_web_address(kept.file_name):
            tk.abort(404, tk._("There is nothing at this address."))
        return tk.h.redirect_to(kept.file_name)
    with held.opened(kept) as path:
        # Opened before the block ends: a copy from a storage is deleted then.
        stream = path.open("rb")
    return send_file(
        stream,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=kept.file_name,
    )


@heraultdata_held.route("/held-file/<held_id>/report.csv")
def report_as_csv(held_id: str) -> Response:
    """The errors of its report as CSV."""
    return downloads.csv_of(exports.as_csv(_report_to_download(_readable(held_id))))


@heraultdata_held.route("/held-file/<held_id>/report.xlsx")
def report_as_xlsx(held_id: str) -> Response:
    """The errors of its report, and the file with its faulty cells coloured, as XLSX."""
    kept = _readable(held_id)
    report = _report_to_download(kept)
    if not kept.size:
        return downloads.xlsx_of(exports.as_xlsx(report, None))
    with held.opened(kept) as path:
        file = running.OpenedFile(path, kept.file_name)
        return downloads.xlsx_of(exports.as_xlsx(report, file))


def _report_to_download(kept: HeldFile) -> Report:
    report = _report_of(kept)
    if report is None:
        tk.abort(404, tk._("This file has not been checked yet."))
    return report


def _readable(held_id: str) -> HeldFile:
    kept = held.get(held_id)
    if kept is None or model.Package.get(kept.package_id) is None:
        tk.abort(404, tk._("There is nothing at this address."))
    with pages.refusals_as_pages():
        tk.check_access("package_update", pages.context(), {"id": kept.package_id})
        if held.is_out_of_reach(kept) and not access.is_department(pages.context()):
            raise tk.NotAuthorized(tk._("This file is withdrawn."))
    return kept


def _report_of(kept: HeldFile) -> Report | None:
    try:
        run = service.run(service.last_run_id(kept.resource_id, kept.id))
    except service.CheckNotFoundError:
        return None
    return run.reports[0]
