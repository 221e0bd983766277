"""What datasets are called, in addresses and for people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import ckan.model as model
import sqlalchemy as sa


@dataclass(frozen=True)
class DatasetName:
    """What to call a dataset, and where its page is."""

    name: str
    title: str
    private: bool


def dataset_names(package_ids: Collection[str]) -> dict[str, DatasetName]:
    """What to call these datasets, by identifier, in one query."""
    package = model.Package
    rows = model.Session.execute(
        sa.select(package.id, package.name, package.title, package.private).where(
            package.id.in_(list(package_ids))
        )
    )
    return {row.id: DatasetName(row.name, row.title or row.name, bool(row.private)) for row in rows}
