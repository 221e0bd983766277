"""What of the catalogue is asked for, found as a visitor finds it, whoever asks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError
from ckan.types import Context

from ...messages import N_, Message, RuleError
from ..pieces.reading import Chosen
from .parameters import Asked

_AT_ONCE = 1000


def chosen(asked: Asked) -> Chosen:
    """Which datasets are asked for.

    Args:
        asked: the parameters.

    Raises:
        RuleError: Solr does not understand `q` or `fq`.
        SolrConnectionError: it does not answer.
    """
    if not asked.q and not asked.fq:
        return Chosen(modified_since=asked.modified_since)
    return Chosen(asked.modified_since, frozenset(_found(asked)))


def _found(asked: Asked) -> list[str]:
    """The identifiers of what is found: a visitor finds nothing but what is public."""
    found: list[str] = []
    while True:
        answer = _search(asked, len(found))
        found.extend(dataset["id"] for dataset in answer["results"])
        if not answer["results"] or len(found) >= answer["count"]:
            return found


def _search(asked: Asked, start: int) -> dict[str, Any]:
    try:
        return tk.get_action("package_search")(
            Context(user="", ignore_auth=False),
            {
                "q": asked.q or "*:*",
                "fq": asked.fq or "",
                "fl": ["id"],
                "sort": "id asc",
                "rows": _AT_ONCE,
                "start": start,
            },
        )
    except (SearchError, tk.ValidationError) as refusal:
        raise _not_understood(asked) from refusal


def _not_understood(asked: Asked) -> RuleError:
    name = "q" if asked.q else "fq"
    return RuleError(
        name,
        Message(
            N_(
                "q, fq: the search engine does not understand this query. Try it on the page of "
                "the datasets, or leave it out."
            )
        ),
    )
