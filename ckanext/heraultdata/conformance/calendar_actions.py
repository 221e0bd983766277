"""The API of the calendars: the private address at which a partner's deadlines are read."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import access, clock
from ..api import transition, validated
from . import calendar_feeds, calendar_schemas
from .model import CalendarFeed


@tk.side_effect_free
def heraultdata_calendar_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the address of a partner's calendar.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`.

    Returns:
        `organization_id`, `url` and `created_at`; both null where the calendar has no address.
    """
    data = validated(data_dict, calendar_schemas.of_partner(), context)
    tk.check_access("heraultdata_calendar_show", context, data)
    organization_id = data["organization_id"]
    return _calendar_dict(organization_id, calendar_feeds.get(organization_id))


def heraultdata_calendar_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Give a partner's calendar a new address; the one before is void at once.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`.

    Returns:
        As `heraultdata_calendar_show`.
    """
    data = validated(data_dict, calendar_schemas.of_partner(), context)
    tk.check_access("heraultdata_calendar_create", context, data)
    organization_id = data["organization_id"]
    with transition():
        feed = calendar_feeds.renew(organization_id, access.actor_of(context), clock.now())
    return _calendar_dict(organization_id, feed)


def heraultdata_calendar_delete(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make the address of a partner's calendar void, without a new one.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`.

    Returns:
        As `heraultdata_calendar_show`.
    """
    data = validated(data_dict, calendar_schemas.of_partner(), context)
    tk.check_access("heraultdata_calendar_delete", context, data)
    organization_id = data["organization_id"]
    try:
        with transition():
            calendar_feeds.revoke(organization_id, access.actor_of(context), clock.now())
    except calendar_feeds.FeedNotFoundError:
        raise tk.ObjectNotFound(tk._("This calendar has no address to revoke.")) from None
    return _calendar_dict(organization_id, None)


def _calendar_dict(organization_id: str, feed: CalendarFeed | None) -> dict[str, Any]:
    return {
        "organization_id": organization_id,
        "url": _address(feed) if feed else None,
        "created_at": feed.created_at.isoformat() if feed else None,
    }


def _address(feed: CalendarFeed) -> str:
    # Without a language: the calendar is in that of the site.
    return tk.h.url_for(
        "heraultdata_calendar.feed", token=feed.token, qualified=True, locale="default"
    )
