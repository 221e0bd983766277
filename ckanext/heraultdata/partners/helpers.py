"""What the templates ask about partners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import phonenumbers
from babel.numbers import format_decimal
from ckan.lib.munge import munge_title_to_name

from .. import pages
from ..messages import N_
from .rules import Obligation
from .service import PARTNER_TYPES
from .territory import Collectivity

_FRANCE = 33

_TYPES: Mapping[str, str] = {
    "epci": N_("Grouping of communes (EPCI)"),
    "commune": N_("Commune"),
    "other": N_("Other body"),
}

_OBLIGATIONS: Mapping[str, str] = {
    Obligation.YES: N_("Obliged by law"),
    Obligation.NO: N_("Not obliged by law"),
    Obligation.TO_CONFIRM: N_("Obligation to be confirmed"),
}


def heraultdata_partner_types() -> dict[str, str]:
    """The types of partners in the reader's language."""
    return {name: tk._(words) for name, words in _TYPES.items()}


def heraultdata_obligations() -> dict[str, str]:
    """Whether the law obliges to open data, in the reader's language."""
    return {obligation.value: tk._(_OBLIGATIONS[obligation]) for obligation in Obligation}


def heraultdata_partner(organization: Mapping[str, Any]) -> dict[str, Any] | None:
    """The partner that an organisation is, None for one that the convention does not concern."""
    if organization.get("partner_type") not in PARTNER_TYPES:
        return None
    try:
        return pages.call("heraultdata_partner_show", id=organization["id"])
    except tk.ObjectNotFound:
        return None


def heraultdata_is_partner(organization: Mapping[str, Any]) -> bool:
    """Whether an organisation is a partner."""
    return organization.get("partner_type") in PARTNER_TYPES


def heraultdata_prefill(place: Collectivity) -> dict[str, str]:
    """What CKAN's form of a new organisation is filled in with, for a place of the territory."""
    known = {
        "title": place.name,
        "name": munge_title_to_name(place.name),
        "partner_type": place.partner_type,
        "siren": place.siren,
        "insee_code": place.insee_code,
        "population": str(place.population),
        "epci_siren": place.epci_siren,
    }
    return {name: value for name, value in known.items() if value}


def heraultdata_number(number: int) -> str:
    """A whole number as the reader writes it."""
    return format_decimal(number, locale=str(tk.h.lang()))


def heraultdata_phone_number(number: str) -> str:
    """A telephone number as people write it in France, from its E.164 form."""
    parsed = phonenumbers.parse(number)
    is_french = parsed.country_code == _FRANCE
    return phonenumbers.format_number(
        parsed,
        phonenumbers.PhoneNumberFormat.NATIONAL
        if is_french
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    )


def heraultdata_is_web_address(url: str) -> bool:
    """Whether a link may lead there: an organisation of before may hold a script under our names.

    Args:
        url: what stands in the field.
    """
    return url.lower().startswith(("https://", "http://"))
