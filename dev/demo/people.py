"""Who has an account in the demo. Names and addresses are invented."""

from __future__ import annotations

from dataclasses import dataclass

from . import partners

_CAPACITIES = {"department_admin": "admin", "partner_admin": "admin", "partner_editor": "editor"}


@dataclass(frozen=True)
class Person:
    """A person with an account; `organization` is the name of theirs, None for who is in none."""

    name: str
    full_name: str
    email: str
    role: str
    organization: str | None = None

    @property
    def capacity(self) -> str | None:
        """What they are in their organisation, in CKAN's words."""
        return _CAPACITIES.get(self.role)


def people(department: str) -> tuple[Person, ...]:
    """The accounts of the demo.

    Args:
        department: name of the département's organisation.
    """
    vallee, metropole = partners.VALLEE_DE_L_HERAULT.name, partners.MONTPELLIER.name
    return (
        Person("sysadmin", "Administration du portail", "portail@herault.example", "sysadmin"),
        Person(
            DEPARTMENT_ADMIN, "Nadia Ferrand", "nadia.ferrand@herault.example",
            "department_admin", department,
        ),
        Person(
            "vallee-admin", "Camille Fabre", "camille.fabre@vallee-herault.example",
            "partner_admin", vallee,
        ),
        Person(
            VALLEE_EDITOR, "Lucas Vidal", "lucas.vidal@vallee-herault.example",
            "partner_editor", vallee,
        ),
        Person(
            "metropole-admin", "Inès Roca", "ines.roca@metropole.example",
            "partner_admin", metropole,
        ),
        Person(
            METROPOLE_EDITOR, "Hugo Salles", "hugo.salles@metropole.example",
            "partner_editor", metropole,
        ),
        Person("visiteur", "Ariane Delmas", "ariane.delmas@visiteur.example", "visitor"),
    )  # fmt: skip


DEPARTMENT_ADMIN = "departement-admin"
VALLEE_EDITOR = "vallee-editeur"
METROPOLE_EDITOR = "metropole-editeur"
