"""Copies on a udata platform such as data.gouv.fr, asked by its API 1 (`/api/1/datasets/`).

Its search reads titles, descriptions and tags; what a dataset was harvested from is told in the
answer (`harvest`). It leaves out what is archived, whose page can still be reached: a dataset is
asked for by its own identifier where that is known from before, and by the short name that
platforms of this kind make of the title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from .asking import Asker, objects, text, whole_list, whole_number
from .matching import references_in
from .model import Answer, CannotAskError, Failure, FoundDataset, FoundFile, Question, Sought

_PAGE_SIZE = 100
_MOST = 1000
_ABSENT = (404, 410)
_ORIGIN = ("remote_id", "dct_identifier", "remote_url", "uri")
_LONGEST_SLUG = 255


@dataclass(frozen=True)
class Udata:
    """A udata platform at an address."""

    url: str
    asker: Asker

    def questions(self, sought: Sought) -> Iterable[Question]:
        """By the copy's own identifier, by ours, by landing page, by title, by short name."""
        if sought.key:
            yield partial(self._show, sought.key)
        yield from (partial(self._search, identifier) for identifier in sought.identifiers)
        yield from (partial(self._search, address) for address in sought.addresses[:1])
        yield partial(self._search, sought.title)
        slug = _slug(sought.title)
        if slug:
            yield partial(self._show, slug)

    def _show(self, key: str) -> Answer:
        address = f"{self.url}/api/1/datasets/{quote(key, safe='')}/"
        try:
            asked, document = self.asker.json(address, {})
        except CannotAskError as refusal:
            if refusal.status in _ABSENT:
                return Answer(address, refusal.status or 0, ())
            raise
        if not text(document.get("id")):
            raise CannotAskError(Failure.NOT_READABLE, asked, 200)
        return Answer(asked, 200, tuple(self._datasets([document])))

    def _search(self, words: str) -> Answer:
        asked, found = whole_list(partial(self._page, words), _MOST)
        return Answer(asked, 200, tuple(self._datasets(found)))

    def _page(
        self, words: str, number: int, _read: int
    ) -> tuple[str, int, list[Mapping[str, Any]]]:
        address = f"{self.url}/api/1/datasets/"
        asked, document = self.asker.json(
            address, {"q": words, "page": number, "page_size": _PAGE_SIZE}
        )
        return asked, whole_number(document, "total", asked), objects(document, "data", asked)

    def _datasets(self, documents: Iterable[Mapping[str, Any]]) -> Iterator[FoundDataset]:
        for document in documents:
            if document.get("deleted"):
                continue
            key = text(document.get("id"))
            harvest = document.get("harvest")
            yield FoundDataset(
                titles=(text(document.get("title")),),
                references=frozenset(references_in(document)),
                files=tuple(_files(document.get("resources"))),
                page=text(document.get("page")) or f"{self.url}/datasets/{quote(key)}/",
                key=key or None,
                origin=frozenset(_origin(harvest)),
            )


def _files(documents: object) -> Iterator[FoundFile]:
    for each in documents if isinstance(documents, list) else []:
        if isinstance(each, Mapping):
            yield FoundFile(text(each.get("title")), frozenset(references_in(each)))


def _origin(harvest: object) -> Iterator[str]:
    if isinstance(harvest, Mapping):
        yield from (text(harvest.get(key)) for key in _ORIGIN if text(harvest.get(key)))


def _slug(title: str) -> str:
    """The short name that a platform makes of a title."""
    plain = unicodedata.normalize("NFKD", title)
    letters = plain.encode("ascii", "ignore").decode("ascii").lower()
    return "-".join(re.findall(r"[a-z0-9]+", letters))[:_LONGEST_SLUG].strip("-")
