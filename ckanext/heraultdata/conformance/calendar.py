"""The days that a partner has to keep in mind, as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from icalendar import Calendar, Event

from ..conventions import rules as convention_rules
from ..conventions import service as conventions
from ..conventions.wording import next_date_sentence
from ..partners.service import Partner
from . import freshness_tracker, tracker
from .dataset_names import DatasetName, dataset_names
from .rules import Version
from .tracker import Standing, Tracker

_PRODUCT = "-//ckanext-heraultdata//ckanext-heraultdata//{language}"
_REFRESH = timedelta(hours=12)


@dataclass(frozen=True)
class Entry:
    """A day to keep in mind.

    Attributes:
        key: says which from one reading of the calendar to the next, whatever its day.
        day: the day, all of it.
        title: what falls due.
        description: what to do, in sentences.
        url: where to do it.
    """

    key: str
    day: date
    title: str
    description: str
    url: str


def entries(partner: Partner, today: date) -> list[Entry]:
    """The days that a partner has to keep in mind, the earliest first, in the reader's language.

    Args:
        partner: the partner.
        today: the date in Paris.
    """
    # Two formal notices may set the same day.
    found = {
        entry.key: entry
        for entry in (
            *_of_standards(partner, today),
            *_of_updates(partner, today),
            *_of_conventions(partner, today),
        )
    }
    return sorted(found.values(), key=lambda entry: (entry.day, entry.title, entry.key))


def as_ical(partner: Partner, found: Sequence[Entry], now: datetime, language: str) -> bytes:
    """The calendar as a file that calendars subscribe to.

    Args:
        partner: whose it is.
        found: its days.
        now: the moment, with a zone.
        language: that of its sentences.
    """
    name = tk._("Open data deadlines: {partner}").format(partner=partner.title)
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT.format(language=language.upper()))
    calendar.add("version", "2.0")
    # RFC 7986 has these two; older calendars read the two others.
    calendar.add("name", name)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", _REFRESH)
    host = urlsplit(tk.config["ckan.site_url"]).hostname or "localhost"
    for entry in found:
        calendar.add_component(_event(entry, now, host))
    return calendar.to_ical()


def _event(entry: Entry, now: datetime, host: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", entry.day)
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("url", entry.url)
    # A day to keep in mind is no day on which one is away.
    event.add("transp", "TRANSPARENT")
    return event


def _of_standards(partner: Partner, today: date) -> Iterator[Entry]:
    found = tracker.on(today, tracker.Wanted(organization_ids=[partner.id]))
    datasets = dataset_names([each.package_id for each in found.standings if each.package_id])
    for standing in found.late_first():
        for version, day in _owed(found, standing):
            yield _entry(found, standing, version, day, datasets)


def _owed(found: Tracker, standing: Standing) -> Iterator[tuple[Version, date]]:
    """The versions that a standing has a day for: the one that is late, and those to come."""
    reckoned = standing.conformance
    if reckoned.due_on is None:
        return
    for version in found.deadlines.versions(standing.standard, standing.organization_id):
        if reckoned.valid is not None and version.published_on <= reckoned.valid.published_on:
            return
        day = version.due_on
        if day is not None and (day >= found.deadlines.day or day == reckoned.due_on):
            yield version, day


def _entry(
    found: Tracker,
    standing: Standing,
    version: Version,
    day: date,
    datasets: Mapping[str, DatasetName],
) -> Entry:
    standard = found.deadlines.standards[standing.standard]
    texts = {
        "standard": standard.record.title,
        "version": standard.version(version.id).version,
    }
    if standing.package_id is None:
        title = tk._("Publish data in “{standard}”").format(**texts)
        what = tk._(
            "No dataset follows the standard “{standard}”, version {version}: publish one, or "
            "answer that you hold no such data."
        ).format(**texts)
        url = _url("heraultdata_standard.show", name=standing.standard)
    else:
        dataset = datasets[standing.package_id]
        texts["dataset"] = dataset.title
        title = tk._("{dataset}: conform to “{standard}”, version {version}").format(**texts)
        what = tk._(
            "Upload files of the dataset “{dataset}” that conform to the standard “{standard}”, "
            "version {version}."
        ).format(**texts)
        url = _url("dataset.read", id=dataset.name)
    key = "-".join((standing.organization_id, standing.package_id or "missing", version.id))
    return Entry(key, day, title, f"{what}\n{url}", url)


def _of_updates(partner: Partner, today: date) -> Iterator[Entry]:
    for found in freshness_tracker.on(today, [partner.id]):
        url = _url("dataset.read", id=found.name)
        what = tk._(
            "Upload the new data of “{dataset}”: its frequency of update promises them by this day."
        ).format(dataset=found.title)
        yield Entry(
            f"{found.package_id}-update",
            found.freshness.due_on,
            tk._("Update of {dataset}").format(dataset=found.title),
            f"{what}\n{url}",
            url,
        )


def _of_conventions(partner: Partner, today: date) -> Iterator[Entry]:
    for convention in conventions.find(organization_ids=[partner.id]):
        effective_on = convention.on(today).effective_on
        if effective_on is None:
            continue
        url = _url("heraultdata_convention.show", convention_id=convention.id)
        for coming in convention_rules.next_dates(convention.events, today):
            words = next_date_sentence(coming, effective_on)
            yield Entry(
                f"{convention.id}-{coming.kind.value}-{coming.date}",
                coming.date,
                tk._("Open data convention: {what}").format(what=words),
                f"{words}\n{url}",
                url,
            )


def _url(endpoint: str, **values: str) -> str:
    return tk.h.url_for(endpoint, qualified=True, locale="default", **values)
