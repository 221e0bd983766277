"""What the form of a new dataset takes from the standard chosen for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ckan.model as model
import sqlalchemy as sa
from ckan.lib.munge import munge_title_to_name

from ..clock import today
from ..partners.organization_fields import fields_of
from ..standards import published
from ..standards.model_files import file_name
from ..standards.published import PublishedStandard
from .defaults import Partner
from .validators import offered_licences

STANDARD_FIELD = "planned_standard"
"""The field of a dataset that keeps the standard chosen for its files before there are any."""

_LONGEST_TITLE = 200
_LONGEST_NAME = 100
_ROOM_FOR_A_NUMBER = 4

FormValues = dict[str, object]


@dataclass(frozen=True)
class Publisher:
    """The organisation that a dataset is made for.

    Attributes:
        id: its identifier.
        name: its name in addresses.
        partner: its own fields.
    """

    id: str
    name: str
    partner: Partner

    @classmethod
    def of(cls, organization: str) -> Publisher | None:
        """An organisation by its identifier or its name, None where there is none."""
        group = model.Group.get(organization)
        if group is None or not group.is_organization:
            return None
        partner = Partner.of(group.title or group.name, fields_of(group))
        return cls(group.id, group.name, partner)


@dataclass(frozen=True)
class NewFile:
    """What the form of a first file proposes.

    Attributes:
        standard: the standard that it is to follow.
        publisher: name of the organisation, None where it is not known.
        values: values of the fields, by name.
    """

    standard: PublishedStandard
    publisher: str | None
    values: Mapping[str, str] = field(default_factory=dict)


def dataset_values(standard: PublishedStandard, publisher: Publisher | None) -> FormValues:
    """The fields of a new dataset that the standard and its publisher fill in.

    The territory, the contact and the publisher themselves come when the dataset is made.

    Args:
        standard: the standard chosen.
        publisher: the organisation, None where it is not known yet.
    """
    defaults = standard.dataset_defaults
    title = str(defaults.get("title") or standard.title)
    if publisher:
        title = f"{title} – {publisher.partner.title}"
    keywords = defaults.get("keywords")
    values: FormValues = {
        STANDARD_FIELD: standard.name,
        "title": title[:_LONGEST_TITLE],
        "name": _free_name(title),
        "notes": " ".join(standard.description.split()),
        "theme": defaults.get("theme"),
        "tag_string": ", ".join(map(str, keywords)) if isinstance(keywords, list) else "",
        "frequency": defaults.get("frequency"),
    }
    if publisher:
        values |= {"owner_org": publisher.id, "license_id": _usual_licence(publisher.id)}
    return {name: value for name, value in values.items() if value}


def new_file(package_id: str) -> NewFile | None:
    """What to propose for the next file of a dataset; None where no standard is known for it.

    A draft that has a file already gets no proposal: the form that comes after it is most often
    left empty.

    Args:
        package_id: identifier or name of the dataset.
    """
    package = model.Package.get(package_id)
    files = package.resources if package else []
    if package is None or (package.state.startswith("draft") and files):
        return None
    names = [file.extras.get("standard") for file in reversed(files)]
    names.append(package.extras.get(STANDARD_FIELD))
    name = next((name for name in names if name), None)
    standard = published.one(name, today()) if name else None
    if standard is None:
        return None
    publisher = Publisher.of(package.owner_org) if package.owner_org else None
    values = {"standard": standard.name}
    suggested = _suggested_name(standard, publisher)
    if suggested and suggested not in {file.name for file in files}:
        values["name"] = suggested
    return NewFile(standard, publisher.name if publisher else None, values)


def _suggested_name(standard: PublishedStandard, publisher: Publisher | None) -> str:
    if publisher is None or not publisher.partner.siren or not standard.has_model:
        return ""
    return file_name(standard.name, "csv", publisher.partner.siren, today())


def _free_name(title: str) -> str:
    """An address made of the title that no dataset has, numbered where that takes it."""
    wanted = munge_title_to_name(title)[: _LONGEST_NAME - _ROOM_FOR_A_NUMBER].strip("-_")
    alike = sa.select(model.Package.name).where(model.Package.name.startswith(wanted))
    taken = set(model.Session.scalars(alike))
    names = (wanted, *(f"{wanted}-{rank}" for rank in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _usual_licence(organization_id: str) -> str | None:
    """The licence of the organisation's latest dataset, where the site still offers it."""
    packages = model.package_table.c
    latest = (
        sa.select(packages.license_id)
        .where(
            packages.owner_org == organization_id,
            packages.state == model.State.ACTIVE,
            packages.license_id.is_not(None),
        )
        .order_by(packages.metadata_modified.desc())
        .limit(1)
    )
    licence = model.Session.scalar(latest)
    return licence if licence in offered_licences(model.Package.get_license_register()) else None
