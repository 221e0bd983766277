"""Who takes part in the making of territorial standards (article 5 of the convention)."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.model as model
from ckan.types import Context

from .. import access, config
from ..partners import service as partners


@dataclass(frozen=True)
class Participant:
    """For whom a user speaks.

    Attributes:
        is_department: whether that is the département.
        organization_id: the organisation; None for the département on a site that does not name it.
    """

    is_department: bool
    organization_id: str | None


def participant(context: Context) -> Participant | None:
    """For whom the user of a context speaks; None where the user takes no part.

    A member of several partners speaks for the first of them by title.
    """
    if access.is_department(context):
        organization = model.Group.get(config.department_organization())
        return Participant(True, organization.id if organization else None)
    own = access.organizations_read_in_full(context).organization_ids
    found = sorted(partners.find(own), key=lambda each: (each.title, each.id)) if own else []
    return Participant(False, found[0].id) if found else None


def takes_part(context: Context) -> bool:
    """Whether the user reads drafts that are out for comment, and comments on them."""
    return participant(context) is not None
