"""Which notices are due on a day before the anniversary of a convention; pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from ..terms import latest_start
from . import rules


class NoticeKind(str, Enum):
    """When a notice goes, and to whom."""

    TWO_MONTHS = "anniversary_two_months"
    SIX_WEEKS = "anniversary_six_weeks"


@dataclass(frozen=True)
class DueNotice:
    """A notice to send about an anniversary.

    Attributes:
        kind: two months before, to the département; six weeks before, to both parties.
        anniversary: the day on which the convention is renewed.
        last_day_for_notice: the last day on which a letter still ends it on that day.
    """

    kind: NoticeKind
    anniversary: date
    last_day_for_notice: date


def due_notice(events: Sequence[rules.Event], today: date) -> DueNotice | None:
    """The notice about the next anniversary that is due on a day.

    A notice stays due until the next one is, so that a day on which nothing ran loses none; six
    weeks before lasts until the last day on which a party can still act on it (article 12.3).

    Args:
        events: the events of a convention, in the order of recording.
        today: the day.

    Returns:
        The notice, or None: no anniversary is near, or the convention ends by then anyway.
    """
    state = rules.state_on(events, today)
    anniversary = state.term_ends_on
    if anniversary is None or (state.ends_on is not None and state.ends_on <= anniversary):
        return None
    last_day = latest_start(anniversary, months=1)
    if anniversary - timedelta(weeks=6) <= today <= last_day:
        return DueNotice(NoticeKind.SIX_WEEKS, anniversary, last_day)
    if latest_start(anniversary, months=2) <= today < anniversary - timedelta(weeks=6):
        return DueNotice(NoticeKind.TWO_MONTHS, anniversary, last_day)
    return None
