"""Pages of the journal: who did what, when, to what."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .. import access, pages
from ..partners import directory
from ..partners import service as partners

heraultdata_journal = Blueprint("heraultdata_journal", __name__)


@heraultdata_journal.route("/heraultdata/journal")
def index() -> str:
    """The journal, the newest line first; a partner's admins read that of their organisation."""
    filters = pages.filters("organization_id")
    asked = pages.asked_page(size=50)
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_journal_list", limit=asked.size, offset=asked.offset, **filters
        )
    lines = found["results"]
    is_department = access.is_department(pages.context())
    names = directory.organization_names(
        [filters.get("organization_id"), *(line["organization_id"] for line in lines)]
    )
    return tk.render(
        "heraultdata/journal/index.html",
        {
            "lines": lines,
            "count": found["count"],
            "pager": asked.pager(found["count"], lines),
            "filters": filters,
            "organizations": names,
            "partner": names.get(filters.get("organization_id", "")),
            "partners": _partners() if is_department else [],
        },
    )


def _partners() -> list[partners.Partner]:
    return sorted(partners.find(), key=lambda partner: directory.folded(partner.title))
