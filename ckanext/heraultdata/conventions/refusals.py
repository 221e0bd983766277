"""The sentences that refuse an event which does not fit among those recorded."""

from __future__ import annotations

from collections.abc import Sequence

from ..messages import N_, Message, RuleError
from .course import Period, counting, course_of, in_sequence
from .events import Event, EventKind
from .lawful import Obstacle, UnlawfulEventError, giver_of_the_notice

_STANDS_IN_THE_WAY = {
    Obstacle.NOT_SIGNED_BY_BOTH: N_(
        "Another event stands in the way, {event} of {event_date}: both parties would no longer "
        "have signed by then. Void that event first, if it is a mistake too."
    ),
    Obstacle.ENDED: N_(
        "Another event stands in the way, {event} of {event_date}: the convention would have "
        "ended by then, on {since}. Void that event first, if it is a mistake; else check the "
        "date of this one."
    ),
    Obstacle.NO_OPEN_NOTICE: N_(
        "Another event stands in the way, {event} of {event_date}: no formal notice would be open "
        "any more on that day. Void that event first, if it is a mistake; else check the date of "
        "this one."
    ),
    Obstacle.DEADLINE_AHEAD: N_(
        "Another event stands in the way, {event} of {event_date}: the deadlines of the formal "
        "notices still open on that day, {since} for the nearest, would not have passed. Void "
        "that event first, if it is a mistake; else check the date of this one."
    ),
    Obstacle.SIGNED_ALREADY: N_(
        "Another event stands in the way, {event} of {event_date}: this party would have signed "
        "twice, since it had signed on {since}. Void one of the two signatures first."
    ),
}


def refusal(events: Sequence[Event], new: Event, unlawful: UnlawfulEventError) -> RuleError:
    """Say why an event cannot be recorded.

    Args:
        events: the events of the convention, lawful, in the order of recording.
        new: the event to record after them.
        unlawful: the first event that would not be allowed where it stands: the new one, one
            recorded before, or one that the new one brings back.
    """
    if unlawful.event is new:
        return _refusal_of_itself(events, unlawful)
    if unlawful.event not in counting(events):
        return _refusal_to_bring_back(unlawful.event)
    values = {
        "event": unlawful.event.kind,
        "event_date": unlawful.event.date,
        "since": unlawful.since,
    }
    field = "voids" if new.kind is EventKind.VOIDED else "date"
    return RuleError(field, Message(_STANDS_IN_THE_WAY[unlawful.obstacle], values))


def _refusal_of_itself(events: Sequence[Event], unlawful: UnlawfulEventError) -> RuleError:
    if unlawful.obstacle is Obstacle.NOT_SIGNED_BY_BOTH:
        return _refusal_before_signatures(events)
    if unlawful.obstacle is Obstacle.ENDED:
        template = N_(
            "The convention ends on {ends_on}, and is no longer in force on that day: give an "
            "earlier date, or void the event that ends it if that is the mistake."
        )
        return RuleError("date", Message(template, {"ends_on": unlawful.since}))
    if unlawful.obstacle is Obstacle.DEADLINE_AHEAD:
        template = N_(
            "The convention can be terminated for fault only from the day after the deadline of "
            "the formal notice, {deadline}, and not on {date}: wait for that day, or give the "
            "date of a letter sent after the deadline."
        )
        values = {"deadline": unlawful.since, "date": unlawful.event.date}
        return RuleError("date", Message(template, values))
    return _refusal_without_notice(events, unlawful)


def _refusal_before_signatures(events: Sequence[Event]) -> RuleError:
    effective_on = course_of(events).effective_on
    if effective_on is None:
        template = N_(
            "A convention that both parties have not signed can only be signed: record the "
            "missing signature first."
        )
        return RuleError("kind", Message(template))
    template = N_(
        "The convention took effect on {effective_on}, when both parties had signed: give that "
        "day or a later one."
    )
    return RuleError("date", Message(template, {"effective_on": effective_on}))


def _refusal_without_notice(events: Sequence[Event], unlawful: UnlawfulEventError) -> RuleError:
    event = unlawful.event
    giver = giver_of_the_notice(event)
    values: dict[str, object] = {"party": giver, "date": event.date}
    given = [
        one
        for one in in_sequence(events)
        if one.kind is EventKind.FORMAL_NOTICE and one.party is giver
    ]
    if given:
        template = N_(
            "No formal notice given by {party} was open on {date}: give a date on which one was, "
            "or record the missing formal notice first."
        )
        return RuleError("date", Message(template, values))
    if unlawful.course.notices:
        template = N_(
            "The formal notice open on {date} was not given by {party}: check which party this "
            "event is from."
        )
        return RuleError("party", Message(template, values))
    template = N_(
        "No formal notice had been given by {party} on {date}: record the formal notice first."
    )
    return RuleError("kind", Message(template, values))


def _refusal_to_bring_back(event: Event) -> RuleError:
    template = N_(
        "This would bring back an event that no longer fits among those recorded since, {event} "
        "of {event_date}: leave it out, or void first what was recorded in its place."
    )
    values = {"event": event.kind, "event_date": event.date}
    return RuleError("voids", Message(template, values))


def refusal_of_a_second(new: Event, period: Period) -> RuleError:
    """Say that two conventions of one partner would be in force on one day.

    Args:
        new: the event that would bring it about.
        period: the days on which the other convention is in force.
    """
    by_voiding = new.kind is EventKind.VOIDED
    values = {"effective_on": period[0], "ends_on": period[1]}
    message = Message(_second(by_voiding, has_end=period[1] is not None), values)
    return RuleError("voids" if by_voiding else "date", message)


def _second(by_voiding: bool, has_end: bool) -> str:
    if by_voiding and has_end:
        return N_(
            "This cannot be voided: the convention would be in force on the same days as another "
            "one of this partner, in force from {effective_on} until {ends_on}, that day not "
            "included. Correct that one first."
        )
    if by_voiding:
        return N_(
            "This cannot be voided: the convention would be in force on the same days as another "
            "one of this partner, in force since {effective_on} with no end known. Correct that "
            "one first."
        )
    if has_end:
        return N_(
            "A partner has one convention in force at a time, and another one is in force from "
            "{effective_on} until {ends_on}, that day not included: the later of the two "
            "signatures must be dated {ends_on} or after."
        )
    return N_(
        "A partner has one convention in force at a time, and another one has been in force since "
        "{effective_on}, with no end known: record its end first."
    )
