"""What the pages of datasets and files say of standards and updates, to each role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import ckan.model as model
import pytest
from bs4 import Tag
from ckan.tests.helpers import CKANTestApp, call_action

from tests import factories
from tests.conformance.test_actions import check
from tests.conformance.test_freshness_tracker import EU
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

PAGE = "/dataset/arbres-aniane"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-11-24")


@pytest.fixture
def partner() -> dict[str, Any]:
    made = factories.partner(name="aniane", title="Commune d'Aniane", partner_type="commune")
    factories.signed_convention(made["id"])
    return made


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


@pytest.fixture
def trees() -> list[dict[str, Any]]:
    """A territorial standard with two versions, of which the second is due in January 2027."""
    factories.standard(name="arbres", title="Arbres", level="territorial")
    return [
        factories.version(standard="arbres", version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2026-01-20"))
    ]


def dataset(
    organization: dict[str, Any], *standards: str, frequency: str = "UNKNOWN"
) -> dict[str, Any]:
    """A public dataset with a file for each standard, as the site may have it: no gate is asked."""
    made = call_action(
        "package_create",
        context={"user": factories.user(sysadmin=True).name},
        name="arbres-aniane",
        title="Arbres d'Aniane",
        notes="Les arbres",
        owner_org=organization["id"],
        private=True,
        frequency=EU + frequency,
        resources=[
            {"name": f"Fichier {rank}", "url": f"https://data.example/{rank}.pdf", "format": "PDF"}
            | ({"standard": standard} if standard else {})
            for rank, standard in enumerate(standards)
        ],
    )
    package = model.Package.get(made["id"])
    assert package is not None
    package.private = False
    for resource in package.resources_all:
        resource.created = datetime.fromisoformat("2026-11-24T09:00:00")
    model.Session.commit()
    return made


def badges(page: Tag) -> list[str]:
    """The badges of a page, in words."""
    return [text_of(badge) for badge in page.select(".heraultdata-badges > li")]


def file_page(made: dict[str, Any], rank: int) -> str:
    return f"{PAGE}/resource/{made['resources'][rank]['id']}"


def test_the_public_reads_the_version_that_is_met_and_no_more(
    app: CKANTestApp,
    partner: dict[str, Any],
    people: factories.People,
    trees: list[dict[str, Any]],
) -> None:
    made = dataset(partner, "arbres", frequency="ANNUAL")
    check(made["resources"][0], trees[0], date(2025, 1, 1), valid=True)
    for who in (None, people.visitor, people.other_partner_admin):
        reader = Reader.of(app, who)
        assert badges(reader.get(PAGE)) == ["Arbres, version 1.0.0 ✓ Valid"]
        assert badges(reader.get(file_page(made, 0))) == ["Arbres, version 1.0.0 ✓ Valid"]


def test_the_public_reads_nothing_of_what_is_met_by_nothing(
    app: CKANTestApp,
    partner: dict[str, Any],
    people: factories.People,
    trees: list[dict[str, Any]],
) -> None:
    made = dataset(partner, "arbres")
    for version in (None, *trees):
        if version:
            check(made["resources"][0], version, date(2025, 1, 1), valid=False)
        for who in (None, people.visitor):
            reader = Reader.of(app, who)
            assert badges(reader.get(PAGE)) == []
            assert badges(reader.get(file_page(made, 0))) == []


def test_members_and_the_departement_read_what_is_owed_and_why(
    app: CKANTestApp,
    partner: dict[str, Any],
    people: factories.People,
    trees: list[dict[str, Any]],
) -> None:
    made = dataset(partner, "arbres", frequency="ANNUAL")
    check(made["resources"][0], trees[0], date(2025, 1, 1), valid=True)
    members = ("partner_admin", "partner_editor", "partner_member")
    for role in ("sysadmin", "department_admin", *members):
        page = Reader.of(app, people.of(role)).get(PAGE)
        standard, update = badges(page)
        assert standard.startswith(
            "Arbres ◔ Due soon It follows version 1.0.0 today. Due on January 20, 2027, in 57 days"
        )
        assert update.startswith("Freshness ✓ Up to date Due on")
        assert page.find("a", href="/conformance/explain/aniane/arbres")


def test_a_file_speaks_for_itself_and_a_dataset_for_all(
    app: CKANTestApp,
    partner: dict[str, Any],
    people: factories.People,
    trees: list[dict[str, Any]],
) -> None:
    made = dataset(partner, "arbres", "arbres", "")
    for version in trees:
        check(made["resources"][0], version, date(2026, 2, 1), valid=True)
        check(made["resources"][1], version, date(2026, 2, 1), valid=False)
    reader = Reader.of(app, people.partner_editor)
    assert badges(reader.get(PAGE))[0].startswith("Arbres ▲ Overdue")
    assert badges(reader.get(file_page(made, 0)))[0].startswith(
        "Arbres, version 2.0.0 ✓ Conforming"
    )
    assert badges(reader.get(file_page(made, 1)))[0].startswith("Arbres ▲ Overdue")
    assert badges(reader.get(file_page(made, 2))) == []
    public = Reader.of(app, None)
    assert badges(public.get(PAGE)) == []
    assert badges(public.get(file_page(made, 0))) == ["Arbres, version 2.0.0 ✓ Valid"]


def test_what_is_declared_is_said_to_be(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    factories.standard(name="charte", title="Charte", level="territorial")
    factories.version(standard="charte", kind="document", published_on="2026-01-10", schema=None)
    made = dataset(partner, "charte")
    call_action(
        "heraultdata_declaration_create",
        package_id=made["id"],
        standard="charte",
        version="1.0.0",
        grounds="Relue",
    )
    for address in (PAGE, file_page(made, 0)):
        assert badges(Reader.of(app, None).get(address)) == ["Charte, version 1.0.0 ✓ Declared"]
        [told] = badges(Reader.of(app, people.partner_member).get(address))
        assert told == "Charte, version 1.0.0 ✓ Declared Declared by a person, not checked."


def test_a_late_update_is_said_to_members(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    made = dataset(partner, "", frequency="MONTHLY")
    row = model.Session.get(model.Resource, made["resources"][0]["id"])
    assert row is not None
    row.created = row.last_modified = datetime.fromisoformat("2025-01-10T09:00:00")
    model.Session.commit()
    [told] = badges(Reader.of(app, people.partner_member).get(PAGE))
    assert told == "Freshness ▲ Update late 622 days late: it was due on March 12, 2025"
    assert badges(Reader.of(app, None).get(PAGE)) == []


def test_who_is_no_partner_has_no_badge(app: CKANTestApp, trees: list[dict[str, Any]]) -> None:
    made = dataset(factories.organization(name="untyped"), "arbres", frequency="ANNUAL")
    check(made["resources"][0], trees[1], date(2026, 2, 1), valid=True)
    reader = Reader.of(app, factories.user(sysadmin=True))
    assert badges(reader.get(PAGE)) == []
    assert badges(reader.get(file_page(made, 0))) == []


def test_badges_speak_french(
    app: CKANTestApp,
    partner: dict[str, Any],
    people: factories.People,
    trees: list[dict[str, Any]],
) -> None:
    dataset(partner, "arbres", frequency="ANNUAL")
    page = Reader.of(app, people.partner_editor).get(f"/fr{PAGE}")
    assert "Pourquoi" in badges(page)[0]
    assert "À jour" in badges(page)[1]


def test_more_standards_ask_no_more_queries(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    names = [f"standard-{rank}" for rank in range(5)]
    for name in names:
        factories.standard(name=name, title=name, level="territorial")
        factories.version(standard=name, published_on="2026-01-20")
    made = dataset(partner, *names)
    reader = Reader.of(app, people.partner_editor)
    reader.get(PAGE)
    model.Session.remove()
    with counted_queries() as with_many:
        assert len(badges(reader.get(PAGE))) == 5
    for resource in made["resources"][1:]:
        row = model.Session.get(model.Resource, resource["id"])
        assert row is not None
        row.extras = {}
    model.Session.commit()
    model.Session.remove()
    with counted_queries() as with_one:
        assert len(badges(reader.get(PAGE))) == 1
    assert len(with_many) == len(with_one)
