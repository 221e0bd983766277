"""What the search index knows of the checks."""

from __future__ import annotations

import json
from typing import Any


def with_statuses(index_dict: dict[str, Any]) -> dict[str, Any]:
    """Add the statuses of a dataset's files as `vocab_validation_status`, as upstream does.

    Args:
        index_dict: what CKAN is about to index.
    """
    dataset = json.loads(index_dict["validated_data_dict"])
    statuses = [
        resource["validation_status"]
        for resource in dataset.get("resources", [])
        if resource.get("validation_status")
    ]
    if not statuses:
        return index_dict
    return {**index_dict, "vocab_validation_status": statuses}
