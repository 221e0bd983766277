"""Every way out of CKAN for what has been public: action by role by state, and what comes of it.

Design, section 2, "Withdrawal": partners' members delete what has never been public, and ask for
the withdrawal of the rest; what is withdrawn, nobody changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib.search import rebuild
from ckan.lib.uploader import ResourceUpload
from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from tests import factories
from tests.factories import act
from tests.withdrawals import making

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True),
    pytest.mark.ckan_config("heraultdata.publication_gate", "off"),
]

ROWS = b"nom;insee\nAniane;34010\nGignac;34114\n"
HEADER = b"nom;insee\n"
ADDRESS = "https://www.aniane.example/arbres.csv"

OUTSIDERS = ("visitor", "other_partner_admin", "partner_member")
PARTNERS = ("partner_editor", "partner_admin", "collaborator")
DEPARTMENT = ("department_editor", "sysadmin")
ROLES = (*OUTSIDERS, *PARTNERS, *DEPARTMENT)

NEVER_PUBLIC = ("draft", "private")
BEEN_PUBLIC = ("public", "once public")
STATES = (*NEVER_PUBLIC, *BEEN_PUBLIC, "withdrawn")


@dataclass(frozen=True)
class Case:
    """A dataset of a partner in one of the states: a file, a link and, where asked, a table."""

    partner: dict[str, Any]
    elsewhere: dict[str, Any]
    id: str
    file: str
    link: str
    table: str


Attempt = Callable[[model.User, Case], object]


@dataclass(frozen=True)
class Way:
    """An attempt to take something away.

    Attributes:
        attempt: what is tried.
        states: those in which it takes something away; in the others it makes no difference.
        allowed: the roles that CKAN allows it to, where nothing has been public.
        with_table: whether it is about a table typed by hand.
    """

    attempt: Attempt
    states: Collection[str] = STATES
    allowed: Collection[str] = (*PARTNERS, *DEPARTMENT)
    with_table: bool = False


def call(action: str, /, **arguments: Any) -> Attempt:
    """An action on the dataset."""
    return lambda user, case: act(user, action, id=case.id, **arguments)


def on_file(action: str, /, **arguments: Any) -> Attempt:
    """An action on its file."""
    return lambda user, case: act(user, action, id=case.file, **arguments)


def on_table(action: str, /, **arguments: Any) -> Attempt:
    """An action on its table of the DataStore."""
    return lambda user, case: act(user, action, resource_id=case.table, force=True, **arguments)


def sent(content: bytes, name: str = "arbres.csv") -> FileStorage:
    """A file as a form sends it."""
    return FileStorage(BytesIO(content), filename=name)


def replace_by(content: bytes, action: str, name: str = "arbres.csv") -> Attempt:
    """Another file in place of the one that it has."""
    return lambda user, case: act(user, action, id=case.file, upload=sent(content, name), url=name)


def update_without_file(user: model.User, case: Case) -> object:
    dataset = call_action("package_show", id=case.id)
    dataset["resources"] = [each for each in dataset["resources"] if each["id"] != case.file]
    return act(user, "package_update", **dataset)


def revise_away(user: model.User, case: Case) -> object:
    return act(user, "package_revise", match={"id": case.id}, filter=["-resources__0"])


def revise(user: model.User, case: Case, **update: object) -> object:
    return act(user, "package_revise", match={"id": case.id}, update=update)


def revise_file(user: model.User, case: Case) -> object:
    return act(
        user,
        "package_revise",
        match={"id": case.id},
        **{f"update__resources__{case.file[:8]}__upload": sent(HEADER)},
    )


def move_file(user: model.User, case: Case) -> object:
    another = making.private_dataset(case.partner)["id"]
    stolen = {"id": case.file, "url": ADDRESS, "name": "arbres"}
    return act(user, "package_patch", id=another, resources=[stolen])


def give_away(user: model.User, case: Case) -> object:
    return act(user, "package_patch", id=case.id, owner_org=case.elsewhere["id"])


def bulk(action: str) -> Attempt:
    return lambda user, case: act(user, action, datasets=[case.id], org_id=case.partner["id"])


def take_out_of_organization(user: model.User, case: Case) -> object:
    return act(user, "member_delete", id=case.partner["id"], object=case.id, object_type="package")


def owner_org_update(user: model.User, case: Case) -> object:
    return act(user, "package_owner_org_update", id=case.id, organization_id=case.elsewhere["id"])


def purge(user: model.User, case: Case) -> object:
    # CKAN's own purge trips over collaborators.
    model.Session.query(model.PackageMember).filter_by(package_id=case.id).delete()
    model.Session.commit()
    return act(user, "dataset_purge", id=case.id)


def on_link(action: str, /, **arguments: Any) -> Attempt:
    """An action on its link."""
    return lambda user, case: act(user, action, id=case.link, **arguments)


ADMINS = ("partner_admin", "sysadmin")
SYSADMIN = ("sysadmin",)
PUBLIC = ("public", "withdrawn")

WAYS: dict[str, Way] = {
    "package_delete": Way(call("package_delete")),
    "package_patch state=deleted": Way(call("package_patch", state="deleted")),
    "package_patch state=draft": Way(call("package_patch", state="draft"), PUBLIC),
    "package_patch private": Way(call("package_patch", private=True), PUBLIC),
    "package_revise private": Way(partial(revise, private=True), PUBLIC),
    "package_revise state": Way(partial(revise, state="deleted")),
    "package_patch owner_org": Way(
        give_away, allowed=("partner_editor", "partner_admin", "sysadmin")
    ),
    "package_patch no organisation": Way(call("package_patch", owner_org=""), allowed=()),
    "package_owner_org_update": Way(owner_org_update, allowed=SYSADMIN),
    "member_delete": Way(take_out_of_organization, allowed=ADMINS),
    "package_patch without files": Way(call("package_patch", resources=[])),
    "package_update without the file": Way(update_without_file),
    "package_revise without the file": Way(revise_away),
    "file moved to another dataset": Way(move_file, allowed=()),
    "resource_delete": Way(on_file("resource_delete")),
    "resource_patch without address": Way(on_file("resource_patch", url="", url_type="")),
    "resource_update without address": Way(on_file("resource_update", url="", url_type="")),
    "resource_patch file cleared": Way(on_file("resource_patch", clear_upload=True, url=ADDRESS)),
    "resource_patch file made a link": Way(on_file("resource_patch", url=ADDRESS, url_type="")),
    "resource_patch link without address": Way(on_link("resource_patch", url="")),
    "resource_patch link made a file that is none": Way(
        on_link("resource_patch", url="rien.csv", url_type="upload")
    ),
    "resource_patch file without rows": Way(replace_by(HEADER, "resource_patch")),
    "resource_update file without rows": Way(replace_by(HEADER, "resource_update")),
    "resource_update file of no bytes": Way(replace_by(b"", "resource_update")),
    "resource_update JSON of nothing": Way(replace_by(b"[]", "resource_update", "arbres.json")),
    "package_revise file without rows": Way(revise_file),
    "bulk_update_delete": Way(bulk("bulk_update_delete"), allowed=ADMINS),
    "bulk_update_private": Way(bulk("bulk_update_private"), PUBLIC, allowed=ADMINS),
    "dataset_purge": Way(purge, allowed=SYSADMIN),
    "datastore_delete": Way(on_table("datastore_delete"), with_table=True),
    "datastore_delete rows": Way(
        on_table("datastore_delete", filters={"nom": "Aniane"}), with_table=True
    ),
    "datastore_records_delete": Way(
        on_table("datastore_records_delete", filters={}), with_table=True
    ),
    "datastore_create without a column": Way(
        on_table("datastore_create", delete_fields=True, fields=[{"id": "nom", "type": "text"}]),
        with_table=True,
    ),
    "datastore_upsert blanks": Way(
        on_table(
            "datastore_upsert", method="update", records=[{"_id": 1, "nom": "", "insee": None}]
        ),
        with_table=True,
    ),
}


@pytest.fixture
def users() -> dict[str, str]:
    """The name of a user for each role; those of the partner edit in another organisation too."""
    partner = factories.partner(name="aniane")
    elsewhere = factories.partner(name="gignac")
    factories.signed_convention(partner["id"])
    factories.signed_convention(elsewhere["id"])
    people = factories.people(partner["id"])
    found = {role: people.of(role) for role in (*OUTSIDERS, "partner_editor", "partner_admin")}
    found |= {role: factories.user() for role in ("collaborator", "department_editor")}
    found["sysadmin"] = people.sysadmin
    factories.join(found["department_editor"], factories.DEPARTMENT, "admin")
    factories.join(found["department_editor"], partner["id"], "editor")
    for role in ("partner_editor", "partner_admin"):
        factories.join(found[role], elsewhere["id"], "editor")
    return {role: user.name for role, user in found.items()}


def named(name: str) -> model.User:
    """A user; CKAN 2.11 forgets those of its session as it purges a dataset."""
    found = model.User.get(name)
    assert found is not None
    return found


def case_in(state: str, way: Way, users: dict[str, str]) -> Case:
    """A dataset in a state; the collaborator may edit it."""
    partner = call_action("organization_show", id="aniane")
    elsewhere = call_action("organization_show", id="gignac")
    dataset = making.private_dataset(partner, resources=[{"name": "lien", "url": ADDRESS}])
    link = dataset["resources"][0]["id"]
    file = making.add_file(dataset["id"], "arbres.csv", ROWS)["id"]
    table = _table(dataset["id"]) if way.with_table else ""
    call_action(
        "package_collaborator_create",
        making.site_context(),
        id=dataset["id"],
        user_id=users["collaborator"],
        capacity="editor",
    )
    case = Case(partner, elsewhere, dataset["id"], file, link, table)
    _bring_to(state, case)
    return case


def _table(package_id: str) -> str:
    made = call_action(
        "datastore_create",
        making.site_context(),
        resource={"package_id": package_id, "name": "saisie"},
        fields=[{"id": "nom", "type": "text"}, {"id": "insee", "type": "text"}],
        records=[{"nom": "Aniane", "insee": "34010"}, {"nom": "Gignac", "insee": "34114"}],
    )
    return made["resource_id"]


def _bring_to(state: str, case: Case) -> None:
    if state == "draft":
        _set(case, state="draft")
    if state in (*BEEN_PUBLIC, "withdrawn"):
        making.publish(case.id)
    if state == "once public":
        _set(case, private=True)
    if state == "withdrawn":
        making.executed(case.partner, {"id": case.id})


def _set(case: Case, **fields: object) -> None:
    package = model.Package.get(case.id)
    assert package is not None
    for name, value in fields.items():
        setattr(package, name, value)
    model.Session.commit()
    rebuild(case.id)


def what_stands(case: Case) -> object:
    """All that a way out could take away, as it is in the database and in the store of files."""
    model.Session.expire_all()
    package = model.Session.get(model.Package, case.id)
    if package is None:
        return None
    resources = [
        (each.id, each.url, each.url_type, each.state, each.package_id)
        for each in model.Session.query(model.Resource)
        .filter(model.Resource.id.in_([case.file, case.link, case.table]))
        .order_by(model.Resource.id)
    ]
    membership = model.Session.query(model.Member).filter_by(
        table_id=case.id, capacity="organization", state="active"
    )
    return (
        package.state,
        package.private,
        package.owner_org,
        resources,
        [each.group_id for each in membership],
        _bytes_of(case.file),
        _rows_of(case.table) if case.table else None,
    )


def _bytes_of(resource_id: str) -> bytes | None:
    path = Path(ResourceUpload({"id": resource_id}).get_path(resource_id))
    return path.read_bytes() if path.exists() else None


def _rows_of(resource_id: str) -> object:
    site = making.site_context() | {"ignore_auth": True}
    try:
        found = call_action("datastore_search", site, resource_id=resource_id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return [each["id"] for each in found["fields"]], found["records"]


def expected(way: Way, state: str, role: str) -> str:
    """What the rule says: `allowed` or `refused`."""
    if role not in way.allowed or state == "withdrawn":
        return "refused"
    return "refused" if state in BEEN_PUBLIC and role in PARTNERS else "allowed"


def outcome(way: Way, user: model.User, case: Case) -> tuple[str, str]:
    """What comes of an attempt, and the words of a refusal."""
    before = what_stands(case)
    try:
        way.attempt(user, case)
    except (tk.NotAuthorized, tk.ObjectNotFound) as refusal:
        words = str(refusal)
    except tk.ValidationError as refusal:
        words = str(refusal.error_dict)
    else:
        return ("allowed" if what_stands(case) != before else "without effect"), ""
    return ("refused" if what_stands(case) == before else "refused, half done"), words


def tried(way: Way, state: str) -> list[str]:
    """The roles that try: all that are refused, then two of those that are allowed, if any.

    Who is allowed takes the dataset away, and another one has to be made.
    """
    roles = {answer: [] for answer in ("refused", "allowed")}
    for role in ROLES:
        roles[expected(way, state, role)].append(role)
    allowed = roles["allowed"]
    return roles["refused"] + allowed[:1] + allowed[1:][-1:]


@pytest.mark.parametrize("name", WAYS)
def test_way_out(name: str, users: dict[str, str]) -> None:
    way = WAYS[name]
    found: dict[tuple[str, str], str] = {}
    words: dict[tuple[str, str], str] = {}
    for state in (each for each in STATES if each in way.states):
        case: Case | None = None
        for role in tried(way, state):
            case = case or case_in(state, way, users)
            key = state, role
            found[key], words[key] = outcome(way, named(users[role]), case)
            if found[key] != "refused":
                case = None
    assert found == {(state, role): expected(way, state, role) for state, role in found}
    for (state, role), told in words.items():
        if role not in way.allowed:
            continue
        if state in BEEN_PUBLIC and role in PARTNERS:
            assert "/withdrawals/new?organization=aniane&dataset=" in told
        if state == "withdrawn" and role == "sysadmin":
            assert "R-20" in told
