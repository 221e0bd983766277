"""When each version of a standard is due for each partner, as it stood on a day.

Design, section 2, "Standards"; article 5 of the convention.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import cast

import ckan.model as model
import sqlalchemy as sa

from ..conventions import service as conventions
from ..conventions.rules import period_in_force
from ..standards import registry
from ..standards.registry import StandardRecord, VersionRecord
from ..standards.rules import due_for_partner, own_due_date
from .model import Extension
from .rules import Version

_Extended = Mapping[str, date]
"""The day to which a version is extended, by its identifier."""


@dataclass(frozen=True)
class PublishedStandard:
    """A standard with the versions published by the day.

    Attributes:
        record: the standard.
        versions: at least one, the newest first; an adoption that was still ahead is left out.
        due_on: the due date of each, for a partner that nothing gives more time.
    """

    record: StandardRecord
    versions: tuple[VersionRecord, ...]
    due_on: tuple[date | None, ...]

    def version(self, version_id: str) -> VersionRecord:
        """The version of this identifier."""
        return next(each for each in self.versions if each.id == version_id)

    @cached_property
    def earliest(self) -> date | None:
        """The earliest of the due dates: a convention that took effect by then moves none."""
        return min((due_on for due_on in self.due_on if due_on is not None), default=None)


@dataclass(frozen=True)
class Deadlines:
    """The due dates of standards for partners on a day.

    Attributes:
        day: the day.
        standards: the standards that have a published version, by name.
        in_force_since: the day on which the convention in force took effect, by organisation;
            an organisation without one is not there.
        extended_to: by organisation.
    """

    day: date
    standards: Mapping[str, PublishedStandard]
    in_force_since: Mapping[str, date]
    extended_to: Mapping[str, _Extended]
    _known: dict[tuple[str, date | None, str | None], tuple[Version, ...]] = field(
        default_factory=dict
    )

    def versions(self, standard: str, organization_id: str) -> tuple[Version, ...]:
        """The versions of a standard as they bind a partner, the newest first.

        The same object for all the partners that share all their dates, as most do.
        """
        floor = self.in_force_since.get(organization_id)
        extended = self.extended_to.get(organization_id)
        earliest = self.standards[standard].earliest
        if floor is not None and (earliest is None or floor <= earliest):
            floor = None
        # Those of a partner with an extension are its own.
        key = (standard, floor, organization_id if extended else None)
        if key not in self._known:
            self._known[key] = self._reckoned(standard, floor, extended or {})
        return self._known[key]

    def _reckoned(
        self, standard: str, floor: date | None, extended: _Extended
    ) -> tuple[Version, ...]:
        found = self.standards[standard]
        return tuple(
            Version(
                version.id,
                cast(date, version.dates.published_on),
                due_for_partner(due_on, floor, extended.get(version.id)),
            )
            for version, due_on in zip(found.versions, found.due_on, strict=True)
        )


def on(
    day: date,
    standards: Collection[str] | None = None,
    organization_ids: Collection[str] | None = None,
) -> Deadlines:
    """Read the due dates as they stood on a day, in a constant number of queries.

    Args:
        day: the day.
        standards: names of the standards asked for; None for all.
        organization_ids: organisations asked for; None for all.
    """
    published = _published(day, standards)
    return Deadlines(
        day=day,
        standards=published,
        in_force_since=_in_force_since(organization_ids, day) if published else {},
        extended_to=_extended_to(organization_ids, day) if published else {},
    )


def _published(day: date, names: Collection[str] | None) -> dict[str, PublishedStandard]:
    held = registry.by_name(names)
    versions = registry.versions_of([each.id for each in held.values()], with_drafts=False)
    found = {}
    for name, standard in held.items():
        published = tuple(_as_on(each, day) for each in versions[standard.id] if _is_out(each, day))
        if published:
            due_on = tuple(own_due_date(standard.level, each.dates) for each in published)
            found[name] = PublishedStandard(standard, published, due_on)
    return found


def _is_out(version: VersionRecord, day: date) -> bool:
    return version.dates.published_on is not None and version.dates.published_on <= day


def _as_on(version: VersionRecord, day: date) -> VersionRecord:
    # An adoption counts from its day.
    adopted_on = version.dates.adopted_on
    if adopted_on is None or adopted_on <= day:
        return version
    return replace(version, dates=replace(version.dates, adopted_on=None))


def _in_force_since(organization_ids: Collection[str] | None, day: date) -> Mapping[str, date]:
    found = _all_in_force_since(day, conventions.fingerprint())
    if organization_ids is None:
        return found
    return {each: found[each] for each in organization_ids if each in found}


@lru_cache(maxsize=8)
def _all_in_force_since(day: date, _fingerprint: str) -> Mapping[str, date]:
    # Folded anew only once an event was recorded: hundreds of conventions change twice a year.
    found: dict[str, date] = {}
    for convention in conventions.find():
        period = period_in_force(convention.events, day)
        if period is not None and (period[1] is None or day < period[1]):
            found[convention.organization_id] = period[0]
    return found


def _extended_to(organization_ids: Collection[str] | None, day: date) -> dict[str, dict[str, date]]:
    query = (
        sa.select(
            Extension.organization_id,
            Extension.version_id,
            sa.func.max(Extension.due_on).label("due_on"),
        )
        .where(Extension.granted.is_(True), Extension.decided_on <= day)
        .group_by(Extension.organization_id, Extension.version_id)
    )
    if organization_ids is not None:
        query = query.where(Extension.organization_id.in_(list(organization_ids)))
    found: dict[str, dict[str, date]] = {}
    for row in model.Session.execute(query):
        found.setdefault(row.organization_id, {})[row.version_id] = row.due_on
    return found
