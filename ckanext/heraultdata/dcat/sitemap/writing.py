"""The map of the site as XML (sitemaps.org, 0.9), with the languages of each page (RFC 5646)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from xml.sax.saxutils import escape, quoteattr

MOST_URLS = 50_000
"""The most addresses in a file, by the protocol."""

MEDIA_TYPE = "application/xml"

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_NO_LANGUAGE = "x-default"


@dataclass(frozen=True)
class Page:
    """A page in all its languages.

    Attributes:
        addresses: by language; the first is for readers of any other language.
        modified: when it last changed; None where that is not known.
    """

    addresses: Mapping[str, str]
    modified: datetime | None = None


@dataclass(frozen=True)
class MapFile:
    """A file that the index names."""

    address: str
    modified: datetime | None = None


def index(files: Iterable[MapFile]) -> Iterator[str]:
    """Write the index.

    Args:
        files: those that it names.
    """
    yield f'{_DECLARATION}<sitemapindex xmlns="{_NAMESPACE}">\n'
    for file in files:
        yield f"<sitemap><loc>{escape(file.address)}</loc>{_lastmod(file.modified)}</sitemap>\n"
    yield "</sitemapindex>\n"


def pages(listed: Iterable[Page]) -> Iterator[str]:
    """Write a file of the map, page by page: an entry for each language, with links to the others.

    Args:
        listed: the pages.
    """
    yield f'{_DECLARATION}<urlset xmlns="{_NAMESPACE}" xmlns:xhtml="{_XHTML}">\n'
    for page in listed:
        rest = _alternates(page.addresses) + _lastmod(page.modified)
        yield "".join(
            f"<url><loc>{escape(address)}</loc>{rest}</url>\n"
            for address in page.addresses.values()
        )
    yield "</urlset>\n"


def _alternates(addresses: Mapping[str, str]) -> str:
    if len(addresses) == 1:
        return ""
    by_language = {**addresses, _NO_LANGUAGE: next(iter(addresses.values()))}
    return "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language.replace("_", "-"))}'
        f" href={quoteattr(address)}/>"
        for language, address in by_language.items()
    )


def _lastmod(modified: datetime | None) -> str:
    if modified is None:
        return ""
    moment = modified.astimezone(timezone.utc).isoformat(timespec="seconds")
    return f"<lastmod>{moment}</lastmod>"
