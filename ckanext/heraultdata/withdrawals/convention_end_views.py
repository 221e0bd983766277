"""The page on which the département decides about the data of a convention that ends."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response

from .. import access, clock, pages
from ..api import transition
from . import choosing, convention_ends, page


def convention_end(name: str) -> str:
    """The datasets of a partner whose convention ends, and what may be decided."""
    with pages.refusals_as_pages():
        partner = _partner(name)
        end = convention_ends.of_partner(partner["id"], clock.today())
        if end is None:
            raise tk.ObjectNotFound(
                tk._("The convention of this partner does not end: there is nothing to decide.")
            )
    return tk.render(
        "heraultdata/withdrawals/convention_end.html",
        {
            "partner": partner,
            "end": end,
            "sentence": page.end_sentence(end),
            "datasets": choosing.datasets_of(partner["id"]),
        },
    )


def leave(name: str) -> Response:
    """Decide that the datasets stay on line."""
    with pages.refusals_as_pages():
        partner = _partner(name)
        with transition():
            convention_ends.leave(partner["id"], access.actor_of(pages.context()), clock.now())
    tk.h.flash_success(tk._("The decision is written in the journal: the datasets stay on line."))
    return tk.redirect_to("heraultdata_withdrawal.convention_end", name=name)


def _partner(name: str) -> dict[str, Any]:
    if not access.is_department(pages.context()):
        raise tk.NotAuthorized(tk._("Only the département decides what becomes of the data."))
    return pages.call("heraultdata_partner_show", id=name)
