"""What is to be told to partners on a day: standards published, deadlines, late updates, drafts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from .. import config
from ..mailing.letters import Line, Recipient, once_a_language
from ..partners import service as partners
from ..partners.service import Partner
from ..standards import registry
from ..standards.registry import VersionRecord
from ..standards.rules import can_be_extended
from . import freshness_tracker, reminding
from .addressees import addressees
from .dataset_names import dataset_names
from .freshness import FreshnessStatus
from .reminder_words import Words
from .rules import Status, Version
from .tracker import Standing, Tracker

PUBLICATION = "publication"
COMMENTS = "comments"


@dataclass(frozen=True)
class _Reminders:
    """What the lines of one day are made from."""

    found: Tracker
    partners: Mapping[str, Partner]
    readers: Mapping[str, tuple[Recipient, ...]]
    words: Words

    @property
    def today(self) -> date:
        return self.found.deadlines.day

    def of_standings(self) -> Iterator[Line]:
        """News first: a deadline that it tells is not told twice."""
        days_before = config.reminder_days()
        told: set[tuple[str, str]] = set()
        for standing in self.found.late_first():
            if standing.status is Status.CONFORMING:
                continue
            yield from self._news(standing, told)
            yield from self._deadline(standing, days_before)

    def _news(self, standing: Standing, told: set[tuple[str, str]]) -> Iterator[Line]:
        target = standing.conformance.target
        if target is None or (standing.organization_id, target.id) in told:
            return
        announced = self._announced_on(standing, target)
        if not reminding.is_news(announced, self.today):
            return
        told.add((standing.organization_id, target.id))
        tell = once_a_language(partial(self.words.news, standing, target))
        for reader in self.readers[standing.organization_id]:
            yield Line(
                reader,
                PUBLICATION,
                f"{standing.organization_id}/{target.id}",
                announced,
                is_legal=self._is_set_by_text(standing, target),
                tell=tell,
            )

    def _deadline(self, standing: Standing, days_before: tuple[int, ...]) -> Iterator[Line]:
        due_on = standing.conformance.due_on
        version = self._version_due(standing)
        if due_on is None or version is None:
            return
        stage = reminding.stage_of_deadline(
            due_on, self._announced_on(standing, version), self.today, days_before
        )
        if stage is None:
            return
        tell = once_a_language(partial(self.words.deadline, standing))
        for reader in self.readers[standing.organization_id]:
            yield Line(
                reader,
                f"deadline_{stage.name}",
                f"{standing.organization_id}/{standing.package_id or ''}/{standing.standard}",
                due_on,
                is_legal=self._is_set_by_text(standing, version),
                tell=tell,
            )

    def _version_due(self, standing: Standing) -> Version | None:
        """The oldest version that is due on the day of the standing."""
        bound = self.found.deadlines.versions(standing.standard, standing.organization_id)
        due = [one for one in bound if one.due_on == standing.conformance.due_on]
        return min(due, key=lambda one: one.published_on, default=None)

    def _record(self, standing: Standing, version: Version) -> VersionRecord:
        return self.found.deadlines.standards[standing.standard].version(version.id)

    def _announced_on(self, standing: Standing, version: Version) -> date:
        adopted_on = self._record(standing, version).dates.adopted_on
        return reminding.announced_on(version.published_on, adopted_on)

    def _is_set_by_text(self, standing: Standing, version: Version) -> bool:
        level = self.found.deadlines.standards[standing.standard].record.level
        dates = self._record(standing, version).dates
        return dates.due_on is not None and not can_be_extended(level, dates)

    def of_late_updates(self) -> Iterator[Line]:
        """Datasets whose data is older than their frequency promises."""
        for dataset in freshness_tracker.on(self.today):
            if dataset.freshness.status is not FreshnessStatus.LATE:
                continue
            late_on = dataset.freshness.due_on + date.resolution
            stage = reminding.stage_of_lateness(late_on, self.today)
            if stage is None:
                continue
            tell = once_a_language(partial(self.words.late_update, dataset))
            for reader in self.readers[dataset.organization_id]:
                yield Line(
                    reader,
                    f"freshness_{stage.name}",
                    dataset.package_id,
                    late_on,
                    is_legal=False,
                    tell=tell,
                )

    def of_drafts(self) -> Iterator[Line]:
        """Drafts put out for comment, to the partners that they would concern (article 5)."""
        for standard, version in registry.drafts_out(self.today):
            for partner in self.partners.values():
                if partner.partner_type not in standard.concerns:
                    continue
                tell = once_a_language(partial(self.words.draft, partner.id, standard, version))
                for reader in self.readers[partner.id]:
                    yield Line(
                        reader,
                        COMMENTS,
                        f"{partner.id}/{version.id}",
                        version.comments_until or self.today,
                        is_legal=False,
                        tell=tell,
                    )


def lines(found: Tracker) -> Iterator[Line]:
    """All that is to be told to partners on the day of a tracker, sent already or not.

    Args:
        found: the tracker of all partners.
    """
    by_id = {partner.id: partner for partner in partners.find()}
    titles = {partner.id: partner.title for partner in by_id.values()}
    words = Words(
        found,
        {p.id: p.name for p in by_id.values()},
        titles,
        dataset_names(_package_ids(found.standings)),
    )
    reminders = _Reminders(found, by_id, addressees(by_id.values()), words)
    yield from reminders.of_standings()
    yield from reminders.of_late_updates()
    yield from reminders.of_drafts()


def _package_ids(standings: Iterable[Standing]) -> list[str]:
    return [
        each.package_id
        for each in standings
        if each.package_id is not None and each.status is not Status.CONFORMING
    ]
