"""Which datasets and files of a partner a request is for: searched, ticked, and kept on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import ckan.model as model
import sqlalchemy as sa

from ..partners.directory import folded
from .kinds import NO_DATASETS

MOST_SHOWN = 200
"""Datasets shown at once: a longer list is searched."""


@dataclass(frozen=True)
class Choosable:
    """A dataset, or a file of one, that a request may be for."""

    id: str
    name: str
    title: str
    is_public: bool


@dataclass(frozen=True)
class Choice:
    """The datasets of a partner, those that a search finds, and those that are ticked.

    Attributes:
        shown: those that the search finds, at most `MOST_SHOWN`.
        found: how many the search finds.
        count: how many the partner has.
        ticked: identifiers of those that are ticked, shown or not.
    """

    search: str
    shown: tuple[Choosable, ...]
    found: int
    count: int
    ticked: frozenset[str]

    @property
    def kept(self) -> tuple[str, ...]:
        """Those that are ticked and not shown, which the form carries along."""
        shown = {one.id for one in self.shown}
        return tuple(sorted(self.ticked - shown))


def datasets_of(organization_id: str) -> list[Choosable]:
    """The datasets of a partner that a request may be for, by title: drafts are none of them."""
    rows = model.Session.execute(
        sa.select(
            model.Package.id, model.Package.name, model.Package.title, model.Package.private
        ).where(
            model.Package.owner_org == organization_id,
            model.Package.state == model.State.ACTIVE,
            model.Package.type != NO_DATASETS,
        )
    ).all()
    found = [Choosable(row.id, row.name, row.title or row.name, not row.private) for row in rows]
    return sorted(found, key=lambda one: (folded(one.title), one.name))


def files_of(package_id: str) -> list[Choosable]:
    """The files of a dataset that a request may be for, in their order."""
    rows = model.Session.execute(
        sa.select(model.Resource.id, model.Resource.name, model.Resource.url)
        .where(
            model.Resource.package_id == package_id,
            model.Resource.state == model.State.ACTIVE,
        )
        .order_by(model.Resource.position)
    ).all()
    return [
        Choosable(row.id, row.name or row.url or row.id, row.name or row.url or row.id, True)
        for row in rows
    ]


def choice(datasets: Sequence[Choosable], search: str, ticked: Collection[str]) -> Choice:
    """What a search finds among the datasets of a partner.

    Args:
        datasets: all of them, in their order.
        search: words of a title or name, empty for all.
        ticked: identifiers that the form sent; those of no dataset of the partner are left out.
    """
    found = _found(datasets, search)
    known = {one.id for one in datasets}
    return Choice(
        search=search,
        shown=tuple(found[:MOST_SHOWN]),
        found=len(found),
        count=len(datasets),
        ticked=frozenset(known.intersection(ticked)),
    )


def with_all_found(datasets: Sequence[Choosable], made: Choice) -> Choice:
    """The choice with all that its search finds ticked, also beyond what is shown."""
    found = {one.id for one in _found(datasets, made.search)}
    return replace(made, ticked=made.ticked | found)


def with_none_found(datasets: Sequence[Choosable], made: Choice) -> Choice:
    """The choice without anything that its search finds."""
    found = {one.id for one in _found(datasets, made.search)}
    return replace(made, ticked=made.ticked - found)


def _found(datasets: Sequence[Choosable], search: str) -> list[Choosable]:
    wanted = folded(search)
    return [one for one in datasets if wanted in folded(one.title) or wanted in one.name]
