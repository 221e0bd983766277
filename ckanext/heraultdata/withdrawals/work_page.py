"""What the portal still has to do for a request, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ..words import moment_in_words
from . import wording

MOST_SHOWN = 100


@dataclass(frozen=True)
class WorkLine:
    """Something that is left to do: what, to what, and how it went so far."""

    what: str
    tries: str
    error: str


def lines(
    work_left: Sequence[Mapping[str, Any]], items: Sequence[Mapping[str, Any]]
) -> list[WorkLine]:
    """The first of what is left, with the names of datasets and files, in one query.

    Args:
        work_left: as the API answers it.
        items: of the request, likewise.
    """
    shown = work_left[:MOST_SHOWN]
    if not shown:
        return []
    names = _names([each["target_id"] for each in shown], items)
    return [
        WorkLine(
            what=tk._("{what}: {name}").format(
                what=wording.work_name(each["kind"], each["aim"]),
                name=names.get(each["target_id"], each["target_id"]),
            ),
            tries=_tries(each),
            error=each["error"] or "",
        )
        for each in shown
    ]


def _names(target_ids: Sequence[str], items: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    resource = model.Resource
    rows = model.Session.execute(
        sa.select(resource.id, resource.name, resource.url).where(resource.id.in_(target_ids))
    ).all()
    return {each["package_id"]: each["title"] for each in items} | {
        row.id: row.name or (row.url or row.id).rsplit("/", 1)[-1] for row in rows
    }


def _tries(each: Mapping[str, Any]) -> str:
    tried = int(each["attempts"])
    if not tried:
        return ""
    return tk.ungettext(
        "Tried {n} time, again on {moment}.", "Tried {n} times, again on {moment}.", tried
    ).format(n=tried, moment=moment_in_words(datetime.fromisoformat(each["next_at"])))
