"""Files of délibérations for benchmarks, of the size of real ones, right or with faults."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

FAULTY_ROWS_IN = 100
_SUBJECTS = (
    "Attribution d'une subvention de fonctionnement à l'association sportive n° {number}",
    "Convention de mise à disposition de la salle n° {number}, et autorisation de signer",
    "Acquisition de la parcelle n° {number} pour l'aménagement d'une voie cyclable",
)
_NATURES = (
    "Commande publique/Marchés publics",
    "Finances locales/Subventions",
    "Urbanisme/Documents d'urbanisme",
    "Fonction publique/Personnels titulaires",
)
_ESTABLISHMENTS = 300
# Not a secret: the same file each time.
_DRAW = random.Random(20261124)  # noqa: S311

Row = dict[str, str]


_SCHEMA = (
    Path(__file__).parent.parent
    / "ckanext/heraultdata/schemas/standards/scdl-deliberations/2.1.5.json"
)


def write_schema(path: Path) -> None:
    """Write the standard of délibérations, with its eleven custom checks, as a file."""
    path.write_bytes(_SCHEMA.read_bytes())


def write(path: Path, rows: int, faulty: bool = False) -> None:
    """Write a file of délibérations.

    Args:
        path: where.
        rows: records of data.
        faulty: whether one record in a hundred has a fault.
    """
    sirets = [_siret() for _ in range(_ESTABLISHMENTS)]
    with path.open("w", encoding="utf-8", newline="") as target:
        writer: csv.DictWriter[str] | None = None
        for number in range(rows):
            row = _row(number, sirets)
            if faulty and number % FAULTY_ROWS_IN == 0:
                _FAULTS[number // FAULTY_ROWS_IN % len(_FAULTS)](row)
            if writer is None:
                writer = csv.DictWriter(target, list(row))
                writer.writeheader()
            writer.writerow(row)


def _row(number: int, sirets: list[str]) -> Row:
    day = date(2015, 1, 1) + timedelta(days=_DRAW.randrange(3_600))
    received = day + timedelta(days=_DRAW.randrange(30))
    against, abstaining, for_it = (_DRAW.randrange(most) for most in (10, 10, 60))
    voting = against + abstaining + for_it
    budget = _DRAW.choice((f"{day.year}", f"{day.year}/{day.year + 1}"))
    return {
        "COLL_NOM": f"Commune n° {number % _ESTABLISHMENTS} de l'Hérault",
        "COLL_SIRET": sirets[number % _ESTABLISHMENTS],
        "DELIB_ID": f"DEL{number:07}",
        "DELIB_DATE": day.isoformat(),
        "DELIB_MATIERE_CODE": f"{_DRAW.randrange(1, 10)}.{_DRAW.randrange(1, 12)}",
        "DELIB_MATIERE_NOM": _DRAW.choice(_NATURES),
        "DELIB_OBJET": _DRAW.choice(_SUBJECTS).format(number=number),
        "BUDGET_ANNEE": budget,
        "BUDGET_NOM": "Budget principal",
        "PREF_ID": f"034-{number}",
        "PREF_DATE": received.isoformat(),
        "VOTE_EFFECTIF": str(voting + _DRAW.randrange(5)),
        "VOTE_REEL": str(voting),
        "VOTE_POUR": str(for_it),
        "VOTE_CONTRE": str(against),
        "VOTE_ABSTENTION": str(abstaining),
        "DELIB_URL": f"https://data.example.fr/deliberations/{day.year}/{number:07}.pdf",
    }


def _siret() -> str:
    digits = [_DRAW.randrange(10) for _ in range(8)]
    digits.append(_key(digits))
    digits += [_DRAW.randrange(10) for _ in range(4)]
    digits.append(_key(digits))
    return "".join(map(str, digits))


def _key(digits: list[int]) -> int:
    """The last digit of a number, by Luhn's formula."""
    doubled = [digit * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


def _replaced(**cells: str) -> Callable[[Row], None]:
    return lambda row: row.update(cells)


_FAULTS: tuple[Callable[[Row], None], ...] = (
    _replaced(DELIB_DATE="31/12/2024"),
    _replaced(COLL_SIRET="22340001700013"),
    _replaced(VOTE_REEL="9999"),
    _replaced(DELIB_OBJET=""),
    _replaced(BUDGET_NOM=""),
    _replaced(VOTE_POUR="douze"),
    _replaced(DELIB_URL="data.example.fr"),
)
