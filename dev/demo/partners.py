"""The organisations of the demo: the département, its real EPCI, some real communes, one invented.

Numbers of agents, addresses and sites are invented; names, codes and populations are real.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import ckan.model as model

from ckanext.heraultdata.partners import territory
from ckanext.heraultdata.partners.helpers import heraultdata_prefill

from .calls import call


@dataclass(frozen=True)
class DemoPartner:
    """A partner: the fields of its organisation, as `organization_create` takes them."""

    name: str
    title: str
    fields: dict[str, str] = field(default_factory=dict)


def _of_territory(siren: str, **more: str) -> DemoPartner:
    known = heraultdata_prefill(territory.by_siren()[siren])
    fields = {key: value for key, value in known.items() if key not in ("name", "title")}
    return DemoPartner(known["name"], known["title"], {**fields, **more})


VALLEE_DE_L_HERAULT = _of_territory(
    "243400694",
    description="Vingt-huit communes au cœur de l'Hérault, autour de Gignac.",
    siret="24340069400010",
    agents="190",
    email="donnees@vallee-herault.example",
    website="https://www.vallee-herault.example",
)
MONTPELLIER = _of_territory(
    "243400017",
    description="Trente et une communes autour de Montpellier.",
    siret="24340001700014",
    agents="2100",
    email="opendata@metropole.example",
    portal_url="https://data.montpellier3m.fr",
)
CLERMONTAIS = _of_territory("243400355", agents="85", email="donnees@clermontais.example")
GRAND_ORB = _of_territory("200042646", agents="48")
PAYS_DE_L_OR = _of_territory("243400470", agents="320")
SYNDICAT = DemoPartner(
    "syndicat-des-eaux-du-clapas",
    "Syndicat des eaux du Clapas (exemple inventé)",
    {"partner_type": "other", "agents": "60", "email": "contact@eaux-du-clapas.example"},
)
_AGENTS_OF_COMMUNES = {
    "213400104": "41",  # Aniane
    "213400286": "98",  # Bédarieux
    "213400328": "1250",  # Béziers
    "213400575": None,  # Castelnau-le-Lez
    "213401110": "44",  # Ganges
    "213401144": "72",  # Gignac
    "213401425": None,  # Lodève
    "213401631": "38",  # Montarnaud
    "213401722": None,  # Montpellier
    "213401870": None,  # Olargues
    "213402613": "5",  # Saint-Guilhem-le-Désert
    "213403017": "690",  # Sète
}


def partners() -> tuple[DemoPartner, ...]:
    """All the partners, the EPCI first."""
    told = {
        partner.fields["siren"]: partner
        for partner in (VALLEE_DE_L_HERAULT, MONTPELLIER, CLERMONTAIS, GRAND_ORB, PAYS_DE_L_OR)
    }
    epci = [told.get(place.siren) or _of_territory(place.siren) for place in territory.epci()]
    communes = [
        _of_territory(siren, **({"agents": agents} if agents else {}))
        for siren, agents in _AGENTS_OF_COMMUNES.items()
    ]
    return (*epci, *communes, SYNDICAT)


def ensure(user: str, department: DemoPartner) -> None:
    """Make the organisations that are missing.

    Args:
        user: who makes them.
        department: the organisation of the département.
    """
    for partner in (department, *partners()):
        if model.Group.get(partner.name) is None:
            call(
                user,
                "organization_create",
                name=partner.name,
                title=partner.title,
                **partner.fields,
            )
