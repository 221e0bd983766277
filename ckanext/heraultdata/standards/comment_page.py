"""What the templates need of the comments on a version: by column, in the order of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from .. import clock, pages
from ..validators import MOST_RESULTS
from . import comments, page
from .page import Standard
from .registry import VersionRecord
from .rules import Level

# A comment as the API answers it.
CommentDict = Mapping[str, Any]


@dataclass(frozen=True)
class CommentedColumn:
    """The comments on a column; `column` is None for those on the whole."""

    column: str | None
    comments: tuple[CommentDict, ...]


def with_comments(standard: Standard, shown: Mapping[str, object]) -> dict[str, object]:
    """What a page of a standard shows, with the comments on its version that the reader may see.

    Args:
        standard: the standard.
        shown: what the page shows; `chosen` is the version.
    """
    version = shown["chosen"]
    if not isinstance(version, VersionRecord):
        return {**shown, "commented": ()}
    found = _of_version(standard, version)
    return {**shown, "commented": by_column(found, comments.column_names(version))}


def comments_page(standard: Standard, number: str) -> dict[str, object]:
    """All that the template of the comments on a version needs.

    Args:
        standard: the standard.
        number: that of the version.

    Raises:
        tk.ObjectNotFound: there is no such version, or its reader takes no part in it.
        tk.NotAuthorized: the comments are not public yet.
    """
    version = page.version_with_schema(standard, page.versions_shown(standard), number)
    if version is None:
        raise tk.ObjectNotFound(tk._("This standard has no such version."))
    found = pages.call(
        "heraultdata_standard_comment_list",
        standard=standard["name"],
        version=number,
        limit=MOST_RESULTS,
    )
    columns = comments.column_names(version)
    today = clock.today()
    until = version.comments_until
    is_open = version.is_draft and until is not None and until >= today
    may_write = pages.may("heraultdata_standard_update", id=standard["name"])
    return (
        page.frame()
        | page.described(version)
        | {
            "standard": standard,
            "commented": by_column(found["results"], columns),
            "comment_count": found["count"],
            "column_options": {name: name for name in columns},
            "is_open": is_open,
            "may_comment": is_open and pages.may("heraultdata_standard_comment_create"),
            "may_answer": may_write,
            "may_set_period": (
                may_write and version.is_draft and standard["level"] == Level.TERRITORIAL.value
            ),
            "today": today,
        }
    )


def by_column(found: Iterable[CommentDict], columns: Sequence[str]) -> tuple[CommentedColumn, ...]:
    """Comments put together: those on the whole, then by column, in the order of the columns.

    A column that has left the draft since comes after the others.

    Args:
        found: the comments, the oldest first.
        columns: names of the columns of the version.
    """
    grouped: dict[str | None, list[CommentDict]] = {}
    for comment in found:
        grouped.setdefault(comment["column"], []).append(comment)
    order = [name for name in (None, *columns) if name in grouped]
    order += [name for name in grouped if name not in order]
    return tuple(CommentedColumn(name, tuple(grouped[name])) for name in order)


def _of_version(standard: Standard, version: VersionRecord) -> Sequence[CommentDict]:
    try:
        return pages.call(
            "heraultdata_standard_comment_list",
            standard=standard["name"],
            version=version.version,
            limit=MOST_RESULTS,
        )["results"]
    except tk.NotAuthorized:
        # Published on a day to come: the public reads them from that day on.
        return ()
