"""Publication needs a convention in force, by every way in; what is public stays so."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy.pool import QueuePool
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.database import engine
from tests import factories
from tests.factories import act

pytestmark = [pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")]

TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at(TODAY)


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(title="Aniane")


@pytest.fixture
def editor(partner: dict[str, Any]) -> model.User:
    """An admin of the partner: of its members only admins may use the bulk page."""
    made = factories.user()
    factories.join(made, partner["id"], "admin")
    return made


def dataset(user: model.User, owner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    values = {
        "name": "deliberations-aniane",
        "title": "Délibérations",
        "notes": "Les délibérations du conseil municipal.",
        "owner_org": owner["id"],
    }
    return act(user, "package_create", **{**values, **fields})


def is_public(name: str = "deliberations-aniane") -> bool:
    model.Session.expire_all()
    package = model.Package.get(name)
    return package is not None and not package.private and package.state == "active"


def end(convention: dict[str, Any]) -> None:
    factories.event(convention["id"], "mutual_termination", "2026-10-01")


class TestRefused:
    def test_creation(self, partner: dict[str, Any], editor: model.User) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            dataset(editor, partner, private=False)
        assert list(refusal.value.error_dict) == ["private"]
        assert model.Package.get("deliberations-aniane") is None

    @pytest.mark.ckan_config("heraultdata.department_email", "data@herault.example")
    def test_it_says_which_convention_is_missing_and_whom_to_write_to(
        self, partner: dict[str, Any], editor: model.User
    ) -> None:
        def sentence() -> str:
            with pytest.raises(tk.ValidationError) as refusal:
                dataset(editor, partner, private=False)
            return factories.sentence_of(refusal, "private")

        assert "Aniane has no partnership convention" in sentence()
        assert "data@herault.example" in sentence()
        draft = factories.convention(partner["id"])
        assert "not signed by both parties yet" in sentence()
        factories.event(draft["id"], "signed", "2024-02-26", party="partner")
        factories.event(draft["id"], "signed", "2024-03-12", party="department")
        end(draft)
        assert "ended on November 1, 2026" in sentence()

    WAYS: dict[str, Callable[[model.User, dict[str, Any]], Any]] = {
        "package_update": lambda user, made: act(
            user, "package_update", **{**made, "private": False}
        ),
        "package_patch": lambda user, made: act(
            user, "package_patch", id=made["id"], private=False
        ),
        "package_patch in words": lambda user, made: act(
            user, "package_patch", id=made["name"], private="False"
        ),
        "package_revise": lambda user, made: act(
            user, "package_revise", match={"id": made["id"]}, update={"private": False}
        ),
        "bulk_update_public": lambda user, made: act(
            user, "bulk_update_public", datasets=[made["id"]], org_id=made["owner_org"]
        ),
    }

    @pytest.mark.parametrize("way", WAYS)
    def test_a_private_dataset_becoming_public(
        self, partner: dict[str, Any], editor: model.User, way: str
    ) -> None:
        made = dataset(editor, partner, private=True)
        with pytest.raises(tk.ValidationError) as refusal:
            self.WAYS[way](editor, made)
        assert "private" in str(refusal.value.error_dict)
        assert not is_public()

    @pytest.mark.parametrize("role", ["department_admin", "sysadmin"])
    def test_by_the_department_too(self, partner: dict[str, Any], role: str) -> None:
        people = factories.people(partner["id"])
        with pytest.raises(tk.ValidationError):
            dataset(people.sysadmin, partner, private=False)
        assert not is_public()

    def test_a_draft_being_finished(self, partner: dict[str, Any], editor: model.User) -> None:
        made = dataset(editor, partner, private=False, state="draft")
        with pytest.raises(tk.ValidationError):
            act(editor, "package_patch", id=made["id"], state="active")
        assert not is_public()

    def test_a_deleted_dataset_coming_back(
        self, partner: dict[str, Any], editor: model.User
    ) -> None:
        convention = factories.signed_convention(partner["id"])
        made = dataset(editor, partner, private=False)
        sysadmin = factories.user(sysadmin=True)
        act(sysadmin, "package_delete", id=made["id"])
        end(convention)
        with pytest.raises(tk.ValidationError):
            act(sysadmin, "package_patch", id=made["id"], state="active")
        assert not is_public()

    @pytest.mark.parametrize("action", ["package_owner_org_update", "package_patch"])
    def test_a_public_dataset_passing_to_a_partner_without(
        self, partner: dict[str, Any], editor: model.User, action: str
    ) -> None:
        factories.signed_convention(partner["id"])
        made = dataset(editor, partner, private=False)
        other = factories.partner()
        sysadmin = factories.user(sysadmin=True)
        arguments = (
            {"id": made["id"], "organization_id": other["id"]}
            if action == "package_owner_org_update"
            else {"id": made["id"], "owner_org": other["id"]}
        )
        with pytest.raises(tk.ValidationError):
            act(sysadmin, action, **arguments)
        model.Session.expire_all()
        assert model.Package.get(made["id"]).owner_org == partner["id"]  # type: ignore[union-attr]

    def test_nothing_of_a_refused_bulk_is_published(
        self, partner: dict[str, Any], editor: model.User
    ) -> None:
        names = ["first", "second", "third"]
        made = [dataset(editor, partner, name=name, private=True) for name in names]
        with pytest.raises(tk.ValidationError):
            act(
                editor,
                "bulk_update_public",
                datasets=[d["id"] for d in made],
                org_id=partner["id"],
            )
        assert not any(is_public(name) for name in names)

    def test_the_file_of_a_refused_update_is_not_stored(
        self,
        partner: dict[str, Any],
        editor: model.User,
        ckan_config: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
        made = dataset(editor, partner, private=True)
        upload = FileStorage(io.BytesIO(b"a,b\n1,2\n"), filename="a.csv")
        resource = {"name": "File", "url": "a.csv", "url_type": "upload", "upload": upload}
        with pytest.raises(tk.ValidationError):
            act(
                editor,
                "package_patch",
                id=made["id"],
                private=False,
                resources=[resource],
            )
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert call_action("package_show", id=made["id"])["resources"] == []

    def test_the_answer_of_the_api_is_409(
        self, app: Any, partner: dict[str, Any], editor: model.User
    ) -> None:
        answer = app.post(
            "/api/action/package_create",
            headers={"Authorization": factories.token(editor)},
            json={
                "name": "deliberations-aniane",
                "title": "Délibérations",
                "notes": "Les délibérations.",
                "owner_org": partner["id"],
                "private": False,
            },
        )
        assert answer.status_code == 409, answer.body
        assert list(answer.json["error"]) == ["private", "__type"]
        assert not is_public()


class TestAllowed:
    @pytest.mark.parametrize("way", TestRefused.WAYS)
    def test_with_a_convention_in_force(
        self, partner: dict[str, Any], editor: model.User, way: str
    ) -> None:
        factories.signed_convention(partner["id"])
        made = dataset(editor, partner, private=True)
        TestRefused.WAYS[way](editor, made)
        assert is_public()

    def test_under_formal_notice_and_while_ending(
        self, partner: dict[str, Any], editor: model.User
    ) -> None:
        convention = factories.signed_convention(partner["id"])
        factories.event(
            convention["id"],
            "formal_notice",
            "2026-11-01",
            party="department",
            breaches="Late.",
            deadline="2026-12-31",
        )
        dataset(editor, partner, private=False)
        factories.event(convention["id"], "mutual_termination", TODAY)
        dataset(editor, partner, name="second", private=False)
        assert is_public()
        assert is_public("second")

    def test_drafts_and_private_datasets_without_one(
        self, partner: dict[str, Any], editor: model.User
    ) -> None:
        dataset(editor, partner, name="draft", state="draft", private=False)
        dataset(editor, partner, name="private", private=True)
        act(editor, "package_patch", id="private", title="Corrigé")
        assert call_action("package_show", id="private")["title"] == "Corrigé"

    def test_what_is_public_stays_public_and_editable_when_it_ends(
        self, partner: dict[str, Any], editor: model.User
    ) -> None:
        convention = factories.signed_convention(partner["id"])
        made = dataset(editor, partner, private=False)
        end(convention)
        act(editor, "package_patch", id=made["id"], title="Corrigé")
        act(
            editor,
            "resource_create",
            package_id=made["id"],
            name="2026",
            url="https://www.aniane.example/a.csv",
        )
        assert is_public()
        assert call_action("package_show", id=made["id"])["title"] == "Corrigé"

    def test_the_department_itself_and_organisations_that_are_no_partner(self) -> None:
        sysadmin = factories.user(sysadmin=True)
        dataset(sysadmin, factories.department(), name="one", private=False)
        dataset(sysadmin, factories.organization(name="other"), name="two", private=False)
        assert is_public("one")
        assert is_public("two")


def test_a_partner_that_was_deleted_publishes_nothing_more(partner: dict[str, Any]) -> None:
    user = factories.user(sysadmin=True)
    dataset(user, partner, private=True)
    act(user, "organization_patch", id=partner["id"], state="deleted")

    with pytest.raises(tk.ValidationError) as refusal:
        act(user, "package_patch", id="deliberations-aniane", private=False)

    assert "Aniane has no partnership convention" in factories.sentence_of(refusal, "private")
    assert not is_public()


@pytest.fixture
def threads_that_switch_at_input_and_output() -> Iterator[None]:
    """Before 3.11.8 and 3.12.2, `ast.literal_eval` fails when threads switch in it (gh-106905)."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(60)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("threads_that_switch_at_input_and_output")
def test_more_requests_at_once_than_connections(app: Any) -> None:
    """Each reads what is committed while it holds a connection of CKAN's pool."""
    # CKAN's migrations, where they ran in this process, leave an engine without a pool.
    model.init_model(sa.create_engine(engine().url))
    partner = factories.partner()
    factories.signed_convention(partner["id"])
    user = factories.user(sysadmin=True)
    pool = engine().pool
    assert isinstance(pool, QueuePool)
    at_once = pool.size() + pool._max_overflow
    names = [f"d-{rank}" for rank in range(at_once)]
    for name in names:
        dataset(user, partner, name=name, private=True)
    user_name = user.name
    model.Session.remove()
    all_hold_one = threading.Barrier(at_once)

    def publish(name: str) -> None:
        with app.flask_app.test_request_context():
            try:
                assert model.Package.get(name) is not None
                all_hold_one.wait(timeout=20)
                tk.get_action("package_patch")({"user": user_name}, {"id": name, "private": False})
            finally:
                model.Session.remove()

    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(publish, names))

    assert all(is_public(name) for name in names)
