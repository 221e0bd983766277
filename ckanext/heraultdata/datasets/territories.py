"""Names and addresses of the territories that a dataset covers, from their official codes."""

from __future__ import annotations

import re
from functools import cache

from ..partners.territory import communes, epci

_COMMUNE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_EPCI = re.compile(r"[2]\d{8}")
_DEPARTMENT = re.compile(r"\d{2}|2[AB]|97[1-6]")
_ADDRESS = "http://id.insee.fr/geo/{kind}/{code}"


def is_code(code: str) -> bool:
    """Whether this has the form of a commune's, an EPCI's or a département's code.

    Form only: the communes of other départements are not listed here.

    Args:
        code: in capitals, without spaces.
    """
    return any(form.fullmatch(code) for form in (_COMMUNE, _EPCI, _DEPARTMENT))


def unknown_here(code: str, department: str) -> bool:
    """Whether the code is that of a commune of the département, and there is no such commune.

    Args:
        code: a code of the right form.
        department: number of the département whose communes are all listed.
    """
    return (
        _COMMUNE.fullmatch(code) is not None
        and code.startswith(department)
        and code not in _communes_by_code()
    )


def listed_department() -> str:
    """Number of the département whose communes are all listed."""
    code = communes()[0].insee_code or ""
    return code[:2]


def name_of(code: str) -> str | None:
    """The name of a commune or EPCI of the territory, None for any other code."""
    return _communes_by_code().get(code) or _epci_by_siren().get(code)


def address_of(code: str) -> str | None:
    """INSEE's address (URI) of a commune or département; EPCI have none made from their code."""
    if _COMMUNE.fullmatch(code):
        return _ADDRESS.format(kind="commune", code=code)
    if _DEPARTMENT.fullmatch(code):
        return _ADDRESS.format(kind="departement", code=code)
    return None


@cache
def _communes_by_code() -> dict[str, str]:
    return {place.insee_code: place.name for place in communes() if place.insee_code}


@cache
def _epci_by_siren() -> dict[str, str]:
    return {place.siren: place.name for place in epci()}
