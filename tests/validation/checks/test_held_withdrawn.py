"""A file kept aside for what is withdrawn: the département alone still reads it."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.validation import service as validation
from tests import factories
from tests.validation.checks import test_gate as gate
from tests.validation.checks.test_gate import with_storage  # noqa: F401 - a fixture
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_storage")

ENDINGS = ("", "/download", "/report.csv", "/report.xlsx")


@pytest.fixture
def desk() -> gate.Desk:
    validation.create_tables()
    gate.standard()
    return gate.Desk()


def refused(desk: gate.Desk, resource: dict[str, Any]) -> str:
    """The identifier of a wrong file kept aside that would replace the one of a resource."""
    with pytest.raises(tk.ValidationError):
        desk.replace(resource, gate.BAD)
    (kept,) = desk.held()
    return kept.id


def statuses(app: CKANTestApp, held_id: str, user: model.User) -> list[int]:
    """What the addresses of a file kept aside answer a user."""
    client, headers = app.test_client(), {"Authorization": factories.token(user)}
    return [
        client.get(f"/held-file/{held_id}{ending}", headers=headers).status_code
        for ending in ENDINGS
    ]


def dataset_page(app: CKANTestApp, desk: gate.Desk, user: model.User) -> str:
    headers = {"Authorization": factories.token(user)}
    return app.get(f"/dataset/{desk.dataset['name']}", headers=headers).get_data(as_text=True)


@pytest.mark.parametrize("scope", ["dataset", "file"])
def test_what_is_withdrawn_is_read_in_no_file_kept_aside(
    app: CKANTestApp, desk: gate.Desk, scope: str
) -> None:
    resource = desk.add(gate.GOOD)
    held_id = refused(desk, resource)
    sysadmin = factories.user(sysadmin=True)
    assert statuses(app, held_id, desk.editor) == [200] * len(ENDINGS)
    if scope == "dataset":
        request = making.executed(desk.partner, desk.dataset)
    else:
        request = making.execute(making.ask_for_files(desk.partner, resource))
    assert statuses(app, held_id, desk.editor) == [403] * len(ENDINGS)
    assert statuses(app, held_id, sysadmin) == [200] * len(ENDINGS)
    call_action(
        "heraultdata_withdrawal_restore",
        making.site_context(),
        id=request["id"],
        item_ids=[item["id"] for item in request["items"]],
    )
    assert statuses(app, held_id, desk.editor) == [200] * len(ENDINGS)


def test_the_page_of_the_dataset_names_no_file_kept_aside_for_a_withdrawn_one(
    app: CKANTestApp, desk: gate.Desk
) -> None:
    resource = desk.add(gate.GOOD)
    held_id = refused(desk, resource)
    assert held_id in dataset_page(app, desk, desk.editor)
    making.execute(making.ask_for_files(desk.partner, resource))
    assert held_id not in dataset_page(app, desk, desk.editor)
    assert held_id in dataset_page(app, desk, factories.user(sysadmin=True))


def test_a_file_kept_aside_for_no_withdrawn_one_is_still_read(
    app: CKANTestApp, desk: gate.Desk
) -> None:
    withdrawn = desk.add(gate.GOOD)
    held_id = refused(desk, desk.add(gate.OLD))
    making.execute(making.ask_for_files(desk.partner, withdrawn))
    assert statuses(app, held_id, desk.editor) == [200] * len(ENDINGS)
    assert held_id in dataset_page(app, desk, desk.editor)
