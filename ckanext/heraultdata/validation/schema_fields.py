"""The three ways in which the form gives a Table Schema, made one: a file, an address, a text."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage


def merge(resource: dict[str, Any]) -> None:
    """Move what came in `schema_upload`, `schema_url` or `schema_json` to `schema`, in place.

    Args:
        resource: the fields of a resource as they came in; the three fields are taken out of it.

    Raises:
        tk.ValidationError: the address is not one of the web, or the file is not text in UTF-8.
    """
    upload = resource.pop("schema_upload", None)
    url = resource.pop("schema_url", None)
    text = resource.pop("schema_json", None)
    if isinstance(upload, FileStorage) and upload.filename:
        resource["schema"] = _content(upload)
    elif url:
        resource["schema"] = _address(url)
    elif text:
        resource["schema"] = text


def _content(upload: FileStorage) -> str:
    try:
        return upload.stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        message = tk._("The file of the schema must be JSON in UTF-8.")
        raise tk.ValidationError({"schema_upload": [message]}) from None


def _address(url: object) -> str:
    if isinstance(url, str) and url.lower().startswith(("http://", "https://")):
        return url
    message = tk._("The address of the schema must start with http:// or https://.")
    raise tk.ValidationError({"schema_url": [message]})
