"""What is known, without asking the network, of the links among the files of a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_NOT_OPENED = "error"
"""The status of a check that could not open the file, in the words of ckanext-validation."""


def unreachable_links(dataset: Mapping[str, Any]) -> frozenset[str]:
    """The links that could not be opened when they were last checked.

    The portal's own files answer; so does, as far as is known, a link that nobody checked.

    Args:
        dataset: a dataset as `package_show` gives it; what is no list of files is passed over.
    """
    files = dataset.get("resources")
    if not isinstance(files, list):
        return frozenset()
    return frozenset(
        str(file["url"])
        for file in files
        if isinstance(file, Mapping)
        and file.get("url")
        and file.get("url_type") != "upload"
        and file.get("validation_status") == _NOT_OPENED
    )
