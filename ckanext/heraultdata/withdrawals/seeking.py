"""What platforms are asked for: the identifiers and addresses under which an item was public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from .model import FormerName, WithdrawalItem
from .probing.model import Sought, SoughtFile

_IDENTIFIERS = ("identifier", "guid")
_ADDRESSES = ("uri",)


def sought(keys: Mapping[str, str | None]) -> dict[str, Sought]:
    """What to look for, by item, in a constant number of queries.

    What is erased has left its identifier, its name and its title only.

    Args:
        keys: by the identifier of each item, the platform's own identifier of the copy that was
            seen before, None where there is none.
    """
    items = model.Session.scalars(
        sa.select(WithdrawalItem).where(WithdrawalItem.id.in_(list(keys)))
    ).all()
    package_ids = {item.package_id for item in items}
    published = _published(package_ids)
    former = _former_names(package_ids)
    urls = _urls({item.resource_id for item in items if item.resource_id})
    found = {}
    for item in items:
        fields = published[item.package_id]
        names = [item.name, *former[item.package_id]]
        found[item.id] = Sought(
            identifiers=_unique([item.package_id, *(fields.get(key, "") for key in _IDENTIFIERS)]),
            addresses=_unique(
                [
                    *(_page(name) for name in names),
                    _page(item.package_id),
                    *(fields.get(key, "") for key in _ADDRESSES),
                ]
            ),
            title=item.title,
            file=_file(item, urls.get(item.resource_id or "")),
            key=keys[item.id],
        )
    return found


def _file(item: WithdrawalItem, url: str | None) -> SoughtFile | None:
    if item.resource_id is None:
        return None
    page = f"{_page(item.package_id)}/resource/{item.resource_id}"
    address = url if url and "://" in url else None
    return SoughtFile(item.resource_id, _unique([page, address or ""]), item.resource_name or "")


def _page(name: str) -> str:
    """The public address of a dataset, whatever the reader's language."""
    root = (tk.config["ckan.root_path"] or "").replace("/{{LANG}}", "")
    return f"{tk.config['ckan.site_url'].rstrip('/')}{root}/dataset/{name}"


def _published(package_ids: Collection[str]) -> dict[str, dict[str, str]]:
    query = sa.select(model.Package).where(model.Package.id.in_(package_ids))
    if hasattr(model.Package, "_extras"):
        # Rows of their own on CKAN 2.11.
        query = query.options(selectinload(model.Package._extras))  # type: ignore[attr-defined]
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for package in model.Session.scalars(query):
        found[package.id] = dict(package.extras)
    return found


def _former_names(package_ids: Collection[str]) -> dict[str, list[str]]:
    rows = model.Session.execute(
        sa.select(FormerName.package_id, FormerName.name)
        .where(FormerName.package_id.in_(package_ids))
        .order_by(FormerName.left_at.desc())
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.package_id].append(row.name)
    return found


def _urls(resource_ids: Collection[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.Resource.id, model.Resource.url).where(model.Resource.id.in_(resource_ids))
    )
    return {row.id: row.url or "" for row in rows}


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
