"""What the templates of CKAN's buttons need to know of what has been public."""

from __future__ import annotations

from .. import access, pages
from ..partners import service
from . import keeping


def heraultdata_withdrawal_instead(package_id: str, resource_id: str = "") -> str | None:
    """Where the reader asks for a withdrawal, where CKAN has its buttons that take away.

    Args:
        package_id: identifier or name of the dataset.
        resource_id: identifier of a file of it, empty for the whole.

    Returns:
        The address; None for the département, and where the buttons of CKAN hold.
    """
    package = keeping.package_of(package_id)
    if package is None or not keeping.is_kept_from(pages.context(), package.id):
        return None
    return keeping.asking_address(package.id, resource_id or None)


def heraultdata_takes_nothing_away(organization_id: str) -> bool:
    """Whether the reader of the list of an organisation's datasets may only add to them."""
    return not access.is_department(pages.context()) and service.is_partner(organization_id)
