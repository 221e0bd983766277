"""The public addresses of the catalogue's documents, the same in all languages."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from flask import current_app

CATALOGUE = "dcat.read_catalog"
"""The endpoint of ckanext-dcat's pages of the catalogue."""


def is_served() -> bool:
    """Whether ckanext-dcat serves RDF on this site."""
    return CATALOGUE in current_app.view_functions


def of_catalogue(extension: str) -> str:
    """The address of the catalogue, where it is served.

    Args:
        extension: how the addresses of its form end.
    """
    # The site may have set another address than /catalog.
    return tk.h.url_for(CATALOGUE, _format=extension, qualified=True, locale="default")


def of_page(extension: str, number: int, filters: Mapping[str, str]) -> str:
    """The address of a page of the catalogue.

    Args:
        extension: how the addresses of its form end.
        number: of the page.
        filters: the other parameters.
    """
    return f"{of_catalogue(extension)}?{urlencode({**filters, 'page': number})}"


def of_dataset(extension: str, package_id: str) -> str:
    """The address of a dataset's description.

    Args:
        extension: how the addresses of its form end.
        package_id: identifier of the dataset.
    """
    return tk.h.url_for(
        "dcat.read_dataset", _id=package_id, _format=extension, qualified=True, locale="default"
    )


def of_whole(extension: str) -> str:
    """The address of the whole catalogue in one document.

    Args:
        extension: how the addresses of its form end.
    """
    return tk.h.url_for(
        "heraultdata_catalogue.complete", extension=extension, qualified=True, locale="default"
    )
