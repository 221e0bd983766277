"""What the templates need of the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import pages
from . import service


def heraultdata_has_report(resource: Mapping[str, Any]) -> bool:
    """Whether there is a report of a file that the reader of the page may see.

    Args:
        resource: the resource as `resource_show` gives it.
    """
    if not resource.get("standard"):
        return False
    if pages.may("heraultdata_check_list", resource_id=resource["id"]):
        return True
    return bool(service.last_checks(resource_ids=[resource["id"]]))
