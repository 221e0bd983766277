"""A dataset in the words of schema.org, as Google Dataset Search asks for it.

Made of what the page has read already, without a query or a graph. No address of mail is in it:
search engines have no use for them, and those that send unwanted mail do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.dcat.utils import catalog_uri, dataset_uri, resource_uri

from ...words import reader_locale
from ..profile.bodies import Body
from ..profile.places import Place, box_of
from ..profile.vocabulary import theme_label
from .catalogue import included_in

Fields = Mapping[str, Any]
"""Fields as `package_show` gives them."""

Thing = dict[str, Any]
"""A thing of schema.org, ready for JSON."""

SHORTEST_DESCRIPTION = 50
LONGEST_DESCRIPTION = 5000
"""What Google Dataset Search takes."""

_OPEN = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_SHA_256 = "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256"
_LANGUAGES = {
    "http://publications.europa.eu/resource/authority/language/FRA": "fr",
    "http://publications.europa.eu/resource/authority/language/OCI": "oc",
    "http://publications.europa.eu/resource/authority/language/ENG": "en",
}


def described(dataset: Fields) -> Thing:
    """Describe a dataset.

    Args:
        dataset: as `package_show` gives it, of any type: a field that is absent is left out.
    """
    publisher = _publisher(dataset)
    return {
        "@context": "https://schema.org/",
        **_said(
            {
                "@type": "Dataset",
                "@id": dataset_uri(dataset),
                "url": tk.h.url_for(
                    "dataset.read", id=dataset["name"], qualified=True, locale="default"
                ),
                "sameAs": dataset.get("url"),
                "name": dataset.get("title") or dataset["name"],
                "description": _description(dataset, publisher),
                "identifier": dataset.get("identifier") or dataset["id"],
                "version": dataset.get("version"),
                "license": dataset.get("license_url") or dataset.get("license_title"),
                "isAccessibleForFree": True if _is_open(dataset) else None,
                "keywords": _keywords(dataset),
                "inLanguage": [
                    _LANGUAGES[each] for each in _texts(dataset, "language") if each in _LANGUAGES
                ],
                "datePublished": dataset.get("issued") or _moment(dataset, "metadata_created"),
                "dateModified": dataset.get("modified") or _moment(dataset, "metadata_modified"),
                "publisher": publisher,
                "creator": _body(_first(dataset, "creator")) or publisher,
                "temporalCoverage": list(_periods(dataset)),
                "spatialCoverage": list(_places(dataset)),
                "includedInDataCatalog": included_in(),
                "distribution": [_file(each) for each in _groups(dataset, "resources")],
            }
        ),
    }


def _said(thing: Thing) -> Thing:
    """What is said of a thing: a list of one is the one, and what is empty is left out."""
    single = {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in thing.items()
    }
    return {name: value for name, value in single.items() if value not in (None, "", [], {})}


def _description(dataset: Fields, publisher: Thing) -> str:
    markdown = str(dataset.get("notes") or "")
    text = unescape(tk.h.markdown_extract(markdown, LONGEST_DESCRIPTION)) if markdown else ""
    if len(text) >= SHORTEST_DESCRIPTION:
        return text
    completed = tk._("{description} Dataset “{title}” of {publisher}, on {portal}.").format(
        description=text,
        title=dataset.get("title") or dataset["name"],
        publisher=publisher.get("name") or tk.config["ckan.site_title"],
        portal=tk.config["ckan.site_title"],
    )
    return completed.strip()


def _is_open(dataset: Fields) -> bool:
    # What was published before the field was there is open: the portal has nothing else.
    return (dataset.get("access_rights") or _OPEN) == _OPEN


def _keywords(dataset: Fields) -> list[str]:
    tags = [each["name"] for each in _groups(dataset, "tags")]
    labels = [label for each in _texts(dataset, "theme") if (label := theme_label(each))]
    is_french = reader_locale().startswith("fr")
    themes = [label.fr if is_french else label.en for label in labels]
    return list(dict.fromkeys((*tags, *themes)))


def _moment(dataset: Fields, field: str) -> str | None:
    # CKAN keeps its moments in UTC, without a zone.
    return f"{dataset[field]}Z" if dataset.get(field) else None


def _publisher(dataset: Fields) -> Thing:
    organization = dataset.get("organization") or {}
    own = _body(_first(dataset, "publisher"))
    if not organization:
        return own
    page = tk.h.url_for(
        "organization.read", id=organization["name"], qualified=True, locale="default"
    )
    title = organization.get("title") or organization["name"]
    if own and own["name"] != title:
        return own
    uri = f"{catalog_uri().rstrip('/')}/organization/{organization['id']}"
    return {"@type": "Organization", "@id": uri, "name": title, "url": page, **own}


def _body(fields: Fields) -> Thing:
    body = Body.of(fields)
    if not body.name:
        return {}
    return _said(
        {
            "@type": "Organization",
            "name": body.name,
            "identifier": body.identifier,
            "url": body.website,
        }
    )


def _periods(dataset: Fields) -> Iterator[str]:
    """The periods in ISO 8601, open where an end is not said."""
    for period in _groups(dataset, "temporal_coverage"):
        start, end = period.get("start"), period.get("end")
        if start or end:
            yield f"{start or '..'}/{end or '..'}"


def _places(dataset: Fields) -> Iterator[Thing]:
    for fields in _groups(dataset, "spatial_coverage"):
        place = Place(
            *(fields.get(each) or "" for each in ("code", "text", "uri")),
        )
        if not place.is_named:
            continue
        box = box_of(place.code)
        yield _said(
            {
                "@type": "Place",
                "@id": place.address,
                "name": place.name or place.code,
                "identifier": place.code,
                "geo": box
                and {
                    "@type": "GeoShape",
                    "box": f"{box.south} {box.west} {box.north} {box.east}",
                },
            }
        )


def _file(resource: Fields) -> Thing:
    size, is_sha_256 = resource.get("size"), resource.get("hash_algorithm") == _SHA_256
    return _said(
        {
            "@type": "DataDownload",
            "@id": resource_uri(resource),
            "name": resource.get("name"),
            "description": resource.get("description"),
            "contentUrl": resource.get("download_url") or resource.get("url"),
            "encodingFormat": resource.get("mimetype") or resource.get("format"),
            "contentSize": f"{size} B" if size else None,
            "license": resource.get("license"),
            "sha256": resource.get("hash") if is_sha_256 else None,
            "dateModified": _moment(resource, "last_modified"),
        }
    )


def _groups(fields: Fields, name: str) -> list[Fields]:
    """A field that is a list of groups of fields; empty for a type of dataset that has another."""
    return [each for each in _listed(fields.get(name)) if isinstance(each, Mapping)]


def _first(fields: Fields, name: str) -> Fields:
    return next(iter(_groups(fields, name)), {})


def _texts(fields: Fields, name: str) -> list[str]:
    return [each for each in _listed(fields.get(name)) if isinstance(each, str)]


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else ()
