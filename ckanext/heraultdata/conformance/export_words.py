"""What the values of the lists are in the cells of a file: names, words, dates, numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from .. import clock, pages
from ..conventions import wording as of_conventions
from ..partners.directory import organization_names
from ..partners.helpers import heraultdata_obligations, heraultdata_partner_types
from ..standards import registry
from ..standards.page import level_names
from . import freshness_wording, wording
from .dataset_names import dataset_names

Cell = str | int | date | None


@dataclass(frozen=True)
class Names:
    """What to call what the lines of a list name by identifiers, by identifier."""

    partners: Mapping[str, str]
    datasets: Mapping[str, str]
    standards: Mapping[str, str]
    users: Mapping[str, str]


def names_of(lines: Sequence[Mapping[str, Any]]) -> Names:
    """The names of all that these lines name, in a constant number of queries."""
    standards = _values(lines, "standard")
    users = [
        user for key in ("asked_by", "decided_by", "declared_by") for user in _values(lines, key)
    ]
    return Names(
        partners={
            id_: named.title
            for id_, named in organization_names(_values(lines, "organization_id")).items()
        },
        datasets={
            id_: named.title for id_, named in dataset_names(_values(lines, "package_id")).items()
        },
        standards={
            name: standard.title for name, standard in registry.by_name(list(standards)).items()
        },
        users=pages.user_names(users),
    )


def _values(lines: Iterable[Mapping[str, Any]], key: str) -> set[str]:
    return {line[key] for line in lines if line.get(key)}


def as_it_is(value: object, _names: Names) -> Cell:
    """A text or a number; true and false in words."""
    if isinstance(value, bool):
        return tk._("Yes") if value else tk._("No")
    if value is None or isinstance(value, int):
        return value
    return str(value)


def day(value: object, _names: Names) -> Cell:
    """A date."""
    return date.fromisoformat(str(value)) if value else None


def partner(value: object, names: Names) -> Cell:
    """What a partner is called."""
    return names.partners.get(str(value))


def dataset(value: object, names: Names) -> Cell:
    """What a dataset is called; empty where there is none."""
    return names.datasets.get(str(value))


def standard(value: object, names: Names) -> Cell:
    """What a standard is called."""
    return names.standards.get(str(value))


def user(value: object, names: Names) -> Cell:
    """What a user is called."""
    return names.users.get(str(value))


def status(value: object, _names: Names) -> Cell:
    """Where a dataset or a partner stands with a standard."""
    return wording.status_name(str(value))


def freshness(value: object, _names: Names) -> Cell:
    """Whether a dataset is late with its updates."""
    return freshness_wording.freshness_names()[str(value)]


def frequency(value: object, _names: Names) -> Cell:
    """How often a dataset is updated."""
    return freshness_wording.frequency_name(str(value))


def decision(value: object, _names: Names) -> Cell:
    """What became of more time that was asked for."""
    if value is None:
        return tk._("Waiting for an answer")
    return tk._("Granted") if value else tk._("Refused")


def partner_type(value: object, _names: Names) -> Cell:
    """The type of a partner."""
    return heraultdata_partner_types().get(str(value))


def partner_types(value: object, _names: Names) -> Cell:
    """The types of partners that a standard concerns."""
    types = heraultdata_partner_types()
    return ", ".join(types[name] for name in value) if isinstance(value, list) else None


def obligation(value: object, _names: Names) -> Cell:
    """Whether the law obliges a partner to open its data."""
    return heraultdata_obligations().get(str(value))


def convention_state(value: object, _names: Names) -> Cell:
    """The state of a convention; that there is none."""
    return of_conventions.state_name(str(value) if value else None)


def level(value: object, _names: Names) -> Cell:
    """Who makes a standard."""
    return level_names()[str(value)]


def newest_version(value: object, _names: Names) -> Cell:
    """The number of the newest version published."""
    newest = _newest(value)
    return newest["version"] if newest else None


def newest_published_on(value: object, names: Names) -> Cell:
    """The day of the publication of the newest version."""
    newest = _newest(value)
    return day(newest["published_on"], names) if newest else None


def newest_due_on(value: object, names: Names) -> Cell:
    """The day on which the newest version is due, whatever sets it."""
    newest = _newest(value)
    return day(newest["falls_due_on"], names) if newest else None


def _newest(versions: object) -> Mapping[str, Any] | None:
    today = clock.today().isoformat()
    for version in versions if isinstance(versions, list) else ():
        if version["published_on"] and version["published_on"] <= today:
            return version
    return None
