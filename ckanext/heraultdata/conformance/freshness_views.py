"""The page of the freshness of data: which datasets are late with the update they promise."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .. import pages
from ..partners import directory
from ..partners import service as partners
from .dataset_names import dataset_names
from .freshness_wording import frequency_name, freshness_names
from .wording import deadline_in_words

heraultdata_freshness = Blueprint("heraultdata_freshness", __name__)


@heraultdata_freshness.route("/conformance/freshness")
def index() -> str:
    """The datasets that promise updates, what is late first; members see those of their own."""
    filters = pages.filters("organization_id", "status")
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_freshness_list", limit=asked.size, offset=asked.offset, **filters
        )
    results = found["results"]
    sees_all = tk.h.heraultdata_is_department()
    shown = None if sees_all else {each["organization_id"] for each in results}
    by_id = {partner.id: partner for partner in partners.find(shown)}
    return tk.render(
        "heraultdata/conformance/freshness.html",
        {
            "lines": results,
            "count": found["count"],
            "pager": asked.pager(found["count"], results),
            "filters": filters,
            "partners": sorted(by_id.values(), key=lambda each: directory.folded(each.title)),
            "by_id": by_id,
            "datasets": dataset_names([each["package_id"] for each in results]),
            "statuses": freshness_names(),
            "deadline_of": _deadline,
            "frequency_name": frequency_name,
        },
    )


def _deadline(line: dict[str, Any]) -> str:
    due_on = date.fromisoformat(line["due_on"])
    return deadline_in_words(due_on, line["days_left"], line["days_late"])
