"""The API of partners and référents, and what the département alone does with organisations."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action

from tests import factories
from tests.factories import act

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

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


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        name="vallee-herault",
        title="Communauté de communes Vallée de l'Hérault",
        siren=factories.VALLEE_DE_L_HERAULT,
        population="42520",
    )


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


class TestPartners:
    def test_show(self, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        shown = act(None, "heraultdata_partner_show", id="vallee-herault", on="2026-11-24")
        assert shown["organization_id"] == partner["id"]
        assert shown["siren"] == "243400694"
        assert shown["population"] == 42520
        assert shown["obligation"] == "to_confirm"
        assert "number of agents unknown" in shown["obligation_reason"]
        assert shown["convention_state"] == "active"
        assert shown["effective_on"] == "2024-03-12"
        assert shown["dataset_count"] == 0
        assert "has_referent" not in shown

    def test_its_members_read_more(self, partner: dict[str, Any], people: factories.People) -> None:
        shown = act(people.partner_member, "heraultdata_partner_show", id=partner["id"])
        assert shown["has_referent"] is False
        assert shown["private_dataset_count"] == 0

    def test_what_is_no_partner(self) -> None:
        department = factories.department()
        for identifier in (department["id"], "nobody"):
            with pytest.raises(tk.ObjectNotFound):
                call_action("heraultdata_partner_show", id=identifier)

    def test_list_filters(self, partner: dict[str, Any]) -> None:
        factories.signed_convention(partner["id"])
        small = factories.partner(partner_type="commune", title="Aniane", population="2937")
        factories.convention(small["id"])
        factories.partner(partner_type="other", title="Syndicat", population="", agents="12")
        factories.department()

        def titles(**filters: Any) -> list[str]:
            found = call_action("heraultdata_partner_list", on="2026-11-24", **filters)
            assert found["count"] == len(found["results"])
            return [entry["title"] for entry in found["results"]]

        valley = partner["title"]
        assert titles() == ["Aniane", valley, "Syndicat"]
        assert titles(partner_type="commune") == ["Aniane"]
        assert titles(convention_state="active") == [valley]
        assert titles(convention_state="draft") == ["Aniane"]
        assert titles(convention_state="none") == ["Syndicat"]
        assert titles(obligation="no") == ["Aniane", "Syndicat"]
        assert titles(obligation="to_confirm") == [valley]
        assert titles(q="herault") == [valley]

    def test_list_pages(self) -> None:
        for rank in range(5):
            factories.partner(title=f"Commune {rank}")
        page = call_action("heraultdata_partner_list", limit=2, offset=4)
        assert page["count"] == 5
        assert [entry["title"] for entry in page["results"]] == ["Commune 4"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("partner_type", "department"),
            ("convention_state", "asleep"),
            ("obligation", "perhaps"),
            ("on", "2025-13-01"),
            ("limit", "1001"),
            ("colour", "red"),
        ],
    )
    def test_list_refuses_what_it_does_not_know(self, field: str, value: str) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_partner_list", **{field: value})
        assert list(refusal.value.error_dict) == [field]


class TestReferents:
    @pytest.mark.parametrize("role", ["sysadmin", "department_admin", "partner_admin"])
    def test_who_writes(self, partner: dict[str, Any], people: factories.People, role: str) -> None:
        writer = people.of(role)
        made = act(
            writer,
            "heraultdata_referent_create",
            organization_id=partner["name"],
            name="Camille Fabre",
            email="camille.fabre@vallee.example",
            phone="04 67 57 01 01",
            position="Secrétaire générale",
            user=people.partner_editor.name,
        )
        assert made["phone"] == "+33467570101"
        assert made["user"] == people.partner_editor.id
        corrected = act(
            writer,
            "heraultdata_referent_update",
            id=made["id"],
            name="Camille Fabre-Roux",
            email="camille.fabre@vallee.example",
        )
        assert corrected["name"] == "Camille Fabre-Roux"
        assert corrected["phone"] is None
        act(writer, "heraultdata_referent_delete", id=made["id"])
        assert act(writer, "heraultdata_referent_list", organization_id=partner["id"]) == {
            "count": 0,
            "results": [],
        }

    @pytest.mark.parametrize(
        "role", ["partner_editor", "partner_member", "other_partner_admin", "visitor", None]
    )
    def test_who_does_not_write(
        self, partner: dict[str, Any], people: factories.People, role: str | None
    ) -> None:
        referent = factories.referent(partner["id"])
        writer = people.of(role) if role else None
        attempts: list[tuple[str, dict[str, Any]]] = [
            (
                "heraultdata_referent_create",
                {"organization_id": partner["id"], "name": "A", "email": "a@b.example"},
            ),
            (
                "heraultdata_referent_update",
                {"id": referent["id"], "name": "A", "email": "a@b.example"},
            ),
            ("heraultdata_referent_delete", {"id": referent["id"]}),
        ]
        for action, arguments in attempts:
            with pytest.raises(tk.NotAuthorized):
                act(writer, action, **arguments)
        listed = call_action("heraultdata_referent_list", organization_id=partner["id"])
        assert listed["results"] == [referent]

    @pytest.mark.parametrize(
        ("role", "reads"),
        [(role, role not in ("other_partner_admin", "visitor", None)) for role in ALL_ROLES],
    )
    def test_who_reads(
        self, partner: dict[str, Any], people: factories.People, role: str | None, reads: bool
    ) -> None:
        factories.referent(partner["id"])
        reader = people.of(role) if role else None
        if reads:
            found = act(reader, "heraultdata_referent_list", organization_id=partner["id"])
            assert found["count"] == 1
            return
        with pytest.raises(tk.NotAuthorized):
            act(reader, "heraultdata_referent_list", organization_id=partner["id"])

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name", "x" * 300, "Too long: 300"),
            ("name", "", "Missing value"),
            ("name", "<script>", "HTML"),
            ("email", "camille", "not an e-mail address"),
            ("phone", "12", "not a telephone number"),
            ("position", "<i>chief</i>", "HTML"),
            ("user", "nobody", "no user nobody"),
            ("organization_id", "nobody", "no organisation nobody"),
            ("age", "42", "Unknown field"),
        ],
    )
    def test_bad_input(
        self, partner: dict[str, Any], field: str, value: str, sentence: str
    ) -> None:
        arguments = {
            "name": "Camille",
            "email": "c@vallee.example",
            "organization_id": partner["id"],
        }
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_referent_create", **{**arguments, field: value})
        assert list(refusal.value.error_dict) == [field]
        assert sentence in factories.sentence_of(refusal, field)
        assert call_action("heraultdata_referent_list", organization_id=partner["id"])["count"] == 0

    def test_the_same_address_twice(self, partner: dict[str, Any]) -> None:
        factories.referent(partner["id"], email="camille@vallee.example")
        with pytest.raises(tk.ValidationError, match="already a référent"):
            factories.referent(partner["id"], email="Camille@vallee.example")
        other = factories.referent(factories.partner()["id"], email="camille@vallee.example")
        assert other["email"] == "camille@vallee.example"

    def test_nothing_of_them_reaches_the_public(
        self, app: Any, partner: dict[str, Any], people: factories.People
    ) -> None:
        factories.referent(
            partner["id"], email="secret-address@vallee.example", phone="06 12 34 56 78"
        )
        addresses = [
            "/api/action/organization_show?id=vallee-herault&include_users=true&include_extras=true",
            "/api/action/organization_list?all_fields=true&include_extras=true&include_users=true",
            "/api/action/heraultdata_partner_show?id=vallee-herault",
            "/api/action/heraultdata_partner_list",
            "/organization/vallee-herault",
            "/organization/about/vallee-herault",
        ]
        for address in addresses:
            answer = app.get(address)
            assert answer.status_code == 200, address
            for secret in ("secret-address", "612345678", "12 34 56"):
                assert secret not in answer.body, address

    def test_the_journal_keeps_nothing_of_the_person(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        referent = factories.referent(partner["id"], name="Camille Fabre")
        call_action("heraultdata_referent_delete", id=referent["id"])
        lines = call_action("heraultdata_journal_list", subject_type="referent")["results"]
        assert [line["action"] for line in lines] == ["referent.deleted", "referent.created"]
        written = json.dumps(lines)
        assert "Camille" not in written
        assert referent["email"] not in written


class TestOrganizations:
    @pytest.mark.parametrize("role", ALL_ROLES)
    def test_only_the_department_makes_them(
        self, people: factories.People, role: str | None
    ) -> None:
        maker = people.of(role) if role else None
        if role in ("sysadmin", "department_admin"):
            made = act(maker, "organization_create", name="new-one", title="New one")
            assert made["name"] == "new-one"
            return
        with pytest.raises(tk.NotAuthorized):
            act(maker, "organization_create", name="new-one", title="New one")

    def test_a_partners_admin_corrects_its_own_page(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        act(
            people.partner_admin,
            "organization_patch",
            id=partner["id"],
            description="Vingt-huit communes.",
            website="https://www.cc-vallee-herault.example",
        )
        shown = call_action("organization_show", id=partner["id"])
        assert shown["description"] == "Vingt-huit communes."
        assert shown["siren"] == "243400694"
        assert shown["partner_type"] == "epci"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("partner_type", "other"),
            ("siren", "243400017"),
            ("insee_code", "34172"),
            ("population", "900"),
            ("agents", "12"),
            ("epci_siren", "243400017"),
        ],
    )
    def test_but_not_the_departments_fields(
        self, partner: dict[str, Any], people: factories.People, field: str, value: str
    ) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            act(people.partner_admin, "organization_patch", id=partner["id"], **{field: value})
        assert list(refusal.value.error_dict) == [field]
        assert "Only the département" in factories.sentence_of(refusal, field)
        assert call_action("organization_show", id=partner["id"]).get(field) == partner.get(field)

    def test_a_full_update_by_its_admin_loses_none_of_them(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        act(
            people.partner_admin,
            "organization_update",
            id=partner["id"],
            name=partner["name"],
            title="Vallée",
        )
        shown = call_action("organization_show", id=partner["id"])
        assert shown["title"] == "Vallée"
        assert shown["siren"] == "243400694"

    def test_the_department_changes_them(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        act(people.department_admin, "organization_patch", id=partner["id"], agents="210")
        assert call_action("heraultdata_partner_show", id=partner["id"])["obligation"] == "yes"

    @pytest.mark.parametrize(
        "role", ["partner_admin", "partner_editor", "other_partner_admin", "visitor"]
    )
    @pytest.mark.parametrize(
        ("action", "arguments"),
        [
            ("organization_delete", {}),
            ("group_delete", {}),
            ("organization_patch", {"state": "deleted"}),
            ("group_patch", {"state": "deleted"}),
            ("organization_purge", {}),
            ("group_purge", {}),
        ],
    )
    def test_nobody_else_deletes_a_partner(
        self,
        partner: dict[str, Any],
        people: factories.People,
        role: str,
        action: str,
        arguments: dict[str, Any],
    ) -> None:
        with pytest.raises(tk.NotAuthorized):
            act(people.of(role), action, id=partner["id"], **arguments)
        model.Session.expire_all()
        assert model.Group.get(partner["id"]).state == "active"  # type: ignore[union-attr]

    def test_the_department_gives_and_takes_members(
        self, app: Any, partner: dict[str, Any], people: factories.People
    ) -> None:
        visitor = people.visitor
        for action, arguments in (
            ("organization_member_create", {"username": visitor.name, "role": "editor"}),
            ("organization_member_delete", {"username": visitor.name}),
        ):
            with pytest.raises(tk.NotAuthorized):
                act(people.other_partner_admin, action, id=partner["id"], **arguments)
            act(people.department_admin, action, id=partner["id"], **arguments)
        answer = app.get(
            f"/organization/members/{partner['name']}",
            headers={"Authorization": factories.token(people.department_admin)},
        )
        assert answer.status_code == 200

    def test_the_department_deletes_a_partner(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        act(people.department_admin, "organization_delete", id=partner["id"])
        assert model.Group.get(partner["id"]).state == "deleted"  # type: ignore[union-attr]

    @pytest.mark.parametrize("action", ["organization_delete", "group_delete"])
    def test_not_while_it_has_datasets(
        self, partner: dict[str, Any], people: factories.People, action: str
    ) -> None:
        act(
            people.partner_editor,
            "package_create",
            name="deliberations",
            title="Délibérations",
            notes="Les délibérations du conseil.",
            owner_org=partner["id"],
            private=True,
        )
        with pytest.raises(tk.ValidationError, match="still has datasets"):
            act(people.department_admin, action, id=partner["id"])
        assert model.Group.get(partner["id"]).state == "active"  # type: ignore[union-attr]

    @pytest.mark.parametrize("action", ["organization_purge", "group_purge"])
    def test_one_with_a_convention_is_never_purged(
        self, partner: dict[str, Any], people: factories.People, action: str
    ) -> None:
        factories.convention(partner["id"])
        with pytest.raises(tk.ValidationError, match="cannot be purged"):
            act(people.sysadmin, action, id=partner["id"])
        assert model.Group.get(partner["id"]) is not None

    def test_one_without_is(self, people: factories.People) -> None:
        empty = factories.partner()
        factories.referent(empty["id"])
        act(people.sysadmin, "organization_purge", id=empty["id"])
        assert model.Group.get(empty["id"]) is None

    def test_one_that_is_no_partner_is_left_as_ckan_has_it(self, people: factories.People) -> None:
        other = factories.organization(name="association", title="Association")
        factories.join(people.visitor, other["id"], "admin")
        act(people.visitor, "organization_patch", id=other["id"], title="Association 2")
        act(people.visitor, "organization_delete", id=other["id"])
        assert model.Group.get(other["id"]).state == "deleted"  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("siren", "243400695"),
            ("title", "x" * 300),
            ("title", "<script>alert(1)</script>"),
            ("population", "many"),
            ("population", "-3"),
            ("agents", "2.5"),
            ("insee_code", "Aniane"),
            ("partner_type", "kingdom"),
            ("email", "nobody"),
            ("website", "www"),
        ],
    )
    def test_bad_input(self, field: str, value: str) -> None:
        fields = {"name": "new-one", "title": "New one", "partner_type": "commune"}
        with pytest.raises(tk.ValidationError) as refusal:
            factories.organization(**{**fields, field: value})
        assert list(refusal.value.error_dict) == [field]
        assert model.Group.get("new-one") is None

    def test_the_journal_has_each_change(
        self, app: Any, partner: dict[str, Any], people: factories.People
    ) -> None:
        header = {"Authorization": factories.token(people.department_admin)}
        for agents in ("18", "21"):
            answer = app.post(
                "/api/action/organization_patch",
                headers=header,
                json={"id": partner["id"], "agents": agents},
            )
            assert answer.status_code == 200, answer.body
        app.post("/api/action/organization_delete", headers=header, json={"id": partner["id"]})
        lines = call_action("heraultdata_journal_list", subject_id=partner["id"])["results"]
        assert [line["action"] for line in lines] == [
            "organization.deleted",
            "organization.updated",
            "organization.updated",
            "organization.created",
        ]
        assert {line["user_name"] for line in lines[:3]} == {people.department_admin.name}
        assert lines[0]["before"]["state"] == "active"
        assert lines[0]["after"]["state"] == "deleted"
        assert "agents" not in lines[2]["before"]
        assert lines[2]["after"]["agents"] == "18"

    def test_a_refused_change_leaves_no_line(self, partner: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError):
            call_action("organization_patch", id=partner["id"], siren="1")
        lines = call_action("heraultdata_journal_list", subject_id=partner["id"])
        assert lines["count"] == 1


class TestWaysRound:
    """What a partner's admin could try on CKAN's own actions on organisations."""

    @pytest.mark.parametrize("action", ["organization_patch", "group_patch"])
    @pytest.mark.parametrize("value", [False, None, 0, "false"])
    def test_a_partner_stays_an_organisation(
        self, partner: dict[str, Any], people: factories.People, action: str, value: object
    ) -> None:
        with pytest.raises(tk.NotAuthorized):
            act(people.partner_admin, action, id=partner["id"], is_organization=value)
        assert act(None, "heraultdata_partner_show", id=partner["id"])["partner_type"] == "epci"

    def test_nobody_takes_the_name_of_the_department(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        act(people.department_admin, "organization_patch", id=factories.DEPARTMENT, name="cd34")
        with pytest.raises(tk.NotAuthorized, match="This name is the département's"):
            act(
                people.partner_admin,
                "organization_patch",
                id=partner["id"],
                name=factories.DEPARTMENT,
            )

    def test_a_partner_may_be_renamed(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        act(people.partner_admin, "organization_patch", id=partner["id"], name="ccvh")
        assert act(None, "heraultdata_partner_show", id="ccvh")["id"] == partner["id"]

    def test_the_department_types_an_organisation_that_the_site_had(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        before = factories.organization(name="before")
        act(people.department_admin, "organization_patch", id="before", partner_type="commune")
        assert act(None, "heraultdata_partner_show", id="before")["id"] == before["id"]
        with pytest.raises(tk.NotAuthorized):
            act(people.partner_admin, "organization_patch", id="before", partner_type="")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "a\x00b"),
            ("name", "a\ud800"),
            ("title", ["a"]),
            ("title", {"a": 1}),
            ("description", "a\ud800"),
            ("image_url", "a\x00b"),
            ("image_url", "<script>alert(1)</script>"),
            ("email", "a\x00b@partner.example"),
            ("population", "9" * 5000),
            ("agents", "9" * 5000),
        ],
    )
    def test_what_a_field_cannot_hold_is_refused_on_it(
        self, partner: dict[str, Any], people: factories.People, field: str, value: object
    ) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            act(people.sysadmin, "organization_patch", id=partner["id"], **{field: value})
        assert factories.sentence_of(refusal, field)
