"""By every way in a file is queued, checked by the worker, and its report is where it belongs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan.lib import jobs
from ckan.tests import factories, helpers

from .conftest import (
    INVALID,
    PLUGINS,
    SCHEMA,
    VALID,
    Web,
    create,
    csv_file,
    resource_of,
    run_jobs,
    validation_of,
)

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


def test_resource_create_of_a_valid_file(dataset: dict[str, Any]) -> None:
    resource = create(dataset)

    assert validation_of(resource["id"])["status"] == "created"
    assert "validation_status" not in resource_of(resource["id"])
    assert run_jobs() == 1

    validation = validation_of(resource["id"])
    report = json.loads(validation["report"])
    assert (validation["status"], report["valid"], validation["error"]) == ("success", True, None)
    checked = resource_of(resource["id"])
    assert checked["validation_status"] == "success"
    assert checked["validation_timestamp"] == validation["finished"]


def test_resource_create_of_an_invalid_file(dataset: dict[str, Any]) -> None:
    resource = create(dataset, INVALID)

    run_jobs()

    validation = validation_of(resource["id"])
    (task,) = json.loads(validation["report"])["tasks"]
    assert validation["status"] == "failure"
    assert {error["type"] for error in task["errors"]} == {"type-error", "constraint-error"}
    assert task["place"].endswith("/deliberations.csv")
    assert task["place"].startswith("http")
    assert resource_of(resource["id"])["validation_status"] == "failure"


def test_package_create_with_resources_given_by_url(web: Web) -> None:
    dataset = helpers.call_action(
        "package_create",
        name="two-files",
        owner_org=factories.Organization()["id"],
        resources=[
            {"url": web.serve("a.csv", VALID), "format": "csv", "schema": json.dumps(SCHEMA)},
            {"url": web.serve("b.csv", INVALID), "format": "csv", "schema": json.dumps(SCHEMA)},
            {"url": web.serve("c.pdf", "%PDF-1.4"), "format": "pdf"},
        ],
    )

    assert run_jobs() == 2

    statuses = [resource_of(item["id"]).get("validation_status") for item in dataset["resources"]]
    assert statuses == ["success", "failure", None]


def test_package_update_and_revise_with_uploads(dataset: dict[str, Any]) -> None:
    updated = helpers.call_action(
        "package_patch",
        id=dataset["id"],
        resources=[{"upload": csv_file(VALID), "url": "", "url_type": "upload", "format": "csv"}],
    )
    (first,) = updated["resources"]
    run_jobs()

    revised = helpers.call_action(
        "package_revise",
        match={"id": dataset["id"]},
        update__resources__extend=[
            {"format": "csv", "url_type": "upload", "schema": json.dumps(SCHEMA)}
        ],
        **{"update__resources__-1__upload": csv_file(INVALID)},
    )["package"]

    assert run_jobs() == 1
    kept, second = revised["resources"]
    assert kept["id"] == first["id"]
    assert resource_of(first["id"])["validation_status"] == "success"
    assert resource_of(second["id"])["validation_status"] == "failure"


def test_an_address_that_changes_is_checked_again(dataset: dict[str, Any], web: Web) -> None:
    resource = helpers.call_action(
        "resource_create",
        package_id=dataset["id"],
        url=web.serve("valid.csv", VALID),
        format="CSV",
        schema=json.dumps(SCHEMA),
    )
    run_jobs()
    assert resource_of(resource["id"])["validation_status"] == "success"

    other = web.serve("invalid.csv", INVALID)
    helpers.call_action("resource_patch", id=resource["id"], url=other)

    assert run_jobs() == 1
    assert resource_of(resource["id"])["validation_status"] == "failure"


def test_a_replaced_file_is_checked_again(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    run_jobs()

    helpers.call_action("resource_patch", id=resource["id"], upload=csv_file(INVALID))

    assert validation_of(resource["id"])["status"] == "created"
    assert validation_of(resource["id"])["report"] is None
    assert "validation_status" not in resource_of(resource["id"])
    assert run_jobs() == 1
    assert resource_of(resource["id"])["validation_status"] == "failure"


@pytest.mark.parametrize(
    "change",
    [
        {"schema": json.dumps({"fields": [{"name": "insee", "type": "integer"}]})},
        {"validation_options": json.dumps({"skip_errors": ["extra-label"]})},
    ],
)
def test_what_a_check_depends_on_queues_it(dataset: dict[str, Any], change: dict[str, str]) -> None:
    resource = create(dataset)
    run_jobs()

    helpers.call_action("resource_patch", id=resource["id"], **change)

    assert len(jobs.get_queue()) == 1


def test_what_a_check_does_not_depend_on_queues_nothing(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    run_jobs()
    status = resource_of(resource["id"])["validation_timestamp"]

    stored = resource_of(resource["id"])
    helpers.call_action("resource_update", **stored)
    helpers.call_action("resource_update", **{**stored, "description": "Autre texte"})
    helpers.call_action("package_patch", id=dataset["id"], title="Autre titre")
    helpers.call_action("package_update", **helpers.call_action("package_show", id=dataset["id"]))
    reordered = json.dumps(dict(reversed(SCHEMA["fields"][0].items())))
    helpers.call_action(
        "resource_patch",
        id=resource["id"],
        schema=json.dumps({"fields": [json.loads(reordered), SCHEMA["fields"][1]]}, indent=1),
    )

    assert len(jobs.get_queue()) == 0
    assert resource_of(resource["id"])["validation_timestamp"] == status
    assert validation_of(resource["id"])["status"] == "success"
