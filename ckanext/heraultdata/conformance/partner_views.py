"""The page of what a partner has to do."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .. import clock, pages
from ..partners import service as partners
from ..standards import registry
from . import recorded, todo
from .freshness_wording import frequency_name
from .recorded import RecordFilter
from .wording import deadline_in_words, standing_in_words

heraultdata_partner_conformance = Blueprint("heraultdata_partner_conformance", __name__)


@heraultdata_partner_conformance.route("/partner/<name>/conformance")
def show(name: str) -> str:
    """All that a partner has to do, late first, with what settles it; then what is in order."""
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        of_partner = {"organization_id": partner["id"]}
        tk.check_access("heraultdata_conformance_summary", pages.context(), of_partner)
    today = clock.today()
    wanted = RecordFilter([partner["id"]])
    _, extensions = recorded.extensions(wanted)
    absences = [each for each in recorded.absences(wanted)[1] if each.runs_on(today)]
    named = {each.standard for each in (*extensions, *absences)}
    return tk.render(
        "heraultdata/conformance/partner.html",
        {
            "partner": partner,
            "todo": todo.of(partners.get(partner["id"]), today),
            "extensions": extensions,
            "absences": absences,
            "titles": {each.name: each.title for each in registry.by_name(named).values()},
            "drafts": [
                (standard, version)
                for standard, version in registry.drafts_out(today)
                if partner["partner_type"] in standard.concerns
            ],
            "may_edit": pages.may("package_create", owner_org=partner["id"]),
            "standing_in_words": standing_in_words,
            "deadline_in_words": deadline_in_words,
            "frequency_name": frequency_name,
        },
    )
