"""Withdrawn datasets with all that follows them, and where each of it is: for tests of faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.datastore.backend import postgres

from ckanext.heraultdata import config
from ckanext.heraultdata.withdrawals import requests, stores
from ckanext.heraultdata.withdrawals.kinds import ItemState, State
from ckanext.heraultdata.withdrawals.model import WithdrawalWork
from tests import factories
from tests.withdrawals import making
from tests.withdrawals.datastore import table

FILES = {"communes.csv": b"commune\nAniane\n", "image.png": bytes(range(256)) * 99}
DATES = ("metadata_modified",)


def full_datasets(partner: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make two public datasets of a partner with files, a table, a view and a follower."""
    made = [making.public_dataset(partner, FILES) for _ in range(2)]
    follower = factories.user()
    for dataset in made:
        table(dataset["resources"][0]["id"], aliases=[f"alias-{dataset['name']}"])
        call_action(
            "resource_view_create",
            context=making.site_context(),
            resource_id=dataset["resources"][1]["id"],
            title="Image",
            view_type="image_view",
        )
        call_action("follow_dataset", context={"user": follower.name}, id=dataset["id"])
    return made


def seen(datasets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All that is to be as it was once the datasets are restored."""
    model.Session.rollback()
    return [_seen_of(dataset["id"]) for dataset in datasets]


def _seen_of(package_id: str) -> dict[str, Any]:
    shown = call_action("package_show", context=making.site_context(), id=package_id)
    files = shown["resources"]
    with_table = files[0]["id"]
    return {
        "package": {key: value for key, value in shown.items() if key not in DATES},
        "bytes": {each["id"]: b"".join(stores.of_resource(each["id"]).read()) for each in files},
        "rows": call_action("datastore_search", resource_id=with_table)["records"],
        "aliases": call_action("datastore_info", id=with_table)["meta"]["aliases"],
        "views": [call_action("resource_view_list", id=each["id"]) for each in files],
        "followers": call_action("dataset_follower_count", id=package_id),
        "found": call_action("package_search", fq=f"id:{package_id}")["count"],
    }


def packages(datasets: Sequence[Mapping[str, Any]]) -> set[str]:
    """The states of the datasets in the database."""
    model.Session.rollback()
    ids = [dataset["id"] for dataset in datasets]
    query = sa.select(model.Package.state).where(model.Package.id.in_(ids))
    return set(model.Session.scalars(query))


def assert_all_or_nothing(
    request: Mapping[str, Any], datasets: Sequence[Mapping[str, Any]]
) -> bool:
    """The request is executed whole, with all that is left to follow it, or not at all.

    Returns:
        Whether it is executed.
    """
    model.Session.rollback()
    found = requests.get(request["id"])
    states = (found.state, {item.state for item in found.items}, packages(datasets))
    assert all(in_stores(datasets))
    if states == (State.RECEIVED, {ItemState.ASKED}, {"active"}):
        assert left() == 0
        return False
    assert states == (State.CLOSED, {ItemState.WITHDRAWN}, {"deleted"})
    assert left() == len(datasets) * (1 + 2 * len(FILES))
    return True


def left() -> int:
    """How much follows the database and has not yet."""
    return model.Session.scalar(sa.select(sa.func.count(WithdrawalWork.id))) or 0


def kinds_left() -> set[str]:
    """What follows the database and has not yet."""
    model.Session.rollback()
    return set(model.Session.scalars(sa.select(WithdrawalWork.kind)))


def in_stores(datasets: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Of each file, whether it is where CKAN serves it from."""
    ids = [each["id"] for dataset in datasets for each in dataset["resources"]]
    return [stores.of_resource(each).exists() for each in ids]


def schemas_of(datasets: Sequence[Mapping[str, Any]]) -> list[str]:
    """The schemas in which the tables of the datasets are, one for each."""
    names = [dataset["resources"][0]["id"] for dataset in datasets]
    with postgres.get_write_engine().connect() as connection:
        return list(
            connection.scalars(
                sa.text("SELECT schemaname FROM pg_tables WHERE tablename = ANY(:names)"),
                {"names": names},
            )
        )


def kept_bytes() -> list[bytes]:
    """The bytes that are kept whole."""
    folder = config.withdrawn_files_path()
    paths = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".part"]
    return sorted(path.read_bytes() for path in paths)


def assert_nothing_is_lost(datasets: Sequence[Mapping[str, Any]]) -> None:
    """Each file is whole at one place at least, and each table in one schema."""
    ids = [each["id"] for dataset in datasets for each in dataset["resources"]]
    there = [store for store in map(stores.of_resource, ids) if store.exists()]
    whole = {*kept_bytes(), *(b"".join(store.read()) for store in there)}
    assert whole == set(FILES.values())
    assert len(kept_bytes()) + len(there) >= len(ids)
    assert len(schemas_of(datasets)) == len(datasets)


def in_index(datasets: Sequence[Mapping[str, Any]]) -> int:
    """How many of the datasets the index still has."""
    named = " OR ".join(dataset["id"] for dataset in datasets)
    site = tk.config["ckan.site_id"]
    return make_connection().search("*:*", fq=f'+site_id:"{site}" +id:({named})', rows=0).hits
