"""Whom a version obliges: datasets that follow the standard, partners that it concerns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories as ckan_factories

from ckanext.heraultdata.standards.figures import dataset_counts
from ckanext.heraultdata.standards.obliged import obliged_by
from tests import factories
from tests.reading import counted_queries

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

TODAY = date(2026, 11, 24)
EVERY_TYPE = ("epci", "commune", "other")


@pytest.fixture
def partner() -> dict[str, Any]:
    made = factories.partner(name="aniane", title="Aniane", partner_type="commune")
    factories.signed_convention(made["id"])
    return made


def dataset(organization: dict[str, Any], standard: str | None, **fields: Any) -> model.Package:
    """A dataset with one file, as the site may have it: the gate of publication is not asked."""
    made = ckan_factories.Dataset(owner_org=organization["id"], private=True)
    package = model.Package.get(made["id"])
    assert package is not None
    package.private = False
    for name, value in fields.items():
        setattr(package, name, value)
    extras = {"standard": standard} if standard else {}
    model.Session.add(model.Resource(package_id=package.id, url="https://a.example", extras=extras))
    model.Session.commit()
    return package


def names(standard: str = "parcs") -> list[str]:
    found = obliged_by(standard, EVERY_TYPE, True, TODAY)
    return [dataset.name for dataset in found.datasets]


def test_nothing(partner: dict[str, Any]) -> None:
    found = obliged_by("parcs", EVERY_TYPE, False, TODAY)
    assert found.datasets == ()
    assert found.partners_without == ()
    assert found.partner_count == 0


def test_datasets_that_follow_it(partner: dict[str, Any]) -> None:
    follows = dataset(partner, "parcs")
    private = dataset(partner, "parcs", private=True)
    dataset(partner, "autre")
    dataset(partner, None)
    dataset(partner, "parcs", state="draft")
    dataset(partner, "parcs", state="deleted")
    found = obliged_by("parcs", EVERY_TYPE, True, TODAY)
    assert {one.name: one.private for one in found.datasets} == {
        follows.name: False,
        private.name: True,
    }
    assert {one.partner_title for one in found.datasets} == {"Aniane"}
    assert found.partner_count == 1
    assert found.partners_without == ()


def test_a_deleted_file_does_not_count(partner: dict[str, Any]) -> None:
    package = dataset(partner, "parcs")
    resource = model.Session.query(model.Resource).filter_by(package_id=package.id).one()
    resource.state = "deleted"
    model.Session.commit()
    assert names() == []


def test_other_organisations_owe_nothing() -> None:
    dataset(factories.organization(name="musee"), "parcs")
    dataset(factories.department(), "parcs")
    assert names() == []


def test_partners_without_one_where_it_is_a_priority(partner: dict[str, Any]) -> None:
    factories.partner(title="Without a convention", partner_type="commune")
    epci = factories.partner(title="An EPCI", partner_type="epci")
    factories.signed_convention(epci["id"])

    def without(concerns: tuple[str, ...], is_priority: bool) -> list[str]:
        found = obliged_by("parcs", concerns, is_priority, TODAY)
        return [one.title for one in found.partners_without]

    assert without(EVERY_TYPE, is_priority=True) == ["An EPCI", "Aniane"]
    assert without(("commune",), is_priority=True) == ["Aniane"]
    assert without(EVERY_TYPE, is_priority=False) == []
    dataset(partner, "parcs")
    assert without(EVERY_TYPE, is_priority=True) == ["An EPCI"]


def test_as_many_queries_for_many_as_for_two(partner: dict[str, Any]) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            made = factories.partner()
            factories.signed_convention(made["id"])
            dataset(partner, "parcs")

    def queries() -> int:
        model.Session.expire_all()
        with counted_queries() as found:
            obliged_by("parcs", EVERY_TYPE, True, TODAY)
        return len(found)

    fill(2)
    for_two = queries()
    fill(10)
    assert queries() == for_two


def test_public_datasets_are_counted_by_standard(partner: dict[str, Any]) -> None:
    dataset(partner, "parcs")
    dataset(partner, "parcs")
    dataset(partner, "parcs", private=True)
    dataset(partner, "arbres")
    assert dataset_counts(["parcs", "arbres", "none"]) == {"parcs": 2, "arbres": 1}
