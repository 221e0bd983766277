"""The page of the harvesters seen."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ... import pages
from ..catalogue import addresses
from . import agents, wording

heraultdata_harvester = Blueprint("heraultdata_harvester", __name__)


@heraultdata_harvester.route("/heraultdata/catalogue/harvesters")
def index() -> str:
    """The programs that read the catalogue, the one that asked last first."""
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call("heraultdata_harvester_list", limit=asked.size, offset=asked.offset)
    return tk.render(
        "heraultdata/dcat/harvesters.html",
        {
            "harvesters": found["results"],
            "count": found["count"],
            "pager": asked.pager(found["count"], found["results"]),
            "address": addresses.of_catalogue("ttl") if addresses.is_served() else None,
            "program_of": agents.in_words,
            "whole_walk": wording.whole_walk,
            "unfinished_walk": wording.unfinished_walk,
            "requests": wording.requests,
            "errors": wording.errors,
        },
    )
