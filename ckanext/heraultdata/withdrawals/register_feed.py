"""The register as an Atom feed (RFC 4287)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from feedgen.feed import FeedGenerator

from ..words import in_words
from . import wording

MEDIA_TYPE = "application/atom+xml"

_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""When an empty feed changed last: a feed must have a date, and the same one each time."""


def as_atom(entries: Sequence[Mapping[str, Any]], address: str, page: str, language: str) -> bytes:
    """Write the feed.

    Its dates are those of the withdrawals and its identifiers those of the lines, so that the same
    register gives the same bytes, and a reader of feeds shows a line once.

    Args:
        entries: lines of the register as the API gives them, the newest first.
        address: of the feed itself.
        page: of the register for people.
        language: of the texts, such as `fr`.
    """
    feed = FeedGenerator()
    feed.id(address)
    feed.title(tk._("Register of withdrawals"))
    feed.subtitle(tk._("What was withdrawn from this portal, when and why"))
    feed.author({"name": tk.config["ckan.site_title"]})
    feed.language(language)
    feed.link(
        [
            {"href": address, "rel": "self", "type": MEDIA_TYPE},
            {"href": page, "rel": "alternate", "type": "text/html"},
        ]
    )
    for entry in entries:
        _add(feed, entry)
    feed.updated(max((_changed_at(entry) for entry in entries), default=_NEVER))
    return feed.atom_str(pretty=True)


def _add(feed: FeedGenerator, entry: Mapping[str, Any]) -> None:
    line = feed.add_entry(order="append")
    line.id(f"urn:uuid:{entry['id']}")
    line.title(_title(entry))
    line.link(href=entry["url"], rel="alternate")
    line.updated(_changed_at(entry))
    line.category(term=entry["reason_class"], label=wording.reason_name(entry["reason_class"]))
    line.summary(_summary(entry))


def _changed_at(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["changed_at"])


def _title(entry: Mapping[str, Any]) -> str:
    if entry["title"] is None:
        return tk._("Withdrawn file") if entry["resource_id"] else tk._("Withdrawn dataset")
    if entry["resource_id"]:
        name = entry["resource_name"] or tk._("Unnamed file")
        return tk._("{file}, a file of {dataset}").format(file=name, dataset=entry["title"])
    return entry["title"]


def _summary(entry: Mapping[str, Any]) -> str:
    return tk._("{organization}, withdrawn on {date}. Reason: {reason}. {reference}").format(
        organization=entry["organization_title"],
        date=in_words(date.fromisoformat(entry["withdrawn_on"])),
        reason=wording.reason_name(entry["reason_class"]),
        reference=entry["reference"],
    )
