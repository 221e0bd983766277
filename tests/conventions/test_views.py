"""The pages of conventions: every role, both languages, every form, bad input, documents."""

from __future__ import annotations

import io
from datetime import datetime, timezone
from typing import Any

import pytest
from bs4 import Tag
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata import clock
from tests import factories
from tests.reading import Reader, counted_queries, error_of, text_of, value_of

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
SCRIPT = "<script>alert(1)</script>"
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
MEMBERS = [*DEPARTMENT, "partner_admin", "partner_editor", "partner_member"]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 10, tzinfo=timezone.utc))


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        name="vallee-herault", title="Communauté de communes Vallée de l'Hérault"
    )


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


@pytest.fixture
def signed(partner: dict[str, Any]) -> dict[str, Any]:
    return factories.signed_convention(partner["id"])


def reader(app: CKANTestApp, people: factories.People, role: str | None) -> Reader:
    return Reader.of(app, people.of(role) if role else None)


def offered(page: Tag) -> list[str]:
    kinds = page.select(".heraultdata-record input[name=kind]")
    return [str(kind["value"]) for kind in kinds]


def recorded(convention: dict[str, Any]) -> list[str]:
    shown = call_action("heraultdata_convention_show", id=convention["id"])
    return [event["kind"] for event in shown["events"]]


def documents(convention: dict[str, Any]) -> list[dict[str, Any]]:
    return call_action("heraultdata_convention_show", id=convention["id"])["documents"]


def pdf(content: bytes = PDF, name: str = "lettre.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


class TestIndex:
    def test_nothing(self, app: CKANTestApp) -> None:
        assert "There is no convention yet" in text_of(Reader(app).get("/conventions"))

    def test_for_each_role(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        for role in ALL_ROLES:
            text = text_of(reader(app, people, role).get("/conventions"))
            assert "In force since March 12, 2024, renewed 2 times." in text
            assert "Next anniversary: March 12, 2027" in text
            assert ("2024-034" in text) == (role in MEMBERS), role

    def test_filters_and_pages(self, app: CKANTestApp, signed: dict[str, Any]) -> None:
        for _ in range(24):
            factories.convention(factories.partner()["id"])
        page = Reader(app).get("/conventions?state=draft")
        assert "24 conventions" in text_of(page)
        assert len(page.select(".heraultdata-card")) == 20
        assert len(Reader(app).get("/conventions?state=draft&page=2").select("h3")) == 4
        assert "No convention is in this state" in text_of(
            Reader(app).get("/conventions?state=ended")
        )
        Reader(app).get("/conventions?state=x", status=400)

    def test_those_of_a_partner(
        self, app: CKANTestApp, people: factories.People, partner: dict[str, Any]
    ) -> None:
        address = f"/conventions?organization_id={partner['id']}"
        page = reader(app, people, "department_admin").get(address)
        assert "This partner has no convention" in text_of(page)
        assert page.find("a", href="/partner/vallee-herault/convention/new")
        page = reader(app, people, "partner_admin").get(address)
        assert not page.find("a", href="/partner/vallee-herault/convention/new")

    def test_as_many_queries_for_many_as_for_two(
        self, app: CKANTestApp, signed: dict[str, Any]
    ) -> None:
        factories.signed_convention(factories.partner()["id"])
        Reader(app).get("/conventions")
        with counted_queries() as for_two:
            Reader(app).get("/conventions")
        for _ in range(18):
            factories.signed_convention(factories.partner()["id"])
        with counted_queries() as for_twenty:
            Reader(app).get("/conventions")
        assert len(for_twenty) == len(for_two)

    def test_in_french(self, app: CKANTestApp, signed: dict[str, Any]) -> None:
        assert "12 mars 2027" in text_of(Reader(app).get("/fr/conventions"))


class TestNew:
    ADDRESS = "/partner/vallee-herault/convention/new"

    def test_who(self, app: CKANTestApp, people: factories.People) -> None:
        for role in ALL_ROLES:
            status = 200 if role in DEPARTMENT else 403
            reader(app, people, role).get(self.ADDRESS, status=status)
            reader(app, people, role).post(self.ADDRESS, status=status)
        assert call_action("heraultdata_convention_list")["count"] == len(DEPARTMENT)

    def test_good(self, app: CKANTestApp, people: factories.People) -> None:
        page = reader(app, people, "department_admin").post(
            self.ADDRESS, {"reference": "2024-034", "deliberation_date": "2024-02-26"}
        )
        text = text_of(page)
        assert "The convention is made: record its signatures." in text
        assert "Not in force yet" in text
        assert "February 26, 2024" in text
        assert offered(page) == ["signed"]

    def test_bad(self, app: CKANTestApp, people: factories.People) -> None:
        page = reader(app, people, "department_admin").post(
            self.ADDRESS,
            {
                "reference": SCRIPT,
                "deliberation_date": "26/02/2024",
                "deliberation_number": "x" * 201,
            },
            status=400,
        )
        assert "HTML is not accepted" in error_of(page, "field-reference")
        assert "2024-02-26 instead of" in error_of(page, "field-deliberation_date")
        assert "the most is 200" in error_of(page, "field-deliberation_number")
        assert value_of(page, "field-reference") == SCRIPT
        assert value_of(page, "field-deliberation_date") == "26/02/2024"
        assert call_action("heraultdata_convention_list")["count"] == 0

    def test_for_what_is_no_partner(self, app: CKANTestApp, people: factories.People) -> None:
        reader(app, people, "sysadmin").get("/partner/nobody/convention/new", status=404)


class TestEdit:
    def test_who_and_what(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        address = f"/convention/{signed['id']}/edit"
        for role in ALL_ROLES:
            if role not in DEPARTMENT:
                reader(app, people, role).get(address, status=403)
                reader(app, people, role).post(address, {"reference": "x"}, status=403)
        by = reader(app, people, "department_admin")
        assert value_of(by.get(address), "field-reference") == "2024-034"
        page = by.post(address, {"deliberation_date": "2024-02-30"}, status=400)
        assert "not a day of the calendar" in error_of(page, "field-deliberation_date")
        page = by.post(address, {"reference": "2024-035"})
        assert "The convention is corrected." in text_of(page)
        assert "2024-035" in text_of(page)

    def test_what_is_not_there(self, app: CKANTestApp, people: factories.People) -> None:
        by = reader(app, people, "sysadmin")
        by.get("/convention/nothing/edit", status=404)
        by.post("/convention/nothing/edit", status=404)


class TestShow:
    def test_what_the_public_reads(self, app: CKANTestApp, signed: dict[str, Any]) -> None:
        factories.event(
            signed["id"],
            "formal_notice",
            "2026-11-02",
            party="department",
            breaches="Secret breach",
            deadline="2027-01-15",
        )
        text = text_of(Reader(app).get(f"/convention/{signed['id']}"))
        assert "In force since March 12, 2024, under formal notice." in text
        assert "March 12, 2027 Anniversary" in text
        assert "Secret breach" not in text
        assert "January 15, 2027" not in text
        assert "Time line" not in text
        assert "2024-034" not in text

    def test_what_each_role_reads_and_records(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        of_the_department = [
            "amended",
            "anniversary_notice",
            "mutual_termination",
            "formal_notice",
            "voided",
        ]
        for role in ALL_ROLES:
            page = reader(app, people, role).get(f"/convention/{signed['id']}")
            assert ("Time line" in text_of(page)) == (role in MEMBERS), role
            if role in DEPARTMENT:
                assert offered(page) == of_the_department
            elif role == "partner_admin":
                assert offered(page) == ["anniversary_notice"]
            else:
                assert offered(page) == []

    def test_the_partner_answers_a_formal_notice(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        factories.event(
            signed["id"],
            "formal_notice",
            "2026-11-02",
            party="department",
            breaches="Jeux non mis à jour.\nPas de référent.",
            deadline="2027-01-15",
        )
        page = reader(app, people, "partner_admin").get(f"/convention/{signed['id']}")
        text = text_of(page)
        assert offered(page) == ["anniversary_notice", "observations"]
        assert "January 15, 2027 Last day to remedy" in text
        assert "Breaches: Jeux non mis à jour. Pas de référent." in text

    def test_next_dates_in_words(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "partner_member")
        text = text_of(by.get(f"/convention/{signed['id']}"))
        assert "renewed 2 times" in text
        assert "February 12, 2027 Last day to send a notice" in text
        french = text_of(by.get(f"/fr/convention/{signed['id']}"))
        assert "12 février 2027" in french

    def test_a_correction_strikes_through_and_explains(
        self, app: CKANTestApp, people: factories.People, partner: dict[str, Any]
    ) -> None:
        draft = factories.convention(partner["id"])
        wrong = factories.event(draft["id"], "signed", "2024-03-10", party="department")
        factories.event(
            draft["id"],
            "voided",
            "2024-03-15",
            voids=wrong["events"][0]["id"],
            note="Date lue de travers.",
        )
        page = reader(app, people, "partner_member").get(f"/convention/{draft['id']}")
        struck = page.select_one(".heraultdata-event-voided")
        assert struck is not None
        assert struck.find("s")
        assert "Taken out by the correction of March 15, 2024" in text_of(struck)
        assert "Date lue de travers." in text_of(struck)
        assert "Takes out: Signature, March 10, 2024 (The département)" in text_of(page)

    def test_many_events(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        for rank in range(20):
            shown = factories.event(
                signed["id"], "anniversary_notice", "2026-11-20", party="partner", note=f"N{rank}"
            )
            factories.event(signed["id"], "voided", "2026-11-21", voids=shown["events"][-1]["id"])
        page = reader(app, people, "department_admin").get(f"/convention/{signed['id']}")
        assert len(page.select(".heraultdata-timeline > li")) == 42

    def test_what_has_ended_offers_corrections_only(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        factories.event(signed["id"], "mutual_termination", "2025-01-31")
        page = reader(app, people, "department_admin").get(f"/convention/{signed['id']}")
        assert "Ended on February 28, 2025" in text_of(page)
        assert offered(page) == ["voided"]

    def test_scripts_are_words(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        note = "a < b & \"c\" 'd' {{ 7 * 7 }}"
        factories.event(
            signed["id"], "anniversary_notice", "2026-11-20", party="partner", note=note
        )
        page = reader(app, people, "partner_member").get(f"/convention/{signed['id']}")
        assert note in text_of(page)

    def test_of_a_deleted_organisation(
        self,
        app: CKANTestApp,
        people: factories.People,
        partner: dict[str, Any],
        signed: dict[str, Any],
    ) -> None:
        call_action("organization_delete", context={"user": people.sysadmin.name}, id=partner["id"])
        by = reader(app, people, "department_admin")
        by.get(f"/convention/{signed['id']}")
        assert "Organisation deleted" in text_of(by.get("/conventions"))

    def test_what_is_not_there(self, app: CKANTestApp) -> None:
        Reader(app).get("/convention/nothing", status=404)

    def test_every_form_carries_a_token_against_forgery(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        page = reader(app, people, "department_admin").get(f"/convention/{signed['id']}")
        forms = page.select(".heraultdata form[method=post]")
        assert len(forms) == len(offered(page)) + 1
        assert all(form.find("input", attrs={"name": "_csrf_token"}) for form in forms)


class TestEvents:
    NOTICE = {"kind": "anniversary_notice", "party": "partner", "date": "2026-11-20"}

    def test_who(self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]) -> None:
        address = f"/convention/{signed['id']}/event"
        of_the_department = self.NOTICE | {"party": "department"}
        for role in ALL_ROLES:
            by = reader(app, people, role)
            if role not in [*DEPARTMENT, "partner_admin"]:
                by.post(address, self.NOTICE, status=403)
            if role not in DEPARTMENT:
                by.post(address, of_the_department, status=403)
                by.get(f"{address}/effect?kind=mutual_termination&date=2026-11-20", status=403)
        assert recorded(signed) == ["signed", "signed"]

    def test_the_partner_s_own_notice(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        page = reader(app, people, "partner_admin").post(
            f"/convention/{signed['id']}/event", self.NOTICE | {"note": "Lettre recommandée"}
        )
        text = text_of(page)
        assert "The event is recorded." in text
        assert "it ends on March 12, 2027" in text
        assert "Lettre recommandée" in text
        assert "Recorded by " + people.partner_admin.display_name in text

    def test_every_kind(
        self, app: CKANTestApp, people: factories.People, partner: dict[str, Any]
    ) -> None:
        draft = factories.convention(partner["id"])
        by = reader(app, people, "department_admin")
        address = f"/convention/{draft['id']}/event"
        amendment = {
            "authorisations-0-number": "A-1",
            "authorisations-0-date": "2024-05-02",
            "authorisations-1-number": "B-2",
            "authorisations-1-date": "2024-05-03",
        }
        notice = {"breaches": "Données périmées", "deadline": "2024-09-01"}
        for form in (
            {"kind": "signed", "party": "partner", "date": "2024-02-26"},
            {"kind": "signed", "party": "department", "date": "2024-03-12"},
            {"kind": "amended", "date": "2024-06-01", **amendment},
            {"kind": "formal_notice", "party": "department", "date": "2024-07-01", **notice},
            {"kind": "observations", "party": "partner", "date": "2024-07-20"},
            {"kind": "remedied", "party": "department", "date": "2024-08-01"},
            {"kind": "formal_notice", "party": "department", "date": "2024-08-02", **notice},
            {"kind": "terminated_for_fault", "party": "department", "date": "2024-09-02"},
        ):
            page = by.post(address, form)
            assert "The event is recorded." in text_of(page), form
        assert "authorisation A-1 of May 2, 2024" in text_of(page)
        assert "Ended on September 2, 2024" in text_of(page)
        ending = call_action("heraultdata_convention_show", id=draft["id"])["events"][-1]
        page = by.post(address, {"kind": "voided", "date": "2024-09-03", "voids": ending["id"]})
        assert "under formal notice" in text_of(page)

    def test_with_its_letter(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        page = reader(app, people, "department_admin").post(
            f"/convention/{signed['id']}/event", self.NOTICE | {"upload": pdf()}
        )
        (document,) = documents(signed)
        link = page.select_one(".heraultdata-timeline a")
        assert link is not None
        assert str(link["href"]).endswith(document["id"])

    def test_bad_forms_come_back_as_typed_and_write_nothing(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "department_admin")
        bad: list[tuple[dict[str, Any], str, str]] = [
            (self.NOTICE | {"date": "2024-02-30"}, "date", "not a day of the calendar"),
            (self.NOTICE | {"date": "26/02/2024"}, "date", "2024-02-26 instead of"),
            (self.NOTICE | {"date": "2026-12-01"}, "date", "still to come"),
            (self.NOTICE | {"date": "2024-03-01"}, "date", "took effect on March 12, 2024"),
            (self.NOTICE | {"date": ""}, "date", "Missing value"),
            (self.NOTICE | {"note": SCRIPT}, "note", "HTML is not accepted"),
            (self.NOTICE | {"party": ""}, "party", "Say which party it is"),
            (self.NOTICE | {"upload": pdf(b"no", "a.pdf")}, "upload", "not a PDF"),
            (
                {
                    "kind": "formal_notice",
                    "party": "department",
                    "date": "2026-11-20",
                    "breaches": "Retard",
                    "deadline": "2026-11-19",
                },
                "deadline",
                "must come after",
            ),
            ({"kind": "amended", "date": "2026-11-20"}, "authorisations-1-date", "Missing value"),
            ({"kind": "voided", "date": "2026-11-20"}, "voids", "Say which event"),
        ]
        for form, field, sentence in bad:
            page = by.post(f"/convention/{signed['id']}/event", form, status=400)
            field_id = f"{form['kind']}-{field}"
            assert sentence in error_of(page, field_id), form
            typed = page.find("details", id=f"record-{form['kind']}", open=True)
            assert isinstance(typed, Tag)
            for name, value in form.items():
                if name in ("date", "note", "breaches", "deadline") and value:
                    assert value_of(page, f"{form['kind']}-{name}") == value
        assert recorded(signed) == ["signed", "signed"]
        assert documents(signed) == []

    def test_a_signature_recorded_by_somebody_else_meanwhile(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        form = {"kind": "signed", "party": "department", "date": "2024-03-14", "note": "Vu"}
        by = reader(app, people, "department_admin")
        page = by.post(f"/convention/{signed['id']}/event", form, status=400)
        assert "on March 12, 2024" in error_of(page, "signed-party")
        assert value_of(page, "signed-note") == "Vu"
        assert recorded(signed) == ["signed", "signed"]

    def test_a_kind_that_does_not_exist(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "department_admin")
        page = by.post(f"/convention/{signed['id']}/event", {"kind": "x"}, status=400)
        assert "x is none of" in text_of(page)
        by.post("/convention/nothing/event", self.NOTICE, status=404)

    def test_the_effect_is_told_before_it_is_recorded(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "department_admin")
        address = f"/convention/{signed['id']}/event/effect"
        draft = f"/convention/{factories.convention(factories.partner()['id'])['id']}/event/effect"
        signature = signed["events"][0]["id"]
        for query, sentence in (
            ("kind=mutual_termination&date=2026-11-20", "will end on December 20, 2026"),
            (
                "kind=anniversary_notice&party=partner&date=2026-11-20",
                "will end on March 12, 2027",
            ),
            (
                "kind=anniversary_notice&party=partner&date=2026-02-20",
                "a year after it: on March 12, 2027",
            ),
            (
                "kind=formal_notice&party=partner&date=2026-11-20&deadline=2027-01-01",
                "has until January 1, 2027",
            ),
            (f"kind=voided&date=2026-11-20&voids={signature}", "not signed by both parties"),
            ("kind=amended&date=2026-11-20", "the dates of the convention stay"),
            ("kind=mutual_termination&date=2027-11-20", "still to come"),
        ):
            assert sentence in text_of(by.get(f"{address}?{query}")), query
        waits = text_of(by.get(f"{draft}?kind=signed&party=partner&date=2026-11-20"))
        assert "waits for the signature of the other party" in waits
        assert text_of(by.get(f"{address}?kind=mutual_termination&date=2026-02-30")) == ""
        assert recorded(signed) == ["signed", "signed"]


class TestDocuments:
    GOOD = {"kind": "convention", "title": "Convention signée"}

    def test_add_show_and_reserve(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "department_admin")
        address = f"/convention/{signed['id']}"
        page = by.post(f"{address}/document", self.GOOD | {"upload": pdf()})
        assert "The document is kept." in text_of(page)
        assert "read by the parties only" in text_of(page)
        (document,) = documents(signed)
        of_document = f"{address}/document/{document['id']}"
        assert "Convention signée" not in text_of(Reader(app).get(address))
        assert "Everybody can read" in text_of(by.post(of_document, {"public": "true"}))
        assert "Convention signée" in text_of(Reader(app).get(address))
        assert "Only the parties" in text_of(by.post(of_document))
        assert "Convention signée" not in text_of(Reader(app).get(address))

    def test_download(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "department_admin")
        by.post(
            f"/convention/{signed['id']}/document",
            self.GOOD | {"upload": pdf(name='été "x".pdf')},
        )
        (document,) = documents(signed)
        address = f"/convention/{signed['id']}/document/{document['id']}"
        for role in ALL_ROLES:
            who = reader(app, people, role)
            answer = app.get(address, headers=who.headers, status=200 if role in MEMBERS else 403)
            if role in MEMBERS:
                assert answer.get_data() == PDF
                assert answer.headers["Content-Type"] == "application/pdf"
                assert answer.headers["Content-Disposition"].startswith("attachment")
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        by.post(address, {"public": "true"})
        assert app.get(address, status=200).get_data() == PDF

    def test_bad(self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]) -> None:
        by = reader(app, people, "department_admin")
        address = f"/convention/{signed['id']}/document"
        page = by.post(address, self.GOOD | {"upload": pdf(b"<html>", "a.pdf")}, status=400)
        assert "not a PDF" in error_of(page, "field-upload")
        assert value_of(page, "field-title") == "Convention signée"
        page = by.post(address, {"kind": "letter", "title": SCRIPT}, status=400)
        assert "HTML is not accepted" in error_of(page, "field-title")
        assert error_of(page, "field-upload")
        assert value_of(page, "field-kind") == "letter"
        assert documents(signed) == []

    def test_who_adds_and_shows(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        address = f"/convention/{signed['id']}/document"
        reader(app, people, "sysadmin").post(address, self.GOOD | {"upload": pdf()})
        (document,) = documents(signed)
        for role in ALL_ROLES:
            if role not in DEPARTMENT:
                by = reader(app, people, role)
                by.post(address, self.GOOD | {"upload": pdf()}, status=403)
                by.post(f"{address}/{document['id']}", {"public": "true"}, status=403)
        assert documents(signed) == [document]

    def test_what_is_not_there(
        self, app: CKANTestApp, people: factories.People, signed: dict[str, Any]
    ) -> None:
        by = reader(app, people, "sysadmin")
        by.post(f"/convention/{signed['id']}/document", self.GOOD | {"upload": pdf()})
        (document,) = documents(signed)
        other = factories.convention(factories.partner()["id"])
        for address in (
            f"/convention/{signed['id']}/document/00000000-0000-4000-8000-000000000000",
            f"/convention/{other['id']}/document/{document['id']}",
        ):
            by.get(address, status=404)
            by.post(address, status=404)
        for no_identifier in ("nothing", "%00"):
            by.get(f"/convention/{signed['id']}/document/{no_identifier}", status=404)
        by.post("/convention/nothing/document", self.GOOD | {"upload": pdf()}, status=404)
