"""Comments on the drafts of territorial standards: made, answered, read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from .. import clock
from ..journal import service as journal
from ..messages import N_, Message, RuleError
from ..validation.engine.schema import read_schema
from . import comment_rules
from .columns import explain
from .model import StandardComment, StandardVersion
from .registry import StandardRecord, VersionRecord


@dataclass(frozen=True)
class Comment:
    """A comment, under the name of an organisation and of no person.

    Attributes:
        column: the column that it is about; None for the whole.
        organization_id: who says so; None for the portal itself, or an organisation that is gone.
        organization: what that organisation is called.
        answer: of the département; None until it answers.
    """

    id: str
    column: str | None
    text: str
    organization_id: str | None
    organization: str | None
    made_at: datetime
    answer: str | None
    answered_at: datetime | None


class CommentNotFoundError(Exception):
    """There is no comment of that identifier."""


def column_names(version: VersionRecord) -> list[str]:
    """Names of the columns of a version, read with its schema; none for a document."""
    if version.schema is None:
        return []
    return [column.name for column in explain(read_schema(version.schema).schema).columns]


def find(version_id: str) -> list[Comment]:
    """The comments on a version, the oldest first, in one query."""
    rows = model.Session.execute(
        _query()
        .where(StandardComment.version_id == version_id)
        .order_by(StandardComment.made_at, StandardComment.id)
    )
    return [Comment(*row) for row in rows]


def get(comment_id: str) -> Comment:
    """Read one comment.

    Raises:
        CommentNotFoundError: there is none of that identifier.
    """
    row = model.Session.execute(_query().where(StandardComment.id == comment_id)).first()
    if row is None:
        raise CommentNotFoundError(comment_id)
    return Comment(*row)


def create(
    standard: StandardRecord,
    version: VersionRecord,
    column: str | None,
    text: str | None,
    organization_id: str | None,
    actor: journal.Actor,
    now: datetime,
) -> Comment:
    """Comment on a draft that is out for comment.

    Args:
        standard: the standard.
        version: its draft, read with its schema.
        column: the column that the comment is about; None for the whole.
        text: what is said.
        organization_id: for whom.
        actor: who acts.
        now: the moment.

    Raises:
        RuleError: as `comment_rules.refuse_comment`.
    """
    comment_rules.refuse_comment(
        version.is_draft,
        version.comments_until,
        clock.date_in_paris(now),
        text,
        column,
        column_names(version),
    )
    row = StandardComment(
        id=make_uuid(),
        version_id=version.id,
        column_name=column,
        text=text,
        organization_id=organization_id,
        user_id=actor.user_id,
        made_at=now,
    )
    model.Session.add(row)
    journal.record(
        actor,
        "standard.commented",
        journal.Subject("standard", standard.id, organization_id),
        now,
        after={"version": version.version, "column": column, "text": text},
    )
    model.Session.commit()
    return get(row.id)


def answer(comment_id: str, text: str | None, actor: journal.Actor, now: datetime) -> Comment:
    """Answer a comment, or put another answer in the place of the one before.

    Args:
        comment_id: the comment.
        text: the answer.
        actor: who acts.
        now: the moment.

    Raises:
        CommentNotFoundError: there is none of that identifier.
        RuleError: on `answer`, where it is empty.
    """
    if text is None:
        raise RuleError("answer", Message(N_("Write the answer to the comment.")))
    row = model.Session.scalars(
        sa.select(StandardComment)
        .where(StandardComment.id == comment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise CommentNotFoundError(comment_id)
    standard_id = model.Session.scalar(
        sa.select(StandardVersion.standard_id).where(StandardVersion.id == row.version_id)
    )
    before = {"answer": row.answer}
    row.answer, row.answered_at, row.answered_by = text, now, actor.user_id
    journal.record(
        actor,
        "standard.comment_answered",
        journal.Subject("standard", str(standard_id), row.organization_id),
        now,
        before=before,
        after={"answer": text},
    )
    model.Session.commit()
    return get(comment_id)


def _query() -> sa.Select:
    return sa.select(
        StandardComment.id,
        StandardComment.column_name,
        StandardComment.text,
        StandardComment.organization_id,
        sa.func.coalesce(sa.func.nullif(model.Group.title, ""), model.Group.name),
        StandardComment.made_at,
        StandardComment.answer,
        StandardComment.answered_at,
    ).outerjoin(model.Group, model.Group.id == StandardComment.organization_id)
