"""Closing access and opening it again, in the database alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.model.types import make_uuid
from ckan.tests.helpers import call_action

from ckanext.heraultdata.withdrawals import activity_labels, closing, file_order
from ckanext.heraultdata.withdrawals.file_order import Ranked
from ckanext.heraultdata.withdrawals.kinds import ItemState
from ckanext.heraultdata.withdrawals.labels import WITHDRAWN
from ckanext.heraultdata.withdrawals.model import WithdrawalItem, WithdrawalWork
from tests import factories
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

NOW = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
LATER = NOW + timedelta(hours=1)
MOST_STATEMENTS = 30
"""Statements that close a request, however many its datasets."""


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner()


def _items(request: dict[str, Any]) -> list[str]:
    return [item["id"] for item in request["items"]]


def _close(request: dict[str, Any], state: ItemState = ItemState.WITHDRAWN) -> list[str]:
    item_ids = _items(request)
    closing.close(item_ids, state, NOW)
    _commit()
    return item_ids


def _reopen(item_ids: list[str], state: ItemState = ItemState.RESTORED) -> None:
    closing.reopen(item_ids, state, LATER)
    _commit()


def _commit() -> None:
    model.Session.commit()
    model.Session.expire_all()


def _package(package_id: str) -> model.Package:
    package = model.Package.get(package_id)
    assert package is not None
    return package


def _resource(resource_id: str) -> model.Resource:
    resource = model.Resource.get(resource_id)
    assert resource is not None
    return resource


def _item(item_id: str) -> WithdrawalItem:
    item = model.Session.get(WithdrawalItem, item_id)
    assert item is not None
    return item


def _works() -> list[tuple[str, str, str]]:
    rows = model.Session.execute(
        sa.select(WithdrawalWork.kind, WithdrawalWork.aim, WithdrawalWork.target_id).order_by(
            WithdrawalWork.kind, WithdrawalWork.target_id
        )
    )
    return [tuple(row) for row in rows]


def _labels(package_id: str) -> list[list[str] | None]:
    rows = model.Session.execute(
        sa.text(
            "SELECT permission_labels FROM activity WHERE object_id = :id ORDER BY timestamp, id"
        ),
        {"id": package_id},
    )
    return [row[0] for row in rows]


def _shown(dataset: dict[str, Any]) -> dict[str, Any]:
    shown = call_action("package_show", making.site_context(), id=dataset["id"], use_cache=False)
    return {key: value for key, value in shown.items() if key != "metadata_modified"}


class TestTheOrderOfFiles:
    """Pure rules: where a withdrawn file goes back."""

    def test_each_goes_back_to_its_place_whatever_the_order_of_the_restorations(self) -> None:
        ranks = file_order.ranks("abcde", {"b", "d"})
        assert ranks == {"a": 0, "c": 1, "e": 2, "b": 1, "d": 3}

        in_reach = [Ranked(each, ranks[each]) for each in "ace"]
        withdrawn = [Ranked(each, ranks[each]) for each in "bd"]
        assert file_order.whole_order(in_reach, withdrawn) == list("abcde")

    def test_a_new_file_comes_last(self) -> None:
        in_reach = [Ranked("a", 0), Ranked("c", 1), Ranked("new", 2)]
        assert file_order.whole_order(in_reach, [Ranked("b", 1)]) == ["a", "b", "c", "new"]

    def test_a_rank_past_the_end_is_the_end(self) -> None:
        assert file_order.whole_order([Ranked("a", 0)], [Ranked("z", 9)]) == ["a", "z"]


class TestClosing:
    """Datasets, files, activities and the work left, in one go."""

    def test_a_dataset_is_deleted_and_the_work_noted(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"name\noak\n"})
        [resource] = dataset["resources"]

        [item_id] = _close(making.ask(partner, dataset))

        item = _item(item_id)
        assert (item.state, item.was_state, item.closed_at) == ("withdrawn", "active", NOW)
        assert _package(dataset["id"]).state == "deleted"
        assert _resource(resource["id"]).state == "active"
        assert ("file", "close", resource["id"]) in _works()
        assert ("index", "close", dataset["id"]) in _works()

    def test_its_state_is_taken_as_it_is_closed(self, partner: dict[str, Any]) -> None:
        dataset = making.private_dataset(partner)
        request = making.ask(partner, dataset)
        _package(dataset["id"]).state = "draft"
        model.Session.commit()

        item_ids = _close(request)
        _reopen(item_ids)

        assert _package(dataset["id"]).state == "draft"

    def test_its_names_are_taken_as_it_is_closed(self, partner: dict[str, Any]) -> None:
        dataset = making.private_dataset(partner, name="arbres", title="Arbres")
        request = making.ask(partner, dataset)
        package = _package(dataset["id"])
        package.name, package.title, package.private = "platanes", "Platanes", False
        model.Session.commit()

        [item_id] = _close(request)

        item = _item(item_id)
        assert (item.name, item.title, item.was_public) == ("platanes", "Platanes", True)

    def test_what_is_released_was_not_restored(self, partner: dict[str, Any]) -> None:
        request = making.ask(partner, making.public_dataset(partner))
        [item_id] = _close(request, ItemState.SUSPENDED)
        _reopen([item_id], ItemState.RELEASED)
        assert _item(item_id).restored_at is None

    def test_what_is_suspended_becomes_withdrawn_and_nothing_else_moves(
        self, partner: dict[str, Any]
    ) -> None:
        dataset = making.public_dataset(partner)
        request = making.ask(partner, dataset, urgent=True)
        closed_at = _item(_items(request)[0]).closed_at

        closing.close(_items(request), ItemState.WITHDRAWN, LATER)
        _commit()

        item = _item(_items(request)[0])
        assert (item.state, item.was_state, item.closed_at) == ("withdrawn", "active", closed_at)

    @pytest.mark.parametrize("state", ["erased", "released"])
    def test_what_is_gone_meanwhile_stays_so(self, partner: dict[str, Any], state: str) -> None:
        request = making.ask(partner, making.public_dataset(partner), urgent=True)
        [item_id] = _items(request)
        _item(item_id).state = state
        _commit()

        closing.close([item_id], ItemState.WITHDRAWN, LATER)
        _commit()

        assert _item(item_id).state == state

    def test_a_reopening_takes_the_place_of_a_closing_not_done_yet(
        self, partner: dict[str, Any]
    ) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"name\noak\n"})
        item_ids = _close(making.ask(partner, dataset))
        closed = _works()

        _reopen(item_ids)

        assert [aim for _, aim, _ in _works()] == ["reopen"] * len(closed)
        assert [(kind, target) for kind, _, target in _works()] == [
            (kind, target) for kind, _, target in closed
        ]

    def test_a_dataset_comes_back_as_it_was_and_dated(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"a\n", "oaks.csv": b"b\n"})
        before = _shown(dataset)

        _reopen(_close(making.ask(partner, dataset)))

        assert _shown(dataset) == before
        modified = _package(dataset["id"]).metadata_modified
        assert modified == LATER.replace(tzinfo=None)


class TestClosingFiles:
    """One file goes, the others stay; each comes back to its place."""

    @pytest.fixture
    def dataset(self, partner: dict[str, Any]) -> dict[str, Any]:
        files = {f"{name}.csv": name.encode() for name in "abcde"}
        return making.public_dataset(partner, files=files)

    def test_the_others_close_up_and_the_dataset_is_dated(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        files = dataset["resources"]
        _close(making.ask_for_files(partner, files[1], files[3]))

        shown = _shown(dataset)["resources"]
        assert [each["name"] for each in shown] == ["a.csv", "c.csv", "e.csv"]
        assert [each["position"] for each in shown] == [0, 1, 2]
        assert _package(dataset["id"]).metadata_modified == NOW.replace(tzinfo=None)

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
    def test_each_comes_back_to_its_place_in_any_order(
        self, partner: dict[str, Any], dataset: dict[str, Any], order: tuple[int, ...]
    ) -> None:
        before = _shown(dataset)
        closed = []
        for place in (1, 3, 2):
            closed += _close(making.ask_for_files(partner, dataset["resources"][place]))

        for each in order:
            _reopen([closed[each]])

        assert _shown(dataset) == before

    def test_a_file_withdrawn_by_itself_stays_so_as_its_dataset_comes_back(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        alone = dataset["resources"][1]
        _close(making.ask_for_files(partner, alone))
        whole = _close(making.ask(partner, dataset))

        _reopen(whole)

        names = [each["name"] for each in _shown(dataset)["resources"]]
        assert names == ["a.csv", "c.csv", "d.csv", "e.csv"]
        assert ("file", "close", alone["id"]) in _works()

    def test_a_file_of_a_dataset_still_closed_waits_for_it(
        self, partner: dict[str, Any], dataset: dict[str, Any]
    ) -> None:
        alone = dataset["resources"][1]
        file_item = _close(making.ask_for_files(partner, alone))
        whole = _close(making.ask(partner, dataset))

        _reopen(file_item)
        assert ("file", "close", alone["id"]) in _works()

        _reopen(whole)
        assert ("file", "reopen", alone["id"]) in _works()


class TestActivities:
    """Their labels say who reads them."""

    def test_those_of_a_dataset_are_hidden_and_shown_as_before(
        self, partner: dict[str, Any]
    ) -> None:
        dataset = making.private_dataset(partner, notes="Still a secret")
        making.publish(dataset["id"])
        call_action("package_patch", making.site_context(), id=dataset["id"], notes="Public now")
        before = _labels(dataset["id"])
        assert before == [[f"member-{partner['id']}"], ["public"]]

        item_ids = _close(making.ask(partner, dataset))

        assert [labels[0] for labels in _labels(dataset["id"]) if labels] == [WITHDRAWN] * 2
        assert not any(
            {"public", f"member-{partner['id']}"} & {*labels}
            for labels in _labels(dataset["id"])
            if labels
        )
        _reopen(item_ids)
        assert _labels(dataset["id"]) == before

    def test_only_those_that_tell_of_the_file_are_hidden(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner)
        call_action("package_patch", making.site_context(), id=dataset["id"], notes="No file yet")
        resource = making.add_file(dataset["id"], "trees.csv", b"name\noak\n")
        before = _labels(dataset["id"])

        item_ids = _close(making.ask_for_files(partner, resource))

        hidden = [WITHDRAWN in (labels or []) for labels in _labels(dataset["id"])]
        assert hidden == [False, False, True]
        _reopen(item_ids)
        assert _labels(dataset["id"]) == before

    def test_one_without_labels_has_none_again(self, partner: dict[str, Any]) -> None:
        dataset = making.public_dataset(partner, files={"trees.csv": b"name\noak\n"})
        call_action(
            "resource_view_create",
            making.site_context(),
            resource_id=dataset["resources"][0]["id"],
            title="Trees",
            view_type="text_view",
        )
        before = _labels(dataset["id"])

        item_ids = _close(making.ask(partner, dataset))
        ids = list(
            model.Session.scalars(
                sa.text("SELECT id FROM activity WHERE object_id = :id"), {"id": dataset["id"]}
            )
        )
        assert activity_labels.hidden_among(ids) == frozenset(ids)

        _reopen(item_ids)
        assert _labels(dataset["id"]) == before


def test_a_thousand_datasets_close_at_once(partner: dict[str, Any]) -> None:
    names = making.many_datasets(partner, 1000)
    datasets = {each.id: each.name for each in model.Session.query(model.Package)}
    model.Session.execute(
        sa.insert(model.resource_table),
        [
            {
                "id": make_uuid(),
                "package_id": each,
                "url": "a.csv",
                "url_type": "upload",
                "state": "active",
                "position": rank,
            }
            for each in datasets
            for rank in range(2)
        ],
    )
    model.Session.execute(
        sa.text(
            "INSERT INTO activity (id, timestamp, user_id, object_id, activity_type, data, "
            "permission_labels) SELECT md5(random()::text || n || id), now(), 'u', id, "
            "'changed package', '{}', '{public}' FROM package, generate_series(1, 3) n"
        )
    )
    model.Session.commit()
    request = making.ask(partner)
    assert len(request["items"]) == len(names)

    with counted_queries() as statements:
        item_ids = _close(request)
    assert len(statements) < MOST_STATEMENTS

    assert set(model.Session.scalars(sa.select(model.Package.state))) == {"deleted"}
    _reopen(item_ids)
    assert set(model.Session.scalars(sa.select(model.Package.state))) == {"active"}
