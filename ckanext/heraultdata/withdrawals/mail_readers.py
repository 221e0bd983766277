"""Who reads the mails about withdrawals: askers, référents, the followers of datasets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa

from ..conventions.mails import partner_recipients
from ..mailing.letters import Recipient
from ..mailing.service import organization_admin_recipients
from ..partners import service as partners
from ..partners.model import Referent
from .kinds import Channel, Initiative, ItemState, State
from .model import WithdrawalMessage
from .requests import ItemRecord, RequestRecord

_WITHDRAWN = (ItemState.WITHDRAWN, ItemState.ERASED)
_EXECUTED = (State.EXECUTED, State.CLOSED)


@dataclass(frozen=True)
class Follower:
    """A person who follows datasets of a request, and which of its items are of them."""

    recipient: Recipient
    items: tuple[ItemRecord, ...]


class Readers:
    """The readers for requests, read in a constant number of queries.

    A partner without a référent and without an address of its own costs one more, for its admins,
    and so does a request that came by mail.
    """

    def __init__(self, found: Collection[RequestRecord]) -> None:
        """Read them.

        Args:
            found: the requests.
        """
        organization_ids = {request.organization_id for request in found}
        self._partners = {partner.id: partner for partner in partners.find(organization_ids)}
        self._referents: dict[str, list[Referent]] = defaultdict(list)
        for referent in partners.referents(self._partners):
            self._referents[referent.organization_id].append(referent)
        self._users = _users({request.created_by for request in found if _asked_on_portal(request)})
        self._members = _members(self._users, organization_ids)
        self._senders = _senders([request.id for request in found])
        self._followers = _followers(found)

    def of_partner(self, request: RequestRecord, at: datetime) -> list[Recipient]:
        """Who reads for the partner of a request.

        Args:
            request: the request.
            at: the moment of what is told: a référent named later has not to hear of it.
        """
        partner = self._partners.get(request.organization_id)
        if partner is None:
            return []
        known = [each for each in self._referents[partner.id] if each.created_at <= at]
        return partner_recipients(partner, known)

    def askers(self, request: RequestRecord) -> list[Recipient]:
        """Who asked, as far as the portal knows an address: never one that anybody could forge."""
        if _asked_on_portal(request):
            user = self._users.get(request.created_by)
            is_member = (request.created_by, request.organization_id) in self._members
            return [user] if user and is_member else []
        sender = self._senders.get(request.id)
        if sender is None:
            return []
        admins = organization_admin_recipients(request.organization_id)
        return [admin for admin in admins if admin.key == sender]

    def followers(self, request: RequestRecord) -> list[Follower]:
        """Who follows a dataset of an executed request that is withdrawn still."""
        by_dataset: dict[str, list[ItemRecord]] = defaultdict(list)
        if request.state in _EXECUTED:
            for item in request.items:
                if item.was_public and item.state in _WITHDRAWN:
                    by_dataset[item.package_id].append(item)
        by_reader: dict[Recipient, list[ItemRecord]] = defaultdict(list)
        for package_id, items in by_dataset.items():
            for recipient in self._followers.get(package_id, ()):
                by_reader[recipient].extend(items)
        return [Follower(recipient, tuple(items)) for recipient, items in by_reader.items()]


def _asked_on_portal(request: RequestRecord) -> bool:
    return request.channel is Channel.PORTAL and request.initiative is Initiative.PARTNER


def _users(user_ids: Collection[str | None]) -> dict[str | None, Recipient]:
    rows = model.Session.scalars(
        sa.select(model.User).where(
            model.User.id.in_([user_id for user_id in user_ids if user_id]),
            model.User.state == model.State.ACTIVE,
        )
    )
    return {user.id: Recipient(user.display_name, user.email) for user in rows if user.email}


def _members(
    user_ids: Collection[str | None], organization_ids: Collection[str]
) -> frozenset[tuple[str | None, str]]:
    """Who is of which organisation today: who left a partner hears no more of its data."""
    member = model.Member
    rows = model.Session.execute(
        sa.select(member.table_id, member.group_id).where(
            member.table_name == "user",
            member.table_id.in_([user_id for user_id in user_ids if user_id]),
            member.group_id.in_(organization_ids),
            member.state == model.State.ACTIVE,
        )
    )
    return frozenset((row.table_id, row.group_id) for row in rows)


def _senders(withdrawal_ids: Collection[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(WithdrawalMessage.withdrawal_id, WithdrawalMessage.sender).where(
            WithdrawalMessage.withdrawal_id.in_(withdrawal_ids)
        )
    )
    return {row.withdrawal_id: row.sender.lower() for row in rows}


def _followers(found: Collection[RequestRecord]) -> Mapping[str, list[Recipient]]:
    dataset_ids = {
        item.package_id
        for request in found
        if request.state in _EXECUTED
        for item in request.items
        if item.was_public
    }
    following = model.UserFollowingDataset
    rows = model.Session.execute(
        sa.select(following.object_id, model.User)
        .join(model.User, model.User.id == following.follower_id)
        .where(
            following.object_id.in_(dataset_ids),
            model.User.state == model.State.ACTIVE,
            model.User.activity_streams_email_notifications.is_(True),
            sa.func.coalesce(model.User.email, "") != "",
        )
        .order_by(model.User.name)
    )
    by_dataset: dict[str, list[Recipient]] = defaultdict(list)
    for dataset_id, user in rows:
        by_dataset[dataset_id].append(Recipient(user.display_name, user.email))
    return by_dataset
