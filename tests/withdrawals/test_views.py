"""The pages of withdrawals: every role, every form, bad input, papers and kept files."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import Tag
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.withdrawals import choosing, work
from tests import factories
from tests.reading import Reader, counted_queries, error_of, text_of, value_of
from tests.withdrawals import making

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
MEMBERS = ["partner_admin", "partner_editor", "partner_member"]
FILES = {"2024.csv": b"nom\nplatane\n", "2025.csv": b"nom\nmicocoulier\n"}
People = dict[str, str]
"""The names of the users by their roles."""
NEW = "/withdrawals/new?organization=vallee-herault"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-11-24")


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        name="vallee-herault", title="Communauté de communes Vallée de l'Hérault"
    )


@pytest.fixture
def people(partner: dict[str, Any]) -> People:
    made = factories.people(partner["id"])
    return {role: user.name for role, user in vars(made).items()}


@pytest.fixture
def trees(partner: dict[str, Any]) -> dict[str, Any]:
    return making.public_dataset(partner, name="arbres", title="Arbres d'alignement", files=FILES)


def reader(app: CKANTestApp, people: People, role: str | None) -> Reader:
    return Reader.of(app, model.User.get(people[role]) if role else None)


def part(page: Tag, element_id: str) -> Tag:
    """The part of a page of that id."""
    found = page.find(id=element_id)
    assert isinstance(found, Tag), f"there is no {element_id}"
    return found


def requests() -> list[dict[str, Any]]:
    return call_action("heraultdata_withdrawal_list")["results"]


def only_request() -> dict[str, Any]:
    (found,) = requests()
    return call_action("heraultdata_withdrawal_show", id=found["id"])


class TestAsking:
    def test_for_each_role(self, app: CKANTestApp, people: People, trees: dict[str, Any]) -> None:
        for role in [*MEMBERS, "department_admin", "sysadmin"]:
            page = reader(app, people, role).get(NEW + "&dataset=arbres")
            assert "1 page of a dataset" in text_of(page), role
        for role in ["other_partner_admin", "visitor", None]:
            reader(app, people, role).get(NEW + "&dataset=arbres", status=403)

    def test_nothing_is_told_of_datasets_of_others(self, app: CKANTestApp, people: People) -> None:
        other = factories.partner(name="aniane", title="Commune d'Aniane")
        hidden = making.private_dataset(other, name="cantines", title="Menus secrets")
        editor = reader(app, people, "partner_editor")
        for package_id in (hidden["id"], "cantines", "none"):
            form = {"step": "preview", "scope": "datasets", "package_ids": package_id}
            assert "Menus secrets" not in text_of(editor.post(NEW, form))

    def test_nothing_is_told_of_what_is_withdrawn(
        self, app: CKANTestApp, people: People, partner: dict[str, Any], trees: dict[str, Any]
    ) -> None:
        making.executed(partner, trees)
        form = {"step": "preview", "scope": "datasets", "package_ids": trees["id"]}
        page = text_of(reader(app, people, "partner_editor").post(NEW, form))
        assert "2024.csv" not in page

    @pytest.mark.parametrize("named", ["dataset", "resource", "organization"])
    def test_what_no_database_keeps_is_not_there(
        self, app: CKANTestApp, people: People, named: str
    ) -> None:
        for role in (None, "partner_editor"):
            reader(app, people, role).get(f"/withdrawals/new?{named}=%00", status=404)

    def test_what_no_database_keeps_is_not_there_in_a_form(
        self, app: CKANTestApp, people: People, partner: dict[str, Any]
    ) -> None:
        for field in ("package_ids", "resource_ids"):
            form = {"step": "preview", "scope": "resources", field: "a\x00b"}
            reader(app, people, "partner_editor").post(NEW, form, status=404)

    def test_a_member_of_one_partner_chooses_no_partner(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        page = reader(app, people, "partner_editor").get("/withdrawals/new")
        assert page.find(id="field-search")
        assert not page.find(id="field-organization")

    def test_the_departement_chooses_a_partner(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        page = reader(app, people, "department_admin").get("/withdrawals/new")
        assert page.select_one("#field-organization option[value=vallee-herault]")

    def test_the_preview_says_what_goes(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        call_action(
            "heraultdata_platform_create",
            name="Portail de la région",
            kind="ckan",
            url="https://region.example",
        )
        page = reader(app, people, "partner_editor").get(NEW + "&dataset=arbres")
        said = text_of(part(page, "preview"))
        assert "2 files" in said
        assert "Portail de la région" in said
        assert "last month" not in said

    def test_a_file(self, app: CKANTestApp, people: People, trees: dict[str, Any]) -> None:
        file = trees["resources"][1]
        page = reader(app, people, "partner_editor").get(f"{NEW}&resource={file['id']}")
        assert page.select_one("#scope-resources[checked]")
        assert page.select_one(f"#file-{file['id']}[checked]")
        assert "No page: the datasets stay" in text_of(part(page, "preview"))

    def test_a_member_asks(self, app: CKANTestApp, people: People, trees: dict[str, Any]) -> None:
        page = reader(app, people, "partner_editor").post(NEW, form(trees))
        made = only_request()
        assert (made["state"], made["channel"], made["urgent"]) == ("received", "portal", False)
        assert [item["name"] for item in made["items"]] == ["arbres"]
        assert f"Withdrawal {made['reference']}" in text_of(page)

    def test_only_the_ticked_files(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        file = trees["resources"][0]
        reader(app, people, "partner_editor").post(
            NEW, form(trees, scope="resources", resource_ids=file["id"])
        )
        assert [item["resource_id"] for item in only_request()["items"]] == [file["id"]]

    def test_an_urgent_one_closes_the_access(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        page = reader(app, people, "partner_editor").post(NEW, form(trees, urgent="true"))
        assert only_request()["suspended_on"] == "2026-11-24"
        assert "access suspended already" in text_of(page)
        assert "Access suspended" in text_of(part(page, "field-item_ids"))

    def test_bad_input_comes_back(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        page = reader(app, people, "partner_editor").post(
            NEW, form(trees, reason_class="", reason="Je me trompe"), status=400
        )
        assert error_of(page, "field-reason_class")
        assert value_of(page, "field-reason") == "Je me trompe"
        assert requests() == []

    def test_a_file_of_another_dataset(
        self,
        app: CKANTestApp,
        people: People,
        trees: dict[str, Any],
    ) -> None:
        other = making.public_dataset(factories.partner(), name="bancs", files=FILES)
        page = reader(app, people, "partner_editor").post(
            NEW,
            form(trees, scope="resources", resource_ids=other["resources"][0]["id"]),
            status=400,
        )
        assert error_of(page, "field-resource_ids")
        assert requests() == []

    def test_what_is_asked_for_already(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        asker = reader(app, people, "partner_editor")
        asker.post(NEW, form(trees))
        reference = only_request()["reference"]
        assert reference in text_of(part(asker.get(NEW + "&dataset=arbres"), "preview"))
        assert reference in text_of(asker.post(NEW, form(trees), status=400))
        assert len(requests()) == 1

    def test_what_is_not_there(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        asker = reader(app, people, "partner_editor")
        asker.get("/withdrawals/new?dataset=nothing", status=404)
        asker.get("/withdrawals/new?resource=nothing", status=404)
        asker.get("/withdrawals/new?organization=nothing", status=404)


class TestChoosing:
    @pytest.fixture
    def many(self, partner: dict[str, Any]) -> list[str]:
        """More datasets than are shown at once, written at once."""
        rows = [
            {
                "id": f"00000000-0000-4000-8000-{rank:012}",
                "name": f"jeu-{rank:04}",
                "title": f"École {rank:04}",
                "owner_org": partner["id"],
                "type": "dataset",
                "state": "active",
                "private": False,
                "creator_user_id": None,
            }
            for rank in range(choosing.MOST_SHOWN + 50)
        ]
        model.Session.execute(sa.insert(model.Package), rows)
        model.Session.commit()
        return [row["id"] for row in rows]

    def test_all_that_is_found_goes_on(
        self, app: CKANTestApp, people: People, many: list[str]
    ) -> None:
        asker = reader(app, people, "partner_editor")
        page = asker.post(NEW, {"step": "tick_all"})
        assert len(page.select("input[name=ticked]")) == choosing.MOST_SHOWN
        assert "250 chosen (50 of them not shown)" in text_of(part(page, "ticked"))
        kept = page.select_one("input[name=kept]")
        ticked = [str(box["value"]) for box in page.select("input[name=ticked][checked]")]
        assert kept
        page = asker.post(NEW, {"step": "chosen", "ticked": ticked, "kept": str(kept["value"])})
        chosen = page.select_one("input[name=package_ids]")
        assert chosen
        assert set(str(chosen["value"]).split()) == set(many)
        asker.post(NEW, {**form({"id": str(chosen["value"])}), "scope": "datasets"})
        assert len(only_request()["items"]) == len(many)

    def test_a_search_keeps_what_was_ticked(
        self, app: CKANTestApp, people: People, many: list[str]
    ) -> None:
        page = reader(app, people, "partner_editor").post(
            NEW, {"step": "search", "search": "ecole 0007", "ticked": many[3]}
        )
        assert [str(box["value"]) for box in page.select("input[name=ticked]")] == [many[7]]
        kept = page.select_one("input[name=kept]")
        assert kept
        assert kept["value"] == many[3]

    def test_nothing_ticked(self, app: CKANTestApp, people: People, many: list[str]) -> None:
        page = reader(app, people, "partner_editor").post(NEW, {"step": "chosen"}, status=400)
        assert page.find("a", href="#field-package_ids")

    def test_going_back_keeps_the_choice_and_the_reason(
        self, app: CKANTestApp, people: People, many: list[str]
    ) -> None:
        page = reader(app, people, "partner_editor").post(
            NEW, {**form({"id": many[2]}), "step": "change"}
        )
        assert page.select_one(f"input[value='{many[2]}'][checked]")
        assert page.select_one("input[name=reason_class][value=error]")

    def test_as_many_queries_for_many_as_for_few(
        self, app: CKANTestApp, people: People, trees: dict[str, Any], many: list[str]
    ) -> None:
        asker = reader(app, people, "partner_editor")
        asker.post(NEW, {"step": "chosen", "ticked": trees["id"]})
        with counted_queries() as for_two:
            asker.post(NEW, {"step": "chosen", "ticked": many[:2]})
        with counted_queries() as for_all:
            asker.post(NEW, {"step": "chosen", "ticked": many})
        assert len(for_all) == len(for_two)


class TestRecording:
    def test_a_letter_with_its_scan(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        scan = (io.BytesIO(PDF), "lettre du maire.pdf")
        typed = {"origin": "letter", "received_on": "2026-11-20", "upload": scan}
        admin = reader(app, people, "department_admin")
        page = admin.post(NEW, form(trees, **typed))
        made = only_request()
        assert (made["channel"], made["received_on"]) == ("letter", "2026-11-20")
        link = page.select_one("a[href*='/paper/']")
        assert link
        for role, status in [("partner_member", 200), ("other_partner_admin", 403), (None, 403)]:
            who = reader(app, people, role)
            answer = app.get(str(link["href"]), headers=who.headers, status=status)
            if status == 200:
                assert answer.data == PDF
                assert "attachment" in answer.headers["Content-Disposition"]

    def test_its_origin_is_compulsory(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        page = reader(app, people, "department_admin").post(NEW, form(trees), status=400)
        assert error_of(page, "field-origin")
        assert requests() == []

    def test_a_file_that_is_no_paper(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        typed = {"origin": "mail", "upload": (io.BytesIO(b"<html></html>"), "a.pdf")}
        page = reader(app, people, "department_admin").post(NEW, form(trees, **typed), status=400)
        assert "neither a PDF" in error_of(page, "field-upload")
        assert requests() == []

    def test_its_own_decision_needs_a_reason_and_keeps_its_papers(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        admin = reader(app, people, "department_admin")
        page = admin.post(NEW, form(trees, origin="department", reason=""), status=400)
        assert error_of(page, "field-reason")
        scan = (io.BytesIO(PDF), "plainte.pdf")
        typed = {"origin": "department", "reason": "Un auteur se plaint.", "upload": scan}
        page = admin.post(NEW, form(trees, **typed))
        assert only_request()["initiative"] == "department"
        link = page.select_one("a[href*='/paper/']")
        assert link
        member = reader(app, people, "partner_admin")
        shown = member.get(f"/withdrawals/{only_request()['reference']}")
        assert "Un auteur se plaint." in text_of(shown)
        assert not shown.select("a[href*='/paper/']")
        app.get(str(link["href"]), headers=member.headers, status=403)


class TestQueue:
    def test_a_member_sees_its_own(
        self, app: CKANTestApp, people: People, partner: dict[str, Any]
    ) -> None:
        ours = making.ask(partner, making.public_dataset(partner))
        other = factories.partner()
        theirs = making.ask(other, making.public_dataset(other))
        for role in MEMBERS:
            text = text_of(reader(app, people, role).get("/withdrawals"))
            assert ours["reference"] in text
            assert theirs["reference"] not in text
        for role in ["department_admin", "sysadmin"]:
            text = text_of(reader(app, people, role).get("/withdrawals"))
            assert ours["reference"] in text
            assert theirs["reference"] in text
        reader(app, people, None).get("/withdrawals", status=403)

    def test_filters(self, app: CKANTestApp, people: People, partner: dict[str, Any]) -> None:
        asked = making.ask(partner, making.public_dataset(partner))
        urgent = making.ask(partner, making.public_dataset(partner), urgent=True)
        admin = reader(app, people, "department_admin")
        text = text_of(admin.get("/withdrawals?urgent=true"))
        assert urgent["reference"] in text
        assert asked["reference"] not in text
        assert "No request answers" in text_of(admin.get("/withdrawals?state=closed"))
        admin.get("/withdrawals?state=x", status=400)

    def test_urgent_on_top_then_the_oldest(
        self,
        app: CKANTestApp,
        people: People,
        partner: dict[str, Any],
        at: Callable[[str], None],
    ) -> None:
        at("2026-11-02")
        old = making.ask(partner, making.public_dataset(partner))
        at("2026-11-23")
        new = making.ask(partner, making.public_dataset(partner))
        urgent = making.ask(partner, making.public_dataset(partner), urgent=True)
        at("2026-11-24")
        page = reader(app, people, "department_admin").get("/withdrawals")
        found = [link.get_text() for link in page.select(".heraultdata-queue h3 a")]
        assert found == [each["reference"] for each in (urgent, old, new)]
        assert "Late by" in text_of(page.select(".heraultdata-queue-late")[0])

    def test_as_many_queries_for_many_as_for_two(
        self, app: CKANTestApp, people: People, partner: dict[str, Any]
    ) -> None:
        for _ in range(2):
            making.ask(partner, making.public_dataset(partner))
        admin = reader(app, people, "department_admin")
        admin.get("/withdrawals")
        with counted_queries() as for_two:
            admin.get("/withdrawals")
        for _ in range(4):
            making.ask(partner, making.public_dataset(partner))
        with counted_queries() as for_six:
            admin.get("/withdrawals")
        assert len(for_six) == len(for_two)


class TestRequest:
    @pytest.fixture
    def asked(self, partner: dict[str, Any], trees: dict[str, Any]) -> dict[str, Any]:
        return making.ask(partner, trees)

    def test_who_may_do_what(self, app: CKANTestApp, people: People, asked: dict[str, Any]) -> None:
        for role, verbs in [
            ("department_admin", ["execute", "reject"]),
            ("partner_admin", ["cancel"]),
            ("partner_editor", ["cancel"]),
        ]:
            page = reader(app, people, role).get(f"/withdrawals/{asked['reference']}")
            forms = page.select("article form[method=post]")
            found = [str(form["action"]).rsplit("/", 1)[-1] for form in forms]
            assert [verb for verb in found if verb in verbs] == verbs, role
            if role != "department_admin":
                assert "execute" not in found
                assert "reject" not in found
        for role in ["other_partner_admin", "visitor", None]:
            reader(app, people, role).get(f"/withdrawals/{asked['reference']}", status=403)
        reader(app, people, "sysadmin").get("/withdrawals/R-1999-0001", status=404)

    def test_executing_twice_is_harmless(
        self, app: CKANTestApp, people: People, asked: dict[str, Any]
    ) -> None:
        admin = reader(app, people, "department_admin")
        address = f"/withdrawals/{asked['reference']}/execute"
        assert "nobody but the département" in text_of(admin.post(address))
        executed = only_request()
        assert "executed already" in text_of(admin.post(address))
        assert only_request()["executed_on"] == executed["executed_on"]

    def test_a_member_executes_nothing(
        self, app: CKANTestApp, people: People, asked: dict[str, Any]
    ) -> None:
        member = reader(app, people, "partner_admin")
        for verb, typed in [
            ("execute", {}),
            ("reject", {"reason": "Non."}),
            ("confirm", {}),
            ("restore", {"item_ids": asked["items"][0]["id"]}),
            ("erase", {"reference": asked["reference"]}),
        ]:
            member.post(f"/withdrawals/{asked['reference']}/{verb}", typed, status=403)
        assert only_request()["state"] == "received"

    def test_a_call_waits_for_its_writing(
        self, app: CKANTestApp, people: People, partner: dict[str, Any], trees: Any
    ) -> None:
        asked = making.ask(partner, trees, channel="phone", received_on="2026-11-20")
        admin = reader(app, people, "department_admin")
        address = f"/withdrawals/{asked['reference']}"
        page = admin.get(address)
        assert not page.find("form", action=f"{address}/execute")
        page = admin.post(f"{address}/execute", status=400)
        assert only_request()["state"] == "received"
        page = admin.post(f"{address}/confirm", {"confirmed_on": "2026-11-19"}, status=400)
        assert error_of(page, "field-confirmed_on")
        written = {"confirmed_on": "2026-11-23", "upload": (io.BytesIO(PDF), "lettre.pdf")}
        page = admin.post(f"{address}/confirm", written)
        assert page.find("form", action=f"{address}/execute")
        assert page.select("a[href*='/paper/']")

    def test_inadmissible_needs_a_reason(
        self, app: CKANTestApp, people: People, asked: dict[str, Any]
    ) -> None:
        admin = reader(app, people, "department_admin")
        address = f"/withdrawals/{asked['reference']}/reject"
        assert error_of(admin.post(address, status=400), "field-reason")
        admin.post(address, {"reason": "Ces données sont celles d'une autre commune."})
        assert only_request()["state"] == "inadmissible"
        page = reader(app, people, "partner_member").get(f"/withdrawals/{asked['reference']}")
        assert "celles d'une autre commune" in text_of(page)

    def test_the_partner_takes_it_back(
        self, app: CKANTestApp, people: People, asked: dict[str, Any]
    ) -> None:
        address = f"/withdrawals/{asked['reference']}/cancel"
        page = reader(app, people, "partner_editor").post(address)
        assert "Request cancelled" in text_of(page)
        assert only_request()["state"] == "cancelled"

    def test_ticked_items_are_restored(
        self, app: CKANTestApp, people: People, partner: dict[str, Any], trees: Any
    ) -> None:
        benches = making.public_dataset(partner, name="bancs")
        made = making.executed(partner, trees, benches)
        admin = reader(app, people, "department_admin")
        address = f"/withdrawals/{made['reference']}"
        assert "Nothing is ticked" in text_of(admin.post(f"{address}/restore", status=400))
        ids = {item["name"]: item["id"] for item in only_request()["items"]}
        admin.post(f"{address}/restore", {"which": "ticked", "item_ids": ids["bancs"]})
        states = {item["name"]: item["state"] for item in only_request()["items"]}
        assert states == {"arbres": "withdrawn", "bancs": "restored"}
        admin.post(f"{address}/restore", {"which": "all"})
        assert {item["state"] for item in only_request()["items"]} == {"restored"}

    def test_erasing_asks_for_the_reference(
        self, app: CKANTestApp, people: People, partner: dict[str, Any], trees: Any
    ) -> None:
        made = making.executed(partner, trees)
        address = f"/withdrawals/{made['reference']}"
        page = reader(app, people, "department_admin").get(address)
        assert not page.find("form", action=f"{address}/erase")
        root = reader(app, people, "sysadmin")
        assert error_of(root.post(f"{address}/erase", {"reference": "R"}, 400), "field-reference")
        assert only_request()["erase_on"] is None
        root.post(f"{address}/erase", {"reference": made["reference"]})
        assert only_request()["erase_on"] > "2026-11-24"

    def test_kept_files_are_for_the_departement(
        self, app: CKANTestApp, people: People, partner: dict[str, Any], trees: Any
    ) -> None:
        made = making.executed(partner, trees)
        admin = reader(app, people, "department_admin")
        page = admin.get(f"/withdrawals/{made['reference']}")
        assert "Put the file out of reach: 2024.csv" in text_of(part(page, "work"))
        assert work.run(clock.now()) == 0
        page = admin.get(f"/withdrawals/{made['reference']}")
        assert not page.find(id="work")
        links = page.select("a[href*='/file/']")
        assert len(links) == 2
        answer = app.get(str(links[0]["href"]), headers=admin.headers)
        assert answer.data == FILES["2024.csv"]
        assert "2024.csv" in answer.headers["Content-Disposition"]
        assert "no-store" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
        for role in ["partner_admin", "visitor", None]:
            who = reader(app, people, role)
            app.get(str(links[0]["href"]), headers=who.headers, status=403)
        app.get(f"/withdrawals/{made['reference']}/file/nothing", headers=admin.headers, status=404)

    def test_as_many_queries_for_many_items_as_for_two(
        self, app: CKANTestApp, people: People, partner: dict[str, Any]
    ) -> None:
        two = making.executed(partner, *(making.public_dataset(partner) for _ in range(2)))
        six = making.executed(partner, *(making.public_dataset(partner) for _ in range(6)))
        admin = reader(app, people, "department_admin")
        admin.get(f"/withdrawals/{two['reference']}")
        with counted_queries() as for_two:
            admin.get(f"/withdrawals/{two['reference']}")
        with counted_queries() as for_six:
            admin.get(f"/withdrawals/{six['reference']}")
        assert len(for_six) == len(for_two)


class TestConventionEnd:
    @pytest.fixture
    def ended(self, partner: dict[str, Any], trees: dict[str, Any]) -> dict[str, Any]:
        made = factories.signed_convention(partner["id"])
        return factories.event(made["id"], "mutual_termination", "2026-09-02")

    def test_the_departement_decides_to_leave(
        self, app: CKANTestApp, people: People, ended: dict[str, Any]
    ) -> None:
        admin = reader(app, people, "department_admin")
        address = "/withdrawals/convention-end/vallee-herault"
        assert admin.get("/withdrawals").find("a", href=address)
        assert admin.get(f"/convention/{ended['id']}").find("a", href=address)
        assert "Arbres d'alignement" in text_of(admin.get(address))
        assert "it was decided" in text_of(admin.post(address))
        assert not admin.get("/withdrawals").find("a", href=address)

    def test_or_to_withdraw_all(
        self, app: CKANTestApp, people: People, ended: dict[str, Any]
    ) -> None:
        admin = reader(app, people, "department_admin")
        page = admin.get("/withdrawals/convention-end/vallee-herault")
        link = page.select_one("a[href*='scope=all']")
        assert link
        page = admin.get(str(link["href"]))
        assert page.select_one("#reason-convention_end[checked]")
        assert page.select_one("input[name=scope][value=all]")

    def test_nobody_else(self, app: CKANTestApp, people: People, ended: dict[str, Any]) -> None:
        for role in ["partner_admin", "visitor", None]:
            who = reader(app, people, role)
            who.get("/withdrawals/convention-end/vallee-herault", status=403)
            who.post("/withdrawals/convention-end/vallee-herault", status=403)


class TestLinks:
    def test_members_ask_from_the_pages_of_their_data(
        self, app: CKANTestApp, people: People, trees: dict[str, Any]
    ) -> None:
        file = trees["resources"][0]["id"]
        pages = {
            "/dataset/arbres": "/withdrawals/new?dataset=arbres",
            f"/dataset/arbres/resource/{file}": f"/withdrawals/new?resource={file}",
            "/organization/vallee-herault": "/withdrawals/new?organization=vallee-herault",
        }
        for address, link in pages.items():
            for role in ["partner_editor", "department_admin"]:
                assert reader(app, people, role).get(address).find("a", href=link), (role, address)
            for role in ["other_partner_admin", None]:
                assert not reader(app, people, role).get(address).find("a", href=link)

    def test_the_journal_tells_of_them_in_words(
        self, app: CKANTestApp, people: People, partner: dict[str, Any], trees: Any
    ) -> None:
        making.executed(partner, trees)
        text = text_of(reader(app, people, "department_admin").get("/heraultdata/journal"))
        assert "Request received" in text
        assert "Withdrawal executed" in text


def form(dataset: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The asking page filled in, for one dataset."""
    values = {
        "step": "send",
        "scope": "datasets",
        "package_ids": dataset["id"],
        "reason_class": "error",
        "reason": "Les coordonnées sont fausses.",
    }
    return {**values, **fields}
