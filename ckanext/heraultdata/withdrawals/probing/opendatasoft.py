"""Copies on an Opendatasoft portal, asked by its Explore API v2.1 (`catalog/datasets`).

What is asked for goes through the full-text search of the catalogue, which reads all the metadata;
what comes back is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from .asking import Asker, objects, text, whole_list, whole_number
from .matching import references_in
from .model import Answer, FoundDataset, FoundFile, Question, Sought

_LIMIT = 100
_MOST = 1000


@dataclass(frozen=True)
class Opendatasoft:
    """An Opendatasoft portal at an address."""

    url: str
    asker: Asker

    def questions(self, sought: Sought) -> Iterable[Question]:
        """By identifiers, by landing pages, by title."""
        yield partial(self._search, _any_of(sought.identifiers))
        if sought.file:
            yield partial(self._search, _any_of([sought.file.identifier]))
        yield partial(self._search, _any_of(sought.addresses))
        yield partial(self._search, _any_of([sought.title]))

    def _search(self, where: str) -> Answer:
        asked, found = whole_list(partial(self._page, where), _MOST)
        return Answer(asked, 200, tuple(self._dataset(each) for each in found))

    def _page(
        self, where: str, _number: int, read: int
    ) -> tuple[str, int, list[Mapping[str, Any]]]:
        address = f"{self.url}/api/explore/v2.1/catalog/datasets"
        asked, document = self.asker.json(
            address, {"where": where, "limit": _LIMIT, "offset": read}
        )
        count = whole_number(document, "total_count", asked)
        return asked, count, objects(document, "results", asked)

    def _dataset(self, document: Mapping[str, Any]) -> FoundDataset:
        key = text(document.get("dataset_id"))
        metas = document.get("metas")
        default = metas.get("default") if isinstance(metas, Mapping) else None
        title = default.get("title") if isinstance(default, Mapping) else None
        references = frozenset(_references(document))
        return FoundDataset(
            titles=(text(title),),
            references=references,
            # The data of a portal of this kind are in the dataset itself; files come with it.
            files=(FoundFile("", references), *_files(document.get("attachments"))),
            page=f"{self.url}/explore/dataset/{quote(key)}/" if key else None,
            key=key or None,
            is_opaque=document.get("has_records") is not False
            and not any("/resource/" in reference for reference in references),
        )


def _references(document: Mapping[str, Any]) -> Iterator[str]:
    """The identifiers and addresses of a dataset; several may stand in one text."""
    for part in ("dataset_id", "dataset_uid", "metas", "attachments", "alternative_exports"):
        yield from _words(document.get(part))


def _words(value: object) -> Iterator[str]:
    if isinstance(value, str) and "://" in value:
        yield from value.replace(";", " ").replace(",", " ").split()
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list):
        for each in value:
            yield from _words(each)
    else:
        yield from references_in(value)


def _files(documents: object) -> Iterator[FoundFile]:
    for each in documents if isinstance(documents, list) else []:
        if isinstance(each, Mapping):
            yield FoundFile(text(each.get("title")), frozenset(references_in(each)))


def _any_of(values: Iterable[str]) -> str:
    return " or ".join(f'search("{_plain(value)}")' for value in values)


def _plain(value: str) -> str:
    # Marks of the query language; the search reads words only.
    return value.replace("\\", " ").replace('"', " ")
