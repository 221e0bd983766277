"""What is said of an event before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from ckanext.heraultdata.conventions.effects import effect, explanation
from ckanext.heraultdata.conventions.rules import Event, EventKind, Party, state_on
from ckanext.heraultdata.messages import RuleError

TODAY = date(2026, 11, 24)
PARTNER_SIGNS = Event("1", EventKind.SIGNED, date(2024, 2, 26), Party.PARTNER)
DEPARTMENT_SIGNS = Event("2", EventKind.SIGNED, date(2024, 3, 12), Party.DEPARTMENT)
SIGNED = (PARTNER_SIGNS, DEPARTMENT_SIGNS)
NOTICE = Event(
    "3",
    EventKind.FORMAL_NOTICE,
    date(2026, 10, 1),
    Party.DEPARTMENT,
    deadline=date(2026, 11, 1),
    breaches="Données périmées",
)
MUTUAL = Event("4", EventKind.MUTUAL_TERMINATION, date(2026, 11, 20))


def said(events: Sequence[Event], new: Event) -> str:
    return str(effect(events, new, TODAY))


def test_signatures() -> None:
    assert "waits for the signature" in said((), PARTNER_SIGNS)
    assert said((PARTNER_SIGNS,), DEPARTMENT_SIGNS) == "The convention takes effect on 2024-03-12."


def test_ends() -> None:
    assert said(SIGNED, MUTUAL) == "The convention will end on 2026-12-20."
    fault = Event("5", EventKind.TERMINATED_FOR_FAULT, date(2026, 11, 2), Party.DEPARTMENT)
    assert said((*SIGNED, NOTICE), fault) == "The convention will end on 2026-11-02."


def test_an_earlier_end_counts() -> None:
    notice = Event("5", EventKind.ANNIVERSARY_NOTICE, date(2026, 11, 23), Party.PARTNER)
    assert "still ends on 2026-12-20" in said((*SIGNED, MUTUAL), notice)


@pytest.mark.parametrize(("sent_on", "is_late"), [("2026-02-12", False), ("2026-02-13", True)])
def test_a_notice_on_time_and_a_late_one(sent_on: str, is_late: bool) -> None:
    sent = date.fromisoformat(sent_on)
    notice = Event("5", EventKind.ANNIVERSARY_NOTICE, sent, Party.PARTNER)
    sentence = said(SIGNED, notice)
    ends_on = state_on((*SIGNED, notice), TODAY).ends_on
    assert str(ends_on) in sentence
    assert ("less than one month" in sentence) == is_late


def test_a_formal_notice_and_its_remedy() -> None:
    assert said(SIGNED, NOTICE) == "The other party has until 2026-11-01 to remedy."
    remedied = Event("5", EventKind.REMEDIED, TODAY, Party.DEPARTMENT)
    assert said((*SIGNED, NOTICE), remedied).startswith("All the open formal notices of department")
    answer = Event("5", EventKind.OBSERVATIONS, TODAY, Party.PARTNER)
    assert "added to the time line" in said((*SIGNED, NOTICE), answer)


def test_corrections() -> None:
    def voiding(event: Event) -> Event:
        return Event("9", EventKind.VOIDED, TODAY, voids=event.id)

    assert "not signed by both parties" in said(SIGNED, voiding(DEPARTMENT_SIGNS))
    assert "since 2024-03-12, with no end" in said((*SIGNED, MUTUAL), voiding(MUTUAL))
    later = Event("5", EventKind.MUTUAL_TERMINATION, date(2026, 11, 22))
    assert "until 2026-12-22" in said((*SIGNED, MUTUAL, later), voiding(MUTUAL))


def test_what_cannot_be_recorded_is_refused() -> None:
    ahead = Event("5", EventKind.MUTUAL_TERMINATION, TODAY + timedelta(days=1))
    with pytest.raises(RuleError, match="still to come"):
        effect(SIGNED, ahead, TODAY)


def test_every_kind_is_explained() -> None:
    assert all(explanation(kind) for kind in EventKind)
