"""Which version comes before which, and the days given to versions that come without one.

A schema does not say when it was published: `lastModified` is often stale, and shared by several
versions, while no two versions of a standard are published on one day (design, section 2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

_PART = re.compile(r"\d+|[a-z]+")
_ONE_DAY = timedelta(days=1)
# Between letters, which announce a version (0.5beta before 0.5), and digits (0.5 before 0.5.1).
_END = (1, -1, "")

VersionKey = tuple[tuple[int, int, str], ...]


def version_key(version: str) -> VersionKey:
    """What sorts versions: number by number; letters (0.5beta, 2.1.0-fork) before their number.

    Args:
        version: the number of a version, with or without a leading v.
    """
    parts = _PART.findall(version.lower().removeprefix("v"))
    return (*((1, int(p), "") if p.isdigit() else (0, 0, p) for p in parts), _END)


def publication_days(
    evidence: Mapping[str, date | None], held: Mapping[str, date], today: date
) -> dict[str, date]:
    """Days for new versions of a standard, in the order of their numbers.

    The newest is done first. Each has the day that its schema tells, unless that is ahead of
    today, else today; then the day is brought after that of the held version before it and before
    that of the version after it, and to the nearest free day before where it is taken.

    Args:
        evidence: for each new version the day that its schema tells, if any.
        held: the days of the versions that are published already; they stay.
        today: the day on which the new versions are first seen.

    Returns:
        A day for each new version, no two equal and none equal to one of `held`.
    """
    given: dict[str, date] = {}
    for version in sorted(evidence, key=version_key, reverse=True):
        known = {**held, **given}
        told = evidence[version]
        day = told if told is not None and told <= today else today
        given[version] = _fitted(version, day, known)
    return given


def _fitted(version: str, day: date, known: Mapping[str, date]) -> date:
    key = version_key(version)
    before = [on for other, on in known.items() if version_key(other) < key]
    after = [on for other, on in known.items() if version_key(other) > key]
    if before:
        day = max(day, max(before) + _ONE_DAY)
    if after:
        day = min(day, min(after) - _ONE_DAY)
    taken = set(known.values())
    while day in taken:
        day -= _ONE_DAY
    return day
