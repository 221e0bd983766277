"""What the standards ask of the files of one organisation on a day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ..standards.rules import Kind, Level
from . import deadlines
from .rules import Version


@dataclass(frozen=True)
class Binding:
    """A standard as it binds one organisation on a day.

    Attributes:
        title: its title.
        is_de_facto: whether it obliges nobody.
        versions: the versions published, with the day on which each is due.
        labels: the number of each version, by its identifier.
        checkable: identifiers of the versions that a program can check.
    """

    title: str
    is_de_facto: bool
    versions: tuple[Version, ...]
    labels: dict[str, str]
    checkable: frozenset[str]


def bindings(standards: Collection[str], organization_id: str, today: date) -> dict[str, Binding]:
    """The standards that have a published version, by name, as they bind an organisation.

    Args:
        standards: names of standards; those that are not in the registry bind nobody.
        organization_id: the organisation.
        today: the date in Paris.
    """
    due = deadlines.on(today, standards, [organization_id])
    return {
        name: Binding(
            title=standard.record.title,
            is_de_facto=standard.record.level is Level.DE_FACTO,
            versions=due.versions(name, organization_id),
            labels={each.id: each.version for each in standard.versions},
            checkable=frozenset(
                each.id for each in standard.versions if each.kind is not Kind.DOCUMENT
            ),
        )
        for name, standard in due.standards.items()
    }
