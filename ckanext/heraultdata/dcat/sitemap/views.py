"""The map of the site at `/sitemap.xml`, an index of files of at most 50 000 addresses."""

from __future__ import annotations

from collections.abc import Iterator

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from .. import answers
from . import addresses, listing, writing
from .writing import MapFile, Page

heraultdata_sitemap = Blueprint("heraultdata_sitemap", __name__)


@heraultdata_sitemap.route("/sitemap.xml")
def index() -> Response:
    """The index of the files."""
    listing.give_places()
    files = [
        *(MapFile(_address("pages", number)) for number, _ in enumerate(_chunks(), start=1)),
        *(
            MapFile(_address("datasets", file.number), file.modified)
            for file in listing.files(_pages_in_a_file())
        ),
    ]
    return answers.answer(
        writing.index(files), writing.MEDIA_TYPE, answers.Version(answers.etag_of(*files))
    )


@heraultdata_sitemap.route("/sitemap-pages-<int:number>.xml")
def pages(number: int) -> Response:
    """The pages that are none of a dataset."""
    chunks = _chunks()
    if not 1 <= number <= len(chunks):
        tk.abort(404, tk._("There is nothing at this address."))
    chunk = chunks[number - 1]
    return answers.answer(
        writing.pages(chunk), writing.MEDIA_TYPE, answers.Version(answers.etag_of(*chunk))
    )


@heraultdata_sitemap.route("/sitemap-datasets-<int:number>.xml")
def datasets(number: int) -> Response:
    """The public datasets of a stretch of the catalogue."""
    found = listing.datasets(number, _pages_in_a_file())
    if not found:
        tk.abort(404, tk._("There is nothing at this address."))
    patterns = addresses.of_datasets()

    def listed() -> Iterator[Page]:
        for dataset in found:
            yield Page(addresses.of_dataset(dataset.name, patterns), dataset.modified)

    version = answers.Version(answers.etag_of(patterns, *found))
    return answers.answer(writing.pages(listed()), writing.MEDIA_TYPE, version)


def _pages_in_a_file() -> int:
    return writing.MOST_URLS // len(addresses.languages())


def _chunks() -> list[list[Page]]:
    every = [Page(each) for each in addresses.of_pages()]
    size = _pages_in_a_file()
    return [every[first : first + size] for first in range(0, len(every), size)]


def _address(view: str, number: int) -> str:
    return tk.h.url_for(
        f"heraultdata_sitemap.{view}", number=number, qualified=True, locale="default"
    )
