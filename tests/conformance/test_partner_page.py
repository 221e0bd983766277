"""What a partner has to do: each line and what settles it, each role, both languages, queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from bs4 import Tag
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.conformance import todo
from ckanext.heraultdata.partners import service as partners
from tests import factories
from tests.conformance import test_actions, test_freshness_tracker
from tests.conformance.test_actions import check
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

PAGE = "/partner/aniane/conformance"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at(TODAY.isoformat())


@pytest.fixture
def partner() -> dict[str, Any]:
    made = factories.partner(name="aniane", title="Commune d'Aniane", partner_type="commune")
    factories.signed_convention(made["id"])
    return made


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def territorial(name: str, *published: str, **fields: Any) -> list[dict[str, Any]]:
    """A territorial standard that is no priority, with a version for each day of publication."""
    values = {"title": name.capitalize(), "level": "territorial", "priority": False}
    factories.standard(name=name, **{**values, **fields})
    return [
        factories.version(standard=name, version=f"{rank}.0.0", published_on=day)
        for rank, day in enumerate(published, start=1)
    ]


def dataset(partner: dict[str, Any], standard: str, title: str, **kwargs: Any) -> dict[str, Any]:
    """A private dataset of files that follow a standard; nothing promises its update."""
    made = test_actions.dataset(partner, standard, **kwargs)
    return call_action(
        "package_patch",
        context={"user": factories.user(sysadmin=True).name},
        id=made["id"],
        title=title,
    )


def lines_of(page: Tag) -> list[Tag]:
    """The lines of what is to be done, in their order."""
    return [line for line in page.select(".heraultdata-todo > li") if isinstance(line, Tag)]


def line_of(page: Tag, title: str) -> Tag:
    """The line that speaks of a dataset or a standard."""
    [found] = [line for line in lines_of(page) if title in text_of(line.find("h3") or line)]
    return found


def addresses(line: Tag) -> dict[str, str]:
    """Where the buttons of a line lead, by their words."""
    return {
        str(next(iter(link.stripped_strings))): str(link["href"]) for link in line.select("a.btn")
    }


def section(page: Tag, name: str) -> str:
    """The text of a section, empty where the page has none."""
    heading = page.find(id=name)
    return text_of(heading.parent) if isinstance(heading, Tag) and heading.parent else ""


def test_an_older_version_asks_for_the_new_file(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    first, _ = territorial("arbres", "2023-01-10", "2026-01-20")
    made = dataset(partner, "arbres", "Arbres d'Aniane")
    [resource] = made["resources"]
    check(resource, first, date(2025, 1, 1), valid=True)
    line = line_of(Reader.of(app, people.partner_editor).get(PAGE), "Arbres d'Aniane")
    text = text_of(line)
    assert "Bring “Arbres d'Aniane” to version 2.0.0 of Arbres" in text
    assert "Due on January 20, 2027, in 57 days" in text
    assert "It follows version 1.0.0 today." in text
    name = made["name"]
    assert addresses(line) == {
        "Send the new file": f"/dataset/{name}/resource/{resource['id']}/edit",
        "See what is wrong, or check again": f"/dataset/{name}/resource/{resource['id']}/check",
        "See what changes": "/standard/arbres/differences?from=1.0.0&to=2.0.0",
        "Ask for time": "/partner/aniane/extension/arbres/2.0.0",
    }


def test_a_file_that_meets_nothing_is_to_be_mended(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    [only] = territorial("arbres", "2023-01-10")
    made = dataset(partner, "arbres", "Arbres d'Aniane", files=2)
    for resource in made["resources"]:
        check(resource, only, date(2025, 1, 1), valid=False)
    page = Reader.of(app, people.partner_admin).get(PAGE)
    line = line_of(page, "Arbres d'Aniane")
    assert "Mend “Arbres d'Aniane”, which does not follow Arbres" in text_of(line)
    assert "987 days late: it was due on March 12, 2024" in text_of(line)
    assert "1 thing is to be done. 1 is late." in text_of(page)
    assert addresses(line) == {
        "Send the new files": f"/dataset/resources/{made['name']}",
        "What is asked, and the model of the file": "/standard/arbres",
        "Ask for time": "/partner/aniane/extension/arbres/1.0.0",
    }


def test_a_file_never_checked_is_to_be_checked(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    territorial("arbres", "2026-11-01")
    made = dataset(partner, "arbres", "Arbres d'Aniane")
    line = line_of(Reader.of(app, people.partner_editor).get(PAGE), "Arbres d'Aniane")
    assert "Have “Arbres d'Aniane” checked against Arbres" in text_of(line)
    [resource] = made["resources"]
    leads_to = addresses(line)
    assert leads_to["Check the file"] == f"/dataset/{made['name']}/resource/{resource['id']}/check"
    assert (
        leads_to["Declare that it conforms"] == f"/dataset/{made['name']}/declaration/arbres/1.0.0"
    )


def test_a_text_is_declared_and_then_stands_as_declared(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    factories.standard(name="charte", title="Charte", level="territorial", priority=False)
    factories.version(standard="charte", kind="document", published_on="2026-01-10", schema=None)
    made = dataset(partner, "charte", "Charte d'Aniane")
    reader = Reader.of(app, people.partner_editor)
    line = line_of(reader.get(PAGE), "Charte d'Aniane")
    assert "Say whether “Charte d'Aniane” follows Charte" in text_of(line)
    assert next(iter(addresses(line))) == "Declare that it conforms"
    assert "Check the file" not in text_of(line)
    call_action(
        "heraultdata_declaration_create",
        context={"user": people.partner_editor.name},
        package_id=made["id"],
        standard="charte",
        version="1.0.0",
        grounds="Relue en conseil municipal",
    )
    page = reader.get(PAGE)
    assert lines_of(page) == []
    assert "Nothing is to be done: all is in order." in text_of(page)
    settled = section(page, "settled")
    assert "Charte d'Aniane Charte, version 1.0.0 ✓ Declared" in settled


def test_missing_data_is_published_or_answered(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    territorial("arbres", "2026-01-10", priority=True)
    reader = Reader.of(app, people.partner_editor)
    line = line_of(reader.get(PAGE), "Arbres")
    assert "Publish the data “Arbres” ✕ Missing Due on January 10, 2027" in text_of(line)
    assert addresses(line) == {
        "Publish this data": "/dataset/new?standard=arbres&group=aniane",
        "What is asked, and the model of the file": "/standard/arbres",
        "We hold no such data": "/partner/aniane/absence/arbres",
        "Ask for time": "/partner/aniane/extension/arbres/1.0.0",
    }
    call_action(
        "heraultdata_absence_create",
        context={"user": people.partner_editor.name},
        organization_id=partner["id"],
        standard="arbres",
        reason="Aucun arbre",
    )
    page = reader.get(PAGE)
    assert lines_of(page) == []
    told = section(page, "absences")
    assert "Said on November 24, 2026; asked again from November 24, 2027. Aucun arbre" in told
    [form] = page.select("#absences ~ ul form")
    assert str(form["action"]).startswith("/partner/aniane/absence/")
    reader.post(str(form["action"]))
    assert "Publish the data “Arbres”" in text_of(reader.get(PAGE))


def test_time_asked_for_waits_then_is_granted(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    territorial("arbres", "2026-01-10", priority=True)
    asked = factories.act(
        people.partner_member,
        "heraultdata_extension_create",
        organization_id=partner["id"],
        standard="arbres",
        version="1.0.0",
        due_on="2027-06-30",
        reason="Un seul agent",
    )
    reader = Reader.of(app, people.partner_member)
    page = reader.get(PAGE)
    line = line_of(page, "Arbres")
    assert "More time was asked for, until June 30, 2027" in text_of(line)
    assert "Ask for time" not in addresses(line)
    assert "Not answered yet" in section(page, "extensions")
    factories.act(
        people.department_admin, "heraultdata_extension_decide", id=asked["id"], granted=True
    )
    page = reader.get(PAGE)
    assert "Due on June 30, 2027" in text_of(line_of(page, "Arbres"))
    assert "Granted" in section(page, "extensions")


def test_a_date_set_by_a_text_cannot_be_asked_to_move(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    factories.standard(name="irve", title="IRVE", level="national", priority=True)
    factories.version(
        standard="irve",
        published_on="2026-01-10",
        due_on="2027-01-01",
        legal_reference="Décret 2026-1",
    )
    line = line_of(Reader.of(app, people.partner_editor).get(PAGE), "IRVE")
    assert "Due on January 1, 2027" in text_of(line)
    assert "Ask for time" not in addresses(line)


def test_what_nothing_sets_a_date_for_comes_last(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    factories.standard(name="marche", title="Marchés", level="national", priority=True)
    factories.version(standard="marche", published_on="2026-01-10")
    territorial("arbres", "2026-01-10", priority=True)
    [late] = territorial("velo", "2023-01-10")
    made = dataset(partner, "velo", "Vélo")
    check(made["resources"][0], late, date(2025, 1, 1), valid=False)
    page = Reader.of(app, people.partner_editor).get(PAGE)
    headings = [text_of(heading) for heading in page.select(".heraultdata-todo h3")]
    assert headings == [
        "Mend “Vélo”, which does not follow Velo",
        "Publish the data “Arbres”",
        "Publish the data “Marchés”",
    ]
    assert "3 things are to be done. 1 is late." in text_of(page)


def test_updates_that_frequencies_promise_stand_among_the_rest(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    updated = test_freshness_tracker.dataset
    late = updated(partner, "budget")
    updated(partner, "agenda", "MONTHLY", changed=("2026-10-20T12:00:00",))
    updated(partner, "voirie", changed=("2026-10-20T12:00:00",))
    page = Reader.of(app, people.partner_editor).get(PAGE)
    line = line_of(page, "Budget")
    assert "Update the data of “Budget” ▲ Update late" in text_of(line)
    assert "288 days late: it was due on February 9, 2026" in text_of(line)
    [resource] = late["resources"]
    assert addresses(line) == {
        "Send the new file": f"/dataset/budget/resource/{resource['id']}/edit",
        "Correct the frequency": "/dataset/edit/budget",
    }
    expected = text_of(line_of(page, "Agenda"))
    assert "◔ Update expected Due on December 20, 2026, in 26 days" in expected
    assert "Voirie" in section(page, "fresh")


def test_members_and_the_departement_read_it_and_nobody_else(
    app: CKANTestApp, people: factories.People
) -> None:
    members = ("partner_admin", "partner_editor", "partner_member")
    for role in ("sysadmin", "department_admin", *members):
        page = Reader.of(app, people.of(role)).get(PAGE)
        assert "Commune d'Aniane" in text_of(page.find("h1") or page)
        assert page.find("a", href="/partner/aniane/calendar")
    for who in (people.other_partner_admin, people.visitor, None):
        Reader.of(app, who).get(PAGE, status=403)


def test_a_member_who_edits_nothing_is_shown_no_form(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    territorial("arbres", "2026-01-10", priority=True)
    [only] = territorial("velo", "2026-01-10")
    made = dataset(partner, "velo", "Vélo")
    check(made["resources"][0], only, date(2026, 2, 1), valid=False)
    page = Reader.of(app, people.partner_member).get(PAGE)
    assert not page.select("a.btn[href*='/edit'], a.btn[href*='/dataset/new']")
    assert "We hold no such data" in addresses(line_of(page, "Arbres"))


def test_the_organisation_leads_to_it_for_those_who_may_read_it(
    app: CKANTestApp, people: factories.People
) -> None:
    for who, shown in (
        (people.partner_member, True),
        (people.department_admin, True),
        (None, False),
    ):
        page = Reader.of(app, who).get("/organization/aniane")
        assert bool(page.find("a", href=PAGE)) is shown


def test_nothing_is_asked_in_both_languages(app: CKANTestApp, people: factories.People) -> None:
    reader = Reader.of(app, people.partner_editor)
    english, french = reader.get(PAGE), reader.get(f"/fr{PAGE}")
    assert "asks anything of this partner yet" in text_of(english)
    assert "Rien à faire" in text_of(french)
    assert "Ce qu’il reste à faire" in text_of(french.find("h1") or french)


def test_what_is_no_partner_has_no_such_page(app: CKANTestApp, people: factories.People) -> None:
    factories.organization(name="untyped")
    reader = Reader.of(app, people.department_admin)
    for name in (factories.DEPARTMENT, "untyped", "none"):
        reader.get(f"/partner/{name}/conformance", status=404)


def test_titles_are_texts_and_nothing_else(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    territorial("arbres", "2026-01-10")
    dataset(partner, "arbres", "Arbres & haies <3")
    page = Reader.of(app, people.partner_editor).get(PAGE)
    assert "Arbres & haies <3" in text_of(page)


def test_a_lot_asks_no_more_queries(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    reader = Reader.of(app, people.partner_editor)

    def one_more(name: str) -> None:
        [version] = territorial(name, "2026-01-10")
        made = dataset(partner, name, name)
        check(made["resources"][0], version, date(2026, 2, 1), valid=False)
        territorial(f"{name}-missing", "2026-01-10", priority=True)
        territorial(f"{name}-absent", "2026-01-10", priority=True)
        test_freshness_tracker.dataset(partner, f"{name}-late")
        call_action(
            "heraultdata_absence_create",
            organization_id=partner["id"],
            standard=f"{name}-absent",
            reason="Aucun",
        )
        call_action(
            "heraultdata_extension_create",
            organization_id=partner["id"],
            standard=f"{name}-missing",
            version="1.0.0",
            due_on="2027-06-30",
            reason="Un seul agent",
        )

    one_more("first")
    reader.get(PAGE)
    with counted_queries() as with_one:
        reader.get(PAGE)
    for rank in range(4):
        one_more(f"more-{rank}")
    with counted_queries() as with_many:
        page = reader.get(PAGE)
    assert len(lines_of(page)) == 15
    assert len(with_many) == len(with_one)


def test_a_draft_out_for_comment_asks_for_an_opinion(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    for name, concerns in (("arbres", ["commune"]), ("transports", ["epci"])):
        territorial(name, concerns=concerns)
        factories.version(standard=name, version="1.0.0", comments_until="2026-12-24")
    page = Reader.of(app, people.partner_editor).get(PAGE)
    section = page.select_one("section[aria-labelledby=drafts]")
    assert isinstance(section, Tag)
    [link] = section.find_all("a")
    assert link["href"] == "/standard/arbres/version/1.0.0/comments"
    assert "Transports" not in text_of(page)


def test_a_second_version_due_the_same_day_may_be_asked_for_after_the_first(
    partner: dict[str, Any],
) -> None:
    territorial("arbres", "2022-01-10", "2022-06-10", priority=True)
    found = partners.get(partner["id"])
    [line] = todo.of(found, date(2024, 3, 12)).dated
    assert isinstance(line, todo.StandardLine)
    assert (line.extendable, line.waiting) == ("1.0.0", None)
