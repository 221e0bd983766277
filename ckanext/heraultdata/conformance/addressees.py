"""Who reads the reminders to each partner: its référents, editors and admins, else its address."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import ckan.model as model
import sqlalchemy as sa

from .. import config
from ..mailing.letters import Recipient
from ..partners import service as partners
from ..partners.service import Partner

_WRITERS = ("admin", "editor")


def addressees(found: Collection[Partner]) -> Mapping[str, tuple[Recipient, ...]]:
    """The readers for each partner, each address once, in a constant number of queries.

    People of the département and sysadmins, who are admins of all the organisations that they made,
    are left out unless they are référents: the département has its weekly digest.

    Args:
        found: the partners.
    """
    by_partner: dict[str, dict[str, Recipient]] = {partner.id: {} for partner in found}
    for referent in partners.referents(by_partner):
        recipient = Recipient(referent.name, referent.email)
        by_partner[referent.organization_id].setdefault(recipient.key, recipient)
    for organization_id, recipient in _writers(by_partner):
        by_partner[organization_id].setdefault(recipient.key, recipient)
    for partner in found:
        if not by_partner[partner.id] and partner.email:
            by_partner[partner.id][""] = Recipient(partner.title, partner.email)
    return {partner_id: tuple(readers.values()) for partner_id, readers in by_partner.items()}


def _writers(organization_ids: Collection[str]) -> list[tuple[str, Recipient]]:
    of_department = (
        sa.select(model.Member.table_id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .where(
            model.Group.name == config.department_organization(),
            model.Member.table_name == "user",
            model.Member.state == model.State.ACTIVE,
        )
    )
    rows = model.Session.execute(
        sa.select(model.Member.group_id, model.User.fullname, model.User.name, model.User.email)
        .join(model.User, model.User.id == model.Member.table_id)
        .where(
            model.Member.table_name == "user",
            model.Member.group_id.in_(list(organization_ids)),
            model.Member.capacity.in_(_WRITERS),
            model.Member.state == model.State.ACTIVE,
            model.User.state == model.State.ACTIVE,
            model.User.sysadmin.is_not(True),
            sa.func.coalesce(model.User.email, "") != "",
            model.User.id.not_in(of_department),
        )
        .order_by(model.Member.group_id, model.User.name)
    )
    return [(row.group_id, Recipient(row.fullname or row.name, row.email)) for row in rows]
