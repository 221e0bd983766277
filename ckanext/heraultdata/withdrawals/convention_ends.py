"""Partners whose convention ends: what is decided about their data, leave or withdraw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import ckan.model as model
import sqlalchemy as sa

from .. import clock
from ..conventions import service as conventions
from ..conventions.rules import State as ConventionState
from ..journal import service as journal
from ..journal.model import JournalEntry
from ..messages import N_, Message, RuleError
from ..partners import service as partners
from .kinds import Scope, State
from .model import Withdrawal

LEFT = "withdrawal.convention_left"
_ENDS = frozenset({ConventionState.ENDING, ConventionState.ENDED})


@dataclass(frozen=True)
class ConventionEnd:
    """A partner whose convention ends or has ended.

    Attributes:
        public: how many public datasets it has.
        decided_on: the day on which it was decided to leave them, None where nothing was.
    """

    partner: partners.Partner
    convention_id: str
    state: ConventionState
    effective_on: date | None
    renewals: int | None
    ends_on: date | None
    public: int
    decided_on: date | None


def undecided(today: date) -> list[ConventionEnd]:
    """The partners whose convention ends, that have public datasets, and no decision about them.

    A request for all the datasets that waits is a decision.

    Args:
        today: the date in Paris.
    """
    waiting = set(
        model.Session.scalars(
            sa.select(Withdrawal.organization_id).where(
                Withdrawal.scope == Scope.ALL.value, Withdrawal.state == State.RECEIVED.value
            )
        )
    )
    return [
        end
        for end in _ends(partners.find(), today)
        if end.public and end.decided_on is None and end.partner.id not in waiting
    ]


def of_partner(organization: str, today: date) -> ConventionEnd | None:
    """Where a partner's convention and the decision stand; None where it does not end.

    Args:
        organization: its identifier or name.
        today: the date in Paris.
    """
    return next(iter(_ends([partners.get(organization)], today)), None)


def leave(organization_id: str, actor: journal.Actor, now: datetime) -> None:
    """Decide that what is public stays on line; deciding twice writes one line.

    Raises:
        RuleError: no convention of the partner ends.
    """
    partners.lock(organization_id)
    end = of_partner(organization_id, clock.date_in_paris(now))
    if end is None:
        raise RuleError(
            "organization_id",
            Message(N_("The convention of this partner does not end: there is nothing to decide.")),
        )
    if end.decided_on is None:
        subject = journal.Subject("convention", end.convention_id, organization_id)
        journal.record(actor, LEFT, subject, now, after={"ends_on": clock.iso(end.ends_on)})
    model.Session.commit()


def _ends(found: Collection[partners.Partner], today: date) -> list[ConventionEnd]:
    by_partner: dict[str, list[conventions.ConventionRecord]] = defaultdict(list)
    for record in conventions.find(organization_ids=[partner.id for partner in found]):
        by_partner[record.organization_id].append(record)
    current = {
        partner.id: record
        for partner in found
        if (record := conventions.current(by_partner[partner.id], today)) is not None
        and record.on(today).state in _ENDS
    }
    decisions = _decisions([record.id for record in current.values()])
    counts = partners.dataset_counts() if current else {}
    ends = []
    for partner in found:
        record = current.get(partner.id)
        if record is None:
            continue
        on = record.on(today)
        count = counts.get(partner.id)
        ends.append(
            ConventionEnd(
                partner=partner,
                convention_id=record.id,
                state=on.state,
                effective_on=on.effective_on,
                renewals=on.renewals,
                ends_on=on.ends_on,
                public=count.public if count else 0,
                decided_on=decisions.get((record.id, clock.iso(on.ends_on))),
            )
        )
    return sorted(ends, key=lambda end: (end.ends_on or date.max, end.partner.title))


def _decisions(convention_ids: Collection[str]) -> Mapping[tuple[str, str | None], date]:
    """When it was decided to leave the data, by convention and by the end it was decided for."""
    if not convention_ids:
        return {}
    lines = model.Session.scalars(
        sa.select(JournalEntry).where(
            JournalEntry.subject_type == "convention",
            JournalEntry.subject_id.in_(convention_ids),
            JournalEntry.action == LEFT,
        )
    )
    return {
        (line.subject_id, (line.after or {}).get("ends_on")): clock.date_in_paris(line.recorded_at)
        for line in lines
    }
