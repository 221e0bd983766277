"""The private address of a partner's calendar: made, renewed, revoked, and whose it is.

Each transition checks, writes and journals in one transaction. The token opens the calendar to
whoever has it: it is never journaled.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..journal import service as journal
from ..partners import service as partners
from ..partners.service import Partner, PartnerNotFoundError
from .model import CalendarFeed

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")


class FeedNotFoundError(Exception):
    """No calendar has this address, or this partner has none."""


def get(organization_id: str) -> CalendarFeed | None:
    """The calendar of a partner; None where nobody has made it."""
    return model.Session.get(CalendarFeed, organization_id)


def partner_of(token: str) -> Partner:
    """The partner whose calendar has this address.

    Raises:
        FeedNotFoundError: none has, or its organisation is a partner no more.
    """
    if not _TOKEN.fullmatch(token):
        raise FeedNotFoundError
    organization_id = model.Session.scalar(
        sa.select(CalendarFeed.organization_id).where(CalendarFeed.token == token)
    )
    if organization_id is None:
        raise FeedNotFoundError
    try:
        return partners.get(organization_id)
    except PartnerNotFoundError:
        raise FeedNotFoundError from None


def renew(organization_id: str, actor: journal.Actor, now: datetime) -> CalendarFeed:
    """Give a partner's calendar a new address; the one before is void at once.

    Args:
        organization_id: the partner.
        actor: who acts.
        now: the moment.

    Raises:
        RuleError: the organisation is no partner.
    """
    partners.require_partner(organization_id)
    verb = "renewed" if get(organization_id) else "created"
    values = {"token": secrets.token_urlsafe(_TOKEN_BYTES), "created_at": now}
    # Of two members who ask at once, the address of the second counts.
    model.Session.execute(
        insert(CalendarFeed.__table__)
        .values(organization_id=organization_id, **values)
        .on_conflict_do_update(index_elements=["organization_id"], set_=values)
    )
    _journal(actor, verb, organization_id, now)
    model.Session.commit()
    return model.Session.scalars(
        sa.select(CalendarFeed)
        .where(CalendarFeed.organization_id == organization_id)
        .execution_options(populate_existing=True)
    ).one()


def revoke(organization_id: str, actor: journal.Actor, now: datetime) -> None:
    """Make the address of a partner's calendar void.

    Args:
        organization_id: the partner.
        actor: who acts.
        now: the moment.

    Raises:
        FeedNotFoundError: it has none.
    """
    gone = model.Session.scalar(
        sa.delete(CalendarFeed)
        .where(CalendarFeed.organization_id == organization_id)
        .returning(CalendarFeed.organization_id)
    )
    if gone is None:
        raise FeedNotFoundError
    _journal(actor, "revoked", organization_id, now)
    model.Session.commit()


def _journal(actor: journal.Actor, verb: str, organization_id: str, now: datetime) -> None:
    subject = journal.Subject("calendar", organization_id, organization_id)
    journal.record(actor, f"calendar.{verb}", subject, now)
