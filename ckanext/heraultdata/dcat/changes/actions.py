"""The API of the changes of the catalogue."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ...api import validated
from ..pieces.reading import catch_up
from . import journal, schemas
from .journal import Asked, Change
from .vocabulary import written_moment

_DEFAULT_LIMIT = 100


@tk.side_effect_free
def heraultdata_catalogue_change_list(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """List what happened to the datasets of the catalogue, in the order in which it happened.

    To follow it, ask again `after` the `id` of the last change that was read: each is met once.

    Args:
        context: CKAN's context.
        data_dict: `since` (a date of Paris, or a date and time), `after` (number of a change),
            `limit` (100 by default, 1000 at most); all optional.

    Returns:
        `{count, results}`; of each: `id`, `package_id`, `uri` (of the dataset, as harvesters know
        it), `kind` (`create`, `update` or `delete`), `at`, `title` (that the dataset has now; null
        where it is in the catalogue no more).
    """
    tk.check_access("heraultdata_catalogue_change_list", context, data_dict)
    data = validated(data_dict, schemas.listed(), context)
    catch_up()
    asked = Asked(since=data.get("since"), after=data.get("after", 0))
    count, changes = journal.listed(asked, data.get("limit", _DEFAULT_LIMIT))
    return {"count": count, "results": [_change_dict(change) for change in changes]}


def _change_dict(change: Change) -> dict[str, Any]:
    return {
        "id": change.id,
        "package_id": change.package_id,
        "uri": change.uri,
        "kind": change.kind.value,
        "at": written_moment(change.at),
        "title": change.title,
    }
