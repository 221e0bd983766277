"""The API of the comments on drafts of territorial standards (article 5 of the convention)."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import access, clock
from ..api import page_of, transition, validated
from . import comment_schemas, comments, registry
from .comments import Comment
from .participants import participant
from .registry import StandardRecord, VersionRecord


@tk.side_effect_free
def heraultdata_standard_comment_list(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """List the comments on a version, the oldest first, with their answers.

    Args:
        context: CKAN's context.
        data_dict: `standard` (its name or its identifier), `version`, `limit` (50, at most 1000),
            `offset`.

    Returns:
        `count` and `results`: `id`, `standard`, `version`, `column` (null for the whole), `text`,
        `organization_id`, `organization` (what it is called; no person is named), `made_at`,
        `answer`, `answered_at`.
    """
    data = validated(data_dict, comment_schemas.listed(), context)
    standard, version = _readable_version(context, data)
    published_on = version.dates.published_on
    is_out = published_on is not None and published_on <= clock.today()
    tk.check_access("heraultdata_standard_comment_list", context, {**data, "is_out": is_out})
    found = comments.find(version.id)
    page = page_of(found, data)
    return {
        "count": len(found),
        "results": [
            {"standard": standard.name, "version": version.version, **_comment_dict(comment)}
            for comment in page
        ],
    }


def heraultdata_standard_comment_create(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Comment on a draft that is out for comment.

    Args:
        context: CKAN's context.
        data_dict: `standard` (its name or its identifier), `version`, `text`; `column` (a column
            of the version, none for the whole).

    Returns:
        The comment, as `heraultdata_standard_comment_list` answers.
    """
    data = validated(data_dict, comment_schemas.create(), context)
    tk.check_access("heraultdata_standard_comment_create", context, data)
    speaker = participant(context)
    standard, version = _readable_version(context, data)
    with transition():
        comment = comments.create(
            standard,
            version,
            data.get("column"),
            data.get("text"),
            speaker.organization_id if speaker else None,
            access.actor_of(context),
            clock.now(),
        )
    return {"standard": standard.name, "version": version.version, **_comment_dict(comment)}


def heraultdata_standard_comment_answer(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Answer a comment, or correct the answer.

    Args:
        context: CKAN's context.
        data_dict: `id`, `answer`.

    Returns:
        The comment, without its standard and version.
    """
    data = validated(data_dict, comment_schemas.answer(), context)
    tk.check_access("heraultdata_standard_comment_answer", context, data)
    try:
        with transition():
            comment = comments.answer(
                data["id"], data.get("answer"), access.actor_of(context), clock.now()
            )
    except comments.CommentNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no such comment.")) from None
    return _comment_dict(comment)


def _readable_version(
    context: Context, data: dict[str, Any]
) -> tuple[StandardRecord, VersionRecord]:
    """A version that the user may see: a draft only where the user takes part in it.

    Raises:
        tk.ObjectNotFound: there is none.
    """
    shown = tk.get_action("heraultdata_standard_version_show")(
        context, {"standard": data["standard"], "version": data["version"]}
    )
    return registry.version_with_id(shown["id"])


def _comment_dict(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "column": comment.column,
        "text": comment.text,
        "organization_id": comment.organization_id,
        "organization": comment.organization,
        "made_at": comment.made_at.isoformat(),
        "answer": comment.answer,
        "answered_at": comment.answered_at.isoformat() if comment.answered_at else None,
    }
