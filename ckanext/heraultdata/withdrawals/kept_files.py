"""The files of withdrawn items as they are kept, for the département to download."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .. import config
from .model import WithdrawnFile


@dataclass(frozen=True)
class KeptFile:
    """A file of a withdrawn item.

    Attributes:
        name: what the dataset calls it.
        file_name: the name under which it was uploaded.
        path: where its bytes are kept.
        size: in bytes.
    """

    resource_id: str
    name: str
    file_name: str
    path: Path
    size: int


def of_items(items: Sequence[Mapping[str, Any]]) -> dict[str, list[KeptFile]]:
    """The kept files of items, by the identifier of the item, in one query.

    Args:
        items: datasets and files of a request, as the API answers them.
    """
    of_dataset = {each["package_id"]: each["id"] for each in items if not each["resource_id"]}
    of_file = {each["resource_id"]: each["id"] for each in items if each["resource_id"]}
    kept, resource = WithdrawnFile, model.Resource
    rows = model.Session.execute(
        sa.select(
            kept.resource_id, kept.kept_as, kept.size, resource.package_id, resource.name,
            resource.url,
        )
        .join(resource, resource.id == kept.resource_id)
        .where(sa.or_(resource.package_id.in_(of_dataset), kept.resource_id.in_(of_file)))
        .order_by(resource.position, resource.id)
    ).all()  # fmt: skip
    found: dict[str, list[KeptFile]] = defaultdict(list)
    for row in rows:
        file_name = (row.url or "").rsplit("/", 1)[-1] or row.resource_id
        found[of_file.get(row.resource_id) or of_dataset[row.package_id]].append(
            KeptFile(
                resource_id=row.resource_id,
                name=row.name or file_name,
                file_name=file_name,
                path=config.withdrawn_files_path() / row.kept_as,
                size=row.size,
            )
        )
    return found
