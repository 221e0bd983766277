"""Pages of the comments on a version: read, made, answered; the days on which they are taken."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import pages
from . import comment_page

heraultdata_standard_comment = Blueprint("heraultdata_standard_comment", __name__)

_AT = "/standard/<name>/version/<version>/comments"


@heraultdata_standard_comment.route(_AT)
def index(name: str, version: str) -> str:
    """The columns of a version and what partners say of them."""
    return _page(name, version)


@heraultdata_standard_comment.route(_AT, methods=["POST"])
def create(name: str, version: str) -> Response | tuple[str, int]:
    """Comment on a draft."""
    typed = pages.filled_in("column", "text")
    with pages.refusals_as_pages():
        try:
            pages.call(
                "heraultdata_standard_comment_create", standard=name, version=version, **typed
            )
        except tk.ValidationError as refusal:
            return _page(name, version, typed, refusal), pages.BAD_FORM
    return _to_comments(name, version, tk._("The comment is recorded."))


@heraultdata_standard_comment.route(f"{_AT}/period", methods=["POST"])
def period(name: str, version: str) -> Response | tuple[str, int]:
    """Put a draft out for comment until a day, or another day; without one, take it back."""
    typed = {"comments_until": tk.request.form.get("comments_until", "").strip()}
    with pages.refusals_as_pages():
        try:
            pages.call(
                "heraultdata_standard_version_update", standard=name, version=version, **typed
            )
        except tk.ValidationError as refusal:
            return _page(name, version, typed, refusal), pages.BAD_FORM
    return _to_comments(name, version, tk._("The last day for comments is recorded."))


@heraultdata_standard_comment.route(f"{_AT}/<comment_id>", methods=["POST"])
def answer(name: str, version: str, comment_id: str) -> Response | tuple[str, int]:
    """Answer a comment."""
    typed = pages.filled_in("answer")
    with pages.refusals_as_pages():
        try:
            pages.call("heraultdata_standard_comment_answer", id=comment_id, **typed)
        except tk.ValidationError as refusal:
            return _page(name, version, typed, refusal, comment_id), pages.BAD_FORM
    return _to_comments(name, version, tk._("The answer is recorded."))


def _page(
    name: str,
    version: str,
    typed: Mapping[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
    answered: str | None = None,
) -> str:
    with pages.refusals_as_pages():
        standard = pages.call("heraultdata_standard_show", id=name)
        shown = comment_page.comments_page(standard, version)
    errors = pages.flat_errors(refusal) if refusal else {}
    return tk.render(
        "heraultdata/standards/comments.html",
        shown
        | {
            # The field of each answer has an identifier of its own.
            "errors": {f"answer-{answered}": errors["answer"]} if "answer" in errors else errors,
            "typed": typed or {},
        },
    )


def _to_comments(name: str, version: str, done: str) -> Response:
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_standard_comment.index", name=name, version=version)
