"""The page of what harvesters miss, and the advice that the forms of datasets ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from flask import Blueprint

from ... import access, pages
from ...validators import is_keepable
from . import advice, listing, rules, wording
from .places import FIELDS, OF_FILES
from .reach import organizations_mended, organizations_read
from .rules import Gap, Mend, Rating

heraultdata_catalogue_quality = Blueprint("heraultdata_catalogue_quality", __name__)

_TYPE = "dataset"


@dataclass(frozen=True)
class Line:
    """A dataset of the page.

    Attributes:
        found: the dataset as the API gives it.
        rating: the word for its score.
        mends: what to fill in, with the address where; without one for who may not.
    """

    found: Mapping[str, Any]
    rating: Rating
    mends: Sequence[tuple[Mend, str | None]]


@heraultdata_catalogue_quality.route("/heraultdata/catalogue/quality")
def index() -> str:
    """The datasets of the catalogue, what harvesters miss most in first."""
    filters = pages.filters("organization_id", "gap")
    asked = pages.asked_page(size=50)
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_catalogue_score_list", limit=asked.size, offset=asked.offset, **filters
        )
    address_of = _addresses()
    mended = organizations_mended(pages.context())
    return tk.render(
        "heraultdata/dcat/quality.html",
        {
            "lines": [_line(each, mended, address_of) for each in found["results"]],
            "count": found["count"],
            "mean": None if found["mean"] is None else round(found["mean"]),
            "maximum": rules.MAXIMUM,
            "ratings": [(rating, found["ratings"][rating.name.lower()]) for rating in Rating],
            "pager": asked.pager(found["count"], found["results"]),
            "filters": filters,
            "organizations": listing.organizations(organizations_read(pages.context())),
            "sees_all": access.is_department(pages.context()),
            "gaps": wording.gap_names(),
            "gap_name": wording.gap_name,
            "advice_of": wording.advice,
            "rating_name": wording.rating_name,
        },
    )


def _line(
    found: Mapping[str, Any],
    mended: Collection[str] | None,
    address_of: Callable[[str, Gap], str],
) -> Line:
    may_mend = mended is None or found["organization_id"] in mended
    mends = rules.to_mend(found["gaps"])
    return Line(
        found=found,
        rating=Rating.of(found["score"]),
        mends=[(mend, address_of(found["name"], mend.gap) if may_mend else None) for mend in mends],
    )


def _addresses() -> Callable[[str, Gap], str]:
    """What gives the address of the form where a gap of a dataset is closed."""
    pages_of_form = tk.h.scheming_get_dataset_form_pages(_TYPE) or []
    page_of = {
        field["field_name"]: number
        for number, page in enumerate(pages_of_form, start=1)
        for field in page["fields"]
    }

    def address(name: str, gap: Gap) -> str:
        field = FIELDS[gap]
        if gap is Gap.FILES:
            return tk.h.url_for(f"{_TYPE}_resource.new", id=name)
        if field == OF_FILES:
            return tk.h.url_for(f"{_TYPE}.resources", id=name)
        if field not in page_of:
            return tk.h.url_for(f"{_TYPE}.edit", id=name)
        form = tk.h.url_for(
            f"{_TYPE}.scheming_edit_page", package_type=_TYPE, id=name, page=page_of[field]
        )
        return f"{form}#field-{field}"

    return address


@heraultdata_catalogue_quality.route("/heraultdata/catalogue/advice", methods=["POST"])
def advise() -> str:
    """What harvesters would miss if the form that is sent were saved; a part of its page."""
    values = tk.request.form.to_dict(flat=False)
    form = {name: texts[-1].strip() for name, texts in values.items()}
    with pages.refusals_as_pages():
        saved = _saved(form.get("advice_package", ""))
    if form.get("advice_on") == "file":
        if saved is None:
            tk.abort(404, tk._("There is nothing at this address."))
        found = advice.of_file(saved, form.get("advice_resource", ""), values)
    else:
        found = advice.of_dataset(saved, values)
    return tk.render(
        "heraultdata/dcat/advice.html",
        {
            "found": found,
            "maximum": rules.MAXIMUM,
            "gap_name": wording.gap_name,
            "advice_of": wording.advice,
            "rating_name": wording.rating_name,
        },
    )


def _saved(package: str) -> Mapping[str, Any] | None:
    """The dataset of the form, None for a new one.

    Raises:
        tk.NotAuthorized: the user may not change it, or make one.
        tk.ObjectNotFound: there is no such dataset.
    """
    if not package:
        tk.check_access("package_create", pages.context(), {})
        return None
    if not is_keepable([package]):
        raise tk.ObjectNotFound
    tk.check_access("package_update", pages.context(), {"id": package})
    # The index may be of before the last change.
    fresh = Context(user=tk.current_user.name, use_cache=False)
    return tk.get_action("package_show")(fresh, {"id": package})
