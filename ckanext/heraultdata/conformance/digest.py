"""The weekly digest to the département: figures, what became late, what waits for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ..clock import PARIS
from ..mailing.letters import Line, Link, Paragraph
from ..mailing.service import department_recipients
from ..partners import service as partners
from ..standards.model import StandardComment
from ..words import in_words
from .model import Extension
from .reminding import week_of
from .rules import Status
from .tracker import Standing, Tracker
from .wording import status_names

DIGEST = "digest"
_MOST_LATE = 30
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class _Week:
    """What the digest tells.

    Attributes:
        newly_late: standings that became late in the week before its Monday, that day included.
        extensions: requests that wait.
        comments: made in that week.
        unanswered: comments without an answer, of whatever date.
    """

    counts: Counter[Status]
    newly_late: tuple[Standing, ...]
    extensions: int
    comments: int
    unanswered: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.counts or self.extensions or self.comments or self.unanswered)


def lines(found: Tracker) -> Iterator[Line]:
    """The digest of the week of a tracker's day, sent already or not; none of an empty portal.

    Args:
        found: the tracker of all partners.
    """
    monday = week_of(found.deadlines.day)
    week = _week(found, monday)
    if week.is_empty:
        return
    titles = {partner.id: partner.title for partner in partners.find()}
    for recipient in department_recipients():
        yield Line(
            recipient,
            DIGEST,
            "",
            monday,
            is_legal=False,
            tell=partial(_in_words, found, week, monday, titles),
        )


def _week(found: Tracker, monday: date) -> _Week:
    newly_late = tuple(
        standing
        for standing in found.late_first()
        if standing.conformance.days_late is not None
        and standing.conformance.due_on is not None
        and monday - _WEEK <= standing.conformance.due_on < monday
    )
    count = sa.func.count()
    since, until = (datetime.combine(day, time(), PARIS) for day in (monday - _WEEK, monday))
    in_week = sa.and_(StandardComment.made_at >= since, StandardComment.made_at < until)
    extensions = model.Session.scalar(sa.select(count).where(Extension.granted.is_(None)))
    comments, unanswered = model.Session.execute(
        sa.select(
            count.filter(in_week), count.filter(StandardComment.answered_at.is_(None))
        ).select_from(StandardComment)
    ).one()
    counts = Counter(standing.status for standing in found.standings)
    return _Week(counts, newly_late, extensions or 0, comments, unanswered)


def _in_words(found: Tracker, week: _Week, monday: date, titles: dict[str, str]) -> Paragraph:
    waiting = []
    if week.extensions:
        waiting.append(
            tk.ungettext(
                "{n} request for more time waits for your decision.",
                "{n} requests for more time wait for your decision.",
                week.extensions,
            ).format(n=week.extensions)
        )
    if week.comments or week.unanswered:
        waiting.append(
            tk._(
                "Comments on drafts: {new} in the week before, {unanswered} without an answer."
            ).format(new=week.comments, unanswered=week.unanswered)
        )
    return Paragraph(
        about="",
        title=tk._("Conformance of the partners: week of {monday}").format(monday=in_words(monday)),
        sentences=(_figures(week.counts), *waiting, _lateness(len(week.newly_late))),
        details=_late_ones(found, week.newly_late, titles),
        links=tuple(_links(week)),
    )


def _figures(counts: Counter[Status]) -> str:
    names = status_names()
    told = tk._("{status}: {count}")
    return " · ".join(
        told.format(status=name, count=counts[Status(value)]) for value, name in names.items()
    )


def _lateness(count: int) -> str:
    if not count:
        return tk._("Nothing became late in the week before.")
    return tk.ungettext(
        "{n} deadline was missed in the week before:",
        "{n} deadlines were missed in the week before:",
        count,
    ).format(n=count)


def _late_ones(
    found: Tracker, late: tuple[Standing, ...], titles: dict[str, str]
) -> tuple[str, ...]:
    told = [
        tk._("{partner}: {standard}").format(
            partner=titles[one.organization_id],
            standard=found.deadlines.standards[one.standard].record.title,
        )
        for one in late[:_MOST_LATE]
    ]
    left = len(late) - len(told)
    if left:
        told.append(tk.ungettext("and {n} more", "and {n} more", left).format(n=left))
    return tuple(told)


def _links(week: _Week) -> Iterator[Link]:
    yield Link(tk._("The dashboard"), tk.url_for("heraultdata_conformance.index", _external=True))
    if week.extensions:
        yield Link(
            tk._("The requests for more time"),
            tk.url_for("heraultdata_extension.index", _external=True),
        )
