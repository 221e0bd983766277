"""What the queue and the page of a request show beside what the API answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk

from .. import access, config, pages
from ..conventions.wording import state_sentence
from ..words import in_words, moment_in_words
from . import kept_files, papers, rules, wording, work_page
from .convention_ends import ConventionEnd
from .kinds import CLOSED, Channel, Initiative, ItemState, Scope, State

ITEMS_ON_A_PAGE = 100


@dataclass(frozen=True)
class Line:
    """A request in the queue, in words."""

    request: Mapping[str, Any]
    state: str
    what: str
    age: str
    deadline: str
    is_late: bool


@dataclass(frozen=True)
class Rejected:
    """A form of the page that comes back: which one, what was typed, what is wrong."""

    verb: str
    typed: Mapping[str, str]
    errors: pages.FieldErrors


def line(request: Mapping[str, Any], today: date) -> Line:
    """A request as the queue shows it.

    Args:
        request: as the API answers it.
        today: the date in Paris.
    """
    received_on = date.fromisoformat(request["received_on"])
    return Line(
        request=request,
        state=_state_words(request),
        what=_what(request),
        age=_age(received_on, today),
        deadline=_deadline(request, today),
        is_late=_is_late(request, today),
    )


def is_executed(request: Mapping[str, Any]) -> bool:
    """Whether the data of a request are off already."""
    return request["state"] in rules.EXECUTED


def restorable(request: Mapping[str, Any]) -> list[str]:
    """The identifiers of the items that can be put back."""
    return [item["id"] for item in request["items"] if item["state"] == ItemState.WITHDRAWN]


def ends(found: Iterable[ConventionEnd]) -> list[tuple[ConventionEnd, str]]:
    """Conventions that end, each with its sentence."""
    return [(end, end_sentence(end)) for end in found]


def end_sentence(end: ConventionEnd) -> str:
    """Where a convention that ends stands, in a sentence."""
    return state_sentence(end.state, end.effective_on, end.renewals, end.ends_on)


def request_page(
    request: Mapping[str, Any], today: date, rejected: Rejected | None
) -> dict[str, object]:
    """All that the template of a request's page needs.

    Args:
        request: as `heraultdata_withdrawal_show` answers it to the reader.
        today: the date in Paris.
        rejected: the form that comes back, if any.
    """
    is_department = access.is_department(pages.context())
    asked = pages.asked_page(ITEMS_ON_A_PAGE)
    items = request["items"]
    work_left = request.get("work_left") or []
    shown = items[asked.offset : asked.offset + asked.size]
    withdrawn = [item for item in items if item["state"] == ItemState.WITHDRAWN]
    return {
        "withdrawal": request,
        "standing": _standing(request, today),
        "facts": _facts(request),
        "offered": _offered(request, is_department, withdrawn),
        "rejected": rejected,
        "execution": _execution(items),
        "erasure": _erasure(withdrawn, today),
        "restorable": len(withdrawn) if is_department else 0,
        "shown_items": [{**item, "address": _address(item, is_department)} for item in shown],
        "kept_files": kept_files.of_items(shown) if is_department else {},
        "pager": asked.pager(len(items), shown),
        "papers": papers.of_request(request["id"]) if reads_papers(request) else [],
        "work_left": work_page.lines(work_left, items),
        "work_count": len(work_left),
        "events": [_event(event) for event in request["events"]],
        "is_department": is_department,
        "today": today.isoformat(),
        "most_megabytes": config.document_max_size() // config.MEBIBYTE,
    }


def reads_papers(request: Mapping[str, Any]) -> bool:
    """Whether the reader of a request may read its papers.

    The département may; the partner those of its own request, not what somebody else wrote to
    the département that made it decide.
    """
    if request["initiative"] == Initiative.PARTNER:
        return True
    return access.is_department(pages.context())


def _offered(
    request: Mapping[str, Any], is_department: bool, withdrawn: Sequence[Mapping[str, Any]]
) -> list[str]:
    """The forms of the page, by role and state, in the order in which they are shown."""
    waits = request["state"] == State.RECEIVED
    needs_writing = waits and _waits_for_writing(request)
    possible = {
        "confirm": is_department and needs_writing,
        "execute": is_department and waits and not needs_writing,
        "reject": is_department and waits,
        "cancel": waits and pages.may("heraultdata_withdrawal_cancel", id=request["id"]),
        "erase": bool(withdrawn)
        and not request["erase_on"]
        and pages.may("heraultdata_withdrawal_erase", id=request["id"]),
    }
    return [verb for verb, is_offered in possible.items() if is_offered]


def _waits_for_writing(request: Mapping[str, Any]) -> bool:
    return rules.waits_for_writing(Channel(request["channel"]), request["confirmed_on"])


def _state_words(request: Mapping[str, Any]) -> str:
    if request["state"] == State.RECEIVED and _waits_for_writing(request):
        return tk._("Received by telephone: waits for its confirmation in writing")
    if request["state"] == State.RECEIVED and request["suspended_on"]:
        return tk._("Received, access suspended already")
    return wording.state_name(request["state"])


def _standing(request: Mapping[str, Any], today: date) -> str:
    """The state and, while it waits, the deadline, in one line."""
    words = f"{_state_words(request)}."
    deadline = _deadline(request, today)
    return f"{words} {deadline}." if deadline else words


def _is_late(request: Mapping[str, Any], today: date) -> bool:
    return request["state"] == State.RECEIVED and date.fromisoformat(request["due_on"]) < today


def _deadline(request: Mapping[str, Any], today: date) -> str:
    """By when a request that waits is to be executed, how late it is, or when it was executed."""
    if request["executed_on"]:
        return tk._("Executed on {date}").format(date=_day(request["executed_on"]))
    if request["state"] != State.RECEIVED:
        return ""
    due_on = date.fromisoformat(request["due_on"])
    if due_on < today:
        late = rules.working_days_between(due_on, today)
        return tk.ungettext(
            "Late by {n} working day: it was to be executed by {date}",
            "Late by {n} working days: it was to be executed by {date}",
            late,
        ).format(n=late, date=in_words(due_on))
    left = rules.working_days_between(today, due_on)
    return tk.ungettext(
        "To be executed by {date}, {n} working day left",
        "To be executed by {date}, {n} working days left",
        left,
    ).format(n=left, date=in_words(due_on))


def _age(received_on: date, today: date) -> str:
    days = (today - received_on).days
    if days == 0:
        return tk._("Received today")
    return tk.ungettext(
        "Received on {date}, {n} day ago", "Received on {date}, {n} days ago", days
    ).format(n=tk.h.heraultdata_number(days), date=in_words(received_on))


def _what(request: Mapping[str, Any]) -> str:
    items = request["items"]
    if len(items) == 1:
        return items[0]["resource_name"] or items[0]["title"]
    number = tk.h.heraultdata_number(len(items))
    if request["scope"] == Scope.RESOURCES:
        return tk.ungettext("{n} file", "{n} files", len(items)).format(n=number)
    datasets = tk.ungettext("{n} dataset", "{n} datasets", len(items)).format(n=number)
    if request["scope"] == Scope.ALL:
        return tk._("All the datasets of the partner: {datasets}").format(datasets=datasets)
    return datasets


def _facts(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is written on a request, label and words; what is empty is left out."""
    days = {
        tk._("Received on"): request["received_on"],
        tk._("Access suspended on"): request["suspended_on"],
        tk._("Confirmed in writing on"): request["confirmed_on"],
        tk._("Executed on"): request["executed_on"],
        tk._("Closed on"): request["closed_on"],
        tk._("Erased from"): request["erase_on"],
    }
    facts = [
        (tk._("What"), wording.scope_name(request["scope"])),
        (tk._("Reason"), wording.reason_name(request["reason_class"])),
        (tk._("In their own words"), request.get("reason") or ""),
        (tk._("Decided by"), wording.initiative_name(request["initiative"])),
        (tk._("How it came"), _channel(request)),
        *((label, _day(day)) for label, day in days.items()),
        (tk._("Reason of the decision"), request["decision_reason"] or ""),
        (tk._("Note on the confirmation"), request.get("confirmation_note") or ""),
    ]
    return [(label, words) for label, words in facts if words]


def _channel(request: Mapping[str, Any]) -> str:
    if request["initiative"] == Initiative.DEPARTMENT:
        return ""
    return wording.channel_name(request["channel"])


def _execution(items: Sequence[Mapping[str, Any]]) -> str:
    return tk.ungettext(
        "{n} item goes out of everybody's reach but the département's, at once: its page, its "
        "files, its tables, the search. Its address answers that it was withdrawn. Nothing is "
        "destroyed: it can be restored.",
        "{n} items go out of everybody's reach but the département's, all at once: their pages, "
        "their files, their tables, the search. Their addresses answer that they were withdrawn. "
        "Nothing is destroyed: each can be restored.",
        len(items),
    ).format(n=tk.h.heraultdata_number(len(items)))


def _erasure(withdrawn: Sequence[Mapping[str, Any]], today: date) -> str:
    delay = config.erase_delay_days()
    number = tk.h.heraultdata_number(len(withdrawn))
    if delay == 0:
        return tk.ungettext(
            "{n} item is destroyed at once, its files and tables too: nobody can bring it back.",
            "{n} items are destroyed at once, files and tables too: nobody can bring them back.",
            len(withdrawn),
        ).format(n=number)
    return tk.ungettext(
        "{n} item will be destroyed on {date}, its files and tables too: nobody can bring it back "
        "then. Restoring before that day lifts this order.",
        "{n} items will be destroyed on {date}, files and tables too: nobody can bring them back "
        "then. Restoring before that day lifts this order.",
        len(withdrawn),
    ).format(n=number, date=in_words(today + timedelta(days=delay)))


def _address(item: Mapping[str, Any], is_department: bool) -> str | None:
    """Where an item can be looked at: by everybody on line, by the département while kept."""
    state = ItemState(item["state"])
    if state is ItemState.ERASED:
        return None
    if state in CLOSED and not is_department:
        return None
    return tk.h.url_for("dataset.read", id=item["name"])


def _event(event: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": wording.event_name(event["action"]),
        "date": event["recorded_at"],
        "when": moment_in_words(datetime.fromisoformat(event["recorded_at"])),
        "detail": _detail(event.get("details") or {}),
        "by": tk._("By {user}").format(user=event.get("user") or tk._("the portal")),
    }


def _detail(details: Mapping[str, Any]) -> str:
    """What an event says beside its name: how many, where, from which day."""
    words = []
    if "platform" in details:
        words.append(str(details["platform"]))
    if "items" in details:
        words.append(_items(details["items"]))
    if "copies" in details:
        copies = tk.ungettext("{n} copy", "{n} copies", details["copies"])
        words.append(copies.format(n=tk.h.heraultdata_number(details["copies"])))
    for name in ("confirmed_on", "erase_on"):
        if name in details:
            words.append(_day(details[name]))
    return " · ".join(words)


def _day(day: str | None) -> str:
    return in_words(date.fromisoformat(day[:10])) if day else ""


def _items(count: int) -> str:
    words = tk.ungettext("{n} dataset or file", "{n} datasets or files", count)
    return words.format(n=tk.h.heraultdata_number(count))
