"""Events of conventions, said in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import uuid4

from ckanext.heraultdata.conventions.rules import Authorisation, Event, EventKind, Party


def signed(party: Party, day: date) -> Event:
    return Event(str(uuid4()), EventKind.SIGNED, day, party)


def amended(day: date, authorised_on: date | None = None) -> Event:
    authorisations = tuple(
        Authorisation(party, "AD/010720/A/5", authorised_on or day) for party in Party
    )
    return Event(str(uuid4()), EventKind.AMENDED, day, authorisations=authorisations)


def notice(party: Party, day: date) -> Event:
    return Event(str(uuid4()), EventKind.ANNIVERSARY_NOTICE, day, party)


def mutual_termination(day: date) -> Event:
    return Event(str(uuid4()), EventKind.MUTUAL_TERMINATION, day)


def formal_notice(party: Party, day: date, deadline: date) -> Event:
    return Event(
        str(uuid4()), EventKind.FORMAL_NOTICE, day, party, deadline, breaches="No update since May"
    )


def observations(party: Party, day: date) -> Event:
    return Event(str(uuid4()), EventKind.OBSERVATIONS, day, party)


def remedied(party: Party, day: date) -> Event:
    return Event(str(uuid4()), EventKind.REMEDIED, day, party)


def terminated_for_fault(party: Party, day: date) -> Event:
    return Event(str(uuid4()), EventKind.TERMINATED_FOR_FAULT, day, party)


def voided(named: Event, day: date) -> Event:
    return Event(str(uuid4()), EventKind.VOIDED, day, voids=named.id)


def both_signed(day: date) -> list[Event]:
    return [signed(party, day) for party in Party]


def reordered_by_day(events: Sequence[Event], days: Sequence[date]) -> list[Event]:
    """The events in the order of those days, those of one day as they were."""
    rank = {day: position for position, day in enumerate(days)}
    return sorted(events, key=lambda event: rank[event.date])
