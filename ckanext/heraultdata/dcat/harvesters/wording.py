"""What is known of a harvester, in sentences of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from babel.dates import format_timedelta
from babel.numbers import format_decimal, format_percent

from ...words import moment_in_words, reader_locale


def whole_walk(harvester: Mapping[str, Any]) -> str:
    """When it last walked the whole catalogue, and how long that took.

    Args:
        harvester: as the API gives it.
    """
    walk = harvester["last_walk"]
    if walk is None:
        return tk._("None seen yet.")
    began, ended = datetime.fromisoformat(walk["began"]), datetime.fromisoformat(walk["ended"])
    moment = moment_in_words(ended)
    if walk["pages"] == 1:
        return tk._("{moment}, on one page.").format(moment=moment)
    return tk._("{moment}, {number} pages in {duration}.").format(
        moment=moment,
        number=_number(walk["pages"]),
        duration=format_timedelta(ended - began, threshold=1.5, locale=reader_locale()),
    )


def unfinished_walk(harvester: Mapping[str, Any]) -> str | None:
    """How far it came since, where it began again and has not met the last page.

    Args:
        harvester: as the API gives it.
    """
    walk = harvester["unfinished_walk"]
    if walk is None:
        return None
    return tk._("Begun on {moment}, page {number} reached: under way, or broken off.").format(
        moment=moment_in_words(datetime.fromisoformat(walk["began"])),
        number=_number(walk["reached"]),
    )


def requests(harvester: Mapping[str, Any]) -> str:
    """How often it asks, and how often nothing had changed.

    Args:
        harvester: as the API gives it.
    """
    share = harvester["not_modified"] / harvester["requests"]
    return tk._(
        "{today} today, {lately} in 30 days, {total} since the first; {share} answered “not "
        "modified”."
    ).format(
        today=_number(harvester["requests_today"]),
        lately=_number(harvester["requests_30_days"]),
        total=_number(harvester["requests"]),
        share=format_percent(share, locale=reader_locale()),
    )


def errors(harvester: Mapping[str, Any]) -> str | None:
    """What went wrong; None where nothing did.

    Args:
        harvester: as the API gives it.
    """
    last = harvester["last_error"]
    if last is None:
        return None
    refused, failed = harvester["client_errors"], harvester["server_errors"]
    counts = [
        words.format(number=_number(number))
        for number, words in (
            (refused, tk.ungettext("{number} refusal", "{number} refusals", refused)),
            (
                failed,
                tk.ungettext(
                    "{number} failure of the portal", "{number} failures of the portal", failed
                ),
            ),
        )
        if number
    ]
    return tk._("{counts}. The last: {status}, on {moment}.").format(
        counts=", ".join(counts),
        status=last["status"],
        moment=moment_in_words(datetime.fromisoformat(last["at"])),
    )


def _number(number: int) -> str:
    return format_decimal(number, locale=reader_locale())
