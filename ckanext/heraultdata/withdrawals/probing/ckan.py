"""Copies on another CKAN, asked by its action API (`package_search`).

Its CKAN harvester keeps our identifier as its own; its RDF harvester keeps it, and the address of
the dataset, in the extras `guid`, `uri` and `identifier`, or in fields of those names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .asking import Asker, objects, text, whole_list, whole_number
from .matching import references_in
from .model import Answer, CannotAskError, Failure, FoundDataset, FoundFile, Question, Sought

_ROWS = 100
_MOST = 1000
_OF_IDENTIFIER = ("id", "guid", "identifier", "extras_guid", "extras_identifier", "extras_uri")
_OF_ADDRESS = ("url", "uri", "guid", "extras_uri", "extras_guid", "extras_identifier")
_ORIGIN = ("guid", "harvest_source_id", "harvest_object_id")


@dataclass(frozen=True)
class Ckan:
    """A CKAN at an address."""

    url: str
    asker: Asker

    def questions(self, sought: Sought) -> Iterable[Question]:
        """By identifier, by landing page, by title."""
        yield partial(self._search, _any_of(_OF_IDENTIFIER, sought.identifiers))
        # The index compares addresses letter by letter.
        addresses = [f"{address}{end}" for address in sought.addresses for end in ("", "/")]
        yield partial(self._search, _any_of(_OF_ADDRESS, addresses))
        yield partial(self._search, _any_of(("title",), [sought.title]))

    def _search(self, fq: str) -> Answer:
        asked, found = whole_list(partial(self._page, fq), _MOST)
        return Answer(asked, 200, tuple(self._dataset(each) for each in found))

    def _page(self, fq: str, _number: int, read: int) -> tuple[str, int, list[Mapping[str, Any]]]:
        address = f"{self.url}/api/3/action/package_search"
        asked, document = self.asker.json(address, {"fq": fq, "rows": _ROWS, "start": read})
        result = document.get("result")
        if document.get("success") is not True or not isinstance(result, Mapping):
            raise CannotAskError(Failure.NOT_READABLE, asked, 200)
        return asked, whole_number(result, "count", asked), objects(result, "results", asked)

    def _dataset(self, document: Mapping[str, Any]) -> FoundDataset:
        name = text(document.get("name"))
        return FoundDataset(
            titles=(text(document.get("title")),),
            references=frozenset(references_in(document)),
            files=tuple(_files(document.get("resources"))),
            page=f"{self.url}/dataset/{name}" if name else None,
            key=text(document.get("id")) or None,
            origin=frozenset(_origin(document)),
        )


def _files(documents: object) -> Iterator[FoundFile]:
    for each in documents if isinstance(documents, list) else []:
        if isinstance(each, Mapping):
            yield FoundFile(text(each.get("name")), frozenset(references_in(each)))


def _origin(document: Mapping[str, Any]) -> Iterator[str]:
    for key in _ORIGIN:
        if text(document.get(key)):
            yield text(document.get(key))
    extras = document.get("extras")
    for extra in extras if isinstance(extras, list) else []:
        if isinstance(extra, Mapping) and extra.get("key") in _ORIGIN and text(extra.get("value")):
            yield text(extra.get("value"))


def _any_of(fields: Iterable[str], values: Iterable[str]) -> str:
    quoted = " OR ".join(f'"{_escaped(value)}"' for value in values)
    return " OR ".join(f"{field}:({quoted})" for field in fields)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
