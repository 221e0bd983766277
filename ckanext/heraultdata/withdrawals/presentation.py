"""Requests as the API answers them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from .. import clock, config
from ..journal.model import JournalEntry
from . import rules
from .requests import ItemRecord, RequestRecord


def request_dict(request: RequestRecord, for_department: bool) -> dict[str, Any]:
    """A request with its items.

    Args:
        request: the request.
        for_department: whether the reader is the département, which reads its own notes too.
    """
    told = {
        "id": request.id,
        "reference": request.reference,
        "state": request.state.value,
        "organization_id": request.organization_id,
        "organization_title": request.organization_title,
        "scope": request.scope.value,
        "reason_class": request.reason_class.value,
        "reason": request.reason,
        "urgent": request.urgent,
        "channel": request.channel.value,
        "initiative": request.initiative.value,
        "received_on": clock.iso(request.received_on),
        "due_on": clock.iso(rules.due_on(request.received_on, config.withdrawal_target_days())),
        "suspended_on": _day(request.suspended_at),
        "confirmed_on": clock.iso(request.confirmed_on),
        "executed_on": _day(request.executed_at),
        "closed_on": _day(request.closed_at),
        "decision_reason": request.decision_reason,
        "erase_on": clock.iso(request.erase_on),
        "items": [_item_dict(item, request) for item in request.items],
    }
    return told | {"confirmation_note": request.confirmation_note} if for_department else told


def _item_dict(item: ItemRecord, request: RequestRecord) -> dict[str, Any]:
    withdrawn_at = None if request.executed_at is None else item.closed_at
    return {
        "id": item.id,
        "package_id": item.package_id,
        "resource_id": item.resource_id,
        "name": item.name,
        "title": item.title,
        "resource_name": item.resource_name,
        "state": item.state.value,
        "withdrawn_on": _day(withdrawn_at),
        "restored_on": _day(item.restored_at),
        "erased_on": _day(item.erased_at),
    }


def event_dicts(lines: Iterable[JournalEntry]) -> list[dict[str, Any]]:
    """What has happened to a request, the oldest first.

    Args:
        lines: of the journal, the newest first.
    """
    return [
        {
            "action": line.action,
            "date": _day(line.recorded_at),
            "recorded_at": line.recorded_at.isoformat(),
            "user": line.user_name,
            "details": line.after,
        }
        for line in reversed(list(lines))
    ]


def work_dict(record: object) -> dict[str, Any]:
    """Work that is left: its attributes, ready for JSON."""
    return {name: _plain(value) for name, value in vars(record).items()}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _day(moment: datetime | None) -> str | None:
    return clock.iso(clock.date_in_paris(moment)) if moment else None
