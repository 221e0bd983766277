"""The communes of the département and the groupings of communes (EPCI) with a member in it.

Facts of the French national register as published in the npm package
`@etalab/decoupage-administratif` 6.0.0 (MIT licence; sources INSEE and DGCL).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Collectivity:
    """A commune or an EPCI of the territory.

    Attributes:
        partner_type: `commune` or `epci`.
        name: its name; for an EPCI without the abbreviation of its legal form.
        siren: its SIREN.
        population: inhabitants; for an EPCI those of all its members.
        insee_code: a commune's code in the official geographic code, None for an EPCI.
        epci_siren: SIREN of the EPCI that a commune belongs to, None for an EPCI.
    """

    partner_type: str
    name: str
    siren: str
    population: int
    insee_code: str | None = None
    epci_siren: str | None = None


_LEGAL_FORMS = {
    "CC": "Communauté de communes",
    "CA": "Communauté d'agglomération",
}


def _rows(file_name: str) -> list[dict[str, str]]:
    text = (resources.files(__name__) / file_name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _epci_name(name: str, legal_form: str) -> str:
    words = _LEGAL_FORMS.get(legal_form)
    if words is None:
        return name
    own_name = name.removeprefix(legal_form).strip()
    return own_name if "Communauté" in own_name else f"{words} {own_name}"


@cache
def communes() -> tuple[Collectivity, ...]:
    """The communes, in the order of their INSEE codes."""
    return tuple(
        Collectivity(
            partner_type="commune",
            name=row["name"],
            siren=row["siren"],
            population=int(row["population"]),
            insee_code=row["insee_code"],
            epci_siren=row["epci_siren"] or None,
        )
        for row in _rows("communes.csv")
    )


@cache
def epci() -> tuple[Collectivity, ...]:
    """The EPCI, in the order of their SIREN."""
    return tuple(
        Collectivity(
            partner_type="epci",
            name=_epci_name(row["name"], row["legal_form"]),
            siren=row["siren"],
            population=int(row["population"]),
        )
        for row in _rows("epci.csv")
    )


@cache
def by_siren() -> dict[str, Collectivity]:
    """Every commune and EPCI, by SIREN."""
    return {place.siren: place for place in (*epci(), *communes())}
