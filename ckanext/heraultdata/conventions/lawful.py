"""Which events the convention allows, and the sentences that refuse the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import Enum

from ..messages import N_, Message, RuleError
from .course import Course, in_sequence
from .events import Event, EventKind, Party

WITH_A_PARTY = frozenset(
    {
        EventKind.SIGNED,
        EventKind.ANNIVERSARY_NOTICE,
        EventKind.FORMAL_NOTICE,
        EventKind.OBSERVATIONS,
        EventKind.REMEDIED,
        EventKind.TERMINATED_FOR_FAULT,
    }
)
"""What one party does; the others are done by both, or are corrections."""


class Obstacle(Enum):
    """Why an event is not allowed after those before it."""

    SIGNED_ALREADY = "signed_already"
    NOT_SIGNED_BY_BOTH = "not_signed_by_both"
    ENDED = "ended"
    NO_OPEN_NOTICE = "no_open_notice"
    DEADLINE_AHEAD = "deadline_ahead"


class UnlawfulEventError(Exception):
    """An event that those before it do not allow.

    Attributes:
        event: the event.
        obstacle: why it is not allowed.
        course: what those before it had made of the convention.
        since: the date that stands against it, where there is one.
    """

    def __init__(
        self, event: Event, obstacle: Obstacle, course: Course, since: date | None = None
    ) -> None:
        super().__init__(f"{event.kind} of {event.date}: {obstacle.value}")
        self.event = event
        self.obstacle = obstacle
        self.course = course
        self.since = since


def follow(events: Sequence[Event]) -> Course:
    """Add up a list of events, each checked against those before it.

    Args:
        events: in the order of recording.

    Raises:
        UnlawfulEventError: for the first that is not allowed where it stands.
    """
    course = Course()
    for event in in_sequence(events):
        _check_follows(course, event)
        course = course.after(event)
    return course


def _check_follows(course: Course, event: Event) -> None:
    if event.kind is EventKind.SIGNED:
        _check_signature(course, event)
        return
    if course.effective_on is None:
        raise UnlawfulEventError(event, Obstacle.NOT_SIGNED_BY_BOTH, course)
    if course.has_ended(event.date):
        raise UnlawfulEventError(event, Obstacle.ENDED, course, course.ends_on)
    _check_notice_open(course, event)


def _check_signature(course: Course, event: Event) -> None:
    signed_on = course.signed_on.get(event.party) if event.party else None
    if signed_on is not None:
        raise UnlawfulEventError(event, Obstacle.SIGNED_ALREADY, course, signed_on)


def _check_notice_open(course: Course, event: Event) -> None:
    giver = giver_of_the_notice(event)
    if giver is None:
        return
    notices = course.notices_of(giver)
    if not notices:
        raise UnlawfulEventError(event, Obstacle.NO_OPEN_NOTICE, course)
    if event.kind is not EventKind.TERMINATED_FOR_FAULT:
        return
    first_deadline = min(notice.deadline for notice in notices if notice.deadline)
    if event.date <= first_deadline:
        raise UnlawfulEventError(event, Obstacle.DEADLINE_AHEAD, course, first_deadline)


def giver_of_the_notice(event: Event) -> Party | None:
    """The party whose formal notice an event answers to or follows (article 12.1).

    Args:
        event: any event.

    Returns:
        The party not at fault: the other one for observations, itself for what it does about
        its own notice; None for the events that need no notice.
    """
    if event.party is None:
        return None
    if event.kind is EventKind.OBSERVATIONS:
        return event.party.other
    if event.kind in (EventKind.REMEDIED, EventKind.TERMINATED_FOR_FAULT):
        return event.party
    return None


def check_fields(event: Event) -> None:
    """Check that an event says what its kind needs and nothing more.

    Args:
        event: the event.

    Raises:
        RuleError: for the field that is missing, that its kind does not have, or that does not
            agree with the date of the event.
    """
    _check_party(event)
    _check_formal_notice(event)
    _check_authorisations(event)
    _check_named_event(event)


def _check_party(event: Event) -> None:
    if event.kind in WITH_A_PARTY and event.party is None:
        raise RuleError(
            "party", Message(N_("Say which party it is: the partner or the département."))
        )
    if event.kind not in WITH_A_PARTY and event.party is not None:
        raise RuleError(
            "party",
            Message(N_("This is not the act of one party alone: leave the party empty.")),
        )


def _check_formal_notice(event: Event) -> None:
    if event.kind is not EventKind.FORMAL_NOTICE:
        if event.deadline is not None:
            raise RuleError(
                "deadline",
                Message(N_("Only a formal notice has a deadline: leave the deadline empty.")),
            )
        if event.breaches:
            raise RuleError(
                "breaches",
                Message(N_("Only a formal notice lists breaches: leave the breaches empty.")),
            )
        return
    if not (event.breaches or "").strip():
        raise RuleError(
            "breaches",
            Message(N_("Say what the other party has failed to do: a formal notice lists it.")),
        )
    if event.deadline is None:
        raise RuleError(
            "deadline",
            Message(N_("Give the last day on which the other party can put things right.")),
        )
    if event.deadline <= event.date:
        raise RuleError(
            "deadline",
            Message(
                N_(
                    "The deadline, {deadline}, must come after the date of the formal notice, "
                    "{date}: give a later day."
                ),
                {"deadline": event.deadline, "date": event.date},
            ),
        )


def _check_authorisations(event: Event) -> None:
    if event.kind is not EventKind.AMENDED:
        if event.authorisations:
            raise RuleError(
                "authorisations",
                Message(N_("Only an amendment has authorisations: leave them out.")),
            )
        return
    for party in Party:
        _check_authorisation(event, party)


def _check_authorisation(event: Event, party: Party) -> None:
    given = [one for one in event.authorisations if one.party is party]
    if not given:
        template = N_(
            "An amendment is authorised by the assemblies of both parties: add the number and the "
            "date of the authorisation given by {party}."
        )
        raise RuleError("authorisations", Message(template, {"party": party}))
    if len(given) > 1:
        template = N_("There are several authorisations given by {party}: keep one of them.")
        raise RuleError("authorisations", Message(template, {"party": party}))
    if not given[0].number.strip():
        template = N_("Give the number of the authorisation given by {party}.")
        raise RuleError("authorisations", Message(template, {"party": party}))
    if given[0].date > event.date:
        template = N_(
            "The amendment was authorised by {party} on {authorised_on}, after its own date, "
            "{date}: an amendment is signed once authorised, check both dates."
        )
        values = {"party": party, "authorised_on": given[0].date, "date": event.date}
        raise RuleError("authorisations", Message(template, values))


def _check_named_event(event: Event) -> None:
    if event.kind is EventKind.VOIDED and event.voids is None:
        raise RuleError("voids", Message(N_("Say which event is to be voided.")))
    if event.kind is not EventKind.VOIDED and event.voids is not None:
        raise RuleError(
            "voids",
            Message(N_("Only a correction names an event to void: leave this field empty.")),
        )
