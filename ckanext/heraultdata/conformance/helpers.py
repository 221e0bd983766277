"""What the pages of datasets and files say of the standards that they follow, and of updates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from .. import access, clock, pages
from . import freshness_tracker, tracker
from .freshness import FreshnessStatus
from .freshness_wording import freshness_names
from .rules import Status
from .tracker import Standing, Tracker, Wanted
from .wording import deadline_in_words, standing_in_words, status_name


@dataclass(frozen=True)
class Badge:
    """Where a dataset or a file stands with a standard, in words.

    Attributes:
        standard: name of the standard.
        title: its title, with the number of the version that is met, where nothing more is asked.
        state: what the colour repeats.
        words: where it stands.
        detail: what is asked and by when, for the members and the département only.
    """

    standard: str
    title: str
    state: str
    words: str
    detail: str = ""


def heraultdata_dataset_badges(package: Mapping[str, Any]) -> list[Badge]:
    """Where a dataset stands with each standard that its files follow, in two or three words.

    The public reads what is met and what is declared only.

    Args:
        package: the dataset as `package_show` gives it.
    """
    if not any(resource.get("standard") for resource in package.get("resources", [])):
        return []
    return _badges(package, Wanted([package["owner_org"]], package_id=package["id"]))


def heraultdata_resource_badge(
    package: Mapping[str, Any], resource: Mapping[str, Any]
) -> Badge | None:
    """Where a file stands with its standard; None where it follows none, or nothing may be said.

    Args:
        package: its dataset as `package_show` gives it.
        resource: the file.
    """
    if not resource.get("standard"):
        return None
    wanted = Wanted([package["owner_org"]], package_id=package["id"], resource_id=resource["id"])
    found = _badges(package, wanted)
    return found[0] if found else None


def heraultdata_update_badge(package: Mapping[str, Any]) -> Badge | None:
    """Whether the data is as fresh as its frequency promises, for members and the département.

    Args:
        package: the dataset as `package_show` gives it.
    """
    if not _reads_in_full(package):
        return None
    found = freshness_tracker.on(clock.today(), [package["owner_org"]], package["id"])
    if not found:
        return None
    fresh = found[0].freshness
    is_late = fresh.status is FreshnessStatus.LATE
    return Badge(
        standard="",
        title=tk._("Freshness"),
        state=(Status.OVERDUE if is_late else Status.CONFORMING).value,
        words=freshness_names()[fresh.status.value],
        detail=deadline_in_words(fresh.due_on, fresh.days_left, fresh.days_late),
    )


def _badges(package: Mapping[str, Any], wanted: Wanted) -> list[Badge]:
    # A draft and a dataset without an organisation stand nowhere.
    if package.get("state") != "active" or not package.get("owner_org"):
        return []
    found = tracker.on(clock.today(), wanted)
    in_full = _reads_in_full(package)
    badges = (_badge(found, standing, in_full) for standing in found.late_first())
    return [badge for badge in badges if badge is not None]


def _badge(found: Tracker, standing: Standing, in_full: bool) -> Badge | None:
    title = found.deadlines.standards[standing.standard].record.title
    version = found.label(standing, standing.conformance.valid)
    met = tk._("{standard}, version {version}").format(standard=title, version=version)
    is_settled = standing.status is Status.CONFORMING
    if in_full:
        is_declared = standing.is_declared and is_settled
        return Badge(
            standard=standing.standard,
            title=met if is_settled else title,
            state=standing.status.value,
            words=tk._("Declared") if is_declared else status_name(standing.status),
            detail=_detail(standing, version),
        )
    if version is None:
        return None
    return Badge(
        standard=standing.standard,
        title=met,
        state=Status.CONFORMING.value,
        words=tk._("Declared") if standing.is_declared else tk._("Valid"),
    )


def _detail(standing: Standing, version: str | None) -> str:
    if standing.status is Status.CONFORMING:
        return tk._("Declared by a person, not checked.") if standing.is_declared else ""
    asked = standing_in_words(standing.conformance)
    if version is None:
        return asked
    return tk._("It follows version {version} today.").format(version=version) + " " + asked


def _reads_in_full(package: Mapping[str, Any]) -> bool:
    organization_id = package.get("owner_org")
    if not organization_id:
        return False
    return access.organizations_read_in_full(pages.context()).includes(organization_id)
