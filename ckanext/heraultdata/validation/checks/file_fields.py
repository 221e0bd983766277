"""What the fields of a file may hold, looked at before CKAN or the gate reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ...validators import refuse_unkeepable

Errors = dict[str, list[str]]
"""Sentences by field."""


def sent(data_dict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a change, in their order; what is no object is left for CKAN to refuse.

    Args:
        data_dict: the change as it is sent.
    """
    given = data_dict.get("resources")
    if not isinstance(given, list):
        return []
    return [each if isinstance(each, Mapping) else {} for each in given]


def errors_of(resource: Mapping[str, Any]) -> Errors:
    """The fields that neither the database nor CKAN's own uploaders can take.

    Args:
        resource: the fields of a file as they are sent.
    """
    found: Errors = {}
    for name, value in resource.items():
        try:
            refuse_unkeepable(value.filename if isinstance(value, FileStorage) else value)
        except tk.Invalid as refusal:
            found[name] = [str(refusal.error)]
    if not _is_readable(resource.get("url")):
        found.setdefault("url", [tk._("This is no address: write it whole, or send the file.")])
    return found


def require_readable(resource: Mapping[str, Any]) -> None:
    """Refuse a file with such fields.

    Raises:
        tk.ValidationError: with a sentence for each.
    """
    errors = errors_of(resource)
    if errors:
        raise tk.ValidationError(errors)  # pyright: ignore[reportArgumentType]


def _is_readable(url: object) -> bool:
    if not url:
        return True
    try:
        return isinstance(url, str) and bool(urlsplit(url))
    except ValueError:
        # Such as http://[::1
        return False
