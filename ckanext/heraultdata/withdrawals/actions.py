"""The API of withdrawals: ask, handle, execute, restore, erase, read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, Schema
from werkzeug.datastructures import FileStorage

from .. import access, clock, config
from ..api import DEFAULT_LIMIT, transition, validated
from ..journal import service as journal
from ..messages import N_, Message, RuleError
from . import followups, papers, requests, schemas, service, work
from .kinds import Channel, Initiative
from .presentation import event_dicts, request_dict, work_dict
from .requests import RequestFilter, RequestRecord

_MOST_EVENTS = 1000


def heraultdata_withdrawal_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask for the withdrawal of data (article 7), or record such a request.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`; `scope` (`all`, `datasets`, `resources`); `package_ids`
            (identifiers or names), `resource_ids`; `reason_class`, `reason`; `urgent` (true
            closes access at once); by the département alone `channel` (`portal` unless told),
            `received_on` (today unless told), `initiative` (`partner` unless told); `upload`
            (the letter, the scan or the message).

    Returns:
        The request, as `heraultdata_withdrawal_show` answers it.
    """
    data = validated(data_dict, schemas.create(), context)
    tk.check_access("heraultdata_withdrawal_create", context, data)
    now = clock.now()
    new = service.NewRequest(
        organization_id=data["organization_id"],
        scope=data["scope"],
        package_ids=tuple(data.get("package_ids", ())),
        resource_ids=tuple(data.get("resource_ids", ())),
        reason_class=data["reason_class"],
        reason=data.get("reason"),
        urgent=data.get("urgent", False),
        channel=data.get("channel", Channel.PORTAL),
        received_on=data.get("received_on") or clock.date_in_paris(now),
        initiative=data.get("initiative", Initiative.PARTNER),
    )
    with transition():
        kept = _uploaded(data)
        withdrawal_id = service.create(new, access.actor_of(context), now, kept)
    return _shown(context, requests.get(withdrawal_id))


@tk.side_effect_free
def heraultdata_withdrawal_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a request.

    Args:
        context: CKAN's context.
        data_dict: `id` (identifier or reference).

    Returns:
        What was asked for, `state`, the days of its steps, `due_on` (the target), `items`,
        `followups`, `events`; for the département its own notes and `work_left` too.
    """
    data = validated(data_dict, schemas.of_one(), context)
    with _request_there():
        tk.check_access("heraultdata_withdrawal_show", context, data)
        return _shown(context, requests.get(data["id"]))


@tk.side_effect_free
def heraultdata_withdrawal_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List requests: those that wait first, the urgent ones on top, then the oldest.

    Args:
        context: CKAN's context.
        data_dict: filters `organization_id`, `state`, `urgent`, `dataset` (identifier or name);
            `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_withdrawal_show` answers, without follow-ups,
        events and work left.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_withdrawal_list", context, data)
    wanted = RequestFilter(
        organization_ids=_organizations_asked(context, data.get("organization_id")),
        states=[data["state"]] if "state" in data else None,
        urgent=data.get("urgent"),
        dataset=data.get("dataset"),
    )
    limit, offset = data.get("limit", DEFAULT_LIMIT), data.get("offset", 0)
    count, found = requests.find(wanted, limit, offset)
    for_department = access.is_department(context)
    return {"count": count, "results": [request_dict(each, for_department) for each in found]}


def heraultdata_withdrawal_confirm(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Record the letter or the mail that follows a call.

    Args:
        context: CKAN's context.
        data_dict: `id`, `confirmed_on` (today unless told), `note` (read by the département
            alone), `upload` (the writing).

    Returns:
        The request.
    """

    def confirm(data: dict[str, Any]) -> None:
        now = clock.now()
        confirmed_on = data.get("confirmed_on") or clock.date_in_paris(now)
        service.confirm(
            data["id"],
            confirmed_on,
            data.get("note"),
            access.actor_of(context),
            now,
            _uploaded(data),
        )

    return _handled("confirm", schemas.confirm(), context, data_dict, confirm)


def heraultdata_withdrawal_execute(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Withdraw all that a request covers, or nothing of it.

    Args:
        context: CKAN's context.
        data_dict: `id`.

    Returns:
        The request.
    """

    def execute(data: dict[str, Any]) -> None:
        service.execute(data["id"], access.actor_of(context), clock.now())

    return _handled("execute", schemas.of_one(), context, data_dict, execute)


def heraultdata_withdrawal_reject(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Declare a request inadmissible; a suspension is lifted.

    Args:
        context: CKAN's context.
        data_dict: `id`, `reason` (the partner reads it).

    Returns:
        The request.
    """

    def reject(data: dict[str, Any]) -> None:
        service.reject(data["id"], data["reason"], access.actor_of(context), clock.now())

    return _handled("reject", schemas.reject(), context, data_dict, reject)


def heraultdata_withdrawal_cancel(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take a request back before its execution; a suspension is lifted.

    Args:
        context: CKAN's context.
        data_dict: `id`.

    Returns:
        The request.
    """

    def cancel(data: dict[str, Any]) -> None:
        service.cancel(data["id"], access.actor_of(context), clock.now())

    return _handled("cancel", schemas.of_one(), context, data_dict, cancel)


def heraultdata_withdrawal_restore(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Put withdrawn items back exactly as they were; an order to erase is lifted.

    Args:
        context: CKAN's context.
        data_dict: `id`, `item_ids`.

    Returns:
        The request.
    """

    def restore(data: dict[str, Any]) -> None:
        service.restore(data["id"], data["item_ids"], access.actor_of(context), clock.now())

    return _handled("restore", schemas.restore(), context, data_dict, restore)


def heraultdata_withdrawal_erase(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Order that what a request has withdrawn be destroyed, files and tables too.

    Args:
        context: CKAN's context.
        data_dict: `id`, `reference` (of the request, typed again).

    Returns:
        The request; `erase_on` is the day from which it is destroyed.
    """

    def erase(data: dict[str, Any]) -> None:
        service.order_erasure(data["id"], data["reference"], access.actor_of(context), clock.now())

    return _handled("erase", schemas.erase(), context, data_dict, erase)


def _handled(
    verb: str,
    schema: Schema,
    context: Context,
    data_dict: dict[str, Any],
    step: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    data = validated(data_dict, schema, context)
    with _request_there():
        tk.check_access(f"heraultdata_withdrawal_{verb}", context, data)
        with transition():
            step(data)
        return _shown(context, requests.get(data["id"]))


def _shown(context: Context, request: RequestRecord) -> dict[str, Any]:
    for_department = access.is_department(context)
    _, lines = journal.entries(
        journal.JournalFilter(subject_type="withdrawal", subject_id=request.id), _MOST_EVENTS, 0
    )
    copies = [followups.as_dict(each, clock.today()) for each in followups.of_request(request.id)]
    if not for_department:
        copies = [{**each, "note": None} for each in copies]
    shown = request_dict(request, for_department) | {
        "followups": copies,
        "events": event_dicts(lines),
    }
    if for_department:
        shown["work_left"] = [work_dict(each) for each in work.left_of(request.id)]
    return shown


def _organizations_asked(context: Context, organization_id: str | None) -> list[str] | None:
    if organization_id is not None:
        return [organization_id]
    readable = access.organizations_read_in_full(context)
    return None if readable.everything else sorted(readable.organization_ids)


def _uploaded(data: dict[str, Any]) -> list[service.NewPaper]:
    upload = data.get("upload")
    if upload is None:
        return []
    if not isinstance(upload, FileStorage):
        raise RuleError(
            "upload",
            Message(N_("Send the letter, the scan or the message as a file, in a form.")),
        )
    return [papers.from_upload(upload, config.document_max_size())]


@contextmanager
def _request_there() -> Iterator[None]:
    """Answer that there is no such request, where there is none."""
    try:
        yield
    except requests.WithdrawalNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such withdrawal request.")) from None
