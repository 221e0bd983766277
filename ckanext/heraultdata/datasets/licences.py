"""The licences that a dataset may bear, as `schemas/licences.json` lists them.

The file has CKAN's format of a group of licences. A licence in force there has the code of the
authority table of the Publications Office of the European Union as its identifier, and its address
in that table; `aliases` are the names under which other portals know it. What CKAN offers by
itself and this list does not is `retired`: kept for the datasets that bear it, offered to no other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "schemas" / "licences.json"


@dataclass(frozen=True)
class Licence:
    """A licence.

    Attributes:
        id: what a dataset's `license_id` holds.
        title: its name, the same in French and in English or in both.
        url: its address in the European authority table, empty where it is not in it.
        status: `active` where it is offered, `retired` where it is only recognised.
        aliases: other names that are understood for it.
    """

    id: str
    title: str
    url: str
    status: str
    aliases: frozenset[str] = field(default_factory=frozenset)


@cache
def licences() -> tuple[Licence, ...]:
    """All the licences, those that the convention prefers first."""
    return tuple(
        Licence(
            id=entry["id"],
            title=entry["title"],
            url=entry["url"],
            status=entry["status"],
            aliases=frozenset(entry.get("aliases", ())),
        )
        for entry in json.loads(FILE.read_text(encoding="utf-8"))
    )


@cache
def _identifiers_by_alias() -> dict[str, str]:
    names = {alias: licence.id for licence in licences() for alias in licence.aliases}
    addresses = {licence.url: licence.id for licence in licences() if licence.url}
    return names | addresses


def identifier(name: str) -> str:
    """The identifier that is meant by an identifier, an alias or an authority address.

    Args:
        name: what was given.

    Returns:
        The identifier in the list, or the name as it is where the list does not know it.
    """
    return _identifiers_by_alias().get(name, name)
