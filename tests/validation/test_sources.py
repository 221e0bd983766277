"""Where a file is read, and what the check says of files that cannot be."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ckan.lib import uploader
from ckan.tests import factories, helpers

from .conftest import INVALID, PLUGINS, VALID, Web, create, resource_of, run_jobs, validation_of

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


def message_of(resource: dict[str, Any]) -> str:
    validation = validation_of(resource["id"])
    assert validation["status"] == resource_of(resource["id"])["validation_status"] == "error"
    return " ".join(validation["error"]["message"])


def linked(dataset: dict[str, Any], **fields: str) -> dict[str, Any]:
    return helpers.call_action(
        "resource_create", package_id=dataset["id"], **{"format": "csv", **fields}
    )


def test_the_file_of_a_private_dataset() -> None:
    dataset = factories.Dataset(owner_org=factories.Organization()["id"], private=True)
    resource = create(dataset, INVALID)

    run_jobs()

    assert resource_of(resource["id"])["validation_status"] == "failure"


if importlib.util.find_spec("ckan.lib.files"):

    def test_a_file_in_a_storage_of_ckan(
        dataset: dict[str, Any],
        ckan_config: dict[str, Any],
        tmp_path: Path,
        reset_storages: Callable[[], None],
    ) -> None:
        ckan_config["ckan.files.storage.resources.type"] = "ckan:fs"
        ckan_config["ckan.files.storage.resources.path"] = str(tmp_path / "kept")
        ckan_config["ckan.files.storage.resources.initialize"] = True
        reset_storages()

        resources = [create(dataset, VALID), create(dataset, INVALID)]
        assert isinstance(uploader.get_resource_uploader({}), uploader.FKResourceUpload)
        run_jobs()

        statuses = [resource_of(item["id"])["validation_status"] for item in resources]
        assert statuses == ["success", "failure"]
        assert "/tmp" not in validation_of(resources[1]["id"])["report"]  # noqa: S108


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "does not start with http"),
        ("s3://bucket/a.csv", "does not start with http"),
        # CKAN takes it for an address of the web.
        ("/etc/passwd", "cannot be read"),
    ],
)
def test_the_server_s_own_files_are_not_read(dataset: dict[str, Any], url: str, said: str) -> None:
    resource = linked(dataset, url=url)

    run_jobs()

    assert said in message_of(resource)
    assert "root:" not in json.dumps(validation_of(resource["id"]))


@pytest.mark.parametrize(
    "options",
    [
        {"extrapaths": ["/etc/passwd"]},
        {"dialect": "/etc/passwd"},
        {"checks": [{"type": "no-such-check"}]},
        {"limit_rows": "many"},
        {"checks": 3},
        [],
        "text",
    ],
)
def test_options_that_make_no_sense_are_said(
    dataset: dict[str, Any], web: Web, options: object
) -> None:
    resource = linked(
        dataset, url=web.serve("a.csv", VALID), validation_options=json.dumps(options)
    )

    run_jobs()

    assert message_of(resource)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("http://127.0.0.1:9/schema.json", "schema cannot be fetched"),
        ("{absent}", "schema cannot be fetched"),
        ("{page}", "Expecting value"),
        ("[1]", "JSON object"),
        ('{"fields": 3}', "fields"),
    ],
)
def test_a_schema_that_cannot_be_used_is_said(
    dataset: dict[str, Any], web: Web, schema: str, said: str
) -> None:
    schema = schema.replace("{absent}", f"{web.address}/absent.json")
    schema = schema.replace("{page}", web.serve("page.html", "<p>"))
    resource = linked(dataset, url=web.serve("a.csv", VALID), schema=schema)

    run_jobs()

    assert said in message_of(resource)


def test_a_file_that_is_not_there_is_said(dataset: dict[str, Any], web: Web) -> None:
    absent = linked(dataset, url=f"{web.address}/absent.csv")
    lost = create(dataset)
    Path(uploader.get_resource_uploader({}).get_path(lost["id"])).unlink()

    run_jobs()

    for resource in (absent, lost):
        assert "cannot be read" in message_of(resource)
        assert "/resources/" not in message_of(resource)


def test_what_is_no_table_is_not_valid(dataset: dict[str, Any], web: Web) -> None:
    resources = [
        linked(dataset, url=web.serve("a.xlsx", "not a workbook"), format="xlsx"),
        linked(dataset, url=web.serve("empty.csv", "")),
    ]

    run_jobs()

    statuses = [resource_of(item["id"])["validation_status"] for item in resources]
    assert statuses == ["failure", "failure"]
