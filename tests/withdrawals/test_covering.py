"""What a request would take away, shown before it is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.withdrawals import covering
from ckanext.heraultdata.withdrawals.kinds import Scope
from ckanext.heraultdata.withdrawals.model import Platform
from tests import factories
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


def _preview(partner: dict[str, Any], *datasets: dict[str, Any]) -> covering.Preview:
    scope = Scope.DATASETS if datasets else Scope.ALL
    ids = [dataset["id"] for dataset in datasets]
    return covering.preview(scope, partner["id"], ids, [], TODAY)


def _track(kind: str, url: str, package_id: str | None, count: int, day: str) -> None:
    model.Session.execute(
        sa.text(
            "INSERT INTO tracking_summary (url, package_id, tracking_type, count, running_total, "
            "recent_views, tracking_date) VALUES (:url, :package_id, :kind, :count, 0, 0, :day)"
        ),
        {"url": url, "package_id": package_id, "kind": kind, "count": count, "day": day},
    )


@pytest.fixture
def tracked(partner: dict[str, Any]) -> dict[str, Any]:
    """A dataset of two files, one of ours and one elsewhere, that people read."""
    dataset = making.public_dataset(partner, files={"trees.csv": b"name\noak\n"})
    call_action(
        "resource_create",
        making.site_context(),
        package_id=dataset["id"],
        name="Elsewhere",
        url="https://data.example/elsewhere.csv",
    )
    (ours,) = dataset["resources"]
    # CKAN empties this table only where its plugin is loaded.
    model.Session.execute(sa.text("DELETE FROM tracking_summary"))
    page = f"/dataset/{dataset['name']}"
    _track("page", page, dataset["id"], 7, "2026-02-20")
    _track("page", page, dataset["id"], 5, "2026-01-30")
    download = (
        f"https://portal.example/dataset/{dataset['id']}/resource/{ours['id']}/download/a.csv"
    )
    _track("resource", download, None, 3, "2026-02-25")
    _track("resource", download, None, 9, "2025-12-25")
    _track("resource", "https://data.example/elsewhere.csv", None, 2, "2026-03-01")
    _track("resource", "https://data.example/other.csv", None, 50, "2026-03-01")
    return call_action("package_show", making.site_context(), id=dataset["id"])


@pytest.fixture
def _counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site whose tracking is on: its tables stand in any."""
    monkeypatch.setattr("ckan.plugins.plugin_loaded", lambda name: name == "tracking")


def test_titles_files_and_sizes(partner: dict[str, Any]) -> None:
    trees = making.public_dataset(
        partner, title="Trees", files={"trees.csv": b"name\noak\n", "more.csv": b"name\n"}
    )
    making.private_dataset(partner, title="Accounts")

    accounts, found = _preview(partner).items

    assert (accounts.title, accounts.files, accounts.size) == ("Accounts", 0, 0)
    assert (found.title, found.name, found.files, found.size) == ("Trees", trees["name"], 2, 14)
    assert (found.covered.is_public, accounts.covered.is_public) == (True, False)


def test_nothing_is_said_of_what_nobody_counts(
    partner: dict[str, Any], tracked: dict[str, Any]
) -> None:
    (item,) = _preview(partner, tracked).items
    assert (item.views, item.downloads) == (None, None)


@pytest.mark.usefixtures("_counting")
def test_views_and_downloads_of_the_last_month(
    partner: dict[str, Any], tracked: dict[str, Any]
) -> None:
    quiet = making.public_dataset(partner, title="Quiet")
    found = {item.name: item for item in _preview(partner, tracked, quiet).items}

    read, unread = found[tracked["name"]], found[quiet["name"]]
    assert (read.files, read.views, read.downloads) == (2, 7, 5)
    assert (unread.files, unread.views, unread.downloads) == (0, 0, 0)


@pytest.mark.usefixtures("_counting")
def test_of_a_file_only_its_own_downloads(partner: dict[str, Any], tracked: dict[str, Any]) -> None:
    ids = [resource["id"] for resource in tracked["resources"]]

    found = covering.preview(Scope.RESOURCES, partner["id"], [], ids, TODAY).items

    assert [(each.title, each.files, each.views, each.downloads) for each in found] == [
        ("trees.csv", 1, None, 3),
        ("Elsewhere", 1, None, 2),
    ]


def test_platforms_that_are_known(partner: dict[str, Any]) -> None:
    dataset = making.public_dataset(partner)
    for name, deleted_at in (("Région", None), ("Data", None), ("Gone", sa.func.now())):
        platform = Platform(
            name=name,
            kind="ckan",
            url="https://data.example",
            created_at=sa.func.now(),
            deleted_at=deleted_at,
        )
        model.Session.add(platform)
    model.Session.flush()
    assert _preview(partner, dataset).platforms == ("Data", "Région")


def test_what_would_be_refused_is_refused_here_too(partner: dict[str, Any]) -> None:
    foreign = making.public_dataset(factories.partner())
    with pytest.raises(RuleError) as refusal:
        _preview(partner, foreign)
    assert refusal.value.field == "package_ids"


def test_sources_of_a_harvester_are_no_datasets(partner: dict[str, Any]) -> None:
    source, dataset = making.private_dataset(partner), making.private_dataset(partner)
    model.Session.execute(
        sa.update(model.package_table)
        .where(model.package_table.c.id == source["id"])
        .values(type="harvest")
    )
    assert [item.covered.package_id for item in _preview(partner).items] == [dataset["id"]]


def test_queries_do_not_grow(partner: dict[str, Any]) -> None:
    def queries() -> int:
        with counted_queries() as sent:
            _preview(partner)
        return len(sent)

    making.many_datasets(partner, 1)
    few = queries()
    making.many_datasets(partner, 200)
    assert queries() == few
