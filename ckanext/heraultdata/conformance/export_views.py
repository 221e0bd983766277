"""The lists of the portal to take away, as CSV and as XLSX."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import clock, pages
from ..validation.checks import downloads
from . import exports

heraultdata_conformance_export = Blueprint("heraultdata_conformance_export", __name__)

_PAGE = "page"


@heraultdata_conformance_export.route("/conformance/export/<name>.<any(csv,xlsx):extension>")
def download(name: str, extension: str) -> Response:
    """A list with the filters of the address, all its pages."""
    exported = exports.LISTS.get(name)
    if exported is None:
        tk.abort(404, tk._("There is no such list."))
    filters = pages.filters(*(key for key in tk.request.args if key != _PAGE))
    with pages.refusals_as_pages():
        lines = exports.lines_of(exported, filters)
    saved_as = f"{name}-{clock.today()}"
    if extension == "csv":
        return downloads.csv_of(exports.as_csv(exported, lines), saved_as)
    return downloads.xlsx_of(exports.as_xlsx(exported, lines), saved_as)
