"""A small site for the pages of the tracker: two partners, a standard of two versions, datasets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.model as model

from ckanext.heraultdata.validation.checks.model import Check
from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.report import to_storage
from ckanext.heraultdata.validation.engine.schema import read_schema
from tests import factories
from tests.conformance.test_actions import check, dataset

TODAY = "2026-03-01"
ALL_ROLES = [
    "sysadmin",
    "department_admin",
    "partner_admin",
    "partner_editor",
    "partner_member",
    "other_partner_admin",
    "visitor",
    None,
]
DEPARTMENT = ["sysadmin", "department_admin"]
OWN = ["partner_admin", "partner_editor", "partner_member"]


@dataclass(frozen=True)
class BoardSite:
    """What there is; the partner `vallee` is that of `people`."""

    people: factories.People
    partner: dict[str, Any]
    dataset: dict[str, Any]
    public_dataset: dict[str, Any]
    versions: list[dict[str, Any]]

    def reader(self, role: str | None) -> model.User | None:
        """The user of a role, None for a visitor without an account."""
        return self.people.of(role) if role else None


def trees() -> list[dict[str, Any]]:
    """The territorial standard `arbres`, its versions due on 2024-01-10 and 2026-06-01."""
    factories.standard(name="arbres", title="Arbres urbains", level="territorial")
    return [
        factories.version(standard="arbres", version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    ]


def make() -> BoardSite:
    """Vallée's private dataset is due in June, Gignac's public one is late, Lodève has none."""
    versions = trees()
    vallee = factories.partner(name="vallee", title="Vallée de l'Hérault")
    gignac = factories.partner(name="gignac", title="Gignac", partner_type="commune")
    lodeve = factories.partner(name="lodeve", title="Lodève", partner_type="commune")
    for partner in (vallee, gignac, lodeve):
        factories.signed_convention(partner["id"])
    private = dataset(vallee, "arbres")
    check(private["resources"][0], versions[0], date(2025, 1, 1), valid=True)
    public = dataset(gignac, "arbres")
    for version in versions:
        check(public["resources"][0], version, date(2025, 7, 1), valid=False)
    give_report(public["resources"][0], b"hauteur\nhaut\n")
    model.Session.query(model.Package).filter_by(id=public["id"]).update({"private": False})
    model.Session.commit()
    return BoardSite(factories.people(vallee["id"]), vallee, private, public, versions)


def make_many(partners: int) -> None:
    """More partners under convention, each with a dataset that was never checked."""
    for rank in range(partners):
        partner = factories.partner(name=f"commune-{rank}", title=f"Commune {rank}")
        factories.signed_convention(partner["id"])
        dataset(partner, "arbres")


def give_report(resource: dict[str, Any], content: bytes) -> None:
    """Put on the checks of a file the report of this content: a column of whole numbers."""
    schema = read_schema({"fields": [{"name": "hauteur", "type": "integer"}]})
    report = check_file(content, schema, name="arbres.csv")
    model.Session.query(Check).filter_by(resource_id=resource["id"]).update(
        {"report": to_storage(report), "error_count": report.error_count}
    )
    model.Session.commit()
