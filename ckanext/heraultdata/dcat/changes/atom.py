"""The changes as an Atom feed (RFC 4287), in pages (RFC 5005, section 3).

It is written with lxml and not with feedgen, which loses the types of the links of entries. A
change is an entry that stays: what a dataset leaves is told by one more of them, and not by a
deleted entry (RFC 6721), which readers of feeds do not show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ...messages import N_
from ..kinds import ChangeKind, Serialisation
from .journal import Change
from .vocabulary import written_moment

if TYPE_CHECKING:
    from lxml.etree import _Element

MEDIA_TYPE = "application/atom+xml"

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_HTML = "text/html"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
"""When an empty feed changed last: a feed must have a date, and the same one each time."""

_LABELS = {
    ChangeKind.CREATE: N_("Dataset published"),
    ChangeKind.UPDATE: N_("Dataset updated"),
    ChangeKind.DELETE: N_("Dataset withdrawn"),
}


@dataclass(frozen=True)
class FeedAddresses:
    """Where the pages of the feed and what they speak of are.

    Attributes:
        feed: of the feed; it identifies it, whatever the page.
        page: of this page.
        first: of the page of the newest changes.
        next: of the page of the changes before these; None where there are none.
        site: of the portal's datasets, for people.
        activities: what the identifiers of changes start with; their numbers follow.
        datasets: what the pages of datasets start with; their identifiers follow.
    """

    feed: str
    page: str
    first: str
    next: str | None
    site: str
    activities: str
    datasets: str


def written(
    changes: Sequence[Change], addresses: FeedAddresses, updated: datetime | None, language: str
) -> bytes:
    """Write a page of the feed.

    A dataset that is in the catalogue no more has no title in any entry, nor in those that tell of
    its publication.

    Args:
        changes: the newest first.
        addresses: where things are.
        updated: when the catalogue changed last.
        language: of the texts, such as `fr`.
    """
    portal = tk.config["ckan.site_title"]
    feed = etree.Element(f"{{{_ATOM}}}feed", {_LANGUAGE: language}, nsmap={None: _ATOM})
    _say(feed, "id", addresses.feed)
    _say(feed, "title", tk._("Changes of the catalogue of {portal}").format(portal=portal))
    _say(feed, "subtitle", tk._("Datasets published, updated and withdrawn"))
    _say(feed, "updated", written_moment(updated or _NEVER))
    _say(_say(feed, "author"), "name", portal)
    _link(feed, "self", addresses.page, MEDIA_TYPE)
    _link(feed, "first", addresses.first, MEDIA_TYPE)
    if addresses.next:
        _link(feed, "next", addresses.next, MEDIA_TYPE)
    _link(feed, "alternate", addresses.site, _HTML)
    for change in changes:
        _add(feed, change, addresses)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _add(feed: _Element, change: Change, addresses: FeedAddresses) -> None:
    entry = _say(feed, "entry")
    label = tk._(_LABELS[change.kind])
    page = f"{addresses.datasets}{change.package_id}"
    _say(entry, "id", f"{addresses.activities}{change.id}")
    _say(entry, "title", change.title or tk._("Withdrawn dataset"))
    _say(entry, "updated", written_moment(change.at))
    _say(entry, "category", term=change.kind.value, label=label)
    _say(entry, "summary", label)
    _link(entry, "alternate", page, _HTML)
    if change.lives:
        for form in Serialisation:
            _link(entry, "alternate", f"{page}.{form.extension}", form.media_type)


def _link(parent: _Element, rel: str, address: str, media_type: str) -> None:
    _say(parent, "link", rel=rel, type=media_type, href=address)


def _say(parent: _Element, name: str, text: str | None = None, **attributes: str) -> _Element:
    said = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text is not None:
        said.text = _NOT_IN_XML.sub("\ufffd", text)
    return said
