"""The lines of the reminders in the reader's language, with links to where each is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ckan.plugins.toolkit as tk

from ..mailing.letters import Link, Paragraph
from ..messages import Message
from ..standards import registry
from ..standards.page import changes
from ..standards.registry import StandardRecord, VersionRecord
from ..standards.rules import Kind
from ..words import in_words, reader_locale, sentence
from .dataset_names import DatasetName
from .deadlines import PublishedStandard
from .freshness_tracker import DatasetFreshness
from .rules import Status, Version
from .tracker import Standing, Tracker
from .wording import standing_in_words

_MOST_DIFFERENCES = 8


@dataclass(frozen=True)
class Words:
    """What the lines of a day are told from.

    Attributes:
        found: the tracker of the day.
        names: names of the partners in addresses, by identifier.
        titles: their titles.
        datasets: by identifier, those of the standings that are not settled.
    """

    found: Tracker
    names: Mapping[str, str]
    titles: Mapping[str, str]
    datasets: Mapping[str, DatasetName]
    _addresses: dict[tuple[str, ...], str] = field(default_factory=dict)
    _differences: dict[tuple[str, str], tuple[Message, ...]] = field(default_factory=dict)

    def news(self, standing: Standing, target: Version) -> Paragraph:
        """A version was published, or adopted: what changes, and by when."""
        standard = self._standard(standing)
        record = standard.version(target.id)
        older = self._before(standard, target.id)
        title = tk._("New version of a standard: {standard} {version}")
        if record.dates.adopted_on is not None:
            title = tk._("Standard adopted by the département: {standard} {version}")
        elif older is None:
            title = tk._("New standard: {standard} {version}")
        told = self._differences_of(older, target.id) if older else ()
        return Paragraph(
            about=self.titles[standing.organization_id],
            title=title.format(standard=standard.record.title, version=record.version),
            sentences=(_by_when(target), self._why_concerned(standing)),
            details=self._first(told),
            links=(
                self._to_do(standing.organization_id),
                *self._dataset_link(standing.package_id),
                *self._standard_links(standard, record, older),
            ),
        )

    def deadline(self, standing: Standing) -> Paragraph:
        """A deadline is near, or has passed."""
        standard = self._standard(standing)
        target = standing.conformance.target
        record = standard.version(target.id) if target else None
        valid = standing.conformance.valid
        links = [self._to_do(standing.organization_id), *self._dataset_link(standing.package_id)]
        if record is not None:
            older = standard.version(valid.id) if valid else None
            links += self._standard_links(standard, record, older)
        return Paragraph(
            about=self.titles[standing.organization_id],
            title=self._title(standing),
            sentences=(standing_in_words(standing.conformance) + ".", self._why_not(standing)),
            links=tuple(links),
        )

    def late_update(self, dataset: DatasetFreshness) -> Paragraph:
        """The data of a dataset is older than its frequency promises."""
        days = dataset.freshness.days_late or 0
        late = tk.ungettext(
            "Its frequency promised an update by {day}: it is {n} day late.",
            "Its frequency promised an update by {day}: it is {n} days late.",
            days,
        )
        return Paragraph(
            about=self.titles[dataset.organization_id],
            title=tk._("To be updated: {dataset}").format(dataset=dataset.title),
            sentences=(
                tk._("The data last changed on {day}.").format(day=in_words(dataset.changed_on)),
                late.format(n=days, day=in_words(dataset.freshness.due_on)),
            ),
            links=(
                self._link(tk._("The dataset"), "dataset.read", id=dataset.name),
                self._to_do(dataset.organization_id),
            ),
        )

    def draft(
        self, organization_id: str, standard: StandardRecord, version: VersionRecord
    ) -> Paragraph:
        """A draft is out for comment."""
        until = in_words(version.comments_until) if version.comments_until else ""
        return Paragraph(
            about=self.titles[organization_id],
            title=tk._("Your opinion is asked for: {standard} {version}").format(
                standard=standard.title, version=version.version
            ),
            sentences=(
                tk._(
                    "The département prepares this version with its partners (article 5 of the "
                    "convention). You can comment on it, column by column, until {day}."
                ).format(day=until),
            ),
            links=(
                self._link(
                    tk._("Read the draft and comment on it"),
                    "heraultdata_standard_comment.index",
                    name=standard.name,
                    version=version.version,
                ),
            ),
        )

    def _standard(self, standing: Standing) -> PublishedStandard:
        return self.found.deadlines.standards[standing.standard]

    def _title(self, standing: Standing) -> str:
        standard = self._standard(standing).record.title
        if standing.package_id is None:
            return tk._("{standard}: no dataset yet").format(standard=standard)
        dataset = self.datasets[standing.package_id].title
        return tk._("{dataset} (standard: {standard})").format(dataset=dataset, standard=standard)

    def _why_concerned(self, standing: Standing) -> str:
        if standing.package_id is None:
            return tk._(
                "The standard is a priority, and you have no dataset for it yet. If you hold no "
                "such data, you can say so on the portal."
            )
        return tk._("You have a dataset that follows this standard: {dataset}.").format(
            dataset=self.datasets[standing.package_id].title
        )

    def _why_not(self, standing: Standing) -> str:
        target = self.found.label(standing, standing.conformance.target)
        if standing.status is Status.MISSING:
            return self._why_concerned(standing)
        if standing.status is Status.UNCHECKED:
            return tk._("A file of it was never checked: upload it, or give an address to fetch.")
        if standing.conformance.valid is None:
            return tk._("Its files do not conform to version {version} yet.").format(version=target)
        return tk._("Its files conform to version {older}, not to version {version} yet.").format(
            older=self.found.label(standing, standing.conformance.valid), version=target
        )

    def _to_do(self, organization_id: str) -> Link:
        return self._link(
            tk._("What you have to do"),
            "heraultdata_partner_conformance.show",
            name=self.names[organization_id],
        )

    def _dataset_link(self, package_id: str | None) -> tuple[Link, ...]:
        if package_id is None:
            return ()
        return (self._link(tk._("The dataset"), "dataset.read", id=self.datasets[package_id].name),)

    def _standard_links(
        self, standard: PublishedStandard, record: VersionRecord, older: VersionRecord | None
    ) -> list[Link]:
        name = standard.record.name
        links = []
        if older is not None and older.id != record.id:
            versions = {"from": older.version, "to": record.version}
            label = tk._("What changes from version {older} to version {newer}").format(
                older=older.version, newer=record.version
            )
            links.append(
                self._link(label, "heraultdata_standard.differences", name=name, **versions)
            )
        if record.kind is Kind.TABLE:
            label = tk._("The model of the file, to fill in (XLSX)")
            links.append(
                self._link(
                    label,
                    "heraultdata_standard_file.model_xlsx",
                    name=name,
                    version=record.version,
                )
            )
        links.append(self._link(tk._("The standard"), "heraultdata_standard.show", name=name))
        return links

    def _link(self, label: str, endpoint: str, **values: str) -> Link:
        # Most addresses stand in many lines, and CKAN takes its time to make one.
        key = (reader_locale(), endpoint, *values.values())
        if key not in self._addresses:
            self._addresses[key] = tk.url_for(endpoint, _external=True, **values)
        return Link(label, self._addresses[key])

    @staticmethod
    def _before(standard: PublishedStandard, version_id: str) -> VersionRecord | None:
        newest_first = [version.id for version in standard.versions]
        rank = newest_first.index(version_id) + 1
        return standard.versions[rank] if rank < len(newest_first) else None

    def _differences_of(self, older: VersionRecord, newer_id: str) -> tuple[Message, ...]:
        # The same for all the partners: the schemas are read once.
        key = (older.id, newer_id)
        if key not in self._differences:
            _, old = registry.version_with_id(older.id)
            _, new = registry.version_with_id(newer_id)
            found = changes(old, new)
            self._differences[key] = (*found.breaking, *found.others) if found else ()
        return self._differences[key]

    @staticmethod
    def _first(differences: tuple[Message, ...]) -> tuple[str, ...]:
        told = [sentence(one) for one in differences[:_MOST_DIFFERENCES]]
        left = len(differences) - len(told)
        if left > 0:
            more = tk.ungettext("and {n} more change", "and {n} more changes", left)
            told.append(more.format(n=left))
        return tuple(told)


def _by_when(target: Version) -> str:
    if target.due_on is None:
        return tk._("Nothing sets a date by which files must conform to it.")
    return tk._("Files must conform by {due_on}.").format(due_on=in_words(target.due_on))
