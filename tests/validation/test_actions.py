"""The actions and validators that users of ckanext-validation call, and their bad input."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
from ckan.lib import jobs as queue
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.validation import validators

from .conftest import INVALID, PLUGINS, SCHEMA, VALID, Web, create, resource_of, run_jobs

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


def test_a_check_can_be_asked_for_and_waited_for(dataset: dict[str, Any]) -> None:
    resource = create(dataset, INVALID)
    run_jobs()

    helpers.call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})

    assert len(queue.get_queue()) == 0
    assert resource_of(resource["id"])["validation_status"] == "failure"


def test_a_report_can_be_deleted(dataset: dict[str, Any]) -> None:
    resource = create(dataset)
    run_jobs()

    helpers.call_action("resource_validation_delete", resource_id=resource["id"])

    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("resource_validation_show", resource_id=resource["id"])


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"format": "pdf", "url": "https://x.example/a.pdf"}, "format"), ({"format": "csv"}, "url")],
)
def test_what_cannot_be_checked_is_refused(
    dataset: dict[str, Any], fields: dict[str, str], field: str
) -> None:
    resource = helpers.call_action("resource_create", package_id=dataset["id"], **fields)

    with pytest.raises(tk.ValidationError) as refusal:
        helpers.call_action("resource_validation_run", resource_id=resource["id"])

    assert list(refusal.value.error_dict) == [field]


def test_the_resource_must_be_named_and_be_there() -> None:
    with pytest.raises(tk.ValidationError):
        helpers.call_action("resource_validation_run")
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("resource_validation_run", resource_id="no-such-id")


@pytest.mark.parametrize(
    ("action", "role", "allowed"),
    [
        ("resource_validation_run", "editor", True),
        ("resource_validation_run", "member", False),
        ("resource_validation_delete", "member", False),
        ("resource_validation_show", "member", True),
        ("resource_validation_run_batch", "admin", False),
    ],
)
def test_who_may(action: str, role: str, allowed: bool) -> None:
    user = factories.User()
    organization = factories.Organization(users=[{"name": user["name"], "capacity": role}])
    dataset = factories.Dataset(owner_org=organization["id"], private=True)
    resource = create(dataset)
    context = {"user": user["name"], "model": model}

    if allowed:
        assert helpers.call_auth(action, context, resource_id=resource["id"])
        return
    with pytest.raises(tk.NotAuthorized):
        helpers.call_auth(action, context, resource_id=resource["id"])


def test_a_batch_finds_private_datasets_and_those_named() -> None:
    organization = factories.Organization()
    public = factories.Dataset(owner_org=organization["id"])
    private = factories.Dataset(owner_org=organization["id"], private=True)
    first, second = create(public), create(private, INVALID)
    run_jobs()

    everything = helpers.call_action("resource_validation_run_batch")
    assert everything == {"output": "Done. 2 resources sent to the validation queue"}
    assert run_jobs() == 2
    assert resource_of(first["id"])["validation_status"] == "success"
    assert resource_of(second["id"])["validation_status"] == "failure"

    for ids in (private["id"], json.dumps([private["name"]]), [private["id"]]):
        helpers.call_action("resource_validation_run_batch", dataset_ids=ids)
        assert run_jobs() == 1
    query = json.dumps({"fq": f"id:{public['id']}"})
    helpers.call_action("resource_validation_run_batch", query=query)
    assert run_jobs() == 1
    with pytest.raises(tk.ValidationError, match="JSON object"):
        helpers.call_action("resource_validation_run_batch", query="[1")


def test_the_schema_comes_as_a_file_an_address_or_a_text(dataset: dict[str, Any], web: Web) -> None:
    text = json.dumps(SCHEMA)
    ways = [
        {"schema_upload": FileStorage(BytesIO(text.encode("utf-8-sig")), filename="s.json")},
        {"schema_url": web.serve("schema.json", text)},
        {"schema_json": text},
    ]
    for way in ways:
        resource = create(dataset, INVALID, schema="", **way)
        assert not {"schema_upload", "schema_url", "schema_json"} & set(resource)
        assert resource["schema"]

    assert run_jobs() == 3

    resources = helpers.call_action("package_show", id=dataset["id"])["resources"]
    assert {resource["validation_status"] for resource in resources} == {"failure"}


@pytest.mark.parametrize(
    ("way", "field"),
    [
        ({"schema_url": "/etc/passwd"}, "schema_url"),
        ({"schema_upload": FileStorage(BytesIO(b"\xff\xfe{"), filename="s.json")}, "schema_upload"),
    ],
)
def test_a_schema_that_is_none_is_refused(
    dataset: dict[str, Any], way: dict[str, Any], field: str
) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        create(dataset, VALID, schema="", **way)

    assert list(refusal.value.error_dict) == [field]


@pytest.mark.parametrize(
    "value",
    [
        "[1]",
        "{",
        b"{'fields'",
        {"fields": 1},
        {},
        {"fields": [{"type": "string"}]},
        {"fields": [{"name": "a", "type": "string", "constraints": 3}]},
        12,
    ],
)
def test_what_is_no_table_schema(value: object) -> None:
    if value == {}:
        assert validators.resource_schema_validator(value) is None
        return
    with pytest.raises(tk.Invalid):
        validators.resource_schema_validator(value)


def test_what_is_a_table_schema() -> None:
    address = "https://x.example/schema.json"
    assert validators.resource_schema_validator(address) == address
    for value in (SCHEMA, json.dumps(SCHEMA), json.dumps(SCHEMA).encode()):
        assert json.loads(str(validators.resource_schema_validator(value))) == SCHEMA


def test_options_of_a_check(ckan_config: dict[str, Any]) -> None:
    setting = "ckanext.validation.default_validation_options"
    ckan_config[setting] = json.dumps({"encoding": "utf-8", "limit_errors": 5})

    merged = validators.validation_options_validator('{"limit_errors": 7}')

    assert json.loads(merged) == {"encoding": "utf-8", "limit_errors": 7}
    with pytest.raises(tk.Invalid, match="extrapaths"):
        validators.validation_options_validator('{"extrapaths": ["/etc/passwd"]}')
    with pytest.raises(tk.Invalid, match="JSON"):
        validators.validation_options_validator("[]")
