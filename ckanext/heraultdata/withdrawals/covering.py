"""What a request takes away: its datasets or files, how much they are read, who copies them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ckan.model as model
import sqlalchemy as sa

from ..messages import RuleError
from . import audience, refusals, rules
from .audience import Audience, array
from .kinds import LIVE, NO_DATASETS, ItemState, Scope, stored
from .model import Platform, Withdrawal, WithdrawalItem

MONTH = timedelta(days=30)

_FIELDS = {
    Scope.ALL: "scope",
    Scope.DATASETS: "package_ids",
    Scope.RESOURCES: "resource_ids",
}
"""The field at fault where another request holds what a scope covers."""


@dataclass(frozen=True)
class Covered:
    """A dataset that a request covers, or a file of one where `resource_id` is there.

    Attributes:
        name: the dataset's name, as in its address.
        state: what CKAN's column holds.
        is_public: whether everybody can read it.
    """

    package_id: str
    resource_id: str | None
    name: str
    title: str
    resource_name: str | None
    state: str
    is_public: bool


@dataclass(frozen=True)
class PreviewItem:
    """What goes with a dataset or a file.

    Attributes:
        files: how many files go.
        size: their bytes, as far as CKAN knows.
        views: times that its page was read in the last month; None where CKAN does not count, and
            for a file.
        downloads: times that its files were fetched in the last month; None likewise.
    """

    covered: Covered
    files: int
    size: int
    views: int | None
    downloads: int | None

    @property
    def title(self) -> str:
        """What it is called: the file's own name for a file."""
        return self.covered.resource_name or self.covered.title

    @property
    def name(self) -> str:
        """The dataset's name, as in its address."""
        return self.covered.name


@dataclass(frozen=True)
class Preview:
    """What a request would take away, and the names of the platforms known to copy it."""

    items: tuple[PreviewItem, ...]
    platforms: tuple[str, ...]


def covered_by(
    scope: Scope,
    organization_id: str,
    package_ids: Collection[str],
    resource_ids: Collection[str],
) -> list[Covered]:
    """The datasets or files that a request covers, by title, in a constant number of queries.

    Args:
        scope: what it covers.
        organization_id: the partner.
        package_ids: the datasets named, by identifier or name; with the scope of files, those
            that the files are of, if any is named.
        resource_ids: the files named.

    Raises:
        RuleError: the scope does not take these lists, the partner has not all of them, or
            another request holds one of them.
    """
    rules.refuse_selection(scope, package_ids, resource_ids)
    _refuse_live(scope, organization_id, package_ids, resource_ids)
    if scope is Scope.RESOURCES:
        return _files_named(organization_id, package_ids, resource_ids)
    if scope is Scope.DATASETS:
        return _datasets_named(organization_id, package_ids)
    found = _datasets(organization_id)
    if not found:
        raise RuleError("scope", refusals.NO_DATASET_AT_ALL)
    return found


def preview(
    scope: Scope,
    organization_id: str,
    package_ids: Collection[str],
    resource_ids: Collection[str],
    today: date,
) -> Preview:
    """What a request would take away, in a constant number of queries.

    Args:
        scope: what it would cover.
        organization_id: the partner.
        package_ids: the datasets named.
        resource_ids: the files named.
        today: the date, up to which views and downloads of the last month are counted.

    Raises:
        RuleError: such a request would be refused.
    """
    covered = covered_by(scope, organization_id, package_ids, resource_ids)
    since = today - MONTH
    if scope is Scope.RESOURCES:
        read = audience.of_files([each.resource_id or "" for each in covered], since)
    else:
        read = audience.of_datasets([each.package_id for each in covered], since)
    items = [_preview_item(each, read) for each in covered]
    return Preview(tuple(items), _platform_names())


def _preview_item(covered: Covered, read: Mapping[str, Audience]) -> PreviewItem:
    found = read.get(covered.resource_id or covered.package_id, audience.NOTHING)
    return PreviewItem(covered, found.files, found.size, found.views, found.downloads)


def _datasets(organization_id: str, named: Collection[str] | None = None) -> list[Covered]:
    package = model.Package
    query = (
        sa.select(package.id, package.name, package.title, package.state, package.private)
        .where(
            package.owner_org == organization_id,
            package.state == model.State.ACTIVE,
            package.type != NO_DATASETS,
        )
        .order_by(package.title, package.name)
    )
    if named is not None:
        query = query.where(sa.or_(package.id == array(named), package.name == array(named)))
    return [
        Covered(
            package_id=row.id,
            resource_id=None,
            name=row.name,
            title=row.title or row.name,
            resource_name=None,
            state=row.state,
            is_public=not row.private,
        )
        for row in model.Session.execute(query)
    ]


def _datasets_named(organization_id: str, named: Collection[str]) -> list[Covered]:
    found = _datasets(organization_id, named)
    known = {each.package_id for each in found} | {each.name for each in found}
    unknown = [name for name in dict.fromkeys(named) if name not in known]
    if unknown:
        raise RuleError("package_ids", refusals.no_such_datasets(unknown))
    return found


def _files_named(
    organization_id: str, package_ids: Collection[str], resource_ids: Collection[str]
) -> list[Covered]:
    package, resource = model.Package, model.Resource
    if package_ids:
        _datasets_named(organization_id, package_ids)
    query = (
        sa.select(
            resource.id,
            resource.package_id,
            resource.url,
            resource.state,
            resource.name.label("resource_name"),
            package.name,
            package.title,
            package.private,
        )
        .join(package, package.id == resource.package_id)
        .where(
            resource.id == array(resource_ids),
            resource.state == model.State.ACTIVE,
            package.owner_org == organization_id,
            package.state == model.State.ACTIVE,
            package.type != NO_DATASETS,
        )
        .order_by(package.title, package.name, resource.position)
    )
    if package_ids:
        is_named = (package.id == array(package_ids), package.name == array(package_ids))
        query = query.where(sa.or_(*is_named))
    found = [
        Covered(
            package_id=row.package_id,
            resource_id=row.id,
            name=row.name,
            title=row.title or row.name,
            resource_name=row.resource_name or row.url or row.id,
            state=row.state,
            is_public=not row.private,
        )
        for row in model.Session.execute(query)
    ]
    known = {each.resource_id for each in found}
    unknown = [name for name in dict.fromkeys(resource_ids) if name not in known]
    if unknown:
        raise RuleError("resource_ids", refusals.no_such_files(unknown))
    return found


def _refuse_live(
    scope: Scope,
    organization_id: str,
    package_ids: Collection[str],
    resource_ids: Collection[str],
) -> None:
    """Refuse what another request of the partner holds."""
    item = WithdrawalItem
    query = (
        sa.select(Withdrawal.reference, item.title, item.resource_name, item.state)
        .join(Withdrawal, Withdrawal.id == item.withdrawal_id)
        .where(
            Withdrawal.organization_id == organization_id,
            item.state.in_(stored(LIVE)),
            _holds(scope, package_ids, resource_ids),
        )
        .order_by(Withdrawal.reference, item.title)
    )
    rows = model.Session.execute(query).all()
    if not rows:
        return
    titles = list(dict.fromkeys(row.resource_name or row.title for row in rows))
    references = list(dict.fromkeys(row.reference for row in rows))
    withdrawn = all(row.state == ItemState.WITHDRAWN.value for row in rows)
    raise RuleError(_FIELDS[scope], refusals.live_already(titles, references, withdrawn))


def _holds(
    scope: Scope, package_ids: Collection[str], resource_ids: Collection[str]
) -> sa.ColumnElement[bool]:
    item = WithdrawalItem
    is_dataset = item.resource_id.is_(None)
    if scope is Scope.ALL:
        # What is suspended or withdrawn is none of the partner's datasets any more.
        return sa.and_(is_dataset, item.state == ItemState.ASKED.value)
    if scope is Scope.DATASETS:
        is_named = sa.or_(item.package_id == array(package_ids), item.name == array(package_ids))
        return sa.and_(is_dataset, is_named)
    datasets = sa.select(model.Resource.package_id).where(model.Resource.id == array(resource_ids))
    return sa.or_(
        item.resource_id == array(resource_ids),
        sa.and_(is_dataset, item.package_id.in_(datasets)),
    )


def _platform_names() -> tuple[str, ...]:
    return tuple(
        model.Session.scalars(
            sa.select(Platform.name).where(Platform.deleted_at.is_(None)).order_by(Platform.name)
        )
    )
