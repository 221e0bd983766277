"""What recording an event would bring about, said before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..messages import N_, Message
from ..terms import next_anniversary
from .course import course_of
from .rules import ConventionState, Event, EventKind, Party, check_event, state_on

_EXPLANATIONS: dict[EventKind, str] = {
    EventKind.SIGNED: N_(
        "The convention takes effect on the later of the two signatures (article 3)."
    ),
    EventKind.AMENDED: N_(
        "The amendment is kept with the act by which the assembly of each party authorised it "
        "(article 11). The dates of the convention stay as they are."
    ),
    EventKind.ANNIVERSARY_NOTICE: N_(
        "Sent at least one month before the anniversary, the notice ends the convention on that "
        "day; sent later, it ends it a year after (article 12.3). Give the date of sending."
    ),
    EventKind.MUTUAL_TERMINATION: N_(
        "The convention ends one month after the letter (article 12.2)."
    ),
    EventKind.FORMAL_NOTICE: N_(
        "The other party is asked to put an end to its breaches before a deadline. The convention "
        "stays in force meanwhile (article 12.1)."
    ),
    EventKind.OBSERVATIONS: N_(
        "The party at fault answers a formal notice. The notice stays open (article 12.1)."
    ),
    EventKind.REMEDIED: N_(
        "The party that gave formal notice states that the breaches have ceased: all its open "
        "notices are closed."
    ),
    EventKind.TERMINATED_FOR_FAULT: N_(
        "The convention ends on that day, which must come after the deadline of the formal notice "
        "(article 12.1)."
    ),
    EventKind.VOIDED: N_(
        "The event counts no more, as if it had never been recorded. It stays in the time line, "
        "struck through, with the correction."
    ),
}


def explanation(kind: EventKind) -> str:
    """What a kind of event does, marked for translation."""
    return _EXPLANATIONS[kind]


def effect(
    events: Sequence[Event], new: Event, today: date, others: Sequence[Sequence[Event]] = ()
) -> Message:
    """What recording an event would bring about.

    Args:
        events: the events of the convention, lawful, in the order of recording.
        new: the event that is being written.
        today: the day of recording.
        others: the events of each other convention of the partner.

    Raises:
        RuleError: it could not be recorded.
    """
    check_event(events, new, today, others)
    before = state_on(events, today)
    after = state_on([*events, new], today)
    if new.kind is EventKind.VOIDED:
        return _effect_of_a_correction(after)
    if new.kind is EventKind.SIGNED:
        return _effect_of_a_signature(after)
    if new.kind is EventKind.FORMAL_NOTICE:
        return Message(
            N_("The other party has until {deadline} to remedy."), {"deadline": new.deadline}
        )
    if new.kind is EventKind.REMEDIED:
        return _effect_of_a_remedy(new.party)
    if new.kind in (EventKind.AMENDED, EventKind.OBSERVATIONS):
        return Message(N_("It is added to the time line; the dates of the convention stay."))
    return _effect_of_an_end(events, new, before, after)


def _effect_of_a_signature(after: ConventionState) -> Message:
    if after.effective_on is None:
        return Message(N_("The convention waits for the signature of the other party."))
    return Message(
        N_("The convention takes effect on {effective_on}."), {"effective_on": after.effective_on}
    )


def _effect_of_a_remedy(party: Party | None) -> Message:
    return Message(N_("All the open formal notices of {party} are closed."), {"party": party})


def _effect_of_a_correction(after: ConventionState) -> Message:
    if after.effective_on is None:
        return Message(N_("Without this event, the convention is not signed by both parties."))
    values: dict[str, object] = {"effective_on": after.effective_on, "ends_on": after.ends_on}
    if after.ends_on is None:
        return Message(
            N_("Without this event, the convention is in force since {effective_on}, with no end."),
            values,
        )
    return Message(
        N_("Without this event, the convention is in force from {effective_on} until {ends_on}."),
        values,
    )


def _effect_of_an_end(
    events: Sequence[Event], new: Event, before: ConventionState, after: ConventionState
) -> Message:
    values: dict[str, object] = {"ends_on": after.ends_on}
    if before.ends_on is not None and before.ends_on == after.ends_on:
        return Message(
            N_("The convention still ends on {ends_on}: the earlier end counts."), values
        )
    effective_on = course_of(events).effective_on
    is_late = (
        new.kind is EventKind.ANNIVERSARY_NOTICE
        and effective_on is not None
        and after.ends_on != next_anniversary(effective_on, new.date)
    )
    if is_late:
        return Message(
            N_(
                "Sent less than one month before the anniversary, the notice ends the convention "
                "a year after it: on {ends_on}."
            ),
            values,
        )
    return Message(N_("The convention will end on {ends_on}."), values)
