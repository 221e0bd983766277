"""A check runs beside the edits of people: neither takes back what the other wrote."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ckan.model as model
import pytest
from ckan.lib import jobs as queue
from ckan.tests import factories, helpers

from ckanext.heraultdata import clock
from ckanext.heraultdata.validation import jobs, service
from ckanext.heraultdata.validation.frictionless_check import Outcome
from ckanext.heraultdata.validation.rules import FileFacts

from .conftest import (
    INVALID,
    PLUGINS,
    VALID,
    create,
    csv_file,
    resource_of,
    run_jobs,
    validation_of,
)

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


def begun(resource_id: str) -> service.Begun:
    check = service.begin(resource_id)
    assert check is not None
    return check


def test_the_worker_that_forks(dataset: dict[str, Any]) -> None:
    resource = create(dataset)

    queue.Worker().work(burst=True)

    assert resource_of(resource["id"])["validation_status"] == "success"
    assert json.loads(validation_of(resource["id"])["report"])["valid"] is True


def test_two_files_of_two_datasets_at_once_do_not_mix(app: Any) -> None:
    organization = factories.Organization()
    datasets = [factories.Dataset(owner_org=organization["id"]) for _ in range(4)]
    texts = [VALID, INVALID, VALID, INVALID]

    def upload(dataset: dict[str, Any], text: str) -> str:
        try:
            with app.flask_app.app_context():
                return create(dataset, text)["id"]
        finally:
            model.Session.remove()

    with ThreadPoolExecutor(4) as pool:
        ids = list(pool.map(upload, datasets, texts))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(check_in_thread(app), ids))

    expected = ["success", "failure", "success", "failure"]
    assert [resource_of(id_)["validation_status"] for id_ in ids] == expected
    assert [validation_of(id_)["status"] for id_ in ids] == expected
    assert run_jobs() == 4
    assert [resource_of(id_)["validation_status"] for id_ in ids] == expected


def check_in_thread(app: Any) -> Any:
    def check(resource_id: str) -> None:
        try:
            with app.flask_app.app_context():
                jobs.check_resource(resource_id)
        finally:
            model.Session.remove()

    return check


def test_a_file_replaced_during_its_check_keeps_nothing_of_it(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    check = begun(resource["id"])
    helpers.call_action("resource_patch", id=resource["id"], upload=csv_file(INVALID))

    written = service.finish(resource["id"], check.facts, Outcome("success"), clock.now())

    assert written is False
    assert validation_of(resource["id"])["status"] == "created"
    assert "validation_status" not in resource_of(resource["id"])
    run_jobs()
    assert resource_of(resource["id"])["validation_status"] == "failure"


def test_what_is_edited_during_a_check_stays(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    check = begun(resource["id"])
    helpers.call_action("resource_patch", id=resource["id"], description="Écrit pendant")
    helpers.call_action("package_patch", id=dataset["id"], title="Écrit pendant")
    modified = helpers.call_action("package_show", id=dataset["id"])["metadata_modified"]

    assert service.finish(resource["id"], check.facts, Outcome("success"), clock.now())

    after = helpers.call_action("package_show", id=dataset["id"])
    assert (after["title"], after["metadata_modified"]) == ("Écrit pendant", modified)
    assert after["resources"][0]["description"] == "Écrit pendant"
    assert after["resources"][0]["validation_status"] == "success"


def test_a_form_opened_before_the_check_does_not_take_its_status_back(
    dataset: dict[str, Any],
) -> None:
    resource = create(dataset)
    opened = resource_of(resource["id"])
    run_jobs()

    helpers.call_action("resource_update", **{**opened, "name": "Délibérations"})
    forged = {**opened, "validation_status": "failure", "validation_timestamp": "hier"}
    helpers.call_action("resource_update", **forged)

    after = resource_of(resource["id"])
    assert after["validation_status"] == "success"
    assert after["validation_timestamp"] == validation_of(resource["id"])["finished"]


def test_nobody_gives_a_new_file_a_status(dataset: dict[str, Any]) -> None:
    resource = create(dataset, validation_status="success", validation_timestamp="2026-01-01")

    assert "validation_status" not in resource_of(resource["id"])


def test_the_status_is_written_where_the_dataset_is_no_longer_valid(
    dataset: dict[str, Any],
) -> None:
    resource = create(dataset)
    package = model.Package.get(dataset["id"])
    assert package is not None
    package.url = "not valid today"
    package.owner_org = None
    model.Session.commit()

    run_jobs()

    assert resource_of(resource["id"])["validation_status"] == "success"


def test_a_change_rolled_back_is_not_checked(dataset: dict[str, Any]) -> None:
    stored = model.Resource("https://x.example/a.csv", format="csv", package_id=dataset["id"])
    model.Session.add(stored)
    model.Session.flush()

    model.Session.rollback()
    model.Session.commit()

    assert len(queue.get_queue()) == 0
    assert service.begin(stored.id) is None


def test_of_two_jobs_for_one_file_the_second_has_nothing_to_do(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    helpers.call_action("resource_validation_run", resource_id=resource["id"])

    assert run_jobs() == 2
    first = validation_of(resource["id"])
    jobs.check_resource(resource["id"])

    assert validation_of(resource["id"]) == first


def test_a_resource_that_went_away_is_left_alone(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    helpers.call_action("resource_delete", id=resource["id"])

    assert run_jobs() == 1
    assert service.finish("no-such-id", FileFacts.of({}), Outcome("success"), clock.now()) is False
