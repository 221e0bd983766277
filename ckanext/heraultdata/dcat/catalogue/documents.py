"""The documents of the catalogue: which version each has, and its text put together from pieces.

Its version is told before anything of a document is put together. A document is made of one moment
of the catalogue, and its own version is of that moment: a strong ETag never names other bytes.
"""

from __future__ import annotations

import itertools
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from rdflib import URIRef

from ..answers import Version, etag_of
from ..kinds import Serialisation
from ..pieces import reading
from ..pieces.making import fingerprint
from ..pieces.reading import Chosen, Member, Piece, Window
from ..pieces.writing import body, document
from . import addresses, description
from .formats import Format
from .parameters import Asked

_LINKS_AT_ONCE = 100


@dataclass(frozen=True)
class Document:
    """A document to be sent.

    Attributes:
        parts: of its text, in order; a list, or an iterator of what is read as it is sent.
        version: of these very parts.
        others: addresses of the other pages, by relation.
        address: its own.
    """

    parts: list[str] | Iterator[str]
    version: Version
    others: dict[str, str]
    address: str


class Page:
    """A page of the catalogue, in our words."""

    def __init__(self, asked: Asked, chosen: Chosen, form: Format) -> None:
        """Read nothing of it yet.

        Args:
            asked: the parameters.
            chosen: the datasets that they ask for.
            form: in which it is served.
        """
        self._asked = asked
        self._chosen = chosen
        self._form = form
        self._stamp = description.stamp()

    @cached_property
    def window(self) -> Window:
        """What the page tells of itself."""
        return reading.window(self._asked.page, self._chosen)

    def version(self) -> Version:
        """Its version, as it is now."""
        return self._version(self.window)

    def document(self) -> Document:
        """Put it together."""
        kind = self._form.serialisation
        window, members = reading.page(self._asked.page, self._chosen, kind)
        self.window = window
        filters = self._asked.filters()
        address = addresses.of_page(self._form.extension, self._asked.page, filters)
        others = description.other_pages(self._asked, self._form.extension, window)
        bodies = [
            *self._of_catalogue(window, members, address, others),
            *(member.body for member in members),
        ]
        return Document([*document(kind, bodies)], self._version(window), others, address)

    def _of_catalogue(
        self, window: Window, members: list[Member], address: str, others: dict[str, str]
    ) -> Iterator[str]:
        kind = self._form.serialisation
        uri, told = description.catalogue(self._stamp, self._told_moment(window), kind)
        yield told
        yield _links(uri, tuple(member.uri for member in members), kind)
        yield _paging(address, tuple(others.items()), window.total, reading.size(), kind)

    def _version(self, window: Window) -> Version:
        etag = etag_of(
            self._stamp,
            self._form.extension,
            self._asked,
            window.digest,
            reading.size(),
            self._told_moment(window),
        )
        # What Solr finds changes when its index does, which no date tells.
        is_dated = self._chosen.package_ids is None
        return Version(etag, window.changed if is_dated else None)

    def _told_moment(self, window: Window) -> datetime | None:
        """When the catalogue changed, on the first page alone.

        Told on each page, it would be told in as many versions as there are changes during a walk,
        and each change would make all the pages new ones.
        """
        return window.changed if window.number == 1 else None


class Dataset:
    """The description of one dataset."""

    def __init__(self, piece: Piece, form: Format) -> None:
        """Take what is stored.

        Args:
            piece: of the dataset.
            form: in which it is served.
        """
        self._piece = piece
        self._form = form

    def version(self) -> Version:
        """Its version."""
        etag = etag_of(fingerprint(), self._form.extension, self._piece.digest)
        return Version(etag, self._piece.modified)

    def document(self) -> Document:
        """Put it together."""
        return Document(
            [*document(self._form.serialisation, [self._piece.body])],
            self.version(),
            {},
            addresses.of_dataset(self._form.extension, self._piece.package_id),
        )


class Whole:
    """The whole catalogue as one document, read as it is sent."""

    def __init__(self, form: Format) -> None:
        """Read nothing of it yet.

        Args:
            form: in which it is served.
        """
        self._form = form
        self._stamp = description.stamp()

    def version(self) -> Version:
        """Its version, as it is now."""
        return self._version(reading.whole())

    def document(self) -> Document:
        """Begin to read it; closing its parts gives back a connection."""
        kind = self._form.serialisation
        window, members = reading.stream(kind)
        uri, told = description.catalogue(self._stamp, window.changed, kind)
        # Only a generator that has begun gives its connection back when it is closed.
        first = [*itertools.islice(members, 1)]
        linked = _linked(uri, itertools.chain(first, members), kind)
        parts = document(kind, itertools.chain([told], linked))
        return Document(
            _to_the_end(parts, members),
            self._version(window),
            {},
            addresses.of_whole(self._form.extension),
        )

    def _version(self, window: Window) -> Version:
        etag = etag_of(self._stamp, self._form.extension, window.digest, window.changed)
        return Version(etag, window.changed)


@lru_cache(maxsize=256)
def _links(uri: URIRef, datasets: tuple[str, ...], kind: Serialisation) -> str:
    """Kept from one reader to the next: they change only where a dataset comes or goes."""
    return description.links(uri, datasets, kind)


@lru_cache(maxsize=256)
def _paging(
    address: str, others: tuple[tuple[str, str], ...], total: int, size: int, kind: Serialisation
) -> str:
    return body(description.paging(address, dict(others), total, size), kind)


def _linked(uri: URIRef, members: Iterable[Member], kind: Serialisation) -> Iterator[str]:
    """Datasets, some at once, each lot after the links to it."""
    rest = iter(members)
    while lot := list(itertools.islice(rest, _LINKS_AT_ONCE)):
        yield description.links(uri, [member.uri for member in lot], kind)
        for member in lot:
            yield member.body


def _to_the_end(parts: Iterator[str], members: Generator[Member, None, None]) -> Iterator[str]:
    """The parts; what they are read from is closed also where a client leaves in the middle."""
    with closing(members):
        yield from parts
