"""The first step of a new dataset: which standard its files follow."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.types import Response
from ckan.views.dataset import CreateView
from flask import Blueprint

from .. import clock, pages
from ..standards import published
from ..standards.published import PublishedStandard
from .standard_form import FormValues, Publisher, dataset_values

heraultdata_dataset_form = Blueprint("heraultdata_dataset_form", __name__)

_TYPE = "dataset"
_OF_THE_CHOICE = ("standard", "group", "q", "page")
_NOT_FOUND = 404

Organization = dict[str, str]


@heraultdata_dataset_form.route("/dataset/new", methods=["GET"])
def new() -> str | tuple[str, int] | Response:
    """The choice of a standard, then CKAN's own form, filled in from it.

    What an empty `standard` asks for is the form without one. Who may not make a dataset gets
    CKAN's own answer, as do all where the registry is empty.
    """
    organizations = _organizations()
    standards = published.on(clock.today()) if organizations else []
    if not standards:
        return CreateView().get(_TYPE)
    publisher = _publisher(organizations)
    name = tk.request.args.get("standard")
    if name is None:
        return _choice(standards, organizations, publisher)
    if not name.strip():
        return CreateView().get(_TYPE, _asked_for({}))
    chosen = next((standard for standard in standards if standard.name == name.strip()), None)
    if chosen is None:
        unknown = tk._("The registry has no standard “{name}”: choose one below.")
        sentence = unknown.format(name=name[:100])
        return _choice(standards, organizations, publisher, sentence), _NOT_FOUND
    return CreateView().get(_TYPE, _asked_for(dataset_values(chosen, publisher)))


def _organizations() -> list[Organization]:
    """The organisations for which the user may make a dataset."""
    if not pages.may("package_create"):
        return []
    return tk.h.organizations_available("create_dataset")


def _publisher(organizations: Sequence[Organization]) -> Publisher | None:
    """The organisation that the address asks for, or the only one that there is."""
    asked = tk.request.args.get("group")
    for organization in organizations:
        if asked in (organization["id"], organization["name"]):
            return Publisher.of(organization["id"])
    return Publisher.of(organizations[0]["id"]) if len(organizations) == 1 else None


def _asked_for(values: FormValues) -> FormValues:
    """Values of the form, and those that the address gives, which win."""
    given = {
        name: many if len(many) > 1 else many[0]
        for name, many in tk.request.args.lists()
        if name not in _OF_THE_CHOICE
    }
    # CKAN reads the address again where it is given nothing at all.
    return {"state": "none", **values, **given}


def _address(publisher: Publisher | None, standard: str | None) -> str:
    """The form with a standard, with none for an empty one; the choice again for None."""
    kept = {
        name: many
        for name, many in tk.request.args.lists()
        if name not in _OF_THE_CHOICE or name == "group"
    }
    if publisher:
        kept["group"] = [publisher.name]
    if standard is not None:
        kept["standard"] = [standard]
    address = tk.h.url_for(f"{_TYPE}.new")
    return f"{address}?{urlencode(kept, doseq=True)}" if kept else address


def _choice(
    standards: Sequence[PublishedStandard],
    organizations: Sequence[Organization],
    publisher: Publisher | None,
    fault: str = "",
) -> str:
    filters = pages.filters("q", "group")
    partner_type = publisher.partner.partner_type if publisher else ""
    found = published.suited_to(partner_type or None, filters.get("q", ""), standards)
    asked = pages.asked_page()
    shown = found[asked.offset : asked.offset + asked.size]
    return tk.render(
        "heraultdata/datasets/choose_standard.html",
        {
            "standards": shown,
            "count": len(found),
            "pager": asked.pager(len(found), shown),
            "filters": filters,
            "address_of": partial(_address, publisher),
            "publisher": publisher,
            "organizations": {it["name"]: it["display_name"] for it in organizations},
            "fault": fault,
        },
    )
