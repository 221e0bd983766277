"""Addresses of the portal as the catalogue gives them: whole, and without the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_filename

from ckanext.dcat.utils import (
    catalog_uri,
    dataset_id_from_resource,
    publisher_uri_organization_fallback,
)

from .media import file_type_uri
from .vocabulary import AUTHORITY

API_DOCUMENTATION = "https://docs.ckan.org/en/latest/api/"
TABLE_DOCUMENTATION = "https://docs.ckan.org/en/latest/maintaining/datastore.html"

_IN_ROOT_PATH = "/{{LANG}}"
_ONLY_A_TABLE = "_datastore_only_resource"
_TABLES = ("datastore", "tabledesigner")
_FILE_TYPES = f"{AUTHORITY}file-type/"
_PAGES = frozenset({"HTML", "HTML5", "HTML_SIMPL", "XHTML", "XHTML5", "XHTML_SIMPL"})
_INTERFACES = frozenset({"REST", "SPARQLQ", "SPARQLQRES"})
_SERVICE = "_SRVC"


@dataclass(frozen=True)
class FileAddresses:
    """Where a file is.

    Attributes:
        access: where it can be had, a page at least.
        download: the file itself, None where the address gives none.
    """

    access: str
    download: str | None


def site() -> str:
    """The address of the portal, without a slash at its end."""
    root = (tk.config["ckan.root_path"] or "").replace(_IN_ROOT_PATH, "")
    return tk.config["ckan.site_url"].rstrip("/") + root.rstrip("/")


def organization(organization_id: str) -> str:
    """The address that stands for an organisation, as ckanext-dcat makes it."""
    return str(publisher_uri_organization_fallback({"organization": {"id": organization_id}}))


def dataset_identity(dataset: Mapping[str, object], told: str) -> str:
    """The URI that a dataset is known by.

    Harvesters take two descriptions of one URI for one thing: a dataset whose fields tell a URI
    in this portal's space, where another dataset may be, is known by its own one.

    Args:
        dataset: as `package_show` gives it.
        told: the URI that its fields tell, or the one that ckanext-dcat makes.
    """
    return _in_own_place(told, "dataset", dataset.get("id"))


def file_identity(file: Mapping[str, object], told: str) -> str:
    """The URI that a file is known by, as that of a dataset.

    Args:
        file: as `resource_show` gives it.
        told: the URI that its fields tell, or the one that ckanext-dcat makes.
    """
    package_id = dataset_id_from_resource(dict(file))
    return _in_own_place(told, "dataset", package_id, "resource", file.get("id"))


def _in_own_place(told: str, *place: object) -> str:
    space = f"{catalog_uri().rstrip('/')}/"
    if not told.startswith(space) or not all(place):
        return told
    return space + "/".join(map(str, place))


def dataset_page(name: str) -> str:
    """The page of a dataset."""
    return f"{site()}/dataset/{name}"


def standard(name: str) -> str:
    """The page of a standard."""
    return f"{site()}/standard/{name}"


def schema(standard_name: str, version: str) -> str:
    """The schema of a version of a standard that is published here."""
    return f"{standard(standard_name)}/{version}/schema.json"


def api(resource_id: str, *, is_table: bool) -> str:
    """Where a program asks for the rows of a table, or for what is known of a file."""
    if is_table:
        return f"{site()}/api/3/action/datastore_search?resource_id={resource_id}"
    return f"{site()}/api/3/action/resource_show?id={resource_id}"


def of_file(package_id: str, file: Mapping[str, object]) -> FileAddresses:
    """Where a file of a dataset is.

    Args:
        package_id: the dataset.
        file: the file as `package_show` gives it.
    """
    page = f"{site()}/dataset/{package_id}/resource/{file['id']}"
    url = str(file.get("url") or "")
    kept_as = file.get("url_type")
    if kept_as == "upload" and url:
        name = url.rsplit("/", 1)[-1] if "/" in url else munge_filename(url)
        return _whole(f"{page}/download/{name}")
    if kept_as in _TABLES or url == _ONLY_A_TABLE:
        return _whole(f"{site()}/datastore/dump/{file['id']}")
    if not url:
        return FileAddresses(page, None)
    return _whole(url) if _gives_a_file(file) else FileAddresses(url, None)


def _whole(url: str) -> FileAddresses:
    return FileAddresses(url, url)


def _gives_a_file(file: Mapping[str, object]) -> bool:
    kind = file_type_uri(_text(file.get("format")), _text(file.get("mimetype")))
    if kind is None:
        return False
    code = kind.removeprefix(_FILE_TYPES)
    return code not in _PAGES | _INTERFACES and not code.endswith(_SERVICE)


def _text(value: object) -> str | None:
    return str(value) if value else None
