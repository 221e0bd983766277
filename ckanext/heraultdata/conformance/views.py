"""Pages of the tracker: the dashboard, the matrix, what explains a cell, the public counts."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import access, clock, config, pages
from ..partners import service as partners
from ..partners.directory import OrganizationName, folded, organization_names
from ..partners.helpers import heraultdata_partner_types
from ..partners.service import Partner
from ..standards import registry
from ..words import sentence
from . import board, board_filters, recorded, tracker
from .board_filters import BoardFilter
from .board_helpers import heraultdata_conformance_marks
from .explanation import explain as explained
from .matrix import matrix as laid_out
from .narrowing import of_public_datasets
from .presentation import summary_dicts
from .recorded import RecordFilter
from .tracker import Tracker
from .wording import status_names

heraultdata_conformance = Blueprint("heraultdata_conformance", __name__)

_LINES = 30


@heraultdata_conformance.route("/conformance")
def index() -> str | Response:
    """The département's dashboard; a member's own page; for everybody else the counts."""
    readable = access.organizations_read_in_full(pages.context())
    if readable.everything:
        return _dashboard()
    own = partners.find(readable.organization_ids) if readable.organization_ids else []
    if len(own) == 1:
        return tk.redirect_to("heraultdata_partner_conformance.show", name=own[0].name)
    return _public(own)


@heraultdata_conformance.route("/conformance/matrix")
def matrix() -> str:
    """Each partner and each priority standard, for the département."""
    filters = pages.filters("q", "partner_type", "status")
    with pages.refusals_as_pages():
        _require_department()
        status = board_filters.status_of(filters)
    found = tracker.on(clock.today())
    absences = recorded.absences(RecordFilter())[1]
    named = organization_names(
        {*found.deadlines.in_force_since}
        | {standing.organization_id for standing in found.standings}
        | {absence.organization_id for absence in absences}
    )
    marks = heraultdata_conformance_marks()
    return tk.render(
        "heraultdata/conformance/matrix.html",
        {
            "matrix": laid_out(
                found,
                _wanted_partners(named, filters),
                absences,
                status,
                marks,
            ),
            "marks": marks,
            "filters": filters,
            "statuses": status_names(),
            "partner_types": heraultdata_partner_types(),
        },
    )


@heraultdata_conformance.route("/conformance/explain/<organization>/<standard>")
def explain(organization: str, standard: str) -> str:
    """Why a partner stands where it does with a standard, for its members and the département."""
    with pages.refusals_as_pages():
        try:
            partner = partners.get(organization)
            record = registry.get(standard)
        except (partners.PartnerNotFoundError, registry.StandardNotFoundError) as absent:
            raise tk.ObjectNotFound(tk._("There is nothing at this address.")) from absent
        # Counts of one partner are read by those who read all of it; names may be public.
        tk.check_access(
            "heraultdata_conformance_summary", pages.context(), {"organization_id": partner.id}
        )
    found = explained(partner, record, clock.today())
    return tk.render(
        "heraultdata/conformance/explain.html",
        {
            "found": found,
            "partner": {"name": partner.name, "title": partner.title},
            "say": sentence,
            "users": pages.user_names(
                declaration.declared_by
                for dataset in found.datasets
                for declaration in dataset.declarations
            ),
        },
    )


def _dashboard() -> str:
    with pages.refusals_as_pages():
        wanted = board_filters.asked()
    found = tracker.on(clock.today())
    kept = wanted.kept(found.late_first())
    named = organization_names({standing.organization_id for standing in found.standings})
    return tk.render(
        "heraultdata/conformance/index.html",
        _list(found, wanted, kept, named)
        | {"figures": board.figures(kept), "chart": board.chart(found, kept)},
    )


def _public(own: Sequence[Partner]) -> str:
    found = tracker.on(clock.today())
    counted = tracker.Counted.of(found.deadlines, found.standings)
    shown: dict[str, object] = {"own": own, "summary": summary_dicts(counted), "is_named": False}
    if config.public_conformance():
        with pages.refusals_as_pages():
            wanted = board_filters.asked()
        public = of_public_datasets(found.late_first())
        kept = wanted.kept(public)
        named = organization_names({standing.organization_id for standing in public})
        shown |= _list(found, wanted, kept, named) | {"is_named": True}
    return tk.render("heraultdata/conformance/public.html", shown)


def _list(
    found: Tracker,
    wanted: BoardFilter,
    kept: Sequence[tracker.Standing],
    named: dict[str, OrganizationName],
) -> dict[str, object]:
    asked = pages.asked_page(_LINES)
    listed = wanted.with_status(kept)
    page = listed[asked.offset : asked.offset + asked.size]
    return {
        "lines": board.lines(found, page, named),
        "count": len(listed),
        "pager": asked.pager(len(listed), page),
        "filters": wanted.typed,
        "partners": board.partner_choices(named.values()),
        "standards": board.standard_choices(found),
        "statuses": status_names(),
    }


def _require_department() -> None:
    if not access.is_department(pages.context()):
        raise tk.NotAuthorized(tk._("Only the département sees the matrix of all the partners."))


def _wanted_partners(
    named: dict[str, OrganizationName], filters: dict[str, str]
) -> dict[str, OrganizationName]:
    text = folded(filters.get("q", ""))
    of_type = _of_type(filters["partner_type"]) if "partner_type" in filters else set(named)
    return {
        partner_id: partner
        for partner_id, partner in named.items()
        if text in folded(partner.title) and partner_id in of_type
    }


def _of_type(partner_type: str) -> set[str]:
    return {id_ for id_, of_type in partners.types().items() if of_type == partner_type}
