"""Partners, people and conventions for the tests, made through the API as people make them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

DEPARTMENT = "departement-herault"
VALLEE_DE_L_HERAULT = "243400694"
MONTPELLIER = "243400017"

_rank = itertools.count(1)


@dataclass(frozen=True)
class People:
    """One user for each role, as rows of the database; `visitor` has an account and no role."""

    sysadmin: model.User
    department_admin: model.User
    partner_admin: model.User
    partner_editor: model.User
    partner_member: model.User
    other_partner_admin: model.User
    visitor: model.User

    def of(self, role: str) -> model.User:
        """The user of a role."""
        return getattr(self, role)


def act(user: model.User | None, action: str, /, **arguments: Any) -> Any:
    """Call an action as a user, or as a visitor, with its authorisation."""
    context = {"user": user.name if user else "", "ignore_auth": False}
    return call_action(action, context=context, **arguments)


def user(**fields: Any) -> model.User:
    """A user of the site."""
    found = model.User.get(factories.User(**fields)["id"])
    assert found is not None
    return found


def partner(**fields: Any) -> dict[str, Any]:
    """A partner organisation, an EPCI unless told otherwise."""
    rank = next(_rank)
    values = {
        "name": f"partner-{rank}",
        "title": f"Partner {rank}",
        "partner_type": "epci",
        "population": "42520",
    }
    return organization(**{**values, **fields})


def aniane() -> dict[str, Any]:
    """A commune of the territory with all that is known of it, under convention since 2024."""
    made = partner(
        name="aniane",
        title="Commune d’Aniane",
        partner_type="commune",
        siren="213400104",
        insee_code="34010",
        population="3000",
        email="contact@aniane.example",
        website="https://www.aniane.example",
    )
    signed_convention(made["id"])
    return made


def department() -> dict[str, Any]:
    """The organisation of the département that test.ini names."""
    return organization(
        name=DEPARTMENT,
        title="Département de l'Hérault",
        partner_type="department",
    )


def organization(**fields: Any) -> dict[str, Any]:
    """An organisation, made by the portal itself."""
    maker = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return call_action("organization_create", context={"user": maker}, **fields)


def people(partner_id: str) -> People:
    """The users of all roles around a partner, and the admin of another partner."""
    made = People(
        sysadmin=user(sysadmin=True),
        department_admin=user(),
        partner_admin=user(),
        partner_editor=user(),
        partner_member=user(),
        other_partner_admin=user(),
        visitor=user(),
    )
    if model.Group.get(DEPARTMENT) is None:
        department()
    join(made.department_admin, DEPARTMENT, "admin")
    join(made.partner_admin, partner_id, "admin")
    join(made.partner_editor, partner_id, "editor")
    join(made.partner_member, partner_id, "member")
    join(made.other_partner_admin, partner()["id"], "admin")
    return made


def join(member: model.User, organization: str, role: str) -> None:
    """Make a user a member of an organisation."""
    call_action("organization_member_create", id=organization, username=member.name, role=role)


def token(owner: model.User) -> str:
    """An API token of a user."""
    return factories.APIToken(user=owner.name)["token"]


def convention(organization_id: str, **fields: Any) -> dict[str, Any]:
    """A convention of a partner, as a draft."""
    return call_action("heraultdata_convention_create", organization_id=organization_id, **fields)


def event(convention_id: str, kind: str, day: str | date, **fields: Any) -> dict[str, Any]:
    """An event recorded on a convention."""
    return call_action(
        "heraultdata_convention_event_create",
        convention_id=convention_id,
        kind=kind,
        date=str(day),
        **fields,
    )


def signed_convention(
    organization_id: str, partner_on: str = "2024-02-26", department_on: str = "2024-03-12"
) -> dict[str, Any]:
    """A convention that both parties signed; by default in force since 2024-03-12."""
    made = convention(organization_id, reference="2024-034")
    event(made["id"], "signed", partner_on, party="partner")
    return event(made["id"], "signed", department_on, party="department")


def referent(organization_id: str, **fields: Any) -> dict[str, Any]:
    """A référent of a partner."""
    values = {
        "name": "Camille Fabre",
        "email": f"referent-{next(_rank)}@partner.example",
        "phone": "04 67 57 01 01",
        "position": "Secrétaire générale",
    }
    return call_action(
        "heraultdata_referent_create", organization_id=organization_id, **{**values, **fields}
    )


def standard(**fields: Any) -> dict[str, Any]:
    """A standard without any version, national unless told otherwise."""
    values = {"name": f"herault-standard-{next(_rank)}", "title": "Arbres", "level": "national"}
    return call_action("heraultdata_standard_create", **{**values, **fields})


def version(**fields: Any) -> dict[str, Any]:
    """A version of a standard: a table of one column, a draft unless told otherwise."""
    values = {
        "version": "1.0.0",
        "kind": "table",
        "schema": {"fields": [{"name": "nom", "type": "string"}]},
    }
    return call_action("heraultdata_standard_version_create", **{**values, **fields})


def sentence_of(refusal: pytest.ExceptionInfo[tk.ValidationError], field: str) -> str:
    """The sentence of a refusal on a field."""
    sentences = refusal.value.error_dict[field]
    assert isinstance(sentences, list)
    return str(sentences[0])
