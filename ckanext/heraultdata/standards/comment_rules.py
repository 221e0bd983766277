"""When a draft is put out for comment, and whether a comment is taken.

Article 5 of the convention: the partner takes part in the making of territorial standards.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from ..messages import N_, Message, RuleError
from .rules import Level


def refuse_period(level: Level, is_draft: bool, until: date, today: date) -> None:
    """Refuse to put a version out for comment where that has no sense.

    Args:
        level: level of its standard.
        is_draft: whether it is not published.
        until: the last day for comments, included.
        today: the date in Paris.

    Raises:
        RuleError: on `comments_until`.
    """
    if level is not Level.TERRITORIAL:
        raise RuleError(
            "comments_until",
            Message(
                N_(
                    "Only the draft of a territorial standard is put out for comment: leave this "
                    "date out."
                )
            ),
        )
    if not is_draft:
        raise RuleError(
            "comments_until",
            Message(
                N_(
                    "A version that is published is not put out for comment: make a draft of the "
                    "next version."
                )
            ),
        )
    if until < today:
        raise RuleError(
            "comments_until",
            Message(N_("{until} is past: give today or a later day."), {"until": until}),
        )


def refuse_level(level: Level, until: date | None) -> None:
    """Refuse another level to a standard whose draft partners were asked about.

    Args:
        level: the level that the standard would have.
        until: the last day for comments on a version of it, None where there was none.

    Raises:
        RuleError: on `level`.
    """
    if until is not None and level is not Level.TERRITORIAL:
        raise RuleError(
            "level",
            Message(
                N_(
                    "A version of this standard is or was out for comment among the partners: its "
                    "level stays territorial."
                )
            ),
        )


def refuse_comment(
    is_draft: bool,
    until: date | None,
    today: date,
    text: str | None,
    column: str | None,
    columns: Collection[str],
) -> None:
    """Refuse a comment that cannot be taken.

    Args:
        is_draft: whether the version is not published.
        until: the last day for comments on it, None where it is not out for comment.
        today: the date in Paris.
        text: what is said; None where nothing is.
        column: the column that it is about; None for the whole.
        columns: names of the columns of the version.

    Raises:
        RuleError: on `version`, `text` or `column`.
    """
    if not is_draft:
        raise RuleError(
            "version",
            Message(N_("This version is published: comments are for drafts.")),
        )
    if until is None:
        raise RuleError(
            "version",
            Message(
                N_("This draft is not out for comment: the département gives it a last day first.")
            ),
        )
    if until < today:
        raise RuleError(
            "version",
            Message(
                N_("Comments on this draft were taken until {until}: they are closed."),
                {"until": until},
            ),
        )
    if text is None:
        raise RuleError("text", Message(N_("Write what you want to say about the draft.")))
    if column is not None and column not in columns:
        raise RuleError(
            "column",
            Message(
                N_(
                    "This version has no column “{column}”: choose one of its columns, or none "
                    "to comment on the whole."
                ),
                {"column": column},
            ),
        )
