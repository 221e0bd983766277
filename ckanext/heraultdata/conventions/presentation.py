"""A convention as the API answers it: dates as YYYY-MM-DD, and only what its reader may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from .. import clock
from .course import counting
from .documents import DocumentSummary
from .service import ConventionRecord, RecordedEvent


def convention_dict(
    convention: ConventionRecord,
    day: date,
    in_full: bool,
    kept: Sequence[DocumentSummary] = (),
) -> dict[str, Any]:
    """A convention on a day.

    Args:
        convention: the convention.
        day: the day of the state.
        in_full: whether the reader is one of the parties; the public reads states and dates only.
        kept: its documents; the public reads of those that are ticked public.

    Returns:
        A dictionary for the API.
    """
    state = convention.on(day)
    answer: dict[str, Any] = {
        "id": convention.id,
        "organization_id": convention.organization_id,
        "state": state.state.value,
        "effective_on": clock.iso(state.effective_on),
        "renewals": state.renewals,
        "term_ends_on": clock.iso(state.term_ends_on),
        "ends_on": clock.iso(state.ends_on),
        "documents": [_document_dict(document) for document in kept if in_full or document.public],
    }
    if not in_full:
        return answer
    description = convention.description
    counted = {event.id for event in counting(convention.events)}
    return answer | {
        "reference": description.reference,
        "deliberation_number": description.deliberation_number,
        "deliberation_date": clock.iso(description.deliberation_date),
        "representative": description.representative,
        "events": [
            _event_dict(recorded, voided=recorded.event.id not in counted)
            for recorded in convention.recorded
        ],
    }


def _event_dict(recorded: RecordedEvent, voided: bool) -> dict[str, Any]:
    event = recorded.event
    return {
        "id": event.id,
        "kind": event.kind.value,
        "date": event.date.isoformat(),
        "party": event.party.value if event.party else None,
        "deadline": clock.iso(event.deadline),
        "breaches": event.breaches,
        "authorisations": [
            {"party": a.party.value, "number": a.number, "date": a.date.isoformat()}
            for a in event.authorisations
        ],
        "voids": event.voids,
        "voided": voided,
        "note": recorded.note,
        "recorded_at": recorded.recorded_at.isoformat(),
        "recorded_by": recorded.recorded_by,
    }


def _document_dict(document: DocumentSummary) -> dict[str, Any]:
    return {
        "id": document.id,
        "event_id": document.event_id,
        "kind": document.kind.value,
        "title": document.title,
        "file_name": document.file_name,
        "size": document.size,
        "public": document.public,
        "created_at": document.created_at.isoformat(),
    }
