"""All that the demo puts into the portal, in the order in which it can be made."""

from __future__ import annotations

from pathlib import Path

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.heraultdata import clock, config

from . import accounts, conventions, datasets, partners, standards
from .calls import call, portal
from .people import DEPARTMENT_ADMIN, Person, people

_DEPARTMENT_FIELDS = {
    "partner_type": "department",
    "siren": "223400011",
    "email": "data@herault.example",
    "website": "https://www.herault.example",
}


def fill(output: Path) -> None:
    """Put in what is missing, and write down the accounts; what is there is left as it is.

    Args:
        output: the file of the accounts.
    """
    department = partners.DemoPartner(
        config.department_organization(), "Département de l'Hérault", _DEPARTMENT_FIELDS
    )
    everybody = people(department.name)
    accounts.ensure(everybody, output, tk.config["ckan.site_url"])
    _name_department(department)
    partners.ensure(portal(), department)
    _join(everybody)
    conventions.ensure(DEPARTMENT_ADMIN, clock.today())
    standards.ensure(DEPARTMENT_ADMIN, clock.today())
    datasets.ensure(department.name)


def _name_department(department: partners.DemoPartner) -> None:
    """Complete the organisation that `ckan heraultdata init` made under the portal's own title."""
    group = model.Group.get(department.name)
    if group is not None and group.title == tk.config["ckan.site_title"]:
        call(
            portal(),
            "organization_patch",
            id=department.name,
            title=department.title,
            **department.fields,
        )


def _join(everybody: tuple[Person, ...]) -> None:
    for person in everybody:
        if person.organization is None or _has_joined_once(person.name, person.organization):
            continue
        call(
            portal(),
            "organization_member_create",
            id=person.organization,
            username=person.name,
            role=person.capacity,
        )


def _has_joined_once(user: str, organization: str) -> bool:
    """Whether the person is or was a member: who was removed stays out."""
    query = (
        model.Session.query(model.Member)
        .join(model.User, model.User.id == model.Member.table_id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .filter(model.User.name == user, model.Group.name == organization)
    )
    return query.first() is not None
