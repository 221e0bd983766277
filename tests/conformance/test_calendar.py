"""The calendar of a partner: its days, its private address, its page, by role and language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from icalendar import Calendar

from ckanext.heraultdata.journal.model import JournalEntry
from tests import factories
from tests.conformance.test_actions import check, dataset
from tests.reading import Reader, counted_queries, text_of, value_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

HOLDERS = ["sysadmin", "department_admin", "partner_admin", "partner_editor", "partner_member"]
OTHERS = ["other_partner_admin", "visitor", None]
MONTHLY = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
ACTIONS = [
    "heraultdata_calendar_show",
    "heraultdata_calendar_create",
    "heraultdata_calendar_delete",
]


@pytest.fixture
def today(at: Callable[[str], None]) -> str:
    at("2026-03-01")
    return "2026-03-01"


@pytest.fixture
def partner(clean_db: None) -> dict[str, Any]:
    return factories.partner(title="Communauté; de communes, du Lodévois")


def trees(name: str = "herault-arbres") -> list[dict[str, Any]]:
    """A territorial standard with two versions, due on 2024-01-10 and 2026-06-01."""
    factories.standard(name=name, level="territorial", title=f"Arbres, {name}")
    return [
        factories.version(standard=name, version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    ]


def address(partner: dict[str, Any]) -> str:
    """Path of a new address of the partner's calendar."""
    made = call_action("heraultdata_calendar_create", organization_id=partner["id"])
    return urlsplit(made["url"]).path


def events(app: CKANTestApp, path: str) -> list[Any]:
    """The events of the calendar at an address, read back by a reader of calendars."""
    calendar = Calendar.from_ical(app.get(path, status=200).get_data(as_text=True))
    return list(calendar.walk("VEVENT"))


@pytest.mark.usefixtures("today")
class TestFeed:
    def test_nothing_falls_due(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        answer = app.get(address(partner), status=200)
        calendar = Calendar.from_ical(answer.get_data(as_text=True))
        assert calendar.walk("VEVENT") == []
        assert str(calendar["x-wr-calname"]).endswith(partner["title"])
        assert (str(calendar["version"]), str(calendar["prodid"])[-2:]) == ("2.0", "EN")
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.cache_control.private
        assert not answer.cache_control.public

    def test_what_it_says_of_a_deadline(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        first, _ = trees()
        made = dataset(partner, "herault-arbres")
        check(made["resources"][0], first, date(2025, 1, 1), valid=True)
        [event] = events(app, address(partner))
        assert event.decoded("dtstart") == date(2026, 6, 1)
        assert str(event["summary"]) == (
            "Arbres: conform to “Arbres, herault-arbres”, version 2.0.0"
        )
        assert "Upload files of the dataset “Arbres” that conform" in str(event["description"])
        assert str(event["url"]) == f"http://test.ckan.net/dataset/{made['name']}"
        assert event.decoded("dtstamp").isoformat() == "2026-03-01T10:00:00+00:00"

    def test_what_is_late_and_what_is_to_come(
        self, app: CKANTestApp, partner: dict[str, Any]
    ) -> None:
        versions = trees()
        made = dataset(partner, "herault-arbres")
        for version in versions:
            check(made["resources"][0], version, date(2025, 6, 2), valid=False)
        days = [event.decoded("dtstart") for event in events(app, address(partner))]
        assert days == [date(2024, 1, 10), date(2026, 6, 1)]

    def test_what_conforms_is_gone(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        _, second = trees()
        made = dataset(partner, "herault-arbres")
        check(made["resources"][0], second, date(2025, 7, 1), valid=True)
        assert events(app, address(partner)) == []

    def test_a_partner_without_a_dataset(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        trees()
        convention = factories.signed_convention(partner["id"])
        found = events(app, address(partner))
        assert [(e.decoded("dtstart"), str(e["url"]).rpartition("/")[2]) for e in found] == [
            (date(2024, 3, 12), "herault-arbres"),
            (date(2026, 3, 12), convention["id"]),
            (date(2026, 6, 1), "herault-arbres"),
            (date(2027, 2, 12), convention["id"]),
        ]
        assert "answer that you hold no such data" in str(found[0]["description"])

    def test_the_next_update_of_a_dataset(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        made = dataset(partner, "herault-arbres")
        call_action(
            "package_patch",
            context={"user": factories.user(sysadmin=True).name},
            id=made["id"],
            frequency=MONTHLY,
        )
        model.Session.execute(
            sa.update(model.Resource).values(
                created=date(2026, 2, 10),
                last_modified=date(2026, 2, 10),
            )
        )
        model.Session.commit()
        [event] = events(app, address(partner))
        due_on = call_action("heraultdata_freshness_list")["results"][0]["due_on"]
        assert event.decoded("dtstart") == date.fromisoformat(due_on) > date(2026, 3, 10)
        assert str(event["summary"]) == "Update of Arbres"
        assert str(event["uid"]).startswith(f"{made['id']}-update@")

    def test_identifiers_stay_and_are_unique(
        self, app: CKANTestApp, partner: dict[str, Any]
    ) -> None:
        trees()
        factories.signed_convention(partner["id"])
        path = address(partner)
        uids = [str(event["uid"]) for event in events(app, path)]
        assert len(set(uids)) == len(uids) == 4
        call_action("heraultdata_standard_update", id="herault-arbres", title="Arbres remarquables")
        assert [str(event["uid"]) for event in events(app, path)] == uids
        assert [str(event["uid"]) for event in events(app, address(partner))] == uids

    def test_lines_are_those_of_the_standard(
        self, app: CKANTestApp, partner: dict[str, Any]
    ) -> None:
        trees()
        factories.signed_convention(partner["id"])
        sent = app.get(address(partner)).get_data()
        assert sent.endswith(b"END:VCALENDAR\r\n")
        lines = sent.split(b"\r\n")
        assert max(map(len, lines)) <= 75
        assert not any(b"\n" in line for line in lines)
        for event in Calendar.from_ical(sent).walk("VEVENT"):
            assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
            assert event["dtstart"].params["VALUE"] == "DATE"

    @pytest.mark.ckan_config("ckan.locale_default", "fr")
    def test_french(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        trees()
        dataset(partner, "herault-arbres")
        path = address(partner)
        assert not path.startswith("/fr")
        calendar = Calendar.from_ical(app.get(path).get_data(as_text=True))
        assert str(calendar["prodid"]).endswith("FR")

    def test_unknown_renewed_and_revoked(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        old = address(partner)
        new = address(partner)
        assert old != new
        app.get(old, status=404)
        app.get(new, status=200)
        call_action("heraultdata_calendar_delete", organization_id=partner["id"])
        for path in (new, "/conformance/calendar/none.ics", "/conformance/calendar/%00.ics"):
            app.get(path, status=404)

    def test_a_partner_that_is_one_no_more(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        path = address(partner)
        factories.act(factories.user(sysadmin=True), "organization_delete", id=partner["id"])
        app.get(path, status=404)

    def test_queries_are_constant(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        path = address(partner)
        trees("herault-arbres-0")
        dataset(partner, "herault-arbres-0")
        app.get(path)
        with counted_queries() as for_one:
            app.get(path)
        for rank in range(1, 6):
            trees(f"herault-arbres-{rank}")
            dataset(partner, f"herault-arbres-{rank}")
        with counted_queries() as for_six:
            assert len(events(app, path)) == 12
        assert len(for_six) == len(for_one)


class TestActions:
    @pytest.mark.parametrize("role", HOLDERS)
    def test_members_and_the_department(self, partner: dict[str, Any], role: str) -> None:
        user = factories.people(partner["id"]).of(role)
        asked = {"organization_id": partner["id"]}
        nothing = {**asked, "url": None, "created_at": None}
        assert factories.act(user, "heraultdata_calendar_show", **asked) == nothing
        made = factories.act(user, "heraultdata_calendar_create", **asked)
        token = made["url"].rpartition("/")[2].removesuffix(".ics")
        assert len(token) >= 43
        assert factories.act(user, "heraultdata_calendar_show", **asked) == made
        assert factories.act(user, "heraultdata_calendar_delete", **asked) == nothing
        with pytest.raises(tk.ObjectNotFound, match="no address to revoke"):
            factories.act(user, "heraultdata_calendar_delete", **asked)

    @pytest.mark.parametrize("role", OTHERS)
    def test_nobody_else(self, partner: dict[str, Any], role: str | None) -> None:
        people = factories.people(partner["id"])
        address(partner)
        for action in ACTIONS:
            with pytest.raises(tk.NotAuthorized):
                factories.act(
                    people.of(role) if role else None, action, organization_id=partner["id"]
                )

    def test_each_change_is_journaled_without_the_token(self, partner: dict[str, Any]) -> None:
        address(partner)
        address(partner)
        call_action("heraultdata_calendar_delete", organization_id=partner["id"])
        lines = model.Session.scalars(
            sa.select(JournalEntry)
            .where(JournalEntry.subject_type == "calendar")
            .order_by(JournalEntry.id)
        ).all()
        assert [line.action for line in lines] == [
            "calendar.created",
            "calendar.renewed",
            "calendar.revoked",
        ]
        assert {line.organization_id for line in lines} == {partner["id"]}
        assert {(line.before, line.after) for line in lines} == {(None, None)}

    def test_an_organisation_that_is_no_partner(self) -> None:
        other = factories.organization(name="tourist-office")
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_calendar_create", organization_id=other["id"])
        assert "not a partner" in factories.sentence_of(refusal, "organization_id")
        assert call_action("heraultdata_calendar_show", organization_id=other["id"])["url"] is None

    @pytest.mark.parametrize("action", ACTIONS)
    def test_bad_arguments(self, action: str) -> None:
        for arguments in ({}, {"organization_id": "none"}):
            with pytest.raises(tk.ValidationError) as refusal:
                call_action(action, **arguments)
            assert factories.sentence_of(refusal, "organization_id")


class TestPage:
    @pytest.mark.parametrize("role", HOLDERS)
    def test_from_nothing_to_nothing(
        self, app: CKANTestApp, partner: dict[str, Any], role: str
    ) -> None:
        reader = Reader.of(app, factories.people(partner["id"]).of(role))
        page = f"/partner/{partner['name']}/calendar"
        assert "This calendar has no address yet" in text_of(reader.get(page))
        shown = reader.post(page)
        first = value_of(shown, "calendar-address")
        assert "The calendar has a new address." in text_of(shown)
        assert "How to subscribe" in text_of(shown)
        app.get(urlsplit(first).path, status=200)
        assert value_of(reader.post(page), "calendar-address") != first
        assert "has been revoked" in text_of(reader.post(f"{page}/delete"))

    @pytest.mark.parametrize("role", OTHERS)
    def test_nobody_else(self, app: CKANTestApp, partner: dict[str, Any], role: str | None) -> None:
        people = factories.people(partner["id"])
        old = address(partner)
        reader = Reader.of(app, people.of(role) if role else None)
        page = f"/partner/{partner['name']}/calendar"
        assert old not in text_of(reader.get(page, status=403))
        reader.post(page, status=403)
        reader.post(f"{page}/delete", status=403)
        app.get(old, status=200)

    def test_no_such_partner(self, app: CKANTestApp) -> None:
        reader = Reader.of(app, factories.user(sysadmin=True))
        reader.get("/partner/none/calendar", status=404)

    def test_french(self, app: CKANTestApp, partner: dict[str, Any]) -> None:
        path = address(partner)
        reader = Reader.of(app, factories.user(sysadmin=True))
        shown = reader.get(f"/fr/partner/{partner['name']}/calendar")
        assert urlsplit(value_of(shown, "calendar-address")).path == path
