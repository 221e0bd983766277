"""Every way of reading what is withdrawn: action or page × role × state of the index.

A word that stands nowhere else is put wherever CKAN and the extension keep something of a dataset;
whoever is not the département must never read it again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.logic import _actions, get_action
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.validation import service as adapter
from ckanext.heraultdata.withdrawals import work
from tests import factories
from tests.validation.checks import standards
from tests.validation.conftest import run_jobs
from tests.withdrawals import datastore, making
from tests.withdrawals.datastore import clean_tables  # noqa: F401 - a fixture

pytestmark = [
    pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True),
    pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", True),
    pytest.mark.ckan_config("ckan.auth.public_activity_stream_detail", True),
    pytest.mark.usefixtures(
        "with_plugins", "clean_db", "clean_index", "clean_queues", "clean_tables", "with_storage"
    ),
]

DATASET = "zanzibar"
"""The word of the dataset, in its title and its text, and of its other file."""
FILE = "tombouctou"
"""The word of one of its files, in its name, its text, its cells and its views."""
NAME = "adresse"
"""What addresses call the dataset: pages repeat it."""
BROKEN = 500
ASKED = "perle"
"""What is searched for: pages repeat it too."""


@dataclass(frozen=True)
class World:
    """A dataset of a partner with all that CKAN keeps of it, and everybody around it."""

    partner: dict[str, Any]
    group: dict[str, Any]
    dataset: dict[str, Any]
    file: dict[str, Any]
    view: dict[str, Any]
    activities: list[str]
    names: dict[str, str]
    """The users by their roles; the visitor has no name."""
    tokens: dict[str, str]


OUTSIDERS = (
    "visitor",
    "user",
    "other_partner_admin",
    "collaborator",
    "creator",
    "partner_member",
    "partner_editor",
    "partner_admin",
)
INSIDERS = ("department_admin", "sysadmin")

Read = Callable[[World, str], dict[str, Any]]


def of_dataset(_world: World, _role: str) -> dict[str, Any]:
    """The dataset by its identifier."""
    return {"id": _world.dataset["id"]}


READS: dict[str, tuple[str, Read]] = {
    "package_show by id": ("package_show", of_dataset),
    "package_show by name": ("package_show", lambda w, _: {"id": w.dataset["name"]}),
    "package_show default schema": (
        "package_show",
        lambda w, _: {"id": w.dataset["id"], "use_default_schema": True},
    ),
    "package_list": ("package_list", lambda w, _: {}),
    "current_package_list_with_resources": (
        "current_package_list_with_resources",
        lambda w, _: {"limit": 10},
    ),
    "package_search": ("package_search", lambda w, _: {"q": ASKED}),
    "package_search all": (
        "package_search",
        lambda w, _: {
            "include_private": True,
            "include_drafts": True,
            "include_deleted": True,
        },
    ),
    "package_search fields": (
        "package_search",
        lambda w, _: {"q": ASKED, "fl": ["name", "title", "res_name", "res_url"]},
    ),
    "package_search one field": ("package_search", lambda w, _: {"q": ASKED, "fl": "title"}),
    "package_search whole documents": (
        "package_search",
        lambda w, _: {"q": ASKED, "fl": "data_dict,validated_data_dict"},
    ),
    "package_search everything": ("package_search", lambda w, _: {"q": ASKED, "fl": "*"}),
    "package_search facets": (
        "package_search",
        lambda w, _: {"q": "*:*", "rows": 0, "facet.field": ["tags", "title_string", "res_name"]},
    ),
    "package_search by user": (
        "user_show",
        lambda w, _: {"id": w.names["creator"], "include_datasets": True},
    ),
    "package_autocomplete": ("package_autocomplete", lambda w, _: {"q": DATASET[:4]}),
    "resource_search": ("resource_search", lambda w, _: {"query": f"name:{FILE}"}),
    "resource_show": ("resource_show", lambda w, _: {"id": w.file["id"]}),
    "resource_view_show": ("resource_view_show", lambda w, _: {"id": w.view["id"]}),
    "resource_view_list": ("resource_view_list", lambda w, _: {"id": w.file["id"]}),
    "datastore_search": ("datastore_search", lambda w, _: {"resource_id": w.file["id"]}),
    "datastore_search by alias": ("datastore_search", lambda w, _: {"resource_id": "villes"}),
    "datastore_search_sql": (
        "datastore_search_sql",
        lambda w, _: {"sql": f'SELECT * FROM "{w.file["id"]}"'},  # noqa: S608
    ),
    "datastore_search_sql by alias": (
        "datastore_search_sql",
        lambda w, _: {"sql": 'SELECT * FROM "villes"'},
    ),
    "datastore_info": ("datastore_info", lambda w, _: {"id": w.file["id"]}),
    "datastore_info by alias": ("datastore_info", lambda w, _: {"id": "villes"}),
    "organization_show": (
        "organization_show",
        lambda w, _: {"id": w.partner["id"], "include_datasets": True},
    ),
    "group_show": ("group_show", lambda w, _: {"id": w.group["id"], "include_datasets": True}),
    "group_package_show": ("group_package_show", lambda w, _: {"id": w.group["id"]}),
    "tag_show": ("tag_show", lambda w, _: {"id": ASKED, "include_datasets": True}),
    "tag_list": ("tag_list", lambda w, _: {}),
    "tag_list by text": ("tag_list", lambda w, _: {"query": DATASET[:4]}),
    "tag_list whole": ("tag_list", lambda w, _: {"all_fields": True}),
    "tag_autocomplete": ("tag_autocomplete", lambda w, _: {"query": DATASET[:4]}),
    "tag_search": ("tag_search", lambda w, _: {"query": DATASET[:4]}),
    "dataset_followee_list": ("dataset_followee_list", lambda w, role: {"id": w.names["user"]}),
    "followee_list": ("followee_list", lambda w, role: {"id": w.names["user"]}),
    "package_activity_list": ("package_activity_list", of_dataset),
    "organization_activity_list": (
        "organization_activity_list",
        lambda w, _: {"id": w.partner["id"]},
    ),
    "group_activity_list": ("group_activity_list", lambda w, _: {"id": w.group["id"]}),
    "user_activity_list": ("user_activity_list", lambda w, _: {"id": w.names["creator"]}),
    "dashboard_activity_list": ("dashboard_activity_list", lambda w, _: {}),
    "recently_changed_packages_activity_list": (
        "recently_changed_packages_activity_list",
        lambda w, _: {},
    ),
    **{
        f"{action} {rank}": (
            action,
            lambda w, _, rank=rank: {
                "id": w.activities[rank],
                "object_type": "package",
                "include_data": True,
            },
        )
        for action in ("activity_show", "activity_data_show", "activity_diff")
        for rank in (-1, -2)
    },
    "dcat_catalog_show": ("dcat_catalog_show", lambda w, _: {"format": "ttl"}),
    "dcat_catalog_search": ("dcat_catalog_search", lambda w, _: {"format": "ttl", "q": ASKED}),
    "heraultdata_catalogue_change_list": (
        "heraultdata_catalogue_change_list",
        lambda w, _: {},
    ),
    "heraultdata_catalogue_score_list": (
        "heraultdata_catalogue_score_list",
        lambda w, _: {"organization_id": w.partner["id"]},
    ),
    "dcat_dataset_show": (
        "dcat_dataset_show",
        lambda w, _: {"id": w.dataset["id"], "format": "ttl"},
    ),
    "heraultdata_check_show": (
        "heraultdata_check_show",
        lambda w, _: {"resource_id": w.file["id"]},
    ),
    "resource_validation_show": (
        "resource_validation_show",
        lambda w, _: {"resource_id": w.file["id"]},
    ),
    "heraultdata_conformance_list": (
        "heraultdata_conformance_list",
        lambda w, _: {"organization_id": w.partner["id"]},
    ),
    "heraultdata_freshness_list": (
        "heraultdata_freshness_list",
        lambda w, _: {"organization_id": w.partner["id"]},
    ),
    "heraultdata_partner_show": ("heraultdata_partner_show", lambda w, _: {"id": w.partner["id"]}),
    "heraultdata_journal_list": (
        "heraultdata_journal_list",
        lambda w, _: {"organization_id": w.partner["id"]},
    ),
    "heraultdata_declaration_list": (
        "heraultdata_declaration_list",
        lambda w, _: {"organization_id": w.partner["id"]},
    ),
}
"""What is asked for, by whom: `world, role → arguments`."""

PAGES: dict[str, Callable[[World], str]] = {
    "home": lambda w: "/",
    "datasets": lambda w: "/dataset/",
    "search": lambda w: f"/dataset/?q={ASKED}",
    "dataset": lambda w: f"/dataset/{w.dataset['name']}",
    "dataset by id": lambda w: f"/dataset/{w.dataset['id']}",
    "dataset in Turtle": lambda w: f"/dataset/{w.dataset['name']}.ttl",
    "dataset in JSON-LD": lambda w: f"/dataset/{w.dataset['name']}.jsonld",
    "catalogue in Turtle": lambda w: "/catalog.ttl",
    "catalogue in RDF": lambda w: "/catalog.rdf",
    "feed of datasets": lambda w: "/feeds/dataset.atom",
    "feed of the organisation": lambda w: f"/feeds/organization/{w.partner['name']}.atom",
    "feed of the group": lambda w: f"/feeds/group/{w.group['name']}.atom",
    "feed of the tag": lambda w: f"/feeds/tag/{ASKED}.atom",
    "feed of a search": lambda w: f"/feeds/custom.atom?q={ASKED}",
    "organisation": lambda w: f"/organization/{w.partner['name']}",
    "organisation, stream": lambda w: f"/organization/activity/{w.partner['name']}",
    "organisation, bulk": lambda w: f"/organization/bulk_process/{w.partner['name']}",
    "group": lambda w: f"/group/{w.group['name']}",
    "group, stream": lambda w: f"/group/activity/{w.group['name']}",
    "user": lambda w: f"/user/{w.names['creator']}",
    "user, stream": lambda w: f"/user/activity/{w.names['creator']}",
    "dashboard": lambda w: "/dashboard/",
    "dashboard, datasets": lambda w: "/dashboard/datasets",
    "dataset, stream": lambda w: f"/dataset/activity/{w.dataset['name']}",
    "dataset, former version": lambda w: f"/dataset/{w.dataset['id']}/history/{w.activities[-1]}",
    "dataset, former version of today": lambda w: (
        f"/dataset/{w.dataset['id']}?activity_id={w.activities[-1]}"
    ),
    "dataset, changes": lambda w: f"/dataset/changes/{w.activities[-1]}",
    "dataset, changes of several": lambda w: (
        f"/dataset/changes_multiple?new_id={w.activities[-1]}&old_id={w.activities[0]}"
    ),
    "dataset, groups": lambda w: f"/dataset/groups/{w.dataset['name']}",
    "dataset, followers": lambda w: f"/dataset/followers/{w.dataset['name']}",
    "dataset, form": lambda w: f"/dataset/edit/{w.dataset['name']}",
    "dataset, files": lambda w: f"/dataset/resources/{w.dataset['name']}",
    "file": lambda w: f"/dataset/{w.dataset['name']}/resource/{w.file['id']}",
    "file, former version": lambda w: (
        f"/dataset/{w.dataset['name']}/resource/{w.file['id']}?activity_id={w.activities[-1]}"
    ),
    "file, form": lambda w: f"/dataset/{w.dataset['name']}/resource/{w.file['id']}/edit",
    "file, views": lambda w: f"/dataset/{w.dataset['name']}/resource/{w.file['id']}/views",
    "file, view": lambda w: (
        f"/dataset/{w.dataset['name']}/resource/{w.file['id']}/view/{w.view['id']}"
    ),
    "file, bytes": lambda w: (
        f"/dataset/{w.dataset['id']}/resource/{w.file['id']}/download/fichier.csv"
    ),
    "file, bytes without name": lambda w: (
        f"/dataset/{w.dataset['id']}/resource/{w.file['id']}/download"
    ),
    "file, dictionary": lambda w: f"/dataset/{w.dataset['name']}/dictionary/{w.file['id']}",
    "file, DataStore page": lambda w: f"/dataset/{w.dataset['name']}/resource_data/{w.file['id']}",
    "file, dump": lambda w: f"/datastore/dump/{w.file['id']}",
    "file, dump by alias": lambda w: "/datastore/dump/villes",
    "file, datatables": lambda w: f"/datatables/ajax/{w.view['id']}",
    "file, validation": lambda w: (
        f"/dataset/{w.dataset['name']}/resource/{w.file['id']}/validation"
    ),
    "catalogue, whole": lambda w: "/catalog/complete.jsonld",
    "catalogue, changes": lambda w: "/catalog/changes.ttl",
    "catalogue, changes in Atom": lambda w: "/catalog/changes.atom",
    "catalogue, feed": lambda w: "/catalog/feed.jsonld",
    "catalogue, quality": lambda w: "/heraultdata/catalogue/quality",
    "sitemap": lambda w: "/sitemap.xml",
    "file, check": lambda w: f"/dataset/{w.dataset['name']}/resource/{w.file['id']}/check",
    "file, check in CSV": lambda w: (
        f"/dataset/{w.dataset['name']}/resource/{w.file['id']}/check.csv"
    ),
}
"""The pages that show something of a dataset, by name."""

# They hold nothing of a dataset, or its identifier at most.
HARMLESS = {
    "am_following_dataset", "am_following_group", "am_following_user", "api_token_list",
    "config_option_list", "config_option_show", "dashboard_new_activities_count",
    "dataset_followee_count", "dataset_follower_count", "dataset_follower_list", "file_owner_scan",
    "file_show", "followee_count", "format_autocomplete", "get_site_user", "group_autocomplete",
    "group_followee_count", "group_followee_list", "group_follower_count", "group_follower_list",
    "group_list", "group_list_authz", "help_show", "job_list", "job_show", "license_list",
    "member_list", "member_roles_list", "organization_autocomplete", "organization_followee_count",
    "organization_followee_list", "organization_follower_count", "organization_follower_list",
    "organization_list", "organization_list_for_user", "package_collaborator_list",
    "package_collaborator_list_for_user", "package_relationships_list",
    "scheming_dataset_schema_list", "scheming_dataset_schema_show",
    "scheming_organization_schema_list", "scheming_organization_schema_show", "status_show",
    "task_status_show", "term_translation_show",
    "user_autocomplete", "user_followee_count", "user_followee_list", "user_follower_count",
    "user_follower_list", "user_list", "vocabulary_list", "vocabulary_show",
    # Ours.
    "heraultdata_absence_list", "heraultdata_calendar_show", "heraultdata_check_list",
    # Counters of programs that read the catalogue.
    "heraultdata_harvester_list",
    "heraultdata_conformance_summary", "heraultdata_convention_list",
    "heraultdata_convention_show", "heraultdata_extension_list", "heraultdata_former_file_list",
    "heraultdata_partner_list", "heraultdata_platform_list", "heraultdata_referent_list",
    "heraultdata_standard_comment_list", "heraultdata_standard_list",
    "heraultdata_standard_show", "heraultdata_standard_version_list",
    "heraultdata_standard_version_show",
    # The request keeps the titles, for the partner; the register says what article 7 lets it say.
    "heraultdata_withdrawal_list", "heraultdata_withdrawal_register",
    "heraultdata_withdrawal_show",
}  # fmt: skip


QUIET = {
    "activity_diff -2",
    "catalogue, changes",
    "datastore_info",
    "datastore_info by alias",
    "file, DataStore page",
    "file, datatables",
    "file, validation",
    "heraultdata_conformance_list",
    "heraultdata_declaration_list",
    "heraultdata_freshness_list",
    "heraultdata_journal_list",
    "heraultdata_partner_show",
    "package_list",
    "sitemap",
}
"""They name none of the words before either: after, they only must not break."""


@pytest.fixture
def with_storage(
    tmp_path: Path,
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    at: Callable[[str], None],
) -> None:
    """Files of this test alone, and a day."""
    monkeypatch.setitem(ckan_config, "ckan.storage_path", str(tmp_path))
    at("2026-03-02")


@pytest.fixture
def world() -> World:
    """All of it, public and indexed."""
    adapter.create_tables()
    standards.standard()
    partner = factories.partner()
    people = factories.people(partner["id"])
    creator, collaborator = factories.user(), factories.user()
    factories.join(creator, partner["id"], "editor")
    group = call_action("group_create", making.site_context(), name="territoires")
    dataset = factories.act(
        creator,
        "package_create",
        name=NAME,
        title=DATASET,
        notes=f"All about {DATASET}, {ASKED}.",
        license_id="lov2",
        owner_org=partner["id"],
        private=True,
        tags=[{"name": ASKED}, {"name": DATASET}],
    )
    call_action(
        "member_create",
        making.site_context(),
        id=group["id"],
        object=dataset["id"],
        object_type="package",
        capacity="public",
    )
    making.add_file(dataset["id"], f"{DATASET}.csv", f"nom\n{DATASET}\n".encode())
    text = standards.OF_NONE.replace("platane", FILE).replace("26/02/2024", FILE)
    file = call_action(
        "resource_create",
        making.site_context(),
        package_id=dataset["id"],
        name=FILE,
        description=f"All about {FILE}.",
        standard=standards.NAME,
        format="CSV",
        upload=standards.file(text, "fichier.csv"),
    )
    making.publish(dataset["id"])
    factories.act(creator, "package_patch", id=dataset["id"], notes=f"All on {DATASET}, {ASKED}.")
    call_action(
        "package_collaborator_create",
        making.site_context(),
        id=dataset["id"],
        user_id=collaborator.id,
        capacity="editor",
    )
    view = call_action(
        "resource_view_create",
        making.site_context(),
        resource_id=file["id"],
        title=f"{DATASET} {FILE}",
        view_type="datatables_view",
    )
    datastore.table(file["id"], aliases=["villes"])
    call_action(
        "datastore_upsert",
        making.site_context(),
        resource_id=file["id"],
        force=True,
        method="insert",
        records=[{"commune": f"{DATASET} {FILE}", "habitants": 1}],
    )
    for follower in (people.visitor, people.partner_admin):
        factories.act(follower, "follow_dataset", id=dataset["id"])
    names = {
        role: user.name
        for role, user in {
            **{each.name: people.of(each.name) for each in fields(people)},
            "user": people.visitor,
            "creator": creator,
            "collaborator": collaborator,
        }.items()
        if role != "visitor"
    }
    tokens = {role: _token(name) for role, name in names.items()}
    run_jobs()
    making.publish(dataset["id"])
    stream = call_action("package_activity_list", making.site_context(), id=dataset["id"])
    of_packages = [each for each in stream if each["activity_type"].endswith("package")]
    return World(
        partner=partner,
        group=group,
        dataset=call_action("package_show", making.site_context(), id=dataset["id"]),
        file=file,
        view=view,
        activities=[each["id"] for each in reversed(of_packages)],
        names=names,
        tokens=tokens,
    )


def _token(name: str) -> str:
    user = model.User.get(name)
    assert user is not None
    return factories.token(user)


def _ask(
    app: CKANTestApp, world: World, role: str, address: str, body: object = None
) -> tuple[int, str]:
    headers = {"Authorization": world.tokens[role]} if role in world.tokens else {}
    method = "GET" if body is None else "POST"
    try:
        answer = app.test_client().open(
            address, method=method, headers=headers, json=body, follow_redirects=True
        )
    except Exception as broken:
        return BROKEN, repr(broken)
    return answer.status_code, answer.get_data(as_text=True).lower()


def answer_of(app: CKANTestApp, world: World, role: str, name: str) -> tuple[int, str]:
    """The status of an action's answer to a role, and its text."""
    action, arguments = READS[name]
    return _ask(app, world, role, f"/api/3/action/{action}", arguments(world, role))


def page_of(app: CKANTestApp, world: World, role: str, name: str) -> tuple[int, str]:
    """The status of a page for a role, and its text."""
    return _ask(app, world, role, PAGES[name](world))


Answers = Callable[[CKANTestApp, World, str, str], tuple[int, str]]
ALL: tuple[tuple[Any, Answers], ...] = ((READS, answer_of), (PAGES, page_of))
PAGE_ROLES = ("visitor", "creator", "partner_admin", "department_admin", "sysadmin")
"""Pages ask actions: who differs by its rights alone gets the same from the action."""


def leaks(
    app: CKANTestApp, world: World, words: tuple[str, ...], roles: tuple[str, ...]
) -> list[str]:
    """What still answers with one of the words, or breaks, by role."""
    found: list[str] = []
    for names, answer in ALL:
        for name in names:
            for role in (each for each in roles if names is READS or each in PAGE_ROLES):
                status, text = answer(app, world, role, name)
                if status >= BROKEN or any(word in text for word in words):
                    found.append(f"{name} as {role}: {status}")
    return found


def _names(found: list[str]) -> set[str]:
    return {each.partition(" as ")[0] for each in found}


def test_each_read_shows_something_before(app: CKANTestApp, world: World) -> None:
    """What shows nothing of a public dataset proves nothing of a withdrawn one."""
    found = leaks(app, world, (DATASET, FILE), ("sysadmin", "creator", "user", "visitor"))
    assert [each for each in found if not each.endswith("200")] == []
    assert {*READS, *PAGES} - _names(found) <= QUIET


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("index", ["stale", "updated"])
def test_a_withdrawn_dataset(app: CKANTestApp, world: World, index: str, urgent: bool) -> None:
    request = making.ask(world.partner, world.dataset, urgent=urgent, reason_class="personal_data")
    if not urgent:
        making.execute(request)
    if index == "updated":
        assert work.run(clock.now()) == 0
    assert leaks(app, world, (DATASET, FILE), OUTSIDERS) == []
    for role in INSIDERS:
        for name in ("package_show by id", "package_show by name", "package_activity_list"):
            assert DATASET in answer_of(app, world, role, name)[1]


@pytest.mark.parametrize("index", ["stale", "updated"])
def test_a_withdrawn_file(app: CKANTestApp, world: World, index: str) -> None:
    making.execute(making.ask_for_files(world.partner, world.file, reason_class="personal_data"))
    if index == "updated":
        assert work.run(clock.now()) == 0
    assert leaks(app, world, (FILE,), OUTSIDERS) == []
    assert DATASET in answer_of(app, world, "visitor", "package_search")[1]


def test_what_is_restored_is_read_again(app: CKANTestApp, world: World) -> None:
    roles = ("visitor", "partner_member", "department_admin")
    before = leaks(app, world, (DATASET, FILE), roles)
    request = making.executed(world.partner, world.dataset)
    work.run(clock.now())
    call_action(
        "heraultdata_withdrawal_restore",
        making.site_context(),
        id=request["id"],
        item_ids=[item["id"] for item in request["items"]],
    )
    work.run(clock.now())
    assert leaks(app, world, (DATASET, FILE), roles) == before


def test_a_keyword_is_named_as_long_as_another_dataset_bears_it() -> None:
    partner = factories.partner()
    tagged = [
        making.public_dataset(partner, tags=[{"name": word} for word in words])
        for words in (["arbre", "arbuste"], ["arbre", "araucaria"])
    ]
    making.executed(partner, tagged[0])
    visitor = {"user": ""}
    assert sorted(call_action("tag_list", visitor)) == ["araucaria", "arbre"]
    pages = [
        call_action("tag_search", visitor, query="ar", limit="1", offset=str(start))
        for start in range(3)
    ]
    assert [page["count"] for page in pages] == [2, 2, 2]
    told = [each["name"] for page in pages for each in page["results"]]
    assert sorted(told) == ["araucaria", "arbre"]
    everything = call_action("tag_list", making.site_context())
    assert sorted(everything) == ["araucaria", "arbre", "arbuste"]


def test_every_read_of_the_site_is_in_the_list() -> None:
    """A new action that reads something is asked whether it is a way out."""
    get_action("package_show")
    reads = {
        name for name, action in _actions.items() if getattr(action, "side_effect_free", False)
    }
    listed = {action for action, _ in READS.values()} | HARMLESS
    assert reads - listed == set()
