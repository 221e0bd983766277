"""The standards that are in use, each with its newest published version: what is chosen from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import ckan.model as model
import sqlalchemy as sa

from ..partners.directory import folded
from .model import Standard, StandardVersion
from .rules import Kind, Level

# What a standard says of the datasets that follow it.
Defaults = dict[str, object]


@dataclass(frozen=True)
class PublishedStandard:
    """A standard and the newest of its versions on a day.

    Attributes:
        name: its name in the registry.
        title: its name for people.
        description: what it is about, or empty.
        level: who makes it.
        scdl: whether it belongs to the SCDL.
        priority: whether it is a priority.
        concerns: the types of partner that it concerns, empty for all.
        dataset_defaults: `title`, `theme`, `keywords`, `frequency`, `spatial_granularity`.
        version: the version.
        kind: what the version is made of.
    """

    name: str
    title: str
    description: str
    level: Level
    scdl: bool
    priority: bool
    concerns: tuple[str, ...]
    dataset_defaults: Defaults
    version: str
    kind: Kind

    def is_for(self, partner_type: str) -> bool:
        """Whether it concerns partners of a type."""
        return not self.concerns or partner_type in self.concerns

    @property
    def has_model(self) -> bool:
        """Whether there is an empty model of its files."""
        return self.kind is Kind.TABLE

    @property
    def searched(self) -> str:
        """The text in which it is looked for, without accents."""
        keywords = self.dataset_defaults.get("keywords")
        words = keywords if isinstance(keywords, list) else []
        return folded(" ".join([self.name, self.title, self.description, *map(str, words)]))


def on(day: date, names: Collection[str] | None = None) -> list[PublishedStandard]:
    """The standards published by a day, SCDL first, then priorities, in the order of their titles.

    Args:
        day: the day.
        names: only these standards, where given.
    """
    query = (
        sa.select(Standard, StandardVersion.version, StandardVersion.kind)
        .join(StandardVersion, StandardVersion.standard_id == Standard.id)
        .where(StandardVersion.published_on <= day)
        .distinct(Standard.id)
        .order_by(Standard.id, StandardVersion.published_on.desc())
    )
    if names is not None:
        query = query.where(Standard.name.in_(list(names)))
    found = [
        _published(standard, version, kind)
        for standard, version, kind in model.Session.execute(query)
    ]
    return sorted(found, key=lambda s: (not s.scdl, not s.priority, folded(s.title), s.name))


def one(name: str, day: date) -> PublishedStandard | None:
    """A standard by its name, None where no version of it is published by that day."""
    return next(iter(on(day, [name])), None)


def suited_to(
    partner_type: str | None, text: str, standards: Collection[PublishedStandard]
) -> list[PublishedStandard]:
    """Those in which all the words are found, those that concern a type of partner first.

    Args:
        partner_type: the type of partner, None where it is not known.
        text: words, accents and capitals aside.
        standards: in the order that they keep.
    """
    words = folded(text).split()
    found = [it for it in standards if all(word in it.searched for word in words)]
    if partner_type is None:
        return found
    return sorted(found, key=lambda standard: not standard.is_for(partner_type))


def version_of(name: str, day: date, version: str | None = None) -> StandardVersion | None:
    """A published version of a standard, with its schema.

    Args:
        name: the standard's name.
        day: by which it is published.
        version: the version, None for the newest.
    """
    query = (
        sa.select(StandardVersion)
        .join(Standard, Standard.id == StandardVersion.standard_id)
        .where(Standard.name == name, StandardVersion.published_on <= day)
        .order_by(StandardVersion.published_on.desc())
        .limit(1)
    )
    if version is not None:
        query = query.where(StandardVersion.version == version)
    return model.Session.scalar(query)


def titles(names: Collection[str]) -> dict[str, str]:
    """The titles of standards by their names, in one query; those that are not there left out."""
    if not names:
        return {}
    query = sa.select(Standard.name, Standard.title).where(Standard.name.in_(list(names)))
    return {row.name: row.title for row in model.Session.execute(query)}


def _published(standard: Standard, version: str, kind: str) -> PublishedStandard:
    return PublishedStandard(
        name=standard.name,
        title=standard.title,
        description=standard.description or "",
        level=Level(standard.level),
        scdl=standard.scdl,
        priority=standard.priority,
        concerns=tuple(standard.concerns),
        dataset_defaults=standard.dataset_defaults,
        version=version,
        kind=Kind(kind),
    )
