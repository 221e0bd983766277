"""The command `ckan validation`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
from ckan.cli.cli import ckan
from ckan.tests import factories

from ckanext.heraultdata.validation import model as store

from .conftest import INVALID, PLUGINS, create, resource_of, run_jobs

pytestmark = [pytest.mark.ckan_config("ckan.plugins", PLUGINS), pytest.mark.usefixtures("site")]


@pytest.fixture
def private_file(site: None) -> dict[str, Any]:
    dataset = factories.Dataset(owner_org=factories.Organization()["id"], private=True)
    return create(dataset, INVALID + "3417,2024-02-28\n" * 20)


def test_the_table_is_made_once(cli: Any) -> None:
    store.table.drop(bind=model.Session.connection())
    model.Session.commit()

    for _ in range(2):
        result = cli.invoke(ckan, ["validation", "init-db"])
        assert (result.exit_code, result.output.strip()) == (
            0,
            "The table of the validation reports is there.",
        )

    assert store.tables_exist()


def test_checks_by_file_by_dataset_and_of_all(
    cli: Any,
    private_file: dict[str, Any],
) -> None:
    run_jobs()
    file, dataset = private_file["id"], private_file["package_id"]
    for options in (["-r", file], ["-y", "-d", dataset], ["-y"], ["-y", "-s", '{"q": "*:*"}']):
        result = cli.invoke(ckan, ["validation", "run", *options])
        assert result.exit_code == 0, result.output
        assert "Done. 1 resources" in result.output
        assert run_jobs() == 1
    assert resource_of(file)["validation_status"] == "failure"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-r", "no-such-id"], "no-such-id"),
        (["-y", "-s", "{"], "--search"),
        (["-y", "-s", "[]"], "JSON object"),
        ([], "Aborted"),
    ],
)
def test_wrong_usage(cli: Any, options: list[str], said: str) -> None:
    result = cli.invoke(ckan, ["validation", "run", *options])

    assert result.exit_code != 0
    assert said in result.output


def test_listings_of_errors(
    cli: Any,
    private_file: dict[str, Any],
    tmp_path: Path,
) -> None:
    public_file = create(factories.Dataset(owner_org=factories.Organization()["id"]), INVALID)
    run_jobs()

    full = listing(cli, "report-full", tmp_path / "full.csv")
    short = listing(cli, "report", tmp_path / "short.csv")

    of_private = [row["error_code"] for row in full if row["resource_id"] == private_file["id"]]
    assert of_private.count("constraint-error") == 10
    assert of_private.count("type-error") == 1
    assert [row["resource_id"] for row in short] == [public_file["id"]]


def listing(cli: Any, command: str, output: Path) -> list[dict[str, str]]:
    result = cli.invoke(ckan, ["validation", command, "-o", str(output)])
    assert result.exit_code == 0, result.output
    with output.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
