"""What the page of a dataset asks for search engines, in place of ckanext-dcat's own.

Theirs makes a graph at each view, reads no place, period or theme of our form, names no file's
address as `contentUrl`, and fails where the type of a dataset has no form of ckanext-scheming.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from jinja2.utils import htmlsafe_json_dumps

from . import datasets

_OF_DCAT = ["schemaorg"]


@tk.chained_helper
def structured_data(
    next_helper: Callable[..., str],
    dataset_dict: Mapping[str, Any],
    profiles: Sequence[str] | None = None,
) -> str:
    """A dataset as JSON-LD, which no title can break out of.

    Args:
        next_helper: ckanext-dcat's.
        dataset_dict: as `package_show` gives it.
        profiles: those of ckanext-dcat that the site wants instead.
    """
    wanted = profiles or tk.aslist(tk.config["ckanext.dcat.structured_data.profiles"])
    if list(wanted) == _OF_DCAT:
        return htmlsafe_json_dumps(datasets.described(dataset_dict))
    return next_helper(dataset_dict, wanted)
