"""Template helpers: upstream's own, with the badge and the reading of reports mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup

from ckanext.heraultdata.words import moment_in_words, sentence

from . import report, upstream


def get_validation_badge(resource: Mapping[str, Any], in_listing: bool = False) -> Markup | str:
    """The badge of a checked file, with a link to its report; nothing for one never checked.

    Upstream's writes the fields of the resource into the page as they are: one with a quote in it
    was HTML.

    Args:
        resource: the resource as `resource_show` gives it.
        in_listing: among others, where `ckanext.validation.show_badges_in_listings` decides.
    """
    if not resource.get("validation_status"):
        return ""
    if in_listing and not tk.asbool(
        tk.config.get("ckanext.validation.show_badges_in_listings", True)
    ):
        return ""
    snippet = tk.render("validation/snippets/validation_badge.html", {"resource": resource})
    return Markup(snippet)  # noqa: S704  # a template that escapes has rendered it


def bootstrap_version() -> str:
    """The answer that makes upstream's templates take their newer branch.

    It takes every theme but the classic one for Bootstrap 2, which no CKAN has had for years.
    """
    return "3"


def heraultdata_checked_on(finished: str) -> str:
    """When a check ended, in words; upstream keeps the moment in UTC without saying so.

    Args:
        finished: the moment as `resource_validation_show` answers it.
    """
    moment = datetime.fromisoformat(finished)
    return moment_in_words(moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc))


def heraultdata_error_in_words(error: report.ReportedError) -> str:
    """What is wrong, in the reader's language where we have a sentence for it."""
    return sentence(error.sentence) if error.sentence else error.message


def get_helpers() -> dict[str, Callable[..., Any]]:
    """The helpers by name."""
    return {
        **upstream.helpers.get_helpers(),
        "get_validation_badge": get_validation_badge,
        "bootstrap_version": bootstrap_version,
        "heraultdata_checked_on": heraultdata_checked_on,
        "heraultdata_error_in_words": heraultdata_error_in_words,
        "heraultdata_validation_summary": report.summarise,
    }
