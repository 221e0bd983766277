"""Texts with a grammar of their own: intervals of years, nature of acts, opening hours."""

from __future__ import annotations

import re

from ....messages import N_, Message
from ..cells import Value
from ..fields import CheckDescription
from ..folding import folded, without_accents
from ..wording import shortened
from .model import CellRule, Context, Found
from .params import text_param

YEARS = re.compile(r"(\d{4})/(\d{4})", re.ASCII)
ONE_YEAR = re.compile(r"\d{4}", re.ASCII)
# Nomenclature @CTES of the State, first level.
NATURES_OF_ACTS = (
    "Commande publique",
    "Urbanisme",
    "Domaine et patrimoine",
    "Fonction publique",
    "Institutions et vie politique",
    "Libertés publiques et pouvoirs de police",
    "Finances locales",
    "Domaines de compétences par thèmes",
    "Autres domaines de compétences",
)
NATURES_WITHOUT_ACCENTS = frozenset(without_accents(nature).lower() for nature in NATURES_OF_ACTS)
NATURES_BY_FOLDED = {folded(nature): nature for nature in NATURES_OF_ACTS}


def year_interval(check: CheckDescription, context: Context) -> CellRule | None:
    """Two years, the second after the first; one alone where the schema allows it."""
    allowed = str(check.params.get("allow-year-only", "")).lower() in ("true", "yes")

    def test(value: Value) -> Found | None:
        text = str(value)
        if allowed and ONE_YEAR.fullmatch(text):
            return None
        years = YEARS.fullmatch(text)
        if years is None:
            return Found(_expected_years(text, allowed), _mended_years(text))
        if years[1] < years[2]:
            return None
        return Found(
            Message(
                N_("“{found}”: the first year, {start}, must come before the second, {end}."),
                {"found": text, "start": years[1], "end": years[2]},
            ),
            f"{years[2]}/{years[1]}" if years[1] != years[2] else years[1] if allowed else None,
        )

    return CellRule(
        check.name, Message(N_("Wrong interval of years")), text_param(check, "column"), test
    )


def _expected_years(text: str, allowed: bool) -> Message:
    found: dict[str, object] = {"found": shortened(text)}
    if allowed:
        return Message(
            N_(
                "“{found}” is neither a year nor two years with a / between them, such as 2024 or"
                " 2024/2025."
            ),
            found,
        )
    return Message(
        N_("“{found}” is not two years with a / between them, such as 2024/2025."), found
    )


def _mended_years(text: str) -> str | None:
    years = re.fullmatch(r"\s*(\d{4})\s*[-–_/ ]\s*(\d{4})\s*", text, re.ASCII)
    return f"{years[1]}/{years[2]}" if years and years[1] < years[2] else None


def nature_of_act(check: CheckDescription, context: Context) -> CellRule | None:
    """The first level of the nomenclature of acts, a slash, then what one likes."""
    values = ", ".join(NATURES_OF_ACTS)

    def test(value: Value) -> Found | None:
        text = str(value)
        nature, slash, subject = text.partition("/")
        if (
            slash
            and without_accents(nature).lower() in NATURES_WITHOUT_ACCENTS
            and "/ " not in text
        ):
            return None
        near = NATURES_BY_FOLDED.get(folded(nature))
        mended = f"{near}/{re.sub(r'/ +', '/', subject.strip())}" if near else None
        found: dict[str, object] = {"found": shortened(text), "values": values}
        if not slash:
            template = N_(
                "“{found}” has no “/” after the nature of the act. Accepted before it: {values}."
            )
        elif near:
            template = N_("“{found}” has a blank before or after “/”, or between its words.")
        else:
            template = N_(
                "“{found}” does not begin with a known nature of act. Accepted before"
                " “/”: {values}."
            )
        return Found(Message(template, found), mended)

    return CellRule(
        check.name, Message(N_("Wrong nature of the act")), text_param(check, "column"), test
    )


def opening_hours(check: CheckDescription, context: Context) -> CellRule | None:
    """Opening hours in the grammar of OpenStreetMap."""
    from opening_hours import validate  # pyright: ignore[reportAttributeAccessIssue]

    def test(value: Value) -> Found | None:
        text = str(value)
        if validate(text):
            return None
        return Found(
            Message(
                N_(
                    "“{found}” is not opening hours as OpenStreetMap writes them. Examples:"
                    " Mo-Fr 09:00-12:00,14:00-17:30; 24/7."
                ),
                {"found": shortened(text)},
            )
        )

    return CellRule(
        check.name, Message(N_("Wrong opening hours")), text_param(check, "column"), test
    )
