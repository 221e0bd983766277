"""What has been public stays, and what is withdrawn stays as it is: buttons, forms, rows, files."""

from __future__ import annotations

import gzip
import io
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
from ckan import model
from ckan.lib.uploader import ResourceUpload
from ckan.tests import factories as ckan_factories
from ckan.tests.helpers import CKANTestApp, call_action
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.withdrawals import former_files, keeping, keeping_files, keeping_rules
from ckanext.heraultdata.withdrawals.keeping_rules import File, Layout, Loss
from tests import factories
from tests.factories import act
from tests.reading import Reader
from tests.withdrawals import making

CKAN = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("heraultdata.publication_gate", "off"),
]
ROWS = b"nom;insee\nAniane;34010\n"
NEXT = b"nom;insee\nGignac;34114\n"


def on_site(test: Any) -> Any:
    """A test that needs the site."""
    for mark in CKAN:
        test = mark(test)
    return test


@pytest.fixture
def partner() -> dict[str, Any]:
    made = factories.partner(name="aniane", title="Aniane")
    factories.signed_convention(made["id"])
    return made


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


def sent(content: bytes, name: str = "arbres.csv") -> FileStorage:
    return FileStorage(BytesIO(content), filename=name)


class TestRules:
    LAYOUT = Layout("aniane", private=False, state="active", files={"a": File("a.csv", "upload")})

    @pytest.mark.parametrize(
        ("after", "losses"),
        [
            (LAYOUT, []),
            (Layout("aniane", True, "active", LAYOUT.files), [Loss("private")]),
            (Layout("aniane", False, "draft", LAYOUT.files), [Loss("state")]),
            (Layout("gignac", False, "active", LAYOUT.files), [Loss("owner_org")]),
            (Layout("aniane", False, "active", {}), [Loss("resources", "a")]),
            (Layout("aniane", False, "active", {"a": File("", "")}), [Loss("url", "a")]),
            (
                Layout("aniane", False, "active", {"a": File("https://a.example", "")}),
                [Loss("url", "a")],
            ),
            (Layout("aniane", False, "active", {"a": File("b.csv", "upload")}), []),
            (
                Layout(
                    "aniane", False, "active", {**LAYOUT.files, "b": File("https://a.example", "")}
                ),
                [],
            ),
        ],
    )
    def test_what_a_change_takes_away(self, after: Layout, losses: list[Loss]) -> None:
        assert keeping_rules.losses(self.LAYOUT, after) == losses

    def test_a_link_may_lead_elsewhere_but_not_nowhere(self) -> None:
        before = Layout("aniane", False, "active", {"a": File("https://a.example", "")})

        def after(url: str, url_type: str = "") -> Layout:
            return Layout("aniane", False, "active", {"a": File(url, url_type)})

        assert keeping_rules.losses(before, after("https://b.example")) == []
        assert keeping_rules.losses(before, after(" ")) == [Loss("url", "a")]
        assert keeping_rules.losses(before, after("a.csv", "upload")) == [Loss("url", "a")]
        assert keeping_rules.losses(before, after("a.csv", "upload"), sent={"a"}) == []

    def test_what_was_private_already_may_be_a_draft_but_not_be_deleted(self) -> None:
        before = Layout("aniane", True, "active", {})
        assert keeping_rules.losses(before, Layout("aniane", True, "draft", {})) == []
        assert keeping_rules.losses(before, Layout("aniane", True, "deleted", {})) == [
            Loss("state")
        ]

    @pytest.mark.parametrize(
        ("records", "is_emptying"),
        [
            ([{"_id": 1, "nom": ""}], True),
            ([{"insee": "34010", "nom": None}], True),
            ([{"insee": "34010", "nom": "Aniane"}], False),
            ([{"insee": "34010", "nom": "", "habitants": 0}], False),
            ([{"insee": "34010"}], False),
            ([], False),
            ([{"_id": 1, "nom": "Aniane"}, {"_id": 2, "nom": " "}], True),
        ],
    )
    def test_blanks_over_rows(self, records: list[dict[str, object]], is_emptying: bool) -> None:
        assert keeping_rules.is_emptying(records, {"insee"}) is is_emptying


def workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def archive(**entries: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, data in entries.items():
            packed.writestr(f"{name}.csv", data)
    return content.getvalue()


@pytest.mark.usefixtures("with_plugins")
@pytest.mark.parametrize(
    ("content", "holds"),
    [
        (ROWS, True),
        (b"nom;insee\n", False),
        (b"nom;insee\n;\n ; \n\n", False),
        (b"", False),
        (b"\xef\xbb\xbf\r\n", False),
        ("nom;insee\nAniane;34010\n".encode("utf-16"), True),
        (workbook(["nom"], ["Aniane"]), True),
        (workbook(["nom"]), False),
        (archive(arbres=ROWS), True),
        (archive(arbres=b"nom;insee\n"), False),
        (archive(), False),
        (gzip.compress(ROWS, mtime=0), True),
        (gzip.compress(b"nom;insee\n", mtime=0), False),
        (b"[]", False),
        (b"{}", False),
        (b'[{"nom": "Aniane"}]', True),
        (b'{"nom": ""}', False),
        (b'{"type": "FeatureCollection", "features": []}', False),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature"}]}', True),
        (b"%PDF-1.7 nothing that is a table", None),
        (b"{ no JSON", None),
    ],
)
def test_whether_a_file_holds_data(content: bytes, holds: bool | None, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert keeping_files.holds_data(path, "file") is holds


@on_site
class TestWhatStaysPossible:
    def test_a_new_version_of_a_file(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = making.public_dataset(partner, {"arbres.csv": ROWS})
        file = made["resources"][0]
        act(people.partner_editor, "resource_patch", id=file["id"], upload=sent(NEXT))
        act(people.partner_editor, "package_patch", id=made["id"], title="Arbres remarquables")
        found = call_action("package_show", id=made["id"])
        assert (found["title"], len(found["resources"])) == ("Arbres remarquables", 1)
        assert bytes_of(file["id"]) == NEXT

    def test_the_version_that_is_replaced_is_not_lost(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = making.public_dataset(partner, {"arbres.csv": ROWS})
        id_ = made["resources"][0]["id"]
        act(people.partner_editor, "resource_patch", id=id_, upload=sent(NEXT, "bois.csv"))
        act(people.sysadmin, "resource_patch", id=id_, upload=sent(ROWS, "arbres.csv"))
        found = act(people.department_admin, "heraultdata_former_file_list", resource_id=id_)
        kept = found["results"]
        assert found["count"] == 2
        assert [each["file_name"] for each in kept] == ["bois.csv", "arbres.csv"]
        department = {"Authorization": factories.token(people.department_admin)}
        answers = [app.get(each["url"], headers=department).get_data() for each in kept]
        assert answers == [NEXT, ROWS]
        with pytest.raises(tk.NotAuthorized):
            act(people.partner_admin, "heraultdata_former_file_list", resource_id=id_)
        member = {"Authorization": factories.token(people.partner_admin)}
        app.get(kept[0]["url"], headers=member, status=403)
        paths = [former_files.path_of(each) for each in former_files.of_resource(id_)]
        former_files.destroy([id_], None)
        assert not any(path.exists() for path in paths)
        assert former_files.of_resource(id_) == []

    def test_versions_of_what_has_never_been_public_are_not_kept(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = making.private_dataset(partner)
        file = making.add_file(made["id"], "arbres.csv", ROWS)
        act(people.partner_editor, "resource_patch", id=file["id"], upload=sent(NEXT))
        assert former_files.of_resource(file["id"]) == []

    def test_a_version_stays_where_the_one_it_replaces_cannot_be_kept(
        self, partner: dict[str, Any], people: factories.People, tmp_path: Path
    ) -> None:
        made = making.public_dataset(partner, {"arbres.csv": ROWS})
        id_ = made["resources"][0]["id"]
        (tmp_path / "former").write_bytes(b"no folder")
        before = tk.config["heraultdata.withdrawn_files_path"]
        tk.config["heraultdata.withdrawn_files_path"] = str(tmp_path)
        try:
            with pytest.raises(tk.ValidationError) as refusal:
                act(people.partner_editor, "resource_patch", id=id_, upload=sent(NEXT))
        finally:
            tk.config["heraultdata.withdrawn_files_path"] = before
        assert "could not be kept" in factories.sentence_of(refusal, "upload")
        assert bytes_of(id_) == ROWS

    def test_a_file_that_never_held_anything_is_replaced_by_another_such(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = making.public_dataset(partner, {"arbres.csv": b"nom;insee\n"})
        id_ = made["resources"][0]["id"]
        act(people.partner_editor, "resource_patch", id=id_, upload=sent(b"nom;code\n"))
        assert bytes_of(id_) == b"nom;code\n"

    def test_publishing_again(self, partner: dict[str, Any], people: factories.People) -> None:
        made = making.public_dataset(partner)
        act(people.sysadmin, "package_patch", id=made["id"], private=True)
        act(people.partner_editor, "package_patch", id=made["id"], private=False)
        assert call_action("package_show", id=made["id"])["private"] is False

    def test_taking_away_a_view(self, partner: dict[str, Any], people: factories.People) -> None:
        made = making.public_dataset(partner, {"arbres.csv": ROWS})
        view = ckan_factories.ResourceView(resource_id=made["resources"][0]["id"])
        act(people.partner_editor, "resource_view_delete", id=view["id"])
        with pytest.raises(tk.ObjectNotFound):
            call_action("resource_view_show", id=view["id"])

    def test_rows_corrected_by_hand(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = making.public_dataset(partner)
        table = act(
            people.partner_editor,
            "datastore_create",
            resource={"package_id": made["id"], "name": "saisie"},
            fields=[{"id": "nom", "type": "text"}],
            records=[{"nom": "Aniane"}],
        )["resource_id"]
        for method, record in (
            ("update", {"_id": 1, "nom": "Gignac"}),
            ("insert", {"nom": "Agde"}),
        ):
            act(
                people.partner_editor,
                "datastore_upsert",
                resource_id=table,
                method=method,
                records=[record],
            )
        found = call_action("datastore_search", resource_id=table)["records"]
        assert [each["nom"] for each in found] == ["Gignac", "Agde"]

    def test_organisations_that_are_no_partner_are_left_as_ckan_has_them(self) -> None:
        other = factories.organization(name="other")
        editor = factories.user()
        factories.join(editor, other["id"], "editor")
        made = making.public_dataset(other, {"arbres.csv": ROWS})
        assert not keeping.is_kept(made["id"])
        act(editor, "resource_delete", id=made["resources"][0]["id"])
        act(editor, "package_patch", id=made["id"], private=True)
        act(editor, "package_delete", id=made["id"])
        assert model.Package.get(made["id"]).state == "deleted"  # pyright: ignore[reportOptionalMemberAccess]

    def test_a_dataset_that_its_creator_keeps_private(
        self, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = act(
            people.partner_editor,
            "package_create",
            name="brouillon",
            title="Brouillon",
            notes="Rien.",
            owner_org=partner["id"],
            private=True,
        )
        act(people.partner_editor, "package_delete", id=made["id"])
        assert model.Package.get(made["id"]).state == "deleted"  # pyright: ignore[reportOptionalMemberAccess]


def bytes_of(resource_id: str) -> bytes:
    return Path(ResourceUpload({"id": resource_id}).get_path(resource_id)).read_bytes()


@on_site
class TestWithdrawn:
    """A file of a dataset is withdrawn, and the rest of the dataset lives on."""

    @pytest.fixture
    def made(self, partner: dict[str, Any]) -> dict[str, Any]:
        return making.public_dataset(partner, {"a.csv": ROWS, "b.csv": ROWS, "c.csv": ROWS})

    @pytest.fixture
    def gone(self, partner: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        file = made["resources"][1]
        making.execute(making.ask_for_files(partner, file))
        return file

    def test_its_row_survives_what_ckan_does_to_the_others(
        self, made: dict[str, Any], gone: dict[str, Any], people: factories.People
    ) -> None:
        first, _, third = (each["id"] for each in made["resources"])
        act(people.sysadmin, "resource_delete", id=first)
        act(
            people.partner_editor, "resource_create", package_id=made["id"], url="https://a.example"
        )
        act(people.partner_editor, "package_patch", id=made["id"], title="Autrement")
        model.Session.expire_all()
        kept = model.Resource.get(gone["id"])
        assert kept is not None
        assert (kept.package_id, kept.state, kept.position) == (made["id"], "deleted", 1)
        shown = call_action("package_show", id=made["id"])["resources"]
        assert [each["id"] for each in shown][:1] == [third]
        assert len(shown) == 2

    def test_nobody_revives_it(
        self,
        partner: dict[str, Any],
        made: dict[str, Any],
        gone: dict[str, Any],
        people: factories.People,
    ) -> None:
        sent_back = {"id": gone["id"], "url": "https://a.example"}
        attempts = {
            "package_patch": {"id": made["id"], "resources": [sent_back]},
            "package_create": {
                "name": "voleur",
                "title": "Voleur",
                "notes": "Rien.",
                "owner_org": partner["id"],
                "private": True,
                "resources": [sent_back],
            },
            "resource_update": sent_back,
            "resource_delete": {"id": gone["id"]},
            "datastore_create": {"resource_id": gone["id"], "force": True, "records": []},
            "datastore_delete": {"resource_id": gone["id"], "force": True},
            "resource_view_create": {
                "resource_id": gone["id"],
                "title": "Vue",
                "view_type": "image_view",
            },
        }
        for user in (people.sysadmin, people.partner_editor):
            for action, arguments in attempts.items():
                with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                    act(user, action, **arguments)
        model.Session.expire_all()
        kept = model.Resource.get(gone["id"])
        assert kept is not None
        assert (kept.package_id, kept.state, kept.url) == (made["id"], "deleted", "b.csv")

    def test_its_dataset_is_not_purged(
        self, made: dict[str, Any], gone: dict[str, Any], people: factories.People
    ) -> None:
        act(people.sysadmin, "package_delete", id=made["id"])
        with pytest.raises(tk.NotAuthorized, match="R-20"):
            act(people.sysadmin, "dataset_purge", id=made["id"])
        with keeping.by_the_request():
            act(people.sysadmin, "dataset_purge", id=made["id"])
        assert model.Package.get(made["id"]) is None

    def test_the_trash_goes_on_past_what_is_withdrawn(
        self,
        app: CKANTestApp,
        partner: dict[str, Any],
        people: factories.People,
    ) -> None:
        kept = making.public_dataset(partner)
        making.executed(partner, kept)
        other = making.private_dataset(partner)
        act(people.sysadmin, "package_delete", id=other["id"])
        headers = {"Authorization": factories.token(people.sysadmin)}
        app.post("/ckan-admin/trash", data={"action": "package"}, headers=headers)
        model.Session.expire_all()
        assert model.Package.get(kept["id"]) is not None
        assert model.Package.get(other["id"]) is None


@on_site
class TestButtons:
    DELETE, ASK = "/dataset/delete/", "/withdrawals/new?"

    @pytest.fixture
    def public(self, partner: dict[str, Any]) -> dict[str, Any]:
        return making.public_dataset(partner, {"arbres.csv": ROWS})

    @pytest.mark.parametrize(
        ("role", "asks"),
        [("partner_editor", True), ("partner_admin", True), ("sysadmin", False)],
    )
    def test_of_the_form_of_a_dataset(
        self,
        app: CKANTestApp,
        public: dict[str, Any],
        people: factories.People,
        role: str,
        asks: bool,
    ) -> None:
        page = Reader.of(app, people.of(role)).get(f"/dataset/edit/{public['name']}")
        assert bool(page.select(f'.form-actions a[href^="{self.ASK}"]')) is asks
        assert bool(page.select(f'.form-actions a[href^="{self.DELETE}"]')) is not asks
        assert bool(page.select('#field-private option[value="True"]')) is not asks
        assert not page.select('button[value="go-metadata-unpublish"]')

    def test_of_the_form_of_a_dataset_that_has_never_been_public(
        self, app: CKANTestApp, partner: dict[str, Any], people: factories.People
    ) -> None:
        made = making.private_dataset(partner)
        page = Reader.of(app, people.partner_editor).get(f"/dataset/edit/{made['name']}")
        assert page.select(f'.form-actions a[href^="{self.DELETE}"]')
        assert not page.select(f'.form-actions a[href^="{self.ASK}"]')
        assert page.select('#field-private option[value="True"]')

    @pytest.mark.parametrize(("role", "asks"), [("partner_editor", True), ("sysadmin", False)])
    def test_of_the_form_of_a_file(
        self,
        app: CKANTestApp,
        public: dict[str, Any],
        people: factories.People,
        role: str,
        asks: bool,
    ) -> None:
        file = public["resources"][0]["id"]
        address = f"/dataset/{public['name']}/resource/{file}"
        page = Reader.of(app, people.of(role)).get(f"{address}/edit")
        links = [str(link["href"]) for link in page.select(".form-actions a[href]")]
        assert any(link.startswith(self.ASK) and file in link for link in links) is asks
        assert any(link.endswith("/delete") for link in links) is not asks

    @pytest.mark.parametrize(("role", "asks"), [("partner_admin", True), ("sysadmin", False)])
    def test_of_the_list_of_an_organisation(
        self,
        app: CKANTestApp,
        public: dict[str, Any],
        people: factories.People,
        role: str,
        asks: bool,
    ) -> None:
        page = Reader.of(app, people.of(role)).get("/organization/bulk_process/aniane")
        buttons = {str(button["name"]) for button in page.select('button[name^="bulk_action."]')}
        assert "bulk_action.public" in buttons
        assert (buttons == {"bulk_action.public"}) is asks
        assert bool(page.select(f'form a[href^="{self.ASK}"]')) is asks
        assert page.select(f'input[name="dataset_{public["id"]}"]')


@on_site
class TestForms:
    """The forms of CKAN, sent by hand where their button is not there."""

    @pytest.fixture
    def public(self, partner: dict[str, Any]) -> dict[str, Any]:
        return making.public_dataset(partner, {"arbres.csv": ROWS})

    @pytest.fixture
    def form(self, app: CKANTestApp, people: factories.People) -> Any:
        headers = {"Authorization": factories.token(people.partner_admin)}

        def send(address: str, **data: object) -> Any:
            return app.post(address, data=data, headers=headers, expect_errors=True)

        return send

    def stands(self, public: dict[str, Any]) -> bool:
        model.Session.expire_all()
        package = model.Package.get(public["id"])
        assert package is not None
        return (
            package.state == "active"
            and not package.private
            and [each.id for each in package.resources] == [public["resources"][0]["id"]]
            and bytes_of(public["resources"][0]["id"]) == ROWS
        )

    def test_delete(self, public: dict[str, Any], form: Any) -> None:
        assert form(f"/dataset/delete/{public['name']}").status_code == 403
        assert self.stands(public)

    def test_delete_a_file(self, public: dict[str, Any], form: Any) -> None:
        file = public["resources"][0]["id"]
        answer = form(f"/dataset/{public['name']}/resource/{file}/delete")
        assert answer.status_code == 403
        assert self.stands(public)

    @pytest.mark.parametrize("change", [{"private": "True"}, {"save": "go-metadata-unpublish"}])
    def test_edit(self, public: dict[str, Any], form: Any, change: dict[str, str]) -> None:
        values = {
            "name": public["name"],
            "title": public["title"],
            "notes": public["notes"],
            "license_id": public["license_id"],
            "owner_org": public["owner_org"],
            "private": "False",
            "save": "",
            "_ckan_phase": "",
        }
        answer = form(f"/dataset/edit/{public['name']}", **{**values, **change})
        # CKAN 2.11 hears nothing of the button of 2.12 that unpublishes.
        if "private" in change or tk.check_ckan_version(min_version="2.12"):
            assert "/withdrawals/new?organization=aniane" in answer.body
        assert self.stands(public)

    def test_an_empty_file(self, public: dict[str, Any], form: Any) -> None:
        file = public["resources"][0]["id"]
        answer = form(
            f"/dataset/{public['name']}/resource/{file}/edit",
            id=file,
            url="arbres.csv",
            name="arbres",
            upload=(BytesIO(b"nom;insee\n"), "arbres.csv"),
            save="go-dataset-complete",
        )
        assert "This file holds no data" in answer.body
        assert self.stands(public)

    def test_a_cleared_file(self, public: dict[str, Any], form: Any) -> None:
        file = public["resources"][0]["id"]
        answer = form(
            f"/dataset/{public['name']}/resource/{file}/edit",
            id=file,
            url="https://www.aniane.example/ailleurs.csv",
            name="arbres",
            clear_upload="true",
            save="go-dataset-complete",
        )
        assert "/withdrawals/new?organization=aniane" in answer.body
        assert self.stands(public)

    @pytest.mark.parametrize("action", ["delete", "private"])
    def test_bulk(self, public: dict[str, Any], form: Any, action: str) -> None:
        answer = form(
            "/organization/bulk_process/aniane",
            **{f"bulk_action.{action}": action, f"dataset_{public['id']}": "on"},
        )
        assert answer.status_code == 403
        assert self.stands(public)
