"""What may be recorded about a convention on a day, and why the rest may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ..messages import N_, Message, RuleError
from .course import Course, Period, counting, course_of, times_taken_out
from .events import Authorisation, Event, EventKind, Party
from .lawful import WITH_A_PARTY, UnlawfulEventError, check_fields, follow
from .refusals import refusal, refusal_of_a_second


def check_event(
    events: Sequence[Event],
    new: Event,
    today: date,
    others: Sequence[Sequence[Event]] = (),
) -> None:
    """Check that an event may be recorded.

    Args:
        events: the events of the convention, lawful, in the order of recording.
        new: the event to record after them. Its date may be past, never ahead of today.
        today: the day of recording, in Europe/Paris.
        others: the events of each other convention of the partner.

    Raises:
        RuleError: what the event says is incomplete or of another kind; it is dated ahead; it is
            not allowed on its day; an event recorded already would no longer be; or two
            conventions of the partner would be in force on one day.
    """
    check_fields(new)
    _check_not_ahead(new, today)
    if new.kind is EventKind.VOIDED:
        _check_voided(events, new)
    if new.kind is EventKind.SIGNED:
        _check_signs_once(events, new)
    try:
        course = follow([*events, new])
    except UnlawfulEventError as unlawful:
        raise refusal(events, new, unlawful) from unlawful
    _check_one_in_force(course, new, others)


def _check_not_ahead(new: Event, today: date) -> None:
    if new.date <= today:
        return
    template = N_(
        "{date} is still to come: an event is recorded once it has happened, today ({today}) at "
        "the latest."
    )
    raise RuleError("date", Message(template, {"date": new.date, "today": today}))


def _check_voided(events: Sequence[Event], new: Event) -> None:
    named = next((event for event in events if event.id == new.voids), None)
    if named is None:
        template = N_("This convention has no such event: choose one of its events.")
        raise RuleError("voids", Message(template))
    values: dict[str, object] = {"event": named.kind, "event_date": named.date}
    if named not in counting(events):
        template = N_(
            "This event is out already, {event} of {event_date}: to bring it back, void the "
            "correction that took it out."
        )
        raise RuleError("voids", Message(template, values))
    if max(times_taken_out([*events, new]).values()) > 1:
        template = N_(
            "This correction cannot be voided, {event} of {event_date}: the event it took out has "
            "been taken out again since. Void the later correction instead."
        )
        raise RuleError("voids", Message(template, values))
    if new.date < named.date:
        template = N_(
            "An event cannot be voided before its own day, {event_date}: give that day or a "
            "later one."
        )
        raise RuleError("date", Message(template, values))


def _check_signs_once(events: Sequence[Event], new: Event) -> None:
    signed_on = course_of(events).signed_on
    if new.party is None or new.party not in signed_on:
        return
    template = N_(
        "The convention has been signed already by {party}, on {date}: if that date is wrong, "
        "void that signature, then record it again."
    )
    raise RuleError("party", Message(template, {"party": new.party, "date": signed_on[new.party]}))


def _check_one_in_force(course: Course, new: Event, others: Sequence[Sequence[Event]]) -> None:
    for other in others:
        period = course_of(other).period
        if period is not None and _share_a_day(course.period, period):
            raise refusal_of_a_second(new, period)


def _share_a_day(one: Period | None, other: Period) -> bool:
    if one is None:
        return False
    return max(one[0], other[0]) < min(one[1] or date.max, other[1] or date.max)


def recordable(
    events: Sequence[Event], today: date, others: Sequence[Sequence[Event]] = ()
) -> tuple[tuple[EventKind, Party | None], ...]:
    """The kinds of events, and who they are from, of which one dated today could be recorded.

    Args:
        events: the events of the convention, lawful, in the order of recording.
        today: the day of recording.
        others: the events of each other convention of the partner.

    Returns:
        In the order of the kinds; the party is None where the kind has none. What could only be
        recorded with a past date is not among them.
    """
    possible = [
        (event.kind, event.party)
        for event in _samples(today)
        if _is_allowed(events, event, today, others)
    ]
    if voidable(events, today, others):
        possible.append((EventKind.VOIDED, None))
    return tuple(possible)


def voidable(
    events: Sequence[Event], today: date, others: Sequence[Sequence[Event]] = ()
) -> tuple[str, ...]:
    """The ids of the events that a correction dated today could take out.

    Args:
        events: the events of the convention, lawful, in the order of recording.
        today: the day of recording.
        others: the events of each other convention of the partner.
    """
    return tuple(
        event.id
        for event in events
        if _is_allowed(events, _sample(EventKind.VOIDED, today, voids=event.id), today, others)
    )


def _is_allowed(
    events: Sequence[Event], new: Event, today: date, others: Sequence[Sequence[Event]]
) -> bool:
    try:
        check_event(events, new, today, others)
    except RuleError:
        return False
    return True


def _samples(today: date) -> Iterator[Event]:
    for kind in EventKind:
        if kind in WITH_A_PARTY:
            yield from (_sample(kind, today, party=party) for party in Party)
        elif kind is not EventKind.VOIDED:
            yield _sample(kind, today)


def _sample(
    kind: EventKind, today: date, party: Party | None = None, voids: str | None = None
) -> Event:
    is_notice = kind is EventKind.FORMAL_NOTICE
    return Event(
        id="sample",
        kind=kind,
        date=today,
        party=party,
        deadline=today + timedelta(days=1) if is_notice else None,
        breaches="sample" if is_notice else None,
        authorisations=tuple(Authorisation(party, "sample", today) for party in Party)
        if kind is EventKind.AMENDED
        else (),
        voids=voids,
    )
