"""Transitions of a convention: made, corrected, an event recorded.

Each function checks, writes and journals in one transaction. The state is folded from the events
by `rules`, never stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import aggregate_order_by

from .. import clock
from ..journal import service as journal
from ..messages import N_, Message, RuleError
from . import rules
from .documents import ConventionNotFoundError, NewDocument, keep
from .model import Convention, ConventionEvent


@dataclass(frozen=True)
class Description:
    """What is written on a convention, apart from its events."""

    reference: str | None = None
    deliberation_number: str | None = None
    deliberation_date: date | None = None
    representative: str | None = None


@dataclass(frozen=True)
class NewEvent:
    """An event to record; `id` of the rules' event is given when it is recorded."""

    kind: rules.EventKind
    date: date
    party: rules.Party | None = None
    deadline: date | None = None
    breaches: str | None = None
    authorisations: tuple[rules.Authorisation, ...] = ()
    voids: str | None = None
    note: str | None = None
    document: NewDocument | None = None


@dataclass(frozen=True)
class RecordedEvent:
    """An event as it was recorded: what the rules read of it, and what people wrote with it."""

    event: rules.Event
    note: str | None
    recorded_at: datetime
    recorded_by: str | None


@dataclass(frozen=True)
class ConventionRecord:
    """A convention with its events in the order of recording."""

    id: str
    organization_id: str
    description: Description
    recorded: tuple[RecordedEvent, ...] = ()

    @property
    def events(self) -> tuple[rules.Event, ...]:
        """What the rules read."""
        return tuple(recorded.event for recorded in self.recorded)

    def on(self, day: date) -> rules.ConventionState:
        """The state on a day."""
        return rules.state_on(self.events, day)


def find(
    convention_id: str | None = None, organization_ids: Sequence[str] | None = None
) -> list[ConventionRecord]:
    """Read conventions with their events, in two queries whatever their number.

    Args:
        convention_id: only this one, where given.
        organization_ids: only those of these organisations, where given.

    Returns:
        The conventions, the oldest first.
    """
    query = sa.select(Convention.__table__).order_by(Convention.created_at, Convention.id)
    if convention_id is not None:
        query = query.where(Convention.id == convention_id)
    if organization_ids is not None:
        query = query.where(Convention.organization_id.in_(organization_ids))
    rows = model.Session.execute(query).all()
    recorded = _recorded_events(row.id for row in rows)
    return [
        ConventionRecord(
            id=row.id,
            organization_id=row.organization_id,
            description=Description(
                row.reference, row.deliberation_number, row.deliberation_date, row.representative
            ),
            recorded=tuple(recorded[row.id]),
        )
        for row in rows
    ]


def fingerprint() -> str:
    """What changes whenever an event is recorded, and never otherwise: events are never edited."""
    in_order = aggregate_order_by(sa.literal(","), ConventionEvent.id)
    ids = sa.func.string_agg(ConventionEvent.id, in_order)
    return model.Session.scalar(sa.select(sa.func.md5(ids))) or ""


def get(convention_id: str) -> ConventionRecord:
    """Read one convention.

    Raises:
        ConventionNotFoundError: there is none of that identifier.
    """
    found = find(convention_id=convention_id)
    if not found:
        raise ConventionNotFoundError(convention_id)
    return found[0]


def current(conventions: Iterable[ConventionRecord], day: date) -> ConventionRecord | None:
    """The one to show for a partner: in force, else to be signed, else the last ended."""
    rank = {rules.State.ENDED: 0, rules.State.DRAFT: 1}
    ranked = [(rank.get(c.on(day).state, 2), index, c) for index, c in enumerate(conventions)]
    return max(ranked)[2] if ranked else None


def create(
    organization_id: str, description: Description, actor: journal.Actor, now: datetime
) -> str:
    """Make a convention, without any event: a draft.

    Returns:
        Its identifier.
    """
    convention = Convention(
        id=make_uuid(), organization_id=organization_id, created_at=now, **vars(description)
    )
    model.Session.add(convention)
    _journal(
        actor, "convention.created", convention.id, organization_id, now, after=_plain(description)
    )
    model.Session.commit()
    return convention.id


def update(
    convention_id: str, description: Description, actor: journal.Actor, now: datetime
) -> None:
    """Correct what is written on a convention; its events stay as they are.

    Raises:
        ConventionNotFoundError: there is none of that identifier.
    """
    convention = model.Session.get(Convention, convention_id, with_for_update=True)
    if convention is None:
        raise ConventionNotFoundError(convention_id)
    before = Description(**{name: getattr(convention, name) for name in vars(description)})
    for name, value in vars(description).items():
        setattr(convention, name, value)
    _journal(
        actor,
        "convention.updated",
        convention.id,
        convention.organization_id,
        now,
        before=_plain(before),
        after=_plain(description),
    )
    model.Session.commit()


def record_event(
    convention_id: str, new: NewEvent, actor: journal.Actor, today: date, now: datetime
) -> str:
    """Record an event, where the rules allow it on top of what is recorded already.

    All conventions of the partner are locked first, so that of two people who record the same
    signature at once the second is judged on what the first one wrote.

    Args:
        convention_id: the convention.
        new: the event.
        actor: who records it.
        today: the date in Paris; no event may lie ahead of it.
        now: the moment of recording, with a zone.

    Returns:
        The identifier of the event.

    Raises:
        ConventionNotFoundError: there is no such convention.
        RuleError: the rules refuse the event; nothing is written.
    """
    convention, others = _locked(convention_id)
    event = rules.Event(
        id=make_uuid(),
        kind=new.kind,
        date=new.date,
        party=new.party,
        deadline=new.deadline,
        breaches=new.breaches,
        authorisations=new.authorisations,
        voids=new.voids,
    )
    rules.check_event(convention.events, event, today, [other.events for other in others])
    _add_event(convention.id, event, new.note, actor, now)
    if new.document is not None:
        keep(convention.id, event.id, new.document, now)
    _journal(
        actor,
        f"convention.{event.kind.value}",
        convention.id,
        convention.organization_id,
        now,
        before=_state_for_journal(convention, today),
        after=_state_for_journal(_with_event(convention, event, now), today)
        | {"event_id": event.id, "date": event.date.isoformat()},
    )
    model.Session.commit()
    return event.id


def refuse_purge(organization_id: str) -> None:
    """Refuse to purge an organisation that has a convention.

    Raises:
        RuleError: it has one.
    """
    exists = sa.select(Convention.id).where(Convention.organization_id == organization_id).exists()
    if model.Session.scalar(sa.select(exists)):
        raise RuleError(
            "id",
            Message(
                N_(
                    "This organisation has a convention: it cannot be purged. "
                    "Delete it instead, its convention and its journal stay."
                )
            ),
        )


def _locked(convention_id: str) -> tuple[ConventionRecord, list[ConventionRecord]]:
    organization_id = sa.select(Convention.organization_id).where(Convention.id == convention_id)
    model.Session.execute(
        sa.select(Convention.id)
        .where(Convention.organization_id == organization_id.scalar_subquery())
        .order_by(Convention.id)
        .with_for_update()
    )
    convention = get(convention_id)
    siblings = find(organization_ids=[convention.organization_id])
    return convention, [sibling for sibling in siblings if sibling.id != convention_id]


def _recorded_events(convention_ids: Iterable[str]) -> dict[str, list[RecordedEvent]]:
    recorded: dict[str, list[RecordedEvent]] = defaultdict(list)
    rows = model.Session.execute(
        sa.select(ConventionEvent.__table__)
        .where(ConventionEvent.convention_id.in_(list(convention_ids)))
        .order_by(ConventionEvent.convention_id, ConventionEvent.sequence)
    ).all()
    for row in rows:
        event = rules.Event(
            id=row.id,
            kind=rules.EventKind(row.kind),
            date=row.date,
            party=rules.Party(row.party) if row.party else None,
            deadline=row.deadline,
            breaches=row.breaches,
            authorisations=tuple(
                rules.Authorisation(
                    party=rules.Party(authorisation["party"]),
                    number=authorisation["number"],
                    date=date.fromisoformat(authorisation["date"]),
                )
                for authorisation in row.authorisations or ()
            ),
            voids=row.voids,
        )
        recorded[row.convention_id].append(
            RecordedEvent(event, row.note, row.recorded_at, row.recorded_by)
        )
    return recorded


def _add_event(
    convention_id: str, event: rules.Event, note: str | None, actor: journal.Actor, now: datetime
) -> None:
    model.Session.add(
        ConventionEvent(
            id=event.id,
            convention_id=convention_id,
            kind=event.kind.value,
            date=event.date,
            party=event.party.value if event.party else None,
            deadline=event.deadline,
            breaches=event.breaches,
            authorisations=[
                {"party": a.party.value, "number": a.number, "date": a.date.isoformat()}
                for a in event.authorisations
            ]
            or None,
            voids=event.voids,
            note=note,
            recorded_at=now,
            recorded_by=actor.user_id,
        )
    )
    model.Session.flush()


def _with_event(
    convention: ConventionRecord, event: rules.Event, now: datetime
) -> ConventionRecord:
    recorded = RecordedEvent(event, note=None, recorded_at=now, recorded_by=None)
    return replace(convention, recorded=(*convention.recorded, recorded))


def _state_for_journal(convention: ConventionRecord, today: date) -> dict[str, object]:
    state = convention.on(today)
    return {
        "state": state.state.value,
        "effective_on": clock.iso(state.effective_on),
        "ends_on": clock.iso(state.ends_on),
    }


def _plain(description: Description) -> dict[str, object]:
    return {
        name: clock.iso(value) if isinstance(value, date) else value
        for name, value in vars(description).items()
    }


def _journal(
    actor: journal.Actor,
    action: str,
    convention_id: str,
    organization_id: str,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    subject = journal.Subject("convention", convention_id, organization_id)
    journal.record(actor, action, subject, now, before=before, after=after)
