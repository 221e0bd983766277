"""Template helpers of the standards in the forms and pages of datasets."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk

from .. import clock
from ..standards import published
from ..standards.published import PublishedStandard
from .standard_form import NewFile, new_file


def heraultdata_published_standard(name: str) -> PublishedStandard | None:
    """A standard with its newest published version; None where there is none of that name."""
    return published.one(name, clock.today())


def heraultdata_new_file(package_id: str) -> NewFile | None:
    """What the form of the next file of a dataset proposes, None where it proposes nothing."""
    return new_file(package_id)


def heraultdata_standard_options(current: str) -> dict[str, list[tuple[str, str]]]:
    """The standards that a file may follow, and the one that it bears.

    Args:
        current: name of the standard that the file bears, or empty.

    Returns:
        Names and titles of standards, by the heading under which they stand.
    """
    standards = published.on(clock.today())
    groups = {
        tk._("Common base of local data (SCDL)"): [(s.name, s.title) for s in standards if s.scdl],
        tk._("Other standards"): [(s.name, s.title) for s in standards if not s.scdl],
    }
    if current and all(current != standard.name for standard in standards):
        title = published.titles([current]).get(current, current)
        groups[tk._("Standard of this file")] = [(current, title)]
    return {heading: options for heading, options in groups.items() if options}


def heraultdata_standard_titles(names: Iterable[str]) -> dict[str, str]:
    """The titles of standards by their names; what the registry does not have is left out."""
    return published.titles(list(names))
