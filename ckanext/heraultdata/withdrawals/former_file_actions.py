"""The API of the former versions of public files."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..api import page_of, validated
from . import former_file_schemas, former_files
from .model import FormerFile


@tk.side_effect_free
def heraultdata_former_file_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the versions of a file that newer ones replaced since it has been public.

    Args:
        context: CKAN's context.
        data_dict: `resource_id`, `limit`, `offset`.

    Returns:
        `{count, results}`, the newest first; of each: `id`, `file_name`, `size` in bytes, `sha256`,
        `replaced_at`, `url` (where the département saves it).
    """
    tk.check_access("heraultdata_former_file_list", context, data_dict)
    data = validated(data_dict, former_file_schemas.listed(), context)
    found = former_files.of_resource(data["resource_id"])
    return {"count": len(found), "results": [_as_dict(each) for each in page_of(found, data)]}


def _as_dict(file: FormerFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "file_name": file.file_name,
        "size": file.size,
        "sha256": file.sha256,
        "replaced_at": file.replaced_at.isoformat(),
        "url": tk.h.url_for("heraultdata_former_file.show", file_id=file.id, qualified=True),
    }
