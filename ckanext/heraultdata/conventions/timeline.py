"""The events of a convention as its page tells them, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EventDict = Mapping[str, Any]


@dataclass(frozen=True)
class TimelineEntry:
    """An event with what belongs to it.

    Attributes:
        event: as the API answers it.
        taken_out_by: the correction that takes it out, if any.
        takes_out: the event that it takes out, for a correction.
        documents: those that were sent with it.
    """

    event: EventDict
    taken_out_by: EventDict | None
    takes_out: EventDict | None
    documents: tuple[Mapping[str, Any], ...]


def timeline(
    events: Sequence[EventDict], documents: Sequence[Mapping[str, Any]]
) -> list[TimelineEntry]:
    """Tell the events of a convention, the newest first.

    Args:
        events: as the API answers them, in the order of recording.
        documents: all those of the convention.
    """
    by_id = {event["id"]: event for event in events}
    corrections = {
        event["voids"]: event for event in events if event["voids"] and not event["voided"]
    }
    by_event: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    for document in documents:
        by_event[document["event_id"]].append(document)
    return [
        TimelineEntry(
            event=event,
            taken_out_by=corrections.get(event["id"]),
            takes_out=by_id.get(event["voids"]),
            documents=tuple(by_event[event["id"]]),
        )
        for event in sorted(events, key=lambda one: one["date"])[::-1]
    ]
