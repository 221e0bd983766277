"""Whom a version of a standard obliges: datasets that follow it, partners that it concerns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ..conventions import service as conventions
from ..conventions.rules import IN_FORCE
from ..partners import directory
from ..partners import service as partners


@dataclass(frozen=True)
class ObligedDataset:
    """A dataset with a file that follows the standard, and the partner that it belongs to."""

    name: str
    title: str
    private: bool
    partner_name: str
    partner_title: str


@dataclass(frozen=True)
class PartnerWithout:
    """A partner under convention that has no file in a priority standard that concerns it."""

    name: str
    title: str


@dataclass(frozen=True)
class Obliged:
    """Whom a version obliges, each list in the order of the partners' titles."""

    datasets: tuple[ObligedDataset, ...]
    partners_without: tuple[PartnerWithout, ...]

    @property
    def partner_count(self) -> int:
        """How many partners have such a dataset."""
        return len({dataset.partner_name for dataset in self.datasets})


def obliged_by(
    standard_name: str, concerns: Collection[str], is_priority: bool, day: date
) -> Obliged:
    """Whom the publication or the adoption of a version obliges, in a constant number of queries.

    Datasets are those that conformance counts (design, section 2): active, private ones too.

    Args:
        standard_name: the standard's name.
        concerns: types of the partners that it concerns.
        is_priority: whether a partner without any dataset is missing one.
        day: the day on which a partner's convention must be in force for that.
    """
    by_id = {partner.id: partner for partner in partners.find()}
    rows = _datasets(standard_name, list(by_id))
    datasets = [
        ObligedDataset(
            name=row.name,
            title=row.title or row.name,
            private=row.private,
            partner_name=by_id[row.owner_org].name,
            partner_title=by_id[row.owner_org].title,
        )
        for row in rows
    ]
    with_one = {row.owner_org for row in rows}
    concerned = [
        partner
        for partner in by_id.values()
        if is_priority and partner.partner_type in concerns and partner.id not in with_one
    ]
    in_force = _under_convention([partner.id for partner in concerned], day)
    without = [PartnerWithout(p.name, p.title) for p in concerned if p.id in in_force]
    return Obliged(
        datasets=tuple(
            sorted(datasets, key=lambda d: (directory.folded(d.partner_title), d.title, d.name))
        ),
        partners_without=tuple(sorted(without, key=lambda p: (directory.folded(p.title), p.name))),
    )


def _datasets(standard_name: str, organization_ids: Sequence[str]) -> list[sa.Row]:
    follows = (
        sa.select(model.Resource.id)
        .where(
            model.Resource.package_id == model.Package.id,
            model.Resource.state == model.State.ACTIVE,
            standard_of_resource() == standard_name,
        )
        .exists()
    )
    return list(
        model.Session.execute(
            sa.select(
                model.Package.name,
                model.Package.title,
                model.Package.private,
                model.Package.owner_org,
            ).where(
                model.Package.state == model.State.ACTIVE,
                model.Package.owner_org.in_(organization_ids),
                follows,
            )
        )
    )


def _under_convention(organization_ids: Sequence[str], day: date) -> set[str]:
    return {
        convention.organization_id
        for convention in conventions.find(organization_ids=organization_ids)
        if convention.on(day).state in IN_FORCE
    }


def standard_of_resource() -> sa.ColumnElement[str]:
    """The standard that a resource follows, in a query."""
    # CKAN keeps the fields of a resource that it does not know as a JSON text. Named in words: a
    # query that has the column, of a type of CKAN's own, is put together anew each time.
    return sa.cast(sa.literal_column("resource.extras", sa.Text), JSONB)["standard"].astext
