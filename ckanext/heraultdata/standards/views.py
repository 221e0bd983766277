"""Pages of the standards: their list, a standard with its columns, differences of two versions."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, make_response

from .. import pages
from . import comment_page, figures, page

heraultdata_standard = Blueprint("heraultdata_standard", __name__)

_FILTERS = ("q", "level", "scdl", "priority")


@heraultdata_standard.route("/standards")
def index() -> str:
    """The public list of standards, with the figures of the registry."""
    filters = pages.filters(*_FILTERS)
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_standard_list", limit=asked.size, offset=asked.offset, **filters
        )
    standards = found["results"]
    current = page.current_versions(standards)
    return tk.render(
        "heraultdata/standards/index.html",
        page.frame()
        | {
            "standards": standards,
            "current": current,
            "due_sentences": page.due_sentences(standards, current),
            "datasets": figures.dataset_counts([one["name"] for one in standards]),
            "count": found["count"],
            "pager": asked.pager(found["count"], standards),
            "filters": filters,
            "figures": figures.registry_figures(),
            "yes_or_no": page.yes_or_no(),
        },
    )


@heraultdata_standard.route("/standard/<name>")
def show(name: str) -> str:
    """A standard, its versions, and the columns of the one that `version` asks for."""
    asked = pages.filters("version")
    with pages.refusals_as_pages():
        standard = pages.call("heraultdata_standard_show", id=name)
        shown = comment_page.with_comments(
            standard, page.standard_page(standard, asked.get("version"))
        )
    return tk.render("heraultdata/standards/show.html", shown)


@heraultdata_standard.route("/standard/<name>/differences")
def differences(name: str) -> str:
    """What changes from a version to another; between the last two unless asked otherwise."""
    asked = pages.filters("from", "to")
    with pages.refusals_as_pages():
        standard = pages.call("heraultdata_standard_show", id=name)
        compared = page.comparison(standard, asked.get("from"), asked.get("to"))
    return tk.render("heraultdata/standards/differences.html", compared)


@heraultdata_standard.route("/standard/<name>/<version>/schema.json")
def schema_json(name: str, version: str) -> Response:
    """The schema of a version, as other programs read it."""
    with pages.refusals_as_pages():
        standard = pages.call("heraultdata_standard_show", id=name)
        found = page.version_with_schema(standard, page.versions_shown(standard), version)
        if found is None or found.schema is None:
            raise tk.ObjectNotFound(tk._("This version is a text: it has no schema."))
    response = make_response(json.dumps(found.schema, ensure_ascii=False, indent=2) + "\n")
    response.headers["Content-Type"] = "application/json"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
