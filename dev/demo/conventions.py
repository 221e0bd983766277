"""The conventions of the demo: two real ones, and an invented one in each other state."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from werkzeug.datastructures import FileStorage

from . import pdf
from .calls import call
from .partners import (
    CLERMONTAIS,
    GRAND_ORB,
    MONTPELLIER,
    PAYS_DE_L_OR,
    SYNDICAT,
    VALLEE_DE_L_HERAULT,
    DemoPartner,
)

Fields = dict[str, str]


@dataclass(frozen=True)
class DemoConvention:
    """A convention and what comes with it, as the actions take them."""

    partner: DemoPartner
    description: Fields
    referents: Sequence[Fields]
    events: Sequence[Fields]
    is_public: bool = False


def conventions(today: date) -> tuple[DemoConvention, ...]:
    """The conventions of the demo.

    Args:
        today: the day from which invented dates are counted, so that each convention is in the
            state that it is there to show.
    """
    return (
        _vallee_de_l_herault(),
        _montpellier(),
        _draft(today),
        _under_formal_notice(today),
        _ending(today),
        _ended(today),
    )


def ensure(user: str, today: date) -> None:
    """Make the conventions of the partners that have none, with référents, events and documents.

    Args:
        user: who records them.
        today: the date in Paris.
    """
    for convention in conventions(today):
        organization = convention.partner.name
        if call(user, "heraultdata_convention_list", organization_id=organization)["count"]:
            continue
        for referent in convention.referents:
            call(user, "heraultdata_referent_create", organization_id=organization, **referent)
        _record(user, convention)


def _record(user: str, convention: DemoConvention) -> None:
    made = call(
        user,
        "heraultdata_convention_create",
        organization_id=convention.partner.name,
        **convention.description,
    )
    for event in convention.events:
        call(user, "heraultdata_convention_event_create", convention_id=made["id"], **event)
    call(
        user,
        "heraultdata_convention_document_create",
        convention_id=made["id"],
        kind="convention",
        title="Convention de partenariat",
        upload=_document(convention),
        public=convention.is_public,
    )


def _document(convention: DemoConvention) -> FileStorage:
    content = pdf.page(
        [
            "Convention de partenariat pour la diffusion de données ouvertes",
            "",
            "Entre le Département de l'Hérault",
            f"et : {convention.partner.title}",
            "",
            f"Délibération : {convention.description['deliberation_number']}",
            f"du {convention.description['deliberation_date']}",
            "",
            "Document de démonstration, sans valeur.",
        ]
    )
    return FileStorage(io.BytesIO(content), filename="convention.pdf")


def _vallee_de_l_herault() -> DemoConvention:
    return DemoConvention(
        VALLEE_DE_L_HERAULT,
        {
            "reference": "Délibération transmise sous le n° 3408",
            "deliberation_number": "034-243400694-20240226-16132-DE-1-1",
            "deliberation_date": "2024-02-26",
            "representative": "Le président de la communauté de communes",
        },
        [
            _referent("Camille Fabre", "camille.fabre@vallee-herault.example", "01 99 00 34 10",
                      "Responsable de l'information géographique") | {"user": "vallee-admin"},
            _referent("Lucas Vidal", "lucas.vidal@vallee-herault.example", "01 99 00 34 11",
                      "Secrétariat général") | {"user": "vallee-editeur"},
        ],
        _signatures(date(2024, 2, 26), date(2024, 3, 12)),
        is_public=True,
    )  # fmt: skip


def _montpellier() -> DemoConvention:
    return DemoConvention(
        MONTPELLIER,
        {
            "reference": "Partenariat de deux portails",
            "deliberation_number": "M2022-504",
            "deliberation_date": "2022-12-06",
            "representative": "Le président de la métropole",
        },
        [
            _referent("Inès Roca", "ines.roca@metropole.example", "01 99 00 34 20",
                      "Chargée des données ouvertes") | {"user": "metropole-admin"},
        ],
        _signatures(date(2022, 12, 16), date(2023, 1, 12)),
        is_public=True,
    )  # fmt: skip


def _draft(today: date) -> DemoConvention:
    signed_on = today - timedelta(days=10)
    return DemoConvention(
        CLERMONTAIS,
        _deliberation("2026-07", signed_on - timedelta(days=30)),
        [_referent("Jules Arnal", "jules.arnal@clermontais.example", "01 99 00 34 30",
                   "Directeur général des services")],
        [{"kind": "signed", "party": "partner", "date": signed_on.isoformat()}],
    )  # fmt: skip


def _under_formal_notice(today: date) -> DemoConvention:
    signed_on = today - relativedelta(years=2, days=40)
    return DemoConvention(
        SYNDICAT,
        _deliberation("DS-18", signed_on - timedelta(days=20)),
        [_referent("Maud Cazes", "maud.cazes@eaux-du-clapas.example", "01 99 00 34 40",
                   "Responsable du réseau")],
        [
            *_signatures(signed_on, signed_on + timedelta(days=15)),
            {
                "kind": "formal_notice",
                "party": "department",
                "date": (today - timedelta(days=15)).isoformat(),
                "deadline": (today + timedelta(days=30)).isoformat(),
                "breaches": "Les fichiers de qualité de l'eau ne sont plus mis à jour depuis un an"
                " (article 5 de la convention).",
            },
        ],
    )  # fmt: skip


def _ending(today: date) -> DemoConvention:
    effective_on = today - relativedelta(years=2) + relativedelta(months=4)
    return DemoConvention(
        PAYS_DE_L_OR,
        _deliberation("CC-112", effective_on - timedelta(days=60)),
        [_referent("Élise Combes", "elise.combes@pays-de-l-or.example", "01 99 00 34 50",
                   "Chargée de mission numérique")],
        [
            *_signatures(effective_on - timedelta(days=20), effective_on),
            {
                "kind": "anniversary_notice",
                "party": "partner",
                "date": (today - timedelta(days=20)).isoformat(),
                "note": "Les données passent sur un autre portail.",
            },
        ],
    )  # fmt: skip


def _ended(today: date) -> DemoConvention:
    signed_on = today - relativedelta(years=2, months=7)
    return DemoConvention(
        GRAND_ORB,
        _deliberation("54-3", signed_on - timedelta(days=25)),
        [],
        [
            *_signatures(signed_on, signed_on + timedelta(days=12)),
            {
                "kind": "mutual_termination",
                "date": (today - relativedelta(months=3)).isoformat(),
            },
        ],
    )


def _signatures(partner_on: date, department_on: date) -> list[Fields]:
    return [
        {"kind": "signed", "party": "partner", "date": partner_on.isoformat()},
        {"kind": "signed", "party": "department", "date": department_on.isoformat()},
    ]


def _deliberation(number: str, day: date) -> Fields:
    return {"deliberation_number": number, "deliberation_date": day.isoformat()}


def _referent(name: str, email: str, phone: str, position: str) -> Fields:
    return {"name": name, "email": email, "phone": phone, "position": position}
