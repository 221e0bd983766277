"""The API of the conventions: every role, good, bad."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.database import engine
from tests import factories
from tests.factories import act

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db")]

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at(TODAY)


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(title="Communauté de communes Vallée de l'Hérault")


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def pdf(content: bytes = PDF, name: str = "convention.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def recorded(convention_id: str) -> int:
    return len(call_action("heraultdata_convention_show", id=convention_id)["events"])


class TestConvention:
    def test_a_new_one_is_a_draft(self, partner: dict[str, Any]) -> None:
        made = factories.convention(
            partner["id"],
            reference="2024-034",
            deliberation_number="16132",
            deliberation_date="2024-02-26",
            representative="Le président",
        )
        assert made["state"] == "draft"
        assert made["effective_on"] is None
        assert made["renewals"] is None
        assert made["deliberation_date"] == "2024-02-26"
        assert made["events"] == []

    def test_two_signatures_put_it_in_force(self, partner: dict[str, Any]) -> None:
        signed = factories.signed_convention(partner["id"])
        assert signed["state"] == "active"
        assert signed["effective_on"] == "2024-03-12"
        assert signed["renewals"] == 2
        assert signed["term_ends_on"] == "2027-03-12"
        assert signed["ends_on"] is None

    def test_the_state_of_another_day(self, partner: dict[str, Any]) -> None:
        signed = factories.signed_convention(partner["id"])
        before = call_action("heraultdata_convention_show", id=signed["id"], on="2024-03-11")
        assert before["state"] == "draft"

    def test_update_corrects_the_description(self, partner: dict[str, Any]) -> None:
        made = factories.convention(partner["id"], reference="wrong")
        corrected = call_action(
            "heraultdata_convention_update", id=made["id"], reference="2024-034"
        )
        assert corrected["reference"] == "2024-034"

    def test_only_for_partners(self) -> None:
        department = factories.department()
        with pytest.raises(tk.ValidationError, match="not a partner"):
            factories.convention(department["id"])

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("reference", "x" * 300, "Too long: 300 characters"),
            ("representative", "<script>alert(1)</script>", "HTML is not accepted"),
            ("deliberation_date", "2024-02-30", "2024-02-30 is not a day of the calendar"),
            ("deliberation_date", "26/02/2024", "2024-02-26 instead of 26/02/2024"),
            ("deliberation_date", "soon", "soon is not a date"),
            ("organization_id", "nobody", "no organisation nobody"),
            ("colour", "red", "Unknown field"),
        ],
    )
    def test_bad_input_names_its_field(
        self, partner: dict[str, Any], field: str, value: str, sentence: str
    ) -> None:
        arguments = {"organization_id": partner["id"], field: value}
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_convention_create", **arguments)
        assert list(refusal.value.error_dict) == [field]
        assert sentence in factories.sentence_of(refusal, field)
        assert call_action("heraultdata_convention_list")["count"] == 0

    def test_list_filters_and_pages(self, partner: dict[str, Any]) -> None:
        signed = factories.signed_convention(partner["id"])
        for _ in range(3):
            factories.convention(factories.partner()["id"])
        drafts = call_action("heraultdata_convention_list", state="draft", limit=2, offset=2)
        assert drafts["count"] == 3
        assert len(drafts["results"]) == 1
        own = call_action("heraultdata_convention_list", organization_id=partner["name"])
        assert [c["id"] for c in own["results"]] == [signed["id"]]
        then = call_action("heraultdata_convention_list", state="active", on="2024-03-11")
        assert then["count"] == 0

    @pytest.mark.parametrize("limit", ["-1", "1001", "many"])
    def test_a_limit_out_of_bounds(self, limit: str) -> None:
        with pytest.raises(tk.ValidationError, match="whole number from 0 to 1000"):
            call_action("heraultdata_convention_list", limit=limit)

    def test_what_is_not_there(self) -> None:
        with pytest.raises(tk.ObjectNotFound):
            call_action("heraultdata_convention_show", id="nothing")


class TestWhoReads:
    @pytest.mark.parametrize(
        "role",
        ["sysadmin", "department_admin", "partner_admin", "partner_editor", "partner_member"],
    )
    def test_the_parties_read_all(
        self, partner: dict[str, Any], people: factories.People, role: str
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        shown = act(people.of(role), "heraultdata_convention_show", id=signed["id"])
        assert shown["reference"] == "2024-034"
        assert len(shown["events"]) == 2

    @pytest.mark.parametrize("role", ["visitor", "other_partner_admin", None])
    def test_the_public_reads_states_and_dates(
        self, partner: dict[str, Any], people: factories.People, role: str | None
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        reader = people.of(role) if role else None
        shown = act(reader, "heraultdata_convention_show", id=signed["id"])
        assert set(shown) == {
            "id",
            "organization_id",
            "state",
            "effective_on",
            "renewals",
            "term_ends_on",
            "ends_on",
            "documents",
        }
        assert act(reader, "heraultdata_convention_list")["results"][0].keys() == shown.keys()


class TestWhoWrites:
    @pytest.mark.parametrize("role", ["sysadmin", "department_admin"])
    def test_the_department(
        self, partner: dict[str, Any], people: factories.People, role: str
    ) -> None:
        writer = people.of(role)
        made = act(writer, "heraultdata_convention_create", organization_id=partner["id"])
        act(writer, "heraultdata_convention_update", id=made["id"], reference="A")
        signed = act(
            writer,
            "heraultdata_convention_event_create",
            convention_id=made["id"],
            kind="signed",
            date=TODAY,
            party="partner",
        )
        assert signed["events"][0]["recorded_by"] == writer.id

    @pytest.mark.parametrize(
        "role",
        [
            "partner_admin",
            "partner_editor",
            "partner_member",
            "other_partner_admin",
            "visitor",
            None,
        ],
    )
    def test_nobody_else(
        self, partner: dict[str, Any], people: factories.People, role: str | None
    ) -> None:
        made = factories.convention(partner["id"])
        writer = people.of(role) if role else None
        attempts: list[tuple[str, dict[str, Any]]] = [
            ("heraultdata_convention_create", {"organization_id": partner["id"]}),
            ("heraultdata_convention_update", {"id": made["id"], "reference": "mine"}),
            (
                "heraultdata_convention_event_create",
                {
                    "convention_id": made["id"],
                    "kind": "signed",
                    "date": TODAY,
                    "party": "partner",
                },
            ),
            (
                "heraultdata_convention_document_create",
                {"convention_id": made["id"], "kind": "other", "upload": pdf()},
            ),
        ]
        for action, arguments in attempts:
            with pytest.raises(tk.NotAuthorized):
                act(writer, action, **arguments)
        assert call_action("heraultdata_convention_list")["count"] == 1
        assert recorded(made["id"]) == 0

    def test_a_partners_admin_gives_its_own_notice(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        ending = act(
            people.partner_admin,
            "heraultdata_convention_event_create",
            convention_id=signed["id"],
            kind="anniversary_notice",
            date=TODAY,
            party="partner",
        )
        assert ending["state"] == "ending"
        assert ending["ends_on"] == "2027-03-12"

    def test_a_partners_admin_answers_a_formal_notice(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        factories.event(
            signed["id"],
            "formal_notice",
            "2026-11-01",
            party="department",
            breaches="No update since 2024.",
            deadline="2026-12-31",
        )
        answered = act(
            people.partner_admin,
            "heraultdata_convention_event_create",
            convention_id=signed["id"],
            kind="observations",
            date=TODAY,
            party="partner",
            note="The update is under way.",
        )
        assert answered["state"] == "formal_notice"
        assert answered["events"][-1]["note"] == "The update is under way."

    @pytest.mark.parametrize("role", ["partner_editor", "other_partner_admin", "visitor"])
    def test_but_no_one_else_gives_it(
        self, partner: dict[str, Any], people: factories.People, role: str
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        with pytest.raises(tk.NotAuthorized):
            act(
                people.of(role),
                "heraultdata_convention_event_create",
                convention_id=signed["id"],
                kind="anniversary_notice",
                date=TODAY,
                party="partner",
            )

    def test_nor_makes_its_letter_public(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        with pytest.raises(tk.NotAuthorized):
            act(
                people.partner_admin,
                "heraultdata_convention_event_create",
                convention_id=signed["id"],
                kind="anniversary_notice",
                date=TODAY,
                party="partner",
                upload=pdf(),
                public=True,
            )

    def test_nor_the_departments_notice(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        with pytest.raises(tk.NotAuthorized):
            act(
                people.partner_admin,
                "heraultdata_convention_event_create",
                convention_id=signed["id"],
                kind="anniversary_notice",
                date=TODAY,
                party="department",
            )


class TestEvents:
    def test_every_kind_goes_round(self, partner: dict[str, Any]) -> None:
        signed = factories.signed_convention(partner["id"])
        factories.event(
            signed["id"],
            "amended",
            "2025-01-15",
            authorisations=[
                {"party": "partner", "number": "2024-112", "date": "2024-12-02"},
                {"party": "department", "number": "AD/161224/1", "date": "2024-12-16"},
            ],
        )
        noticed = factories.event(
            signed["id"],
            "formal_notice",
            "2025-02-01",
            party="department",
            breaches="Files without metadata.",
            deadline="2025-03-01",
        )
        notice_id = noticed["events"][-1]["id"]
        factories.event(signed["id"], "voided", "2025-02-02", voids=notice_id)
        shown = factories.event(signed["id"], "mutual_termination", "2025-05-31")
        assert shown["ends_on"] == "2025-06-30"
        assert shown["state"] == "ended"
        kinds = [(e["kind"], e["voided"]) for e in shown["events"]]
        assert kinds == [
            ("signed", False),
            ("signed", False),
            ("amended", False),
            ("formal_notice", True),
            ("voided", False),
            ("mutual_termination", False),
        ]
        assert shown["events"][2]["authorisations"][1] == {
            "party": "department",
            "number": "AD/161224/1",
            "date": "2024-12-16",
        }

    @pytest.mark.parametrize(
        ("arguments", "field"),
        [
            ({"kind": "amended", "date": "2024-03-01"}, "authorisations"),
            ({"kind": "signed", "date": "2024-03-20", "party": "partner"}, "party"),
            ({"kind": "signed", "date": "2024-03-20"}, "party"),
            ({"kind": "mutual_termination", "date": "2024-01-01"}, "date"),
            ({"kind": "mutual_termination", "date": "2026-11-25"}, "date"),
            ({"kind": "mutual_termination", "date": "2024-02-30"}, "date"),
            ({"kind": "mutual_termination", "date": "26/02/2024"}, "date"),
            ({"kind": "mutual_termination"}, "date"),
            ({"kind": "renewed", "date": "2026-01-01"}, "kind"),
            (
                {
                    "kind": "formal_notice",
                    "date": "2026-01-01",
                    "party": "department",
                    "breaches": "None.",
                    "deadline": "2025-12-31",
                },
                "deadline",
            ),
            (
                {
                    "kind": "formal_notice",
                    "date": "2026-01-01",
                    "party": "department",
                    "deadline": "2026-02-01",
                },
                "breaches",
            ),
            ({"kind": "voided", "date": "2026-01-01", "voids": "nothing"}, "voids"),
            ({"kind": "mutual_termination", "date": "2026-01-01", "note": "<b>no</b>"}, "note"),
            ({"kind": "mutual_termination", "date": "2026-01-01", "why": "none"}, "why"),
            ({"kind": "amended", "date": "2026-01-01", "authorisations": "two"}, "authorisations"),
        ],
    )
    def test_refused_with_its_field_and_nothing_written(
        self, partner: dict[str, Any], arguments: dict[str, Any], field: str
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        lines = call_action("heraultdata_journal_list")["count"]
        with pytest.raises(tk.ValidationError) as refusal:
            call_action(
                "heraultdata_convention_event_create", convention_id=signed["id"], **arguments
            )
        assert list(refusal.value.error_dict) == [field]
        assert recorded(signed["id"]) == 2
        assert call_action("heraultdata_journal_list")["count"] == lines

    def test_a_second_convention_in_force(self, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        second = factories.convention(partner["id"])
        factories.event(second["id"], "signed", "2025-01-01", party="partner")
        with pytest.raises(tk.ValidationError, match="in force"):
            factories.event(second["id"], "signed", "2025-01-02", party="department")
        assert recorded(second["id"]) == 1

    def test_messages_are_in_the_readers_language(
        self, app: Any, partner: dict[str, Any], people: factories.People
    ) -> None:
        signed = factories.signed_convention(partner["id"])
        answer = app.post(
            "/fr/api/action/heraultdata_convention_event_create",
            headers={"Authorization": factories.token(people.sysadmin)},
            json={
                "convention_id": signed["id"],
                "kind": "mutual_termination",
                "date": "26/02/2024",
            },
        )
        assert answer.status_code == 409
        assert "2024-02-26" in answer.json["error"]["date"][0]


class TestAppendOnly:
    @pytest.mark.parametrize("table", ["heraultdata_convention_event", "heraultdata_journal_entry"])
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE {0} SET recorded_at = now()", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"],
    )
    def test_the_database_refuses_a_change(
        self, partner: dict[str, Any], table: str, statement: str
    ) -> None:
        factories.signed_convention(partner["id"])
        model.Session.remove()
        with (
            pytest.raises(DBAPIError, match="append-only"),
            engine().begin() as connection,
        ):
            connection.execute(sa.text(statement.format(table)))


class TestDocuments:
    def test_a_pdf_comes_with_the_event(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = factories.convention(partner["id"])
        shown = factories.event(
            made["id"], "signed", "2024-02-26", party="partner", upload=pdf(), note="By post."
        )
        [document] = shown["documents"]
        assert document["event_id"] == shown["events"][0]["id"]
        assert document["kind"] == "convention"
        assert document["size"] == len(PDF)
        assert document["public"] is False
        assert act(None, "heraultdata_convention_show", id=made["id"])["documents"] == []

    def test_ticked_public_everybody_reads_it(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = factories.convention(partner["id"])
        shown = call_action(
            "heraultdata_convention_document_create",
            convention_id=made["id"],
            kind="convention",
            title="Convention signée",
            upload=pdf(),
        )
        document_id = shown["documents"][0]["id"]
        with pytest.raises(tk.NotAuthorized):
            tk.check_access(
                "heraultdata_convention_document_show", {"user": ""}, {"id": document_id}
            )
        act(
            people.department_admin,
            "heraultdata_convention_document_update",
            id=document_id,
            public=True,
        )
        tk.check_access("heraultdata_convention_document_show", {"user": ""}, {"id": document_id})
        public = act(None, "heraultdata_convention_show", id=made["id"])
        assert [d["title"] for d in public["documents"]] == ["Convention signée"]

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/été.pdf", "été.pdf"),
            ("C:\\lettres\\avenant.pdf", "avenant.pdf"),
            ("a\r\nX-Evil: 1.pdf", "aX-Evil: 1.pdf"),
            ("a\x00b\ud800.pdf", "ab.pdf"),
            ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
            ("dossier/", "document.pdf"),
            (" . ", "document.pdf"),
        ],
    )
    def test_a_name_that_can_be_kept_and_given_back(
        self, partner: dict[str, Any], name: str, kept: str
    ) -> None:
        made = factories.convention(partner["id"])
        shown = call_action(
            "heraultdata_convention_document_create",
            convention_id=made["id"],
            kind="letter",
            upload=pdf(name=name),
        )
        [document] = shown["documents"]
        assert (document["file_name"], document["title"]) == (kept, kept)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "empty"),
            (b"<html><script>alert(1)</script></html>", "not a PDF"),
            (b"PK\x03\x04 a spreadsheet", "not a PDF"),
            (b"%PDF-1.7\n" + b"0" * 1024 * 1024, "too large"),
        ],
    )
    @pytest.mark.ckan_config("heraultdata.document_max_size", 1)
    def test_what_is_not_a_pdf_is_refused_with_its_event(
        self, partner: dict[str, Any], content: bytes, sentence: str
    ) -> None:
        made = factories.convention(partner["id"])
        with pytest.raises(tk.ValidationError) as refusal:
            factories.event(
                made["id"], "signed", "2024-02-26", party="partner", upload=pdf(content)
            )
        assert sentence in factories.sentence_of(refusal, "upload")
        assert recorded(made["id"]) == 0

    def test_text_in_place_of_a_file(self, partner: dict[str, Any]) -> None:
        made = factories.convention(partner["id"])
        with pytest.raises(tk.ValidationError, match="as a file"):
            factories.event(made["id"], "signed", "2024-02-26", party="partner", upload="a.pdf")


class TestJournal:
    def test_each_change_is_one_line_with_before_and_after(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = act(
            people.department_admin, "heraultdata_convention_create", organization_id=partner["id"]
        )
        factories.event(made["id"], "signed", "2024-02-26", party="partner")
        factories.event(made["id"], "signed", "2024-03-12", party="department")
        lines = call_action(
            "heraultdata_journal_list", organization_id=partner["id"], subject_type="convention"
        )["results"]
        assert [line["action"] for line in lines] == [
            "convention.signed",
            "convention.signed",
            "convention.created",
        ]
        assert lines[0]["before"]["state"] == "draft"
        assert lines[0]["after"]["state"] == "active"
        assert lines[0]["after"]["effective_on"] == "2024-03-12"
        assert lines[2]["user_name"] == people.department_admin.name

    @pytest.mark.parametrize(
        ("role", "reads_all", "reads_own"),
        [
            ("sysadmin", True, True),
            ("department_admin", True, True),
            ("partner_admin", False, True),
            ("partner_editor", False, False),
            ("partner_member", False, False),
            ("other_partner_admin", False, False),
            ("visitor", False, False),
            (None, False, False),
        ],
    )
    def test_who_reads_it(
        self,
        partner: dict[str, Any],
        people: factories.People,
        role: str | None,
        reads_all: bool,
        reads_own: bool,
    ) -> None:
        reader = people.of(role) if role else None
        attempts = [({}, reads_all), ({"organization_id": partner["id"]}, reads_own)]
        for arguments, allowed in attempts:
            if allowed:
                act(reader, "heraultdata_journal_list", **arguments)
                continue
            with pytest.raises(tk.NotAuthorized):
                act(reader, "heraultdata_journal_list", **arguments)
